# SPDX-License-Identifier: MIT
# The packages on a machine that has booted: systemd's socket, logind's sessions and what ends with them.
# On: console, booted
. tests/install/machine.sh

# The journal instead of the file that the others have, since log_begin.
log_sync() {
	journalctl --sync
	journalctl --quiet --after-cursor "$(cat /run/log.begin)" > $AUTH_LOG
}

log_begin() {
	journalctl --sync
	journalctl --quiet -n 1 --show-cursor | sed -n 's/^-- cursor: //p' > /run/log.begin
	: > $AUTH_LOG
}

people
log_begin

# due [OPTION...]: card, configuration and log for one promise.
due() {
	due_card "$@"
	systemctl reset-failed certrenew.socket
	systemctl restart certrenew.socket
	three_lines
	log_begin
}

# kill_user_processes yes|no
kill_user_processes() {
	mkdir -p /etc/systemd/logind.conf.d
	printf '[Login]\nKillUserProcesses=%s\n' "$1" > /etc/systemd/logind.conf.d/tests.conf
	systemctl restart systemd-logind
}

# Alice's and whoever else's; the users' managers are none.
sessions() { loginctl list-sessions --no-legend | awk '{ print $1 }'; }
no_session() { [ "$(sessions)" = "" ]; }
scope_of() { cut -d: -f3- "/proc/$1/cgroup" | tail -n 1; }

# --- installed while it runs ---------------------------------------------------------------------

listens_at_once() {
	apt_install
	prepare_cards
	systemd-tmpfiles --create certrenew.conf
	systemctl restart certrenew.socket
	[ "$(systemctl is-enabled certrenew.socket)" = enabled ] || complain "it is not enabled"
	[ "$(systemctl is-active certrenew.socket)" = active ] || complain "it is not active"
	[ "$(stat -c '%a %U' /run/certrenew/socket)" = "666 root" ] || ls -l /run/certrenew
}

# --- logind's session ----------------------------------------------------------------------------

is_a_session_at_the_seat() {
	due
	enable
	logs_in <<-TCL
		$question
		type yes
		$renewal
		see "\$ "
		type "loginctl show-session \\\$XDG_SESSION_ID | sed 's/^/it has /'"
		see "it has Seat=seat0"
		see "it has Service=login"
		see "it has Scope=session-"
		see "it has State=active"
		see "\$ "
		type "exit"
	TCL
	settled
	renewed
	within 20 no_session
}

uses_the_socket() {
	due
	logs_in <<-TCL
		$question
		type no
		see "\$ "
		type "certrenew status; echo status \\\$?"
		see "20"
		see "status 1"
		see "\$ "
		type "certrenew renew"
		see "Renew now?"
		type yes
		$renewal
		see "\$ "
		type "exit"
	TCL
	settled
	renewed
}

# Bob has a session, too, but not at the seat.
is_refused_elsewhere() {
	due
	at_terminal su -l bob <<-TCL
		see "\$ "
		type "certrenew status; echo status \\\$?"
		see "status 3"
		see "\$ "
		type "exit"
	TCL
	log_sync
	says $AUTH_LOG "[access] allow = seat"
	nothing_happened
}

# In Tcl: the session is ended from outside.
end_of_session='
	exec sh -c {loginctl kill-session --signal=KILL $(loginctl list-sessions --no-legend | awk "{ print \$1 }")}
	expect eof
	exit 0
'

# --- where a login's helper lives ----------------------------------------------------------------

lives_outside_the_session() {
	due
	logs_in <<-TCL
		$question
		exec sh -c {for process in \$(pgrep certrenew-); do tail -n 1 /proc/\$process/cgroup; done > /run/groups}
		type no
		$in_the_shell
	TCL
	cat /run/groups
	[ "$(grep -c '/system\.slice/.*certrenew@.*\.service$' /run/groups)" = 2 ]
}

# cut_off [WHAT]: Alice's login ends while the card is being written.
cut_off() {
	due
	shim "program certrenew-renew" "C_CreateObject#1 delay 4000"
	logs_in <<-TCL
		$renewal_up_to_writing
		$1
	TCL
	within 20 no_session
	pgrep -x certrenew-renew > /dev/null || complain "the renewal was ended with the session"
	settled
	three_lines
	renewed
	log_sync
	says $AUTH_LOG "2 of 2 renewed"
}

