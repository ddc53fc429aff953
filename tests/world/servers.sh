# SPDX-License-Identifier: MIT
# Sourced by desktop.sh: notification servers, and a person's hand on each.

# start_server: $SERVER, until its name is on the bus.
start_server() {
	case $SERVER in
	dunst) start_dunst ;;
	xfce4-notifyd) start_on_x /usr/lib/*/xfce4/notifyd/xfce4-notifyd ;;
	notification-daemon) start_on_x /usr/lib/notification-daemon/notification-daemon ;;
	mako) start_mako ;;
	gnome-shell) start_gnome_shell ;;
	esac
	within 20 is_owned org.freedesktop.Notifications || { cat "$DESK/server.log"; return 1; }
}

# choose KEY LABEL: Alice clicks the bubble's button.
choose() {
	case $SERVER in
	dunst) choose_in_dunst "$1" "$2" ;;
	mako) in_session makoctl invoke -n "$(its_id)" "$1" ;;
	gnome-shell) click_in_gnome "$2" ;;
	*) click_widget "push button" "$2" ;;
	esac
}

server_dialog() {
	case $SERVER in
	gnome-shell) dialog_of_gnome ;;
	*) dialog_in_front ;;
	esac
}

press() {
	case $SERVER in
	gnome-shell) type_in_gnome "$1" ;;
	mako) with_outer_display xdotool key "$1" ;;
	*) in_session xdotool key "$1" ;;
	esac
}

type_text() {
	case $SERVER in
	gnome-shell)
		for letter in $(echo "$1" | sed 's/./& /g'); do
			type_in_gnome "$letter"
		done
		;;
	mako) with_outer_display xdotool type --delay 10 "$1" ;;
	*) in_session xdotool type --delay 10 "$1" ;;
	esac
}

# picture NAME: what Alice sees.
picture() {
	case $SERVER in
	gnome-shell) on_bus call org.gnome.Shell.Screenshot /org/gnome/Shell/Screenshot \
		org.gnome.Shell.Screenshot Screenshot bbs false false /tmp/picture.png > /dev/null ;;
	mako) in_session grim /tmp/picture.png ;;
	*) in_session import -window root /tmp/picture.png ;;
	esac
	cat /tmp/picture.png > "$PICTURES/$1.png"
	rm -f /tmp/picture.png
}

# --- dunst ---------------------------------------------------------------------------------------

# Its menu of actions is another program's; this one's person wants what $DESK/wish says.
start_dunst() {
	cat > $DESK/menu <<-SCRIPT
		#!/bin/sh
		grep "^#\$(cat $DESK/wish) "
	SCRIPT
	chmod 755 $DESK/menu
	printf '[global]\ndmenu = %s\n%s\n' $DESK/menu "${DUNST_HAS:-}" > $DESK/dunstrc
	begin server dunst -config $DESK/dunstrc
}

dunst_shows() { [ "$(in_session dunstctl count displayed)" = 1 ]; }

# A click with the middle button is its `default`; the other actions are in the menu.
choose_in_dunst() {
	within 5 dunst_shows
	if [ "$1" = default ]; then
		window=$(in_session xdotool search --onlyvisible --class Dunst)
		in_session xdotool mousemove --window "$window" 20 20 click 2
	else
		echo "$2" > $DESK/wish
		in_session dunstctl context
	fi
}

# --- GTK's buttons -------------------------------------------------------------------------------

# With the accessibility bus, through which the buttons are found as a screen reader finds them.
start_on_x() {
	begin accessibility /usr/libexec/at-spi-bus-launcher --launch-immediately
	within 10 is_owned org.a11y.Bus
	ACCESSIBILITY=$(on_bus call org.a11y.Bus /org/a11y/bus org.a11y.Bus GetAddress | cut -d'"' -f2)
	begin server "$@"
}

find_widget() { in_session env LC_ALL=C perl /usr/lib/certrenew-tests/find_widget.pl "$ACCESSIBILITY" "$@" > $DESK/widget; }

# click_widget ROLE [NAME]
click_widget() {
	within 10 find_widget "$@"
	read -r x y < $DESK/widget
	in_session xdotool mousemove "$x" "$y" click 1
}

# --- sway and mako -------------------------------------------------------------------------------

# The desktop is sway, in a window of the X server; pinentry's display is sway's own, Xwayland's.
start_mako() {
	rm -f /run/user/5001/environment
	printf '%s\n' 'output * bg #336699 solid_color' \
		'exec env > /run/user/5001/environment' > $DESK/sway.conf
	begin sway env WLR_BACKENDS=x11 WLR_RENDERER=pixman sway -c $DESK/sway.conf
	within 20 grep -qs '^WAYLAND_DISPLAY=' /run/user/5001/environment
	ALICE_HAS="$ALICE_HAS $(grep -E '^(WAYLAND_DISPLAY|DISPLAY|SWAYSOCK)=' \
		/run/user/5001/environment | tr '\n' ' ')"
	# shellcheck disable=SC2086
	begin server mako ${MAKO_HAS:-}
}

with_outer_display() { in_session env DISPLAY="$THE_DISPLAY" "$@"; }

# --- GNOME ---------------------------------------------------------------------------------------

# Without a display of hardware, and without the system's bus, on which nobody would answer.
start_gnome_shell() {
	install -d -o alice /run/dbus
	sed 's,<type>session,<type>system,; s,<listen>.*<,<listen>unix:path=/run/dbus/system_bus_socket<,
		/servicedir/d' $DESK/bus.conf > $DESK/system-bus.conf
	begin system-bus dbus-daemon --config-file=$DESK/system-bus.conf --nofork --nopidfile
	within 10 listens /run/dbus/system_bus_socket
	begin server env -u DISPLAY XDG_SESSION_TYPE=wayland gnome-shell --headless \
		--virtual-monitor 1024x768 --unsafe-mode --wayland-display wayland-9
	within 60 in_gnome "Main.sessionMode.currentMode" > /dev/null 2>&1
}

# in_gnome SCRIPT: what it evaluates to, a text or a number.
in_gnome() {
	on_bus --json=short call org.gnome.Shell /org/gnome/Shell org.gnome.Shell Eval s "$1" |
		perl -MJSON::PP -e '
			my $answer = decode_json(<STDIN>)->{data};
			die "$answer->[1]\n" unless $answer->[0];
			print JSON::PP->new->allow_nonref->utf8->decode($answer->[1] || q("")), "\n"'
}

# A pointer and a keyboard of its own, as GNOME's remote desktop has them.
gnome_devices='
	const Clutter = imports.gi.Clutter;
	const seat = Clutter.get_default_backend().get_default_seat();
	globalThis.pointer ??= seat.create_virtual_device(Clutter.InputDeviceType.POINTER_DEVICE);
	globalThis.keyboard ??= seat.create_virtual_device(Clutter.InputDeviceType.KEYBOARD_DEVICE);
	const now = () => imports.gi.GLib.get_monotonic_time();
	const middle = (actor) => {
		const box = actor.get_transformed_extents();
		return [box.origin.x + box.size.width / 2, box.origin.y + box.size.height / 2];
	};
	const find = (actor, label) => {
		if (actor.mapped && actor.label === label)
			return actor;
		for (const child of actor.get_children()) {
			const found = find(child, label);
			if (found)
				return found;
		}
		return null;
	};'

# A banner shows its buttons once the pointer is over it.
click_in_gnome() {
	within 30 gnome_shows_banner
	in_gnome "{ $gnome_devices
		globalThis.pointer.notify_absolute_motion(now(), ...middle(Main.messageTray._banner)); 1 }" \
		> /dev/null
	rm -f $DESK/place
	within 30 gnome_shows_button "$1"
	in_gnome "{ $gnome_devices
		globalThis.pointer.notify_absolute_motion(now(), ...middle(find(Main.messageTray, '$1')));
		globalThis.pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.PRESSED);
		globalThis.pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.RELEASED);
		1 }" > /dev/null
}

# GNOME begins with an overview, over which it shows no banner, and with words of its own: Alice wipes
# them away, whenever they come.
gnome_shows_banner() {
	title=$(last_bubble | sed 's/.* summary=//; s/ body=.*//')
	[ "$(in_gnome "{
		if (Main.overview.visible)
			Main.overview.hide();
		const shown = Main.messageTray._notification;
		const ours = shown?.title === \"$title\";
		if (shown && !ours)
			shown.destroy();
		ours && Main.messageTray._banner?.mapped ? 'ours' : 'not yet' }")" = ours ]
}

# And it has stopped growing.
gnome_shows_button() {
	was=$(cat $DESK/place 2> /dev/null || :)
	in_gnome "{ $gnome_devices
		const button = find(Main.messageTray, '$1');
		button ? middle(button).join() : '' }" > $DESK/place
	[ -n "$(cat $DESK/place)" ] && [ "$(cat $DESK/place)" = "$was" ]
}

# Its own prompter, for pinentry-gnome3: a dialog of the shell.
dialog_of_gnome() {
	dialog=$(in_gnome "Main.layoutManager.modalDialogGroup.get_children().filter(
		(one) => one.visible && one.state === 0).map((one) => one.toString()).join()")
	[ -n "$dialog" ] && echo "$dialog"
}

type_in_gnome() {
	in_gnome "{ $gnome_devices
		const key = Clutter['KEY_$1'];
		globalThis.keyboard.notify_keyval(now(), key, Clutter.KeyState.PRESSED);
		globalThis.keyboard.notify_keyval(now(), key, Clutter.KeyState.RELEASED); 1 }" > /dev/null
}
