# SPDX-License-Identifier: MIT
# The PIN is given to the card as often as a person typed it, and to nobody else.
. tests/harness.sh
. tests/world/card.sh

. tests/renewal/pin.sh

# --- wrong ---------------------------------------------------------------------------------------

asks_again() {
	with_shim
	exits 0 answers yes $WRONG $PIN $WRONG 888888 $PIN
	[ "$(grep -c '^That PIN was wrong' "$out")" = 3 ] || { cat "$out"; return 1; }
	says "$out" "Enter your card's PIN (Alice) to ask for new certificates."
	says "$out" "Enter your card's PIN (Alice) once more, to write the new certificates to the card."
	logs_in "0xa0 0x0 0xa0 0xa0 0x0"
	is_renewed
}

is_given_up() {
	with_shim
	exits 1 answers yes $WRONG
	says "$out" "That PIN was wrong, and only a few tries are left."
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	logs_in "0xa0"
	is_as_before
	was_not_asked
	stop_ra
}

ends_after_ten() {
	with_shim
	exits 3 answers yes $(seq 900001 900020)
	says "$out" "The PIN was wrong. Nothing on the card was changed."
	says "$out" "Run 'certrenew renew' when you have the right PIN."
	logs_in "$(yes 0xa0 | head -n 10 | xargs)"
	is_as_before
	stop_ra
}

is_of_the_wrong_length() {
	with_shim "C_Login#1 error CKR_PIN_LEN_RANGE"
	exits 0 answers yes 1234 $PIN $PIN
	says "$out" "That PIN is too short or too long for this card. Enter your card's PIN (Alice)"
	says_not "$out" "That PIN was wrong"
	logs_in "0xa2 0x0 0x0"
	is_renewed
}

# is_known_before PIN SENTENCE: asked for again, and the card was not given it.
is_known_before() {
	with_shim
	exits 0 answers yes "$1" $PIN $PIN
	says "$out" "$2 It was not tried, so no try is lost. Enter your card's PIN (Alice) to ask"
	says_not "$out" "That PIN was wrong"
	logs_in "0x0 0x0"
	is_renewed
}

# SoftHSM says 4 to 255 bytes.
is_too_short() { is_known_before 123 "That PIN is too short for this card."; }

is_far_too_long() {
	is_known_before "$(yes 1 | head -n "$1" | tr -d '\n')" "That PIN is too long for this card."
}

has_a_control_character() {
	is_known_before "$(printf '1234\00156')" "That PIN holds a character that no PIN can have."
}

# A shell's words hold no NUL. Cut there it would be the right PIN.
has_a_nul() {
	with_shim
	printf 'yes\n%s\0%s\n%s\n%s\n' $PIN 1 $PIN $PIN > /run/answers
	exits 0 certrenew renew < /run/answers
	says "$out" "That PIN holds a character that no PIN can have. It was not tried, so no try is lost."
	logs_in "0x0 0x0"
	is_renewed
}

is_never_one_of_the_card() {
	with_shim
	exits 3 answers yes $(yes 123 | head -n 12)
	says "$out" "The PIN is too short for this card. Nothing on the card was changed."
	logs_in ""
	was_not_asked
	stop_ra
}

# As typed: nothing is converted.
is_not_ascii() {
	kept_pin=$PIN
	PIN='päß-密碼'
	with_shim
	exits 0 answers yes "$PIN" "$PIN"
	grep -q "C_Login user pin $(printf %s "$PIN" | wc -c) bytes" /run/shim.log
	logs_in "0x0 0x0"
	is_renewed
	PIN=$kept_pin
}

has_expired() {
	with_shim "C_Login error CKR_PIN_EXPIRED"
	exits 3 answers yes $PIN $PIN
	says "$out" "The card's PIN has expired. Nothing on the card was changed."
	says "$out" "Change the PIN, then run 'certrenew renew'."
	logs_in "0xa3"
	stop_ra
}

is_to_be_changed() {
	with_shim "flags +TO_BE_CHANGED"
	exits 3 answers yes $PIN $PIN
	says "$out" "The card's PIN must be changed first. Nothing on the card was changed."
	says "$out" "Change the PIN, then run 'certrenew renew'."
	says_not "$out" "Enter your card's PIN"
	logs "not renewed: pin-to-change: "
	logs_in ""
	was_not_asked
	stop_ra
}

# --- few tries, the last, none -------------------------------------------------------------------

