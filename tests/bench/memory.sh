#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What memory certrenew takes: in the login process, and in each process of its own. Runs in a world of
# its own (tests/world/world.sh).
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/bench/bench.sh

LOGINS=20
WATCHED_S=12

# added STACK: KiB that the login process has for itself with it, the median of some logins.
own_memory() {
	for login in $(seq $LOGINS); do
		"$BENCH_PROGRAMS/login-memory" "$1"
	done | sort -n | sed -n "$((LOGINS / 2))p"
}

stack() {
	install -d "/run/$1"
	printf 'auth required pam_permit.so\n%s\naccount required pam_permit.so\n%s\nsession required pam_permit.so\n' \
		"$2" "$3" > "/run/$1/login"
}

# Everything once, again and again, while it is looked at.
use_it() {
	for login in $(seq 5); do
		alice_signs_in < /dev/null
		certrenew status > /dev/null 2>&1 || :
	done
	# With a session's bus, and nobody yet who shows notifications.
	as_user alice dbus-run-session -- /usr/libexec/certrenew/certrenew-agent > /dev/null 2>&1 &
	session=$!
	renew $PIN $PIN > /run/renewed 2>&1
	# What lives for a moment is seen if it does so often.
	for time in $(seq 10); do
		certrenew status --online > /dev/null 2>&1 || :
		certrenew journal list > /dev/null 2>&1 || :
		certrenew doctor > /dev/null 2>&1 || :
	done
	wait $watcher
	kill $session
	says /run/renewed 'renewed'
}

prepare_cards
start_ra
fresh_login
stack no-op 'account optional pam_permit.so' 'session optional pam_permit.so'
stack certrenew-stack "$(profile_lines Account account)" "$(profile_lines Session session)"

before=$(own_memory /run/no-op)
after=$(own_memory /run/certrenew-stack)
seat_of 5001
start_socket
"$BENCH_PROGRAMS/watch-memory" $WATCHED_S > /run/seen &
watcher=$!
use_it
sort -o /run/seen /run/seen
{
	printf '{"login_process_kib": {"no_op": %s, "certrenew": %s},\n"programs": [\n' "$before" "$after"
	awk '{ printf "%s{\"name\": \"%s\", \"peak_rss_kib\": %d, \"private_dirty_kib\": %d}",
		(NR > 1 ? ",\n" : ""), $1, $2, $3 }' /run/seen
	printf ']}\n'
} > "$BENCH/memory.json"

printf 'memory of each program, the most that was seen while all were used\n\n'
awk '{
	head = head " | " $1; rule = rule "--:|"; peak = peak " | " $2; dirty = dirty " | " $3
} END {
	print "| KiB" head " |\n|---|" rule "\n| peak RSS" peak " |\n| private dirty" dirty " |\n"
}' /run/seen
goal_count "memory: the module's own, in the login process" 100 KiB $((after - before))
stop_socket
stop_ra
