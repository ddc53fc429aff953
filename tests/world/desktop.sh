# SPDX-License-Identifier: MIT
# Sourced in the world, after card.sh and pam.sh: Alice's desktop. The script has one X server; each
# promise has a session bus, a notification server (servers.sh) and our agent of its own. All of it
# runs as alice; what it says and its process number are in $DESK.
. tests/world/servers.sh

DESK=/run/desktop
BUS=/run/user/5001/bus
BUS_LOG=$DESK/bus-monitor.log
DIALOGS=$DESK/dialogs
PICTURES=$CERTRENEW_WORLD/$CERTRENEW_BUILD/screenshots
AUTOSTART=/etc/xdg/autostart/certrenew-agent.desktop
PINENTRIES=/usr/lib/pinentries

# What Alice's session has in its environment besides what begin gives to everybody.
ALICE_HAS=LANG=C.UTF-8

install -d -m 700 -o alice -g alice /run/user/5001
install -d -m 1777 /tmp/.X11-unix
mkdir -p $DESK "$PICTURES" $PINENTRIES
mv /usr/bin/pinentry* $PINENTRIES
# From where alice may read it, wherever the clone is.
install -m 755 tests/world/find_widget.pl /usr/lib/certrenew-tests/

# --- Alice's processes ---------------------------------------------------------------------------

session_environment() {
	echo "XDG_RUNTIME_DIR=/run/user/5001 DBUS_SESSION_BUS_ADDRESS=unix:path=$BUS" \
		"XDG_SESSION_TYPE=x11 DISPLAY=$THE_DISPLAY $ALICE_HAS"
}

# in_session COMMAND...
in_session() {
	# shellcheck disable=SC2046
	as_user alice env -C /home/alice $(session_environment) "$@"
}

# begin NAME COMMAND...: in the session and in the background, until `end NAME`.
begin() {
	begun=$1
	shift
	# shellcheck disable=SC2046
	setpriv --reuid=alice --regid=alice --init-groups --reset-env -- \
		env -C /home/alice $(session_environment) "$@" > "$DESK/$begun.log" 2>&1 &
	echo $! > "$DESK/$begun.pid"
}

pid_of() { cat "$DESK/$1.pid"; }
runs() { [ -e "$DESK/$1.pid" ] && kill -0 "$(pid_of "$1")" 2> /dev/null; }
has_ended() { ! runs "$1"; }

# ends NAME: by itself.
ends() { within "${2:-10}" has_ended "$1" || { ps axf; cat "$DESK/$1.log"; return 1; }; }

# ends_with STATUS NAME: likewise.
ends_with() {
	ends "$2"
	status=0
	wait "$(pid_of "$2")" || status=$?
	[ $status = "$1" ] || { cat "$DESK/$2.log"; complain "$2 ended with status $status"; }
}

# end NAME [SIGNAL]
end() {
	[ -e "$DESK/$1.pid" ] || return 0
	kill "-${2:-TERM}" "$(pid_of "$1")" 2> /dev/null || :
	ends "$1"
	rm "$DESK/$1.pid"
}

# --- the display ---------------------------------------------------------------------------------

# start_x [NAME]: an X server with a window manager, on a display that was free: $THE_DISPLAY.
start_x() {
	x=${1:-x}
	THE_DISPLAY=none
	begin "$x" Xvfb -noreset -displayfd 1 -screen 0 1024x768x24 -nolisten tcp -ac
	within 20 grep -qs '^[0-9]' "$DESK/$x.log"
	THE_DISPLAY=:$(grep '^[0-9]' "$DESK/$x.log")
	begin "$x-windows" openbox --sm-disable
	within 10 has_window_manager
}