warns_of_few_tries() {
	with_shim "flags +COUNT_LOW"
	exits 0 answers yes $PIN $PIN
	says "$out" "A wrong PIN was given before; only a few tries are left. Enter your card's PIN"
	logs_in "0x0 0x0"
	is_renewed
}

last_try="Only one try is left. If the next PIN is wrong, the card is locked"

# asks_for_consent ANSWER STATUS LOGINS
asks_for_consent() {
	with_shim "flags +FINAL_TRY"
	exits "$2" answers yes "$1" $PIN "$1" $PIN
	says "$out" "$last_try"
	logs_in "$3"
}

needs_a_yes() {
	asks_for_consent yes 0 "0x0 0x0"
	says "$out" "Only one try is left: a wrong PIN locks the card. Enter your card's PIN (Alice)"
	is_renewed
}

does_not_send_it_after() {
	asks_for_consent "$1" 1 ""
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	[ "$(grep -c "^Enter" "$out")" = 0 ] || complain "a PIN was asked for"
	is_as_before
	stop_ra
}

# --yes is a yes to the renewal, not to the last try.
does_not_take_yes_for_it() {
	with_shim "flags +FINAL_TRY"
	exits 1 renew $PIN $PIN
	says "$out" "$last_try"
	logs_in ""
	stop_ra
}

counts_down() {
	with_shim "pin-tries 3 /run/tries"
	exits 1 answers yes $WRONG $WRONG no
	says "$out" "That PIN was wrong, and only a few tries are left. Enter your card's PIN"
	says "$out" "$last_try"
	logs_in "0xa0 0xa0"
	[ "$(cat /run/tries)" = 2 ] || complain "$(cat /run/tries) tries were spent"
	: > /run/shim.log
	exits 0 answers yes yes $PIN $PIN
	logs_in "0x0 0x0"
	[ "$(cat /run/tries)" = 0 ] || complain "the tries were not given back"
	is_renewed
}

locked="The card's PIN is locked. Nothing on the card was changed."
unlock="Ask whoever gave you the card to unlock it; then run 'certrenew renew'."

locks_with_consent() {
	with_shim "pin-tries 2 /run/tries"
	exits 3 answers yes $WRONG yes $WRONG $PIN
	says "$out" "That PIN was wrong, and only one try is left. Enter your card's PIN"
	says "$out" "$locked"
	says "$out" "$unlock"
	logs_in "0xa0 0xa0"
	logs "not renewed: pin-locked: "
	is_as_before
	stop_ra
}

is_locked() {
	with_shim "$@"
	exits 3 answers yes $PIN $PIN
	says "$out" "$locked"
	says "$out" "$unlock"
	is_as_before
	stop_ra
}

is_locked_by_its_flags() {
	is_locked "flags +LOCKED"
	logs_in ""
	says_not "$out" "Enter your card's PIN"
}

is_locked_by_its_answer() {
	is_locked "C_Login error CKR_PIN_LOCKED"
	logs_in "0xa4"
}

# As OpenSC has it: the answer is 'incorrect', and only the flags tell that it has locked.
is_not_wrong_but_locked() {
	with_shim "pin-tries 1 /run/tries"
	exits 3 answers yes $WRONG $PIN
	says "$out" "$locked"
	says_not "$out" "That PIN was wrong"
	logs_in "0xa0"
	stop_ra
}

# --- cancelled -----------------------------------------------------------------------------------

is_cancelled_first() {
	with_shim
	exits 1 answers yes
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	says "$out" "Run 'certrenew renew' when you are ready."
	logs_in ""
	was_not_asked
	is_as_before
	stop_ra
}

is_cancelled_second() {
	with_shim
	exits 1 answers yes $PIN
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	is_as_before
	[ "$(cat $journal/*/*.journal | grep '^state' | xargs)" = "state issued state issued" ] ||
		complain "nothing was kept"
	asked=$(wc -l < $RA_LOG)
	exits 0 answers yes $PIN
	says "$out" "The renewal of your card's certificates is not finished."
	[ "$(wc -l < $RA_LOG)" = "$asked" ] || complain "the RA was asked again"
	logs_in "0x0 0x0"
	is_renewed
}

is_refused_by_the_person() {
	with_shim
	exits 1 answers "$1" $PIN $PIN
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	logs_in ""
	was_not_asked
	stop_ra
}

