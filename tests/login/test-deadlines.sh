# SPDX-License-Identifier: MIT
# Whatever the driver does, the login goes on in time; and a write that was begun is finished.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
SHIM_LOG=/run/shim/log
install -d -m 1777 /run/shim

# with_driver RULE...: the login's driver follows the rules, and may take 2 seconds.
with_driver() {
	fresh_login
	sed -i 's/^timeout = 5s/timeout = 2s/' /etc/certrenew.conf
	rm -f $SHIM_LOG
	shim "log $SHIM_LOG" "$@"
}

# takes_at_most MS COMMAND...
takes_at_most() {
	limit=$1
	shift
	began=$(now_ms)
	"$@"
	took=$(($(now_ms) - began))
	[ $took -le "$limit" ] || complain "it took $took ms"
}

goes_on_in_time() {
	with_driver "$1"
	takes_at_most 3000 alice_signs_in < /dev/null
	goes_on
	logs_trouble "$2"
	untouched
	says_not $RA_LOG request
}

# The module has no word for what a child does; one line of the helper's tells it.
hangs_after_the_first_pin() {
	with_driver "C_Sign hang 60"
	sed -i 's/^module/timeout = 1s\nmodule/; s/^timeout = 10s/timeout = 1s/' /etc/certrenew.conf
	typed yes $PIN > /run/typed
	takes_at_most 12000 alice_signs_in < /run/typed
	goes_on
	settled
	says $AUTH_LOG "login for alice: renew: timeout: "
	untouched
}

has_logged_in_twice() { [ "$(grep -cs C_Login $SHIM_LOG)" = 2 ]; }

# begin_writing: a login renews, and the card is in the middle of its first write.
begin_writing() {
	with_driver "C_CreateObject#1 delay 1500"
	typed yes $PIN $PIN > /run/typed
	alice_signs_in < /run/typed &
	within 20 has_logged_in_twice
	sleep 0.3 # the delay is 1.5 s, and begins right after
}

is_finished_without() {
	begin_writing
	kill -9 "$(pgrep "$@")"
	within 20 nothing_of_ours_runs
	renewed
	for role in encryption signature; do
		ls /var/lib/certrenew/journal/*/"$role"-*.done > /dev/null
	done
}

# The token's lock lives as long as the write, not as long as the helper.
stays_locked() {
	begin_writing
	kill -9 "$(pgrep -x certrenew-helpe)"
	exits 3 renew $PIN $PIN
	says $out "The card is being renewed already."
	within 20 nothing_of_ours_runs
	renewed
}

hangs_at_the_end() {
	with_driver "C_Finalize hang 60"
	typed no > /run/typed
	takes_at_most 7000 alice_signs_in < /run/typed
	goes_on
	untouched
}

promise "a driver that hangs when it lists readers: the login goes on" \
	goes_on_in_time "C_GetSlotList hang 60" "check: timeout: "
promise "a driver that hangs when it is initialised: the login goes on" \
	goes_on_in_time "C_Initialize hang 60" "check: timeout: "
promise "a driver that hangs in the middle of reading: the login goes on" \
	goes_on_in_time "C_GetAttributeValue#2 hang 60" "check: timeout: "
promise "a driver that crashes when it is initialised: the login goes on" \
	goes_on_in_time "C_Initialize crash" "check: crashed: ended by signal 11"
promise "a driver that crashes while it reads: the login goes on" \
	goes_on_in_time "C_FindObjects crash" "check: crashed: ended by signal 11"
promise "a driver that does not end: the login goes on" hangs_at_the_end
promise "a driver that hangs once the person has agreed is given up, not waited for" hangs_after_the_first_pin
promise "a write to the card is finished when the login is killed" is_finished_without -x pamtester
promise "a write to the card is finished when the helper is killed" is_finished_without -x certrenew-helpe
promise "and nobody else may write meanwhile" stays_locked
promised
