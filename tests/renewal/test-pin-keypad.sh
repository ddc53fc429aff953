# SPDX-License-Identifier: MIT
# A reader with a keypad of its own: the PIN is typed there, and nobody else asks for it.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/pin.sh

with_keypad() {
	with_shim "flags +PROTECTED_AUTHENTICATION_PATH" "keypad-pin $PIN" "$@"
}

is_typed_on_the_reader() {
	with_keypad
	exits 0 renew
	says "$out" "Enter your card's PIN on the card reader's keypad (Alice) to ask for new certificates."
	says "$out" "Enter your card's PIN on the card reader's keypad (Alice) once more, to write"
	[ "$(grep -c "C_Login user pin NULL" /run/shim.log)" = 2 ] || complain "a PIN from here"
	logs_in "0x0 0x0"
	is_renewed
}

is_wrong_on_the_reader() {
	with_keypad "C_Login#1 error CKR_PIN_INCORRECT"
	exits 0 renew
	says "$out" "That PIN was wrong. Enter your card's PIN on the card reader's keypad"
	logs_in "0xa0 0x0 0x0"
	is_renewed
}

is_cancelled_on_the_reader() {
	with_keypad "C_Login#1 error CKR_FUNCTION_CANCELED"
	exits 1 renew
	says "$out" "The renewal was cancelled. Nothing on the card was changed."
	logs_in "0x50"
	stop_ra
}

# fails_on_the_reader ANSWER: a driver's word for a keypad whose time has run out.
fails_on_the_reader() {
	with_keypad "C_Login#1 error $1"
	exits 3 renew
	says "$out" "No PIN was entered on the card reader's keypad. Nothing on the card was changed."
	says "$out" "Run 'certrenew renew' when you are ready."
	logs "not renewed: keypad: "
	[ "$(grep -c ' C_Login ' /run/shim.log)" = 1 ] || complain "tried again"
	was_not_asked
	is_as_before
	stop_ra
}

# A driver that never comes back: the person's time to answer is the limit.
hangs_on_the_reader() {
	with_keypad "C_Login#$1 hang 300"
	sed -i '/timeout = 5s/a question_timeout = 10s' /etc/certrenew.conf
	exits 3 renew
	says "$out" "No PIN was entered on the card reader's keypad. $2"
	says "$out" "Run 'certrenew renew' when you are ready."
	logs "not renewed: keypad: C_Login has not returned"
	within 10 is_gone certrenew-renew
	is_as_before
}

is_gone() { ! pgrep -x "$1" > /dev/null; }

hangs_at_the_first() {
	hangs_on_the_reader 1 "Nothing on the card was changed."
	was_not_asked
	stop_ra
}

# What was issued waits, and is written once the keypad is used.
hangs_at_the_second() {
	hangs_on_the_reader 2 "Nothing on the card was changed."
	only_notes "flags +PROTECTED_AUTHENTICATION_PATH" "keypad-pin $PIN"
	exits 0 renew
	is_renewed
}

# What is typed at the computer is for nobody: it is not even read.
reads_nothing_here() {
	with_keypad
	exits 0 renew $WRONG $WRONG
	logs_in "0x0 0x0"
	is_renewed
}

promise "the PIN is typed on the reader, and that is said" is_typed_on_the_reader
promise "what is typed at the computer instead is not given to the card" reads_nothing_here
promise "a wrong PIN there is said" is_wrong_on_the_reader
promise "cancelled there, the renewal is cancelled" is_cancelled_on_the_reader
promise "a time-out that the driver calls a failure is told as one" fails_on_the_reader CKR_FUNCTION_FAILED
promise "a time-out that the driver calls a rejection is told as one" fails_on_the_reader 0x200
promise "a keypad that never answers is waited for as long as for a person" hangs_at_the_first
promise "at the second PIN as well, and the next run writes what was issued" hangs_at_the_second
promised
