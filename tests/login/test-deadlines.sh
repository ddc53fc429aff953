# SPDX-License-Identifier: MIT
# How long a login waits, what is ended when its time is up, and the write that nobody ends.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
journal=/var/lib/certrenew/journal

# limits LOGIN CARD CA: the configuration's time limits.
limits() {
	configure "s/^timeout = 5s/timeout = $1/" "s/^\[card\]/[card]\ntimeout = $2/" \
		"s/^timeout = 10s/timeout = $3/" '$a [status]\ncheck = off'
}

# takes MILLISECONDS AT-MOST COMMAND...
takes() {
	least=$1 most=$2
	shift 2
	began=$(now_ms)
	"$@"
	took=$(($(now_ms) - began))
	[ $took -ge "$least" ] && [ $took -le "$most" ] ||
		{ cat $shown; complain "took $took ms, not $least to $most"; }
}

# --- a driver that hangs or crashes --------------------------------------------------------------

unattended() { alice_signs_in < /dev/null; }

is_not_held_up_by() {
	fresh_login
	limits 1s 1m 10s
	shim "$1"
	takes 1000 2000 unattended
	goes_on_silently
	within 1 nothing_of_ours_runs
	logs_trouble "login for alice: check: timeout: "
}

is_held_up_once() {
	is_not_held_up_by "C_GetSlotList hang 60"
	log_begin
	sed -i 's/^\[login\]/[login]\nprompt = require/' /etc/certrenew.conf
	takes 1000 2000 unattended
	goes_on_silently
	logs_trouble "account for alice: check: timeout: "
}

with_both_pins() { typed yes $PIN $PIN | alice_signs_in; }

# What was read and what was renewed counts, however the driver ends.
renews_although_the_driver() {
	fresh_login
	limits 4s 1m 10s
	shim "C_Finalize $1"
	takes 0 4000 with_both_pins
	goes_on
	settled
	says $AUTH_LOG ": 2 of 2 renewed, "
	renewed
}

survives() {
	fresh_login
	shim "$1"
	takes 0 1500 unattended
	goes_on_silently
	logs_trouble "login for alice: check: crashed: ended by signal 11"
}

# --- after check: renew, before a question and after it ------------------------------------------

# check is slow to end; in the meantime the driver's script becomes another one, for renew.
sign_in_while_script_changes() {
	sign_in login alice -Itty=/dev/tty1 < /dev/null &
	host=$!
	within 5 grep -q C_FindObjectsFinal /var/log/shim/calls
	shim "$1"
	wait $host
}

is_not_held_up_by_renew() {
	fresh_login
	limits 3s 1m 10s
	install -d -o _certrenew /var/log/shim
	rm -f /var/log/shim/calls
	shim "log /var/log/shim/calls" "C_Finalize delay 1500"
	takes 3000 4000 sign_in_while_script_changes "C_GetSlotList hang 60"
	goes_on_silently
	logs_trouble "login for alice: renew: timeout: "
	nothing_of_ours_runs
}

with_pin() { typed yes $PIN | alice_signs_in; }

# With [card] timeout 1s and [ca] timeout 1s a step between two questions may take 6 s.
is_ended_after_the_pin() {
	fresh_login
	limits 2s 1s 1s
	shim "$1"
	takes 6000 7000 with_pin
	says $shown "PIN: "
	goes_on
	settled
	says $AUTH_LOG "login for alice: renew: timeout: "
	nothing_happened
	limits 2s 1m 10s
	typed yes $PIN $PIN | alice_signs_in
	renewed
}

# A person may take longer than the login's unattended limit.
waits_for_a_person() {
	fresh_login
	limits 1s 1m 10s
	{ sleep 1.5; typed yes; sleep 1.5; typed $PIN $PIN; } | alice_signs_in
	renewed
}

# The lock is free, the driver closed; only the host still waits for its line.
ends_a_question() {
	fresh_login
	sed -i 's/^\[login\]/[login]\nquestion_timeout = 10s/' /etc/certrenew.conf
	mkfifo /run/keyboard
	trap "rm -f /run/keyboard" EXIT
	alice_signs_in < /run/keyboard &
	host=$!
	exec 9> /run/keyboard
	within 5 says $shown "Renew now?"
	within 12 nothing_of_ours_runs
	kill -0 $host
	typed yes >&9
	exec 9>&-
	wait $host
	goes_on
	settled
	says $AUTH_LOG "not renewed: no-answer: "
	nothing_happened
}

# --- the write -----------------------------------------------------------------------------------