survives_the_logout() {
	kill_user_processes yes
	cut_off "close
		exit 0"
}

survives_the_end_of_the_session() {
	kill_user_processes no
	cut_off "$end_of_session"
}

# Without systemd's socket it is in the session's scope, and goes with it; what was begun is finished by
# the next login.
is_finished_by_the_next() {
	kill_user_processes yes
	due
	systemctl stop certrenew.socket
	shim "program certrenew-renew" "C_CreateObject#1 hang 60 once /run/shim/hung"
	rm -rf /run/shim
	install -d -m 1777 /run/shim
	logs_in <<-TCL
		$renewal_up_to_writing
		sleep 1
		$end_of_session
	TCL
	within 20 no_session
	! pgrep certrenew- || complain "it lives on"
	untouched
	next_login_finishes
	three_lines
	renewed
}

# --- a systemd in trouble ------------------------------------------------------------------------

# asks_all_the_same: as quickly as ever.
asks_all_the_same() {
	echo "$renewal_at_login" | logs_in
	settled
	renewed
}

# What the socket takes is held by others.
socket_is_full() {
	mkdir -p /run/systemd/system/certrenew.socket.d
	printf '[Socket]\nMaxConnections=1\n' > /run/systemd/system/certrenew.socket.d/tests.conf
	systemctl daemon-reload
	due
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un("/run/certrenew/socket"));
		sleep 60' &
	trap "kill $!" EXIT
	within 5 pgrep certrenew-help > /dev/null
	asks_all_the_same
	[ "$(systemctl show -P NRefused certrenew.socket)" -gt 0 ] || complain "it was not full"
	rm -r /run/systemd/system/certrenew.socket.d
	systemctl daemon-reload
}

unit_is_broken() {
	due
	mkdir -p /run/systemd/system/certrenew@.service.d
	printf '[Service]\nExecStart=\nExecStart=/usr/bin/false\n' > /run/systemd/system/certrenew@.service.d/tests.conf
	systemctl daemon-reload
	asks_all_the_same
	rm -r /run/systemd/system/certrenew@.service.d
	systemctl daemon-reload
}

# Somebody listens and never answers.
nobody_answers_at_the_socket() {
	due
	systemctl stop certrenew.socket
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/run/certrenew/socket"));
		listen(S, 9); accept(C, S); sleep 60' &
	trap "kill $!; rm -f /run/certrenew/socket" EXIT
	within 5 test -S /run/certrenew/socket
	asks_all_the_same
}

# --- removed while it runs -----------------------------------------------------------------------

# Her card's files stay with the numbers that the user had.
is_purged_while_writing() {
	due
	shim "program certrenew-renew" "C_CreateObject#1 delay 8000"
	uid=$(id -u _certrenew) gid=$(id -g _certrenew)
	logs_in <<-TCL
		$renewal_up_to_writing
		exec sh -c {. tests/install/machine.sh; without_network apt-get purge libpam-certrenew certrenew} > /run/purge 2>@1
		$in_the_shell
	TCL
	has_left_nothing
	as_certrenew() { setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"; }
	renewed
}

is_removed() {
	apt_install
	enable
	due
	without_network apt-get purge libpam-certrenew certrenew
	has_left_nothing
	logins_go_on
}

promise "apt on a running machine: the socket is enabled and listens" listens_at_once
start_ra
promise "a login at the console is logind's session at the seat, and renews" is_a_session_at_the_seat
promise "in that session status and renew reach the helper through the socket" uses_the_socket
promise "a session that is not at the seat is refused" is_refused_elsewhere
promise "a login's helper is systemd's, not in the session's scope" lives_outside_the_session
promise "KillUserProcesses=yes: a logout in the middle of a write, and the write is finished" survives_the_logout
promise "so it is when the session is terminated" survives_the_end_of_the_session
promise "without the socket the next login finishes what the session's end cut off" is_finished_by_the_next
promise "a socket that takes no more connections: the login asks all the same" socket_is_full
promise "a helper that systemd cannot start: the login asks all the same" unit_is_broken
promise "a socket that never answers: the login asks all the same" nobody_answers_at_the_socket
promise "purged in the middle of a write: the write is finished, and nothing is left" is_purged_while_writing
promise "purged on a running machine: no unit, no socket is left, logins go on" is_removed
promised