has_window_manager() { in_session xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id'; }

# --- the session ---------------------------------------------------------------------------------

# start_bus [FOLDER]: the session bus, and who writes down what happens on it. Without a folder of
# service files nothing is started but what the promise has started itself.
start_bus() {
	cat > $DESK/bus.conf <<-CONF
		<busconfig>
			<type>session</type>
			<listen>unix:path=$BUS</listen>
			<auth>EXTERNAL</auth>
			${1:+<servicedir>$1</servicedir>}
			<policy context="default">
				<allow user="*"/>
				<allow send_destination="*" eavesdrop="true"/>
				<allow eavesdrop="true"/>
				<allow own="*"/>
			</policy>
		</busconfig>
	CONF
	begin bus dbus-daemon --config-file=$DESK/bus.conf --nofork --nopidfile
	within 10 listens $BUS
	begin bus-monitor busctl --address=unix:path=$BUS monitor --json=short
	within 10 grep -qs '^Monitoring' $BUS_LOG
	BUS_SEEN=1
}

# Listening, which is later than being there.
listens() { grep -q "00010000 .* $1\$" /proc/net/unix; }

on_bus() { in_session busctl --user --no-pager "$@"; }
log_says() { grep -q "$1" $AUTH_LOG; }
is_owned() { on_bus status "$1" > /dev/null 2>&1; }

# desktop SERVER PINENTRY: Alice's card has 20 days left, and she is in front of the computer; the
# end of the promise is the end of her session.
desktop() {
	pinentry_is "$2"
	seat_of 5001
	start_socket
	trap leave EXIT
	start_bus "${SERVICES:-}"
	SERVER=$1
	[ "$1" = none ] || start_server
}

# leave: with the bus the session has ended, and our agent ends by itself.
leave() {
	kept=$?
	end bus
	if [ -e $DESK/agent.pid ]; then
		ends agent || kept=1
	fi
	for left in "$DESK"/*.pid; do
		case ${left##*/} in x.pid | x-windows.pid) continue ;; esac
		kill -KILL "$(cat "$left")" 2> /dev/null || :
		rm "$left"
	done
	stop_socket
	settled || kept=1
	exit $kept
}

# start_ra_of_promise OPTION...: instead of the script's own one, until Alice leaves.
start_ra_of_promise() {
	start_ra "$@"
	echo "$RA_PID" > $DESK/ra.pid
}

# The helper's part of it has come to rest, and the log is complete; the agent may wait on.
settles() {
	within 20 nobody_helps
	log_sync
}

nobody_helps() { ! pgrep 'certrenew-[hcr]' > /dev/null; }

# The agent, as a desktop starts it when Alice has signed in.
autostart() {
	# shellcheck disable=SC2046
	begin agent $(sed -n 's/^Exec=//p' $AUTOSTART)
}

# signs_in: through a display manager, which shows nothing.
signs_in() {
	service gdm-password
	sign_in gdm-password alice -Itty=:0 -E XDG_SESSION_TYPE=x11 < /dev/null
	goes_on_silently
}

# --- bubbles -------------------------------------------------------------------------------------

# What happened to bubbles, a line each (bus_log.pl), since forget_bubbles.
bubbles() { tail -n "+$BUS_SEEN" $BUS_LOG | perl tests/world/bus_log.pl; }
forget_bubbles() { BUS_SEEN=$(($(wc -l < $BUS_LOG) + 1)); }
last_bubble() { bubbles | grep '^notify' | tail -n 1; }
its_id() { last_bubble | cut -d' ' -f2; }
last_bubble_says() { last_bubble | grep -qF -- "$1"; }

# bubble TEXT...: the last bubble that was shown contains them, or soon does.
bubble() {
	for text in "$@"; do
		within 20 last_bubble_says "$text" || { bubbles; cat $DESK/agent.log; return 1; }
	done
	within 5 is_answered
}

is_answered() { case $(its_id) in '' | '?') return 1 ;; esac; }

# once_bubble TEXT: one was shown that contains it.
once_bubble() { bubbles | grep '^notify' | grep -qF -- "$1" || { bubbles; complain "never: $1"; }; }

