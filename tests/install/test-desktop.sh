# SPDX-License-Identifier: MIT
# A display manager signs Alice in on a machine that has booted: her session, its bus, the agent that it
# starts, the question that is shown. The X server draws into memory; the rest is a desktop's own.
# On: desktop, booted
. tests/install/machine.sh

people
SHOWN=/home/alice/notifications
journalctl --follow --lines=0 > $AUTH_LOG &

# --- the desktop ---------------------------------------------------------------------------------

# What a desktop environment does with a session, and no more: a window manager, a notification server,
# and systemd's target for what /etc/xdg/autostart has.
a_desktop() {
	cat > /usr/local/bin/x-server <<-'SCRIPT'
		#!/bin/sh
		while [ $# -gt 0 ]; do
			case $1 in
			:*) display=$1 ;;
			-auth) authority=$2 ;;
			esac
			shift
		done
		exec Xvfb "$display" -auth "$authority" -nolisten tcp -noreset -screen 0 1024x768x24
	SCRIPT
	cat > /usr/local/bin/desktop-session <<-'SCRIPT'
		#!/bin/sh
		systemctl --user import-environment DISPLAY XAUTHORITY XDG_SESSION_ID XDG_CURRENT_DESKTOP
		dunst -print > notifications 2>&1 &
		systemctl --user start desktop-session.target
		exec openbox --sm-disable
	SCRIPT
	chmod 755 /usr/local/bin/x-server /usr/local/bin/desktop-session
	cat > /etc/systemd/user/desktop-session.target <<-UNIT
		[Unit]
		BindsTo=graphical-session.target
		Wants=xdg-desktop-autostart.target
		Before=xdg-desktop-autostart.target
	UNIT
	mkdir -p /usr/share/xsessions /etc/lightdm/lightdm.conf.d
	cat > /usr/share/xsessions/desktop.desktop <<-ENTRY
		[Desktop Entry]
		Type=Application
		Name=Desktop
		DesktopNames=Desktop
		Exec=/usr/local/bin/desktop-session
	ENTRY
	mkdir -p /etc/systemd/logind.conf.d
	printf '[Login]\nKillUserProcesses=yes\nUserStopDelaySec=0\n' > /etc/systemd/logind.conf.d/tests.conf
	systemctl restart systemd-logind
	cat > /etc/lightdm/lightdm.conf.d/tests.conf <<-CONF
		[LightDM]
		minimum-vt=1
		logind-check-graphical=false
		[Seat:*]
		xserver-command=/usr/local/bin/x-server
		user-session=desktop
		autologin-user=alice
		autologin-session=desktop
	CONF
}

in_session() {
	as_user alice env -C /home/alice XDG_RUNTIME_DIR=/run/user/5001 DISPLAY=:0 \
		DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/5001/bus XAUTHORITY=/home/alice/.Xauthority "$@"
}

has_bus() { [ -S /run/user/5001/bus ] && in_session busctl --user status > /dev/null; }
her_session() { loginctl list-sessions --no-legend | awk '$3 == "alice" { print $1; exit }'; }
signed_in() { [ "$(her_session)" != "" ]; }
# Her systemd --user, too, has ended.
signed_out() { [ "$(her_session)" = "" ] && ! systemctl --quiet is-active user@5001; }
agent_runs() { pgrep -u alice certrenew-agen > /dev/null; }
is_shown() { grep -qsF -- "$1" $SHOWN; }
dialog_is_there() { in_session xdotool search --onlyvisible --class pinentry > /dev/null 2>&1; }

# is_due [OPTION...]: Alice's card; she is not signed in.
is_due() {
	signs_out
	due_card "$@"
	systemctl reset-failed certrenew.socket
	systemctl restart certrenew.socket
	three_lines
	rm -f $SHOWN
}

# signs_in [OPTION...]: Alice, with a card that is due.
signs_in() {
	is_due "$@"
	arrives
}

arrives() {
	systemctl restart lightdm
	within 30 signed_in
}