is_empty() {
	with_shim
	exits 1 answers yes "" $PIN
	says "$out" "The renewal was cancelled."
	logs_in ""
	stop_ra
}

# --- where it must not be seen -------------------------------------------------------------------

# A PIN that nothing else looks like. Two files for each process, while the PIN is in use.
is_nowhere_to_be_seen() {
	with_shim "C_CreateObject#1 delay 2000"
	PIN=73195824 new_card Bob --key ec:P-256
	sed -i "s/^\[card\]/&\ntoken = pkcs11:token=Bob/" /etc/certrenew.conf
	printf '73195824\n73195824\n' > /run/pins
	certrenew renew --yes < /run/pins > /run/renew.out 2>&1 &
	renewing=$!
	within 10 grep -q "Step 3 of 4" /run/renew.out
	cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ > /run/seen 2> /dev/null || :
	says /run/seen certrenew-renew
	says_not /run/seen 73195824
	wait $renewing
	says /run/renew.out "All certificates were renewed."
	for place in /var/log /var/lib/certrenew /var/cache/certrenew /run/certrenew \
		/run/renew.out /run/shim.log; do
		! grep -r 73195824 $place || complain "in $place"
	done
	stop_ra
}

is_not_for_everyones_eyes() {
	with_shim "C_CreateObject#1 hang 60"
	renew $PIN $PIN > /run/renew.out 2>&1 &
	renewing=$!
	within 10 grep -q "Step 3 of 4" /run/renew.out
	at=/proc/$(pgrep -x certrenew-renew)
	! as_certrenew cat "$at/environ" > "$out" 2>&1 || complain "not to be read by _certrenew"
	grep -q '^NoNewPrivs:.1$' "$at/status"
	grep -q '^Max core file size *0 *0 ' "$at/limits"
	[ "$(tr '\0' '\n' < "$at/environ" | sed 's/=.*//' | sort | xargs)" = \
		"HOME LANG PATH XDG_CACHE_HOME" ] || complain "$(tr '\0' ' ' < "$at/environ")"
	kill -KILL "${at#/proc/}"
	wait $renewing || :
	stop_ra
}

promise "a wrong PIN is said, and asked for again, for both purposes" asks_again
promise "a wrong PIN is not tried again without the person" is_given_up
promise "ten wrong PINs end it" ends_after_ten
promise "a PIN of a length that the card refuses is asked for again" is_of_the_wrong_length
promise "a PIN that is too short is known before, and spends no try" is_too_short
promise "a PIN that is too long is known before, and spends no try" is_far_too_long 256
promise "a PIN that is longer than any is not sent cut short" is_far_too_long 400
promise "a PIN with a control character spends no try" has_a_control_character
promise "a PIN with a NUL is not sent cut short" has_a_nul
promise "ten PINs that cannot be one end it, and the card was given none" is_never_one_of_the_card
promise "a PIN beyond ASCII is sent as it was typed" is_not_ascii
promise "a PIN that has expired has a message of its own" has_expired
promise "a PIN that must be changed is not asked for" is_to_be_changed

promise "the person hears of few tries" warns_of_few_tries
promise "the last try needs the person's consent, and has it" needs_a_yes
promise "the last try refused: no PIN is asked for, none is sent" does_not_send_it_after no
promise "the last try put off: no PIN is asked for, none is sent" does_not_send_it_after later
promise "--yes does not consent to the last try" does_not_take_yes_for_it
promise "three tries: the second is warned of, the last is asked about" counts_down
promise "the last try with a wrong PIN locks, and that is said" locks_with_consent
promise "a locked PIN is known by the token's flags, and none is asked for" is_locked_by_its_flags
promise "a locked PIN is known by C_Login's answer" is_locked_by_its_answer
promise "a locked PIN that the card calls incorrect is locked" is_not_wrong_but_locked

promise "no: nothing happens" is_refused_by_the_person no
promise "later: nothing happens" is_refused_by_the_person later
promise "an answer that is none: nothing happens" is_refused_by_the_person "perhaps"
promise "cancelled at the first PIN: nothing happened" is_cancelled_first
promise "cancelled at the second PIN: what was issued waits, and is written without the CA" \
	is_cancelled_second
promise "an empty PIN never reaches the card" is_empty

promise "the PIN is in no command line, environment, log or journal" is_nowhere_to_be_seen
promise "certrenew-renew may not be looked into, and leaves no core" is_not_for_everyones_eyes
promised
