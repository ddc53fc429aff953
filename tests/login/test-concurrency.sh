# SPDX-License-Identifier: MIT
# Many at once, and those who would keep others waiting: one renewal happens, the others wait or say
# that one is running, and every login goes on.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
locks=/run/certrenew/lock

# at_once COMMAND ARGUMENT...: for each argument, at the same time; waits for all of them.
at_once() {
	command=$1
	shift
	running=
	for number in "$@"; do
		$command "$number" &
		running="$running $!"
	done
	for one in $running; do
		wait "$one" || complain "$command: exit status $?"
	done
}

# One of many: what is shown is in a file of its own.
signs_in_as_one() {
	typed yes $PIN $PIN | shown=/run/shown.$1 alice_signs_in
}

everyone_goes_on() {
	for number in "$@"; do
		says "/run/shown.$number" "pamtester: successfully opened a session"
	done
}

# How many of the files hold the line, which begins so.
how_many() {
	text=$1
	shift
	grep -lF -- "$text" "$@" 2> /dev/null | wc -l
}

# The others are told, or came when nothing was left to do.
one_renews_the_others_know() {
	everyone_goes_on "$@"
	for number in "$@"; do
		echo "/run/shown.$number"
	done > /run/all
	[ "$(how_many 'All certificates were renewed.' $(cat /run/all))" = 1 ] ||
		{ cat $(cat /run/all); complain "not one of them renewed"; }
	for file in $(cat /run/all); do
		! grep -q 'PIN' "$file" || grep -q 'All certificates were renewed' "$file" ||
			{ cat "$file"; complain "a PIN was asked for in vain"; }
		[ "$(grep -cvE '^pamtester: ' "$file")" = 0 ] ||
			grep -qE 'All certificates were renewed|The card is being renewed already' "$file" ||
			{ cat "$file"; complain "neither renewed nor told"; }
	done
	renewed
	settled
}

twenty="1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"

twenty_sign_in() {
	fresh_login
	at_once signs_in_as_one $twenty
	one_renews_the_others_know $twenty
}

