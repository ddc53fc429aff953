# SPDX-License-Identifier: MIT
# What the desktop's agent asks of the helper: what is due, 'later', and how a renewal ended.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/command/desktop.sh

prepare_cards
start_ra

# --- DUE -----------------------------------------------------------------------------------------

tells_what_is_due() {
	at_desktop
	asks due
	head -n 1 $out | grep -q '^terms' || complain "no terms"
	[ "$(listed "days=20 .*remind=1 .*card=$(serial_of_alice)")" = 2 ] || { cat $out; return 1; }
	says $out "checked count=2 of=2 expired=0 again-at=$(($(ends_of_alice) - 14 * DAY)) prompt=ask"
	[ "$(stat -c "%U %a" $FOUND)" = "_certrenew 600" ] || complain "nothing is recorded"
	settled
	grep -q "<86>.* due for alice: check: token $(serial_of_alice): 2 renewable, 0 expired: none$" $AUTH_LOG ||
		{ cat $AUTH_LOG; return 1; }
}

is_answered_without_the_card() {
	at_desktop
	signs_in_at_desktop
	driver_was_loaded || complain "the login did not read the card"
	rm $calls
	asks due
	[ "$(listed remind=1)" = 2 ] || { cat $out; return 1; }
	says $out "checked count=2 of=2"
	driver_was_not_loaded
}

is_read_again() {
	is_answered_without_the_card
	$1
	rm -f $calls
	shift
	asks due "$@"
	[ "$(listed remind=1)" = 2 ] || { cat $out; return 1; }
	driver_was_loaded || complain "the driver was not loaded"
	[ "$(($(date +%s) - $(stat -c %Y $FOUND)))" -lt 60 ] || complain "nothing new was recorded"
}

ages() { touch -d '121 seconds ago' $FOUND; }
comes_from_the_future() { touch -d '1 hour' $FOUND; }
is_damaged() { echo garbage > $FOUND; }
is_swapped_for_a_link() { mv $FOUND /run/moved; ln -s /run/moved $FOUND; }

judges_anew() {
	is_answered_without_the_card
	sed -i '1i [reminder]\nwindow = 25d\nremind = 10d\ncritical = 5d' /etc/certrenew.conf
	asks due
	[ "$(listed "state=3 .*remind=0")" = 2 ] || { cat $out; return 1; }
	says $out "again-at=$(($(ends_of_alice) - 10 * DAY))"
	sed -i 's/^window = .*/window = 15d/' /etc/certrenew.conf
	asks due
	[ "$(listed "state=2 .*remind=0")" = 2 ] || { cat $out; return 1; }
	says $out "checked count=0 of=2"
	driver_was_not_loaded
}

says_when_nothing_is_due() {
	at_desktop --days 200
	asks due
	[ "$(listed "state=2 .*remind=0")" = 2 ] || { cat $out; return 1; }
	says $out "checked count=0 of=2 expired=0 again-at=$(($(ends_of_alice) - 30 * DAY)) prompt=ask"
}

says_that_it_has_expired() {
	at_desktop --days -1
	asks due
	says $out "checked count=0 of=2 expired=2 prompt=ask"
}

# is_told CODE: no card that could be read, and no FAILED.
is_told() {
	asks due
	comes_not failed
	says $out "checked code=$1 count=0 of=0 expired=0 prompt=ask"
	says_not $out "again-at"
}

has_no_card() {
	at_desktop
	watch_driver "inserted /run/never"
	is_told 41
	logs_no_trouble
}

has_no_driver() {
	at_desktop
	configure "s|^module = .*|module = /nowhere.so|"
	is_told 40
}

has_a_slow_driver() {
	at_desktop
	sed -i 's/^\[card\]/&\ntimeout = 1s/' /etc/certrenew.conf
	watch_driver "C_GetSlotList hang 60"
	asks due
	says $out "failed code=7"
	settled
}

says_nothing_when_off() {
	at_desktop
	sed -i 's/^\[login\]/&\nprompt = off/' /etc/certrenew.conf
	for action in due watch; do
		asks $action
		printf '%s\n' "checked count=0 of=0 expired=0 prompt=off" > /run/expected
		sed 1d $out > /run/rest
		same /run/expected /run/rest
	done
	driver_was_not_loaded
	settled
	[ "$(helper_lines)" = 0 ] || complain "there is something in the log"
}

# The menu's 'Renew card certificate' asks so.
answers_a_demand_when_off() {
	at_desktop
	sed -i 's/^\[login\]/&\nprompt = off/' /etc/certrenew.conf
	asks due fresh
	[ "$(listed "state=")" = 2 ] || { cat $out; return 1; }
	says $out "prompt=off"
}

# prompt = notice is the agent's matter too: it is told which.
names_the_prompt() {
	at_desktop
	sed -i 's/^\[login\]/&\nprompt = notice/' /etc/certrenew.conf
	asks due
	says $out "prompt=notice"
}