# What works for a while; the agent stays.
nobody_helps() { ! pgrep 'certrenew-[hcr]' > /dev/null; }
settled() { within 30 nobody_helps; }

# The driver holds up the first certificate; both have come from the CA.
is_being_written() { [ "$(issued)" = 2 ] && grep -qs C_CreateObject /run/shim/log; }

signs_out() {
	systemctl stop lightdm
	within 30 signed_out
}

# --- promises ------------------------------------------------------------------------------------

is_installed() {
	apt_install --no-install-recommends "$DEBS/certrenew-agent.deb"
	enable
	prepare_cards
	a_desktop
	[ "$(systemctl is-active certrenew.socket)" = active ]
}

is_a_graphical_session() {
	signs_in
	loginctl show-session "$(her_session)" > /run/session
	for property in Type=x11 Class=user Seat=seat0 Active=yes Service=lightdm-autologin; do
		says /run/session $property
	done
	within 10 has_bus
}

agent_is_started() {
	within 20 agent_runs
	tail -n 1 "/proc/$(pgrep -u alice certrenew-agen)/cgroup" > /run/group
	says /run/group "app-certrenew"
}

question_is_shown() {
	within 20 is_shown "expire in 20 days"
}

# answers KEY...: to the next window.
answers() {
	within 20 dialog_is_there || { cat $SHOWN; ps axf; return 1; }
	sleep 1
	for key in "$@"; do
		in_session xdotool key --clearmodifiers "$key"
	done
	sleep 0.5
}

types_pin() {
	within 20 dialog_is_there
	sleep 1
	in_session xdotool type --delay 20 "$PIN"
	in_session xdotool key Return
	sleep 0.5
}

is_displayed() { [ "$(in_session dunstctl count displayed)" -gt 0 ]; }

says_renew_now() {
	within 20 is_shown "expire in 20 days"
	within 10 is_displayed
	in_session dunstctl action 0
}

is_renewed() {
	says_renew_now
	answers Tab Return
	types_pin
	types_pin
	within 20 is_shown "were renewed"
	settled
	renewed
}

outlives_the_session() {
	signs_in
	install -d -m 1777 /run/shim
	shim "log /run/shim/log" "program certrenew-renew" "C_CreateObject#2 delay 6000"
	within 20 agent_runs
	says_renew_now
	answers Tab Return
	types_pin
	types_pin
	within 20 is_being_written
	signs_out
	within 20 has_no_agent
	pgrep -x certrenew-renew > /dev/null || complain "the renewal was ended with the session"
	settled
	three_lines
	renewed
}

has_no_agent() { ! agent_runs; }

# As with pcscd, and not SoftHSM: a driver that can wait for a card does so in one call.
is_waiting() {
	grep -qs C_WaitForSlotEvent /run/shim/log && tail -n 1 /run/shim/log | grep -qE 'C_GetSlotList|C_GetTokenInfo'
}

# The agent, its helper and the check that waits for a card are there as long as the session is.
leaves_nothing() {
	is_due
	rm -rf /run/shim
	install -d -m 1777 /run/shim
	shim "log /run/shim/log" "C_WaitForSlotEvent#2+ wait /run/shim/event"
	arrives
	within 20 is_waiting
	pgrep -u _certrenew -x certrenew-check > /dev/null || complain "nobody waits"
	without_network apt-get purge certrenew-agent libpam-certrenew certrenew
	within 20 has_no_agent
	signed_in || complain "her session has ended"
	has_left_nothing
}

promise "apt installs the agent, too, on a running machine" is_installed
start_ra
promise "lightdm's login is logind's graphical session at the seat, with a bus" is_a_graphical_session
promise "the session starts the agent from /etc/xdg/autostart" agent_is_started
promise "the notification server in it shows the question" question_is_shown
promise "'Renew now', the PIN twice in pinentry, and the new certificates are on the card" is_renewed
promise "KillUserProcesses=yes: a sign-out in the middle of a write, and the write is finished" outlives_the_session
promise "purged while she is signed in: no file, no process, no user, no group" leaves_nothing
promised
