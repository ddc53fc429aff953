# SPDX-License-Identifier: MIT
# The agent of a session waits for a card, without polling, and no longer than the session lasts.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/command/desktop.sh

prepare_cards
start_ra

# --- WATCH ---------------------------------------------------------------------------------------

card=/run/inserted
event=/run/event

# waits [RULE...]: Alice's agent waits for a card; the reader is empty while $card is not there.
waits() {
	at_desktop
	rm -f $card $event
	watch_driver "inserted $card" "C_WaitForSlotEvent#2+ wait $event" "$@"
	start_waiting
}

start_waiting() {
	as_user alice timeout 60 $ask watch > $shown 2>&1 &
	agent=$!
	within 10 is_blocked
}

# The driver was asked without waiting, and then has been looked at once: it waits.
is_blocked() {
	[ -s $calls ] && tail -n 1 $calls | grep -qE "C_GetSlotList|C_GetTokenInfo" &&
		grep -q C_WaitForSlotEvent $calls
}

happens() { if [ -e $event ]; then rm $event; else : > $event; fi; }
agent_is_there() { kill -0 $agent; }
agent_has_ended() { ! kill -0 $agent 2> /dev/null; }

notices_a_card() {
	waits
	agent_is_there || complain "it did not wait"
	says_not $shown "checked"
	: > $card
	happens
	wait $agent
	[ "$(grep -c "^certificate .*remind=1" $shown)" = 2 ] || { cat $shown; return 1; }
	says $shown "checked count=2 of=2"
	[ "$(stat -c "%U %a" $FOUND)" = "_certrenew 600" ] || complain "nothing is recorded"
	settled
	says $AUTH_LOG "watch for alice: check: token none: 0 renewable, 0 expired: none"
	grep -q "<86>.* watch for alice: check: token $(serial_of_alice): 2 renewable, 0 expired: none$" $AUTH_LOG ||
		{ cat $AUTH_LOG; return 1; }
}

# A card that was there already, and an event without one, are none.
waits_on() {
	at_desktop
	: > $card
	rm -f $event
	watch_driver "inserted $card" "C_WaitForSlotEvent#2+ wait $event"
	start_waiting
	for round in 1 2 3; do
		count=$(grep -c "C_WaitForSlotEvent" $calls)
		happens
		within 10 waits_again
	done
	agent_is_there || complain "it did not wait on"
	says_not $shown "checked"
}

waits_again() { [ "$(grep -c C_WaitForSlotEvent $calls)" -gt "$count" ]; }

notices_the_same_card_again() {
	waits_on
	count=$(grep -c C_WaitForSlotEvent $calls)
	rm $card
	happens
	within 10 waits_again
	agent_is_there || complain "a card that is pulled is none that is inserted"
	: > $card
	happens
	wait $agent
	says $shown "checked count=2 of=2"
}

# SoftHSM sees no new token, so one of two is not seen at first.
notices_a_second_card() {
	at_desktop
	new_card Other --key ec:P-256
	rm -f $event
	install -d -m 1777 /run/marks
	watch_driver "C_GetTokenInfo#1 error CKR_TOKEN_NOT_PRESENT once /run/marks/$$" \
		"C_WaitForSlotEvent#2+ wait $event"
	start_waiting
	happens
	wait $agent
	[ "$(grep -c "^certificate .*remind=1" $shown)" = 4 ] || { cat $shown; return 1; }
}

respects_later() {
	at_desktop
	asks due
	asks later
	rm -f $card $event
	watch_driver "inserted $card" "C_WaitForSlotEvent#2+ wait $event"
	start_waiting
	: > $card
	happens
	wait $agent
	[ "$(grep -c "^certificate .*remind=0" $shown)" = 2 ] || { cat $shown; return 1; }
}

# Nothing of ours is left, and no warning.
ends_with_the_session() {
	waits
	kill "$(pgrep -x test-ask)"
	wait $agent || :
	within 5 nothing_of_ours_runs
	logs_no_trouble
	says $AUTH_LOG "watch for alice: check: token none: 0 renewable, 0 expired: cancelled"
}

ends_with_the_session_while_it_reads() {
	at_desktop
	watch_driver "C_GetSlotList hang 60"
	as_user alice $ask due > $shown 2>&1 &
	agent=$!
	within 10 grep -qs "hang 60" $calls
	kill "$(pgrep -x test-ask)"
	wait $agent || :
	within 5 nothing_of_ours_runs
	logs_no_trouble
	says $AUTH_LOG "due for alice: check: token none: 0 renewable, 0 expired: cancelled"
}

# The seat is Bob's when the card comes, and so is the card.
shows_nobody_elses_card() {
	waits
	seat_of 5002
	: > $card
	happens
	wait $agent
	says_not $shown "certificate"
	says $shown "failed code=3"
}

knows_a_driver_that_cannot() {
	at_desktop
	watch_driver "$@"
	asks watch
	printf '%s\n' "checked code=40 count=0 of=0 expired=0 prompt=ask" > /run/expected
	sed 1d $out > /run/rest
	same /run/expected /run/rest
	logs_no_trouble
	[ "$(grep -c "no card is waited for: driver: C_WaitForSlotEvent: 0x54" $AUTH_LOG)" = 1 ] ||
		{ cat $AUTH_LOG; return 1; }
}

ends_a_driver_that_hangs() {
	at_desktop
	sed -i 's/^\[card\]/&\ntimeout = 1s/' /etc/certrenew.conf
	watch_driver "C_WaitForSlotEvent hang 60"
	asks watch
	says $out "failed code=7"
	settled
}

does_not_poll() {
	at_desktop
	watch_driver "C_WaitForSlotEvent error CKR_OK"
	asks watch
	says $out "checked code=40 count=0"
	[ "$(grep -c C_WaitForSlotEvent $calls)" -le 30 ] || complain "it polled"
	says $AUTH_LOG "C_WaitForSlotEvent returns without an event"
}

promise "a card that is inserted is noticed, read and told of" notices_a_card
promise "a card that was there, and events without one, are waited through" waits_on
promise "a card that is pulled and inserted again is noticed" notices_the_same_card_again
promise "a second card is noticed beside the first" notices_a_second_card
promise "a card that was put off and is inserted again is not spoken of" respects_later
promise "a watch ends with its session, nothing is left of it, and it is no warning" \
	ends_with_the_session
promise "so does a question about what is due, whatever the driver does" \
	ends_with_the_session_while_it_reads
promise "a session that has lost the seat is shown nobody else's card" shows_nobody_elses_card
promise "a driver that cannot wait: the agent is told at once, and one line in the log" \
	knows_a_driver_that_cannot
promise "a driver that hangs when it is asked whether it can is ended in time" \
	ends_a_driver_that_hangs
promise "a driver that returns for nothing, again and again, is not polled" does_not_poll
promised