refuses_without_the_seat() {
	at_desktop
	for action in due later watch; do
		as_user bob $ask $action > $out 2>&1
		grep -q "^failed code=3" $out || { cat $out; return 1; }
		[ "$(wc -l < $out)" = 1 ] || { cat $out; return 1; }
	done
	driver_was_not_loaded
}

# --- LATER ---------------------------------------------------------------------------------------

is_put_off() {
	at_desktop
	asks due
	rm $calls
	asks later "card=$(serial_of_alice)"
	says $out "checked count=2 of=2 expired=0 again-at=$(($(ends_of_alice) - 14 * DAY)) prompt=ask"
	asks due
	[ "$(listed remind=0)" = 2 ] || { cat $out; return 1; }
	says $out "checked count=2"
	driver_was_not_loaded
	[ "$(stat -c '%U %a' $later)" = "_certrenew 600" ] || { ls -l $later; return 1; }
	[ "$(wc -l < $later)" = 2 ] || { cat $later; return 1; }
}

is_not_asked_at_a_login_either() {
	is_put_off
	service login
	alice_signs_in < /dev/null
	goes_on_silently
}

# The record is gone, or of another time: the person meant the card all the same.
is_put_off_without_a_record() {
	at_desktop
	asks later "card=$(serial_of_alice)"
	says $out "checked count=2"
	driver_was_loaded || complain "nothing was read"
	[ "$(wc -l < $later)" = 2 ] || { cat $later; return 1; }
	asks due
	ages
	rm $calls
	asks later
	driver_was_not_loaded
}

puts_off_one_card() {
	at_desktop
	new_card Other --key ec:P-256
	asks due
	asks later "card=$(serial_of_alice)"
	asks due
	[ "$(listed "remind=0 .*card=$(serial_of_alice)")" = 2 ] || { cat $out; return 1; }
	[ "$(listed remind=1)" = 2 ] || { cat $out; return 1; }
}

knows_no_such_card() {
	at_desktop
	asks due
	asks later card=0000
	says $out "failed code=41"
	[ ! -e $later ] || complain "something was put off"
}

# An answer to the agent's own question counts as the button does.
later_to_the_question_counts() {
	at_desktop
	asks renew "card=$(serial_of_alice)"
	says $out "renew? "
	asks due
	[ "$(listed remind=0)" = 2 ] || { cat $out; return 1; }
}

# --- RENEW ---------------------------------------------------------------------------------------

renews_the_card_that_is_named() {
	at_desktop
	new_card Other --key ec:P-256
	card_list Other > /run/other.before
	asks renew yes "card=$(serial_of_alice)" pin=$PIN
	comes_not token?
	says $out "done count=2 of=2"
	renewed
	card_list Other > /run/other.after
	same /run/other.before /run/other.after
}

renews_no_other_card() {
	at_desktop
	asks renew yes card=0000 pin=$PIN
	says $out "failed code=41"
	nothing_happened
}

# Nobody is told what the card was.
forgets_what_was_found() {
	at_desktop
	asks due
	asks renew yes pin=$PIN
	[ ! -e $FOUND ] || complain "it still knows what was found"
	rm $calls
	asks due
	says $out "checked count=0 of=2 expired=0"
	driver_was_loaded || complain "nothing was read"
}

ignores_reminders_when_asked() {
	is_put_off
	asks renew yes pin=$PIN
	says $out "done count=2 of=2"
}