# shows_nothing: the agent has asked what is due, and shows nothing.
shows_nothing() {
	within 20 log_says "due for alice"
	settles
	no_bubble
}

no_bubble() { ! bubbles | grep '^notify' || complain "which is a bubble"; }

# one_bubble: there was never a second one beside the first.
one_bubble() {
	bubbles | awk '
		$1 == "notify" { delete open[substr($3, 10)]; open[$2] }
		$1 == "closed" { delete open[$2] }
		{ shown = 0; for (id in open) shown++; if (shown > 1) exit 1 }' ||
		{ bubbles; complain "two bubbles at once"; }
}

# --- dialogs -------------------------------------------------------------------------------------

# pinentry_is NAME|none: the only one that is installed. What it is told is in $DIALOGS.
pinentry_is() {
	PINENTRY=$1
	LAST_DIALOG=
	rm -f /usr/bin/pinentry*
	: > $DIALOGS
	chmod 666 $DIALOGS
	[ "$1" != none ] || return 0
	cat > "/usr/bin/pinentry-$1" <<-SCRIPT
		#!/bin/sh
		exec 3<&0
		mkfifo /tmp/pinentry.\$\$
		tee -a $DIALOGS <&3 > /tmp/pinentry.\$\$ &
		exec $PINENTRIES/pinentry-$1 "\$@" < /tmp/pinentry.\$\$ 3<&-
	SCRIPT
	chmod 755 "/usr/bin/pinentry-$1"
}

# The window in front, if it is a pinentry's, and its process: the next one may have its number.
dialog_in_front() {
	window=$(in_session xdotool getactivewindow 2> /dev/null) || return 1
	what=$(in_session xprop -id "$window" WM_CLASS _NET_WM_PID 2> /dev/null) || return 1
	case $what in
	*'"pinentry'* | *'"gcr-prompter'*) ;;
	*) return 1 ;;
	esac
	echo "$window of ${what##* }"
}

# Qt's begins outside the screen and is moved to the middle once it has the keyboard.
is_at_rest() {
	was=$(cat $DESK/place 2> /dev/null || :)
	in_session xdotool getwindowgeometry --shell "${1%% *}" > $DESK/place || return 1
	[ "$(cat $DESK/place)" = "$was" ] || return 1
	( . $DESK/place && [ $((X + WIDTH)) -le 1024 ] && [ $((Y + HEIGHT)) -le 768 ] )
}

another_dialog() {
	dialog=$(server_dialog) && [ -n "$dialog" ] && [ "$dialog" != "$LAST_DIALOG" ] &&
		{ [ "$SERVER" = gnome-shell ] || is_at_rest "$dialog"; }
}

no_dialog() { ! server_dialog > /dev/null; }

# dialog [TEXT]: one that was not there before is in front of Alice, and it contains the text.
dialog() {
	rm -f $DESK/place
	within 20 another_dialog || { bubbles; ps axf; cat $DESK/agent.log; return 1; }
	LAST_DIALOG=$dialog
	[ $# -eq 0 ] || dialog_text | grep -qF -- "$1" || { dialog_text; complain "missing: $1"; }
}

# What the last one says; the recorder is a little behind.
dialog_text() {
	grep -E '^(SETDESC|SETERROR|SETPROMPT|SETTITLE|SETOK|SETCANCEL)' $DIALOGS |
		tac | awk '!seen[$1]++' | sed 's/%0A/ /g; s/%25/%/g'
}

# The two of GTK and Qt have the focus on the other button.
says_yes() {
	case $PINENTRY in
	gtk-2) press Tab ;;
	qt) press shift+Tab ;;
	esac
	press Return
}

cancels() { press Escape; }

types() {
	type_text "$1"
	press Return
}

# renews: from the first dialog to the last one.
renews() {
	dialog
	says_yes
	dialog
	types $PIN
	dialog
	types $PIN
}