# Nothing is there yet, not even the folders.
twenty_sign_in_after_the_start() {
	fresh_login
	rm -rf /run/certrenew /var/lib/certrenew /var/cache/certrenew
	at_once signs_in_as_one $twenty
	one_renews_the_others_know $twenty
	says_not $AUTH_LOG "could not be recorded"
	[ "$(stat -c '%U %a' /var/lib/certrenew/journal $locks | xargs)" = "_certrenew 700 root 700" ] ||
		complain "$(stat -c '%n %U %a' /var/lib/certrenew/journal $locks)"
	ls -d /run/certrenew/*.[0-9]* /var/lib/certrenew/*.[0-9]* 2> /dev/null &&
		complain "left over"
	return 0
}

# --- the command, the agent, a login ---------------------------------------------------------------

uses_the_command() {
	ended=0
	printf '%s\n' $PIN $PIN | certrenew renew --yes > /run/shown.command 2>&1 || ended=$?
	[ $ended = 0 ] || says /run/shown.command "The card is being renewed already."
}
uses_the_agents_way() {
	seat_of 5001
	as_user alice /usr/lib/certrenew-tests/test-ask renew yes pin=$PIN > /run/shown.agent 2>&1
}
does() {
	case $1 in
	login) signs_in_as_one login ;;
	command) uses_the_command ;;
	agent) uses_the_agents_way ;;
	esac
}

command_agent_and_login() {
	fresh_login
	start_socket
	trap stop_socket EXIT
	at_once does login command agent
	everyone_goes_on login
	settled
	renewed
	[ "$(grep -hcE '^(All|done count=2 of=2)' /run/shown.command /run/shown.agent /run/shown.login |
		awk '{ sum += $1 } END { print sum }')" = 1 ] ||
		{ cat /run/shown.command /run/shown.agent /run/shown.login; complain "not once"; }
}

# --- two cards -----------------------------------------------------------------------------------

serial_of_token() {
	certrenew status --json | tr -d ' "{}' | tr ',' '\n' | awk -F: -v label="$1" '
		$1 == "token_label" { mine = ($2 == label) }
		$1 == "token_serial_number" && mine { print $2; exit }'
}

renews_card() {
	test-ask renew yes pin=$PIN "card=$(cat "/run/serial.$1")" > "/run/shown.$1" 2>&1
}

two_cards() {
	fresh_login
	new_card Bob --key ec:P-256
	for card in Alice Bob; do
		serial_of_token $card > "/run/serial.$card"
	done
	shim "C_CreateObject#1 delay 700"
	at_once renews_card Alice Bob
	for card in Alice Bob; do
		says "/run/shown.$card" "done count=2 of=2"
		card_proves $card
		[ "$(card_list $card | grep -c ^certificate)" = 2 ] || complain "not two certificates"
	done
	[ "$(issued encryption) $(issued signature)" = "2 2" ] || complain "issued: $(issued)"
}

# --- locks that were left ------------------------------------------------------------------------

# held_by FIFO: a renewal that waits for its PIN, through a pipe on descriptor 9.
begins_and_waits() {
	rm -f /run/answers
	mkfifo /run/answers
	certrenew renew --yes < /run/answers > /run/shown.first 2>&1 &
	first=$!
	exec 9> /run/answers
	within 10 grep -q "Enter your card's PIN" /run/shown.first
}

# kills NAME...: processes of ours, with this command name.
kills() {
	for name in "$@"; do
		pkill -KILL -x "$name" || : # ended by the one before
	done
	within 10 nothing_of_ours_runs
	exec 9>&-
	wait $first || :
}

# leaves_no_lock NAME...: whichever of them is killed, the next renewal has the card.
leaves_no_lock() {
	fresh_login
	begins_and_waits
	kills "$@"
	[ "$(ls $locks | wc -l)" = 1 ] || complain "no lock was there"
	exits 0 renew $PIN $PIN
	says $out "All certificates were renewed."
	renewed
}

# The helper is gone, what it had started still writes: its lock is not stale.
is_held_by_what_still_writes() {
	fresh_login
	shim "log /run/shim.log" "C_CreateObject#1 delay 2500"
	install -m 666 /dev/null /run/shim.log
	printf '%s\n' $PIN $PIN | certrenew renew --yes > /run/shown.first 2>&1 &
	first=$!
	within 10 grep -q "Step 3 of 4" /run/shown.first
	pkill -KILL -x certrenew-helpe
	exits 3 certrenew renew --yes < /dev/null
	says $out "The card is being renewed already."
	typed no | alice_signs_in
	says $shown "The card is being renewed already."
	goes_on
	wait $first || :
	settled
	renewed
}

# --- those who would hold it -----------------------------------------------------------------------

cannot_touch_the_locks() {
	fresh_login
	exits 1 certrenew status
	begins_and_waits
	lock=$locks/$(ls $locks)
	! as_user alice ls $locks > $out 2>&1 || complain "alice lists the locks"
	! as_user alice flock -n "$lock" true > $out 2>&1 || complain "alice locks"
	! as_user alice flock -n $locks true > $out 2>&1 || complain "alice locks the folder"
	# What everybody can open holds nobody up.
	as_user alice flock -n /run/certrenew sleep 30 &
	holder=$!
	printf '%s\n' $PIN $PIN >&9
	exec 9>&-
	wait $first
	kill $holder
	renewed
}

# Alice's own conversation is asked, and she stops it: it answers nothing and reads nothing.
does_not_hold_others_for_ever() {
	fresh_login
	configure 's/^\[login\]/&\nquestion_timeout = 10s/'
	seat_of 5001
	start_socket
	mkfifo /run/nothing
	as_user alice certrenew renew < /run/nothing > /run/shown.silent 2>&1 &
	silent=$!
	trap 'kill -KILL $silent 2> /dev/null || :; stop_socket' EXIT
	exec 8> /run/nothing
	within 10 grep -q "certificates expire in 20 days" /run/shown.silent
	pkill -STOP -u alice -x certrenew
	typed yes $PIN $PIN | alice_signs_in
	says $shown "The card is being renewed already."
	says $shown "Wait until that has ended."
	goes_on
	nothing_happened
	within 20 sh -c '! pgrep -x certrenew-renew > /dev/null'
	typed yes $PIN $PIN | alice_signs_in
	goes_on
	renewed
	pkill -CONT -u alice -x certrenew
	exec 8>&-
	within 5 grep -q "There was no answer." /run/shown.silent
}

# Twenty conversations that say not a word take nothing from anybody.
says_not_a_word() {
	fresh_login
	seat_of 5001
	start_socket
	trap stop_socket EXIT
	for number in $twenty; do
		as_user alice socat -u UNIX-CONNECT:/run/certrenew/socket STDOUT > /dev/null 2>&1 &
	done
	exits 1 as_user alice certrenew status
	typed yes $PIN $PIN | alice_signs_in
	goes_on
	renewed
	settled
}

promise "twenty logins at once: one renews, the others are told, all go on" twenty_sign_in
promise "the same on a machine that was just started" twenty_sign_in_after_the_start
promise "a login, the command and the agent at once: one renews" command_agent_and_login
promise "two cards at once are renewed both" two_cards

promise "a renewal that was killed leaves no lock" leaves_no_lock certrenew-renew
promise "nor does one whose helper was killed" leaves_no_lock certrenew-helpe
promise "nor if both are" leaves_no_lock certrenew-helpe certrenew-renew
promise "what still writes keeps its lock, without its helper" is_held_by_what_still_writes

promise "nobody else can take a card's lock" cannot_touch_the_locks
promise "a conversation that was stopped at a question holds the card for its time only" \
	does_not_hold_others_for_ever
promise "connections that say nothing hold nobody up" says_not_a_word
promised