# The CA wants an hour, and so does the agent, or up to a half of one more: each agent another time.
# Nobody else's renewal is meant by that.
waits_for_the_ca() {
	at_desktop
	another_ra --pending 3600
	trap 'stop_ra; stop_socket' EXIT
	asks renew yes pin=$PIN
	says $out "waiting "
	ready=$(sed -n 's/^retry-at //p' /var/lib/certrenew/journal/*/*.journal | sort -n | head -n 1)
	again=$(cut -d ' ' -f 4 $later | sort -n | head -n 1)
	[ "$again" -ge "$ready" ] && [ "$again" -le $((ready + 1810)) ] || complain "$ready, then $again"
	asks due fresh
	[ "$(listed "retry-at=.* remind=0")" = 2 ] || { cat $out; return 1; }
	says $out "again-at=$again prompt=ask"
	sed -i "s/[0-9]*$/$(($(date +%s) - 1))/" $later
	asks due
	[ "$(listed remind=1)" = 2 ] || { cat $out; return 1; }
	says_not $out "retry-at="
}

forgets_that_it_waited() {
	waits_for_the_ca
	sed -i "s/[0-9]*$/$(($(date +%s) + 3600))/" $later
	rm -r /var/lib/certrenew/journal
	asks due
	[ "$(listed remind=1)" = 2 ] || { cat $out; return 1; }
}

# --- what nobody heard ---------------------------------------------------------------------------

# The session ends while the card is written to; the write does not.
leaves_while_it_is_written() {
	at_desktop "$@"
	watch_driver "C_CreateObject delay 400"
	asks renew yes pin=$PIN step=3
	settled
	renewed
	[ "$(stat -c '%U %a' $untold)" = "_certrenew 600" ] || { ls -l $untold; return 1; }
}

tells_the_next_agent() {
	leaves_while_it_is_written
	asks due
	sed 's/ .*//' $out | tr '\n' ' ' > /run/kinds
	[ "$(cat /run/kinds)" = "terms renewed renewed done certificate certificate checked " ] ||
		{ cat $out; return 1; }
	[ "$(grep -c "^renewed .*say=The .* certificate was valid until .* and is now valid until" $out)" = 2 ] ||
		{ cat $out; return 1; }
	says $out "done count=2 of=2 say=All certificates were renewed."
	[ ! -e $untold ] || complain "it is still kept"
	asks due
	comes_not renewed
}

tells_the_next_login() {
	leaves_while_it_is_written
	service login
	alice_signs_in < /dev/null
	says $shown "The signature certificate was valid until "
	says $shown "All certificates were renewed."
	goes_on
	alice_signs_in < /dev/null
	goes_on_silently
}

# A login that nobody reads leaves it to the desktop.
is_not_lost_at_a_graphical_login() {
	leaves_while_it_is_written
	signs_in_at_desktop
	asks due
	says $out "done count=2 of=2"
}

tells_nobody_else() {
	leaves_while_it_is_written
	seat_of 5002
	as_user bob $ask due > $out
	comes_not renewed
	asks_again=$(seat_of 5001; as_user alice $ask due)
	echo "$asks_again" | grep -q "^done" || complain "alice was not told"
}

# The CA says no after the session has ended.
tells_of_a_failure() {
	at_desktop
	another_ra --misbehave http-403
	watch_driver
	start_socket_again
	asks renew yes pin=$PIN step=2
	settled
	asks due
	says $out "failed code=84 say=The certification authority does not accept this certificate."
	says $out "next=Ask whoever gave you the card for a renewal."
}

start_socket_again() { trap "stop_socket; stop_ra" EXIT; }

# Somebody who goes away at a question has heard enough.
is_no_news() {
	at_desktop
	asks renew leave
	settled
	[ ! -e $untold ] || complain "something is kept"
}

survives_damage() {
	leaves_while_it_is_written
	echo garbage > $untold
	asks due
	comes_not renewed
	says $out "checked count=0 of=2"
	logs "how the last renewal ended: protocol"
	[ ! -e $untold ] || complain "it is still kept"
}

promise "the agent is told what is due, that it is time to say so, and when it will be again" \
	tells_what_is_due
promise "what the login found a moment ago answers, and no driver is loaded" \
	is_answered_without_the_card
promise "asked for what is there now, the card is read" is_read_again true fresh
promise "so it is when what was found is older than two minutes" is_read_again ages
promise "... or seems to come from the future" is_read_again comes_from_the_future
promise "... or is damaged" is_read_again is_damaged
promise "... or is a symbolic link" is_read_again is_swapped_for_a_link
promise "what was found is judged by the present clock and settings" judges_anew
promise "nothing due: the next time is the window's first second" says_when_nothing_is_due
promise "expired certificates are counted, and there is no next time" says_that_it_has_expired
promise "without a card the agent is told so, and nothing has failed" has_no_card
promise "likewise without a driver" has_no_driver
promise "a driver that hangs is ended in time" has_a_slow_driver
promise "prompt = off: neither due nor watch says anything or reads a card" says_nothing_when_off
promise "but a person who asks is told what is due" answers_a_demand_when_off
promise "the agent is told which prompt is in force" names_the_prompt
promise "a user without the seat is refused before the card is touched" refuses_without_the_seat

promise "'later' is remembered, without the card, and it is no longer time" is_put_off
promise "what the agent put off, no login asks about" is_not_asked_at_a_login_either
promise "'later' counts without a record of what was found, and with an old one" \
	is_put_off_without_a_record
promise "'later' to one of two cards says nothing about the other" puts_off_one_card
promise "'later' to a card that is not there is no card" knows_no_such_card
promise "'later' as an answer to the question counts too" later_to_the_question_counts

promise "of two cards the one that is named is renewed, and nobody asks which" \
	renews_the_card_that_is_named
promise "a card that is named and is not there is not renewed, nor another" renews_no_other_card
promise "after a renewal nobody is answered from what was found before" forgets_what_was_found
promise "a person who asks for it renews what was put off" ignores_reminders_when_asked

promise "what the CA is still working on is due when it is to be ready, which the agent is told" \
	waits_for_the_ca
promise "... unless that renewal was given up" forgets_that_it_waited

promise "a session that ends in the middle of writing: the next agent is told how it ended, once" \
	tells_the_next_agent
promise "... or the next login at a console" tells_the_next_login
promise "... and a graphical login leaves it to the agent" is_not_lost_at_a_graphical_login
promise "... and nobody else is told" tells_nobody_else
promise "a failure that nobody heard is told likewise, with what to do" tells_of_a_failure
promise "to go away at a question is no news" is_no_news
promise "an outcome that is damaged is logged, and gone" survives_damage
promised