done_twice() {
	settled
	renewed
	[ "$(ls $journal/*/*.done | wc -l)" = 2 ] || { ls $journal/*; return 1; }
	! ls $journal/*/*.journal || complain "something is unfinished"
}

# The write of each certificate takes as long as the argument says; $host is the PAM host.
while_writing() {
	fresh_login
	limits 2s 1s 1s
	shim "C_CreateObject delay $1"
	typed yes $PIN $PIN > /run/typed
	alice_signs_in < /run/typed &
	host=$!
	within 10 says $shown "Step 3 of 4: writing to the card." > /dev/null
	within 1 pgrep -x certrenew-renew > /dev/null
}

outlasts_every_limit() {
	while_writing 4000
	wait $host
	says $shown "All certificates were renewed."
	done_twice
}

outlasts_its_host() {
	while_writing 1000
	kill -"$1" "$(pgrep -x pamtester)"
	wait $host || :
	done_twice
}

outlasts_the_helper() {
	while_writing 1000
	kill -KILL "$(pgrep certrenew-help)"
	wait $host
	says $shown "All certificates were renewed."
	done_twice
}

outlasts_both() {
	while_writing 1000
	kill -KILL "$(pgrep certrenew-help)" "$(pgrep -x pamtester)"
	wait $host || :
	done_twice
}

outlasts_a_signal() {
	while_writing 1000
	kill -"$1" "$(pgrep -x certrenew-renew)"
	wait $host
	done_twice
}

outlasts_the_terminal() {
	fresh_login
	shim "C_CreateObject delay 1000"
	at_terminal pamtester -Itty=/dev/tty1 login alice open_session <<-TCL
		see "Renew now?"
		type yes
		see "PIN: "
		type $PIN
		see "PIN: "
		type $PIN
		see "Step 3 of 4"
		close
		exit 0
	TCL
	done_twice
}

# The token is locked until the write has ended, whoever has died in the meantime.
keeps_the_lock() {
	while_writing 2000
	kill -KILL "$(pgrep certrenew-help)"
	exits 3 certrenew renew --yes < /dev/null
	says "$out" "The card is being renewed already."
	wait $host
	done_twice
}

# Before the write: nothing goes on without the helper, and the next run picks it up.
ends_with_the_helper() {
	fresh_login
	another_ra --misbehave stall --misbehave-times 1
	typed yes $PIN $PIN > /run/typed
	alice_signs_in < /run/typed &
	host=$!
	within 5 grep -q "issue encryption" $RA_LOG
	kill -KILL "$(pgrep certrenew-help)"
	wait $host
	goes_on
	within 1 nothing_of_ours_runs
	untouched
	typed yes $PIN $PIN | alice_signs_in
	renewed
}

for call in C_Initialize C_GetSlotList C_GetTokenInfo C_OpenSession C_FindObjects C_GetAttributeValue; do
	promise "a driver that hangs in $call: the login goes on within its timeout and a second" \
		is_not_held_up_by "$call hang 60"
done
promise "require: a driver that hangs holds up the account stage, and not the session again" \
	is_held_up_once
promise "a driver that hangs in C_Finalize has done its work: the login asks and renews" \
	renews_although_the_driver "hang 60"
promise "so it is for one that crashes there" renews_although_the_driver crash
for call in C_Initialize C_GetSlotList C_GetAttributeValue; do
	promise "a driver that crashes in $call: the login goes on, one line says so" \
		survives "$call crash"
done
promise "a driver that hangs before the first question: the login's timeout is for both programs" \
	is_not_held_up_by_renew
promise "a driver that hangs after the PIN is ended at the limits of card and CA" \
	is_ended_after_the_pin "C_Login hang 60"
promise "so is one that hangs while it signs" is_ended_after_the_pin "C_Sign hang 60"
promise "a person may take longer than the login's timeout" waits_for_a_person
promise "a question that nobody answers ends the renewal after question_timeout" ends_a_question

promise "a write that takes longer than every limit is finished" outlasts_every_limit
promise "a write outlasts its host's death" outlasts_its_host KILL
promise "a write outlasts its host's end by SIGHUP" outlasts_its_host HUP
promise "a write outlasts the helper's death" outlasts_the_helper
promise "a write outlasts both" outlasts_both
promise "a write outlasts the terminal" outlasts_the_terminal
promise "a write takes no notice of SIGTERM" outlasts_a_signal TERM
promise "a write takes no notice of SIGHUP" outlasts_a_signal HUP
promise "the token stays locked until the write has ended" keeps_the_lock
promise "before the write, a renewal ends with the helper, and the next run goes on" \
	ends_with_the_helper
promised
