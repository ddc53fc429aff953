# SPDX-License-Identifier: MIT
# Another card in the reader than the one that the person was asked about: it is not given the PIN.
# The driver is the worst there could be: its sessions stay open, and only the serial number tells.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/pin.sh

BOBS=654321
swapped=/run/shim/swapped

# with_two_cards RULE...: Alice's is in the reader, Bob's once $swapped is there.
with_two_cards() {
	with_shim "other Bob $swapped" "$@"
	kept_pin=$PIN
	PIN=$BOBS
	new_card Bob --key ec:P-256
	card_list Bob > /run/bob-before
	PIN=$kept_pin
	sed -i "s/^\[card\]/&\ntoken = pkcs11:token=Alice/" /etc/certrenew.conf
}

# The shim says to whom each C_Login went.
other_card_got_nothing() {
	! grep 'other card' /run/shim.log || complain "the PIN went to the other card"
	kept_pin=$PIN
	PIN=$BOBS
	card_list Bob > /run/bob-after
	PIN=$kept_pin
	same /run/bob-before /run/bob-after
}

told_of_other_card() {
	says "$out" "This is another card than the one that the renewal began with."
	says "$out" "Insert the first card again and run 'certrenew renew'."
	logs "other-card: serial number "
}

# The first card is back: what was begun is finished.
is_finished() {
	rm -f $swapped
	: > /run/shim.log
	exits 0 renew $PIN $PIN
	logs_in "$1"
	other_card_got_nothing
	is_renewed
}

# swap_and_type SENTENCE: waits for the question, swaps the card, and gives the PIN that was asked for.
swap_and_type() {
	within 20 grep -qF "$1" "$out" && touch $swapped && echo $PIN
}

before_the_login() {
	with_two_cards
	: > "$out"
	set +e
	swap_and_type "to ask for new certificates." | certrenew renew --yes > "$out" 2>&1
	set -e
	told_of_other_card
	logs_in ""
	other_card_got_nothing
	was_not_asked
	is_finished "0x0 0x0"
}

before_the_second_login() {
	with_two_cards
	: > "$out"
	set +e
	{ echo $PIN; swap_and_type "once more, to write"; } | certrenew renew --yes > "$out" 2>&1
	set -e
	told_of_other_card
	logs_in "0x0"
	other_card_got_nothing
	is_finished "0x0"
}

# at CALL LOGINS FINISHING: swapped when the driver is called so.
at() {
	with_two_cards "$1 delay 0 once $swapped"
	exits 3 renew $PIN $PIN
	told_of_other_card
	logs_in "$2"
	other_card_got_nothing
	is_finished "$3"
}

between_the_questions() {
	at C_Logout "0x0" "0x0"
	[ "$(pins_asked "$out")" -le 1 ] || complain "the PIN was asked for"
}

without_reentry() {
	with_two_cards "C_Sign delay 0 once $swapped"
	sed -i 's/^module = .*/&\npin_reentry = no/' /etc/certrenew.conf
	exits 3 renew $PIN
	told_of_other_card
	is_as_before
	other_card_got_nothing
	rm -f $swapped
	exits 0 renew $PIN
	is_renewed
}

# Between two signatures of keys that want the PIN each time.
between_signatures() {
	card="--always-authenticate --encryption-always-authenticate"
	with_two_cards "C_Sign#$1 delay 0 once $swapped"
	exits 3 renew $PIN $PIN
	told_of_other_card
	[ "$(signing_logins)" = "$(yes 0x0 | head -n "$1" | xargs)" ] || complain "$(signing_logins)"
	logs_in 0x0
	other_card_got_nothing
	only_notes "other Bob $swapped"
	is_finished "$2"
}

# As a driver does that notices: its sessions are gone.
noticed_by_the_driver() {
	with_two_cards "C_SignInit#1 delay 0 once $swapped" "C_Sign error CKR_SESSION_HANDLE_INVALID"
	exits 3 renew $PIN $PIN
	told_of_other_card
	logs_in 0x0
	other_card_got_nothing
	stop_ra
}

promise "swapped while the PIN is typed: it is not given to the other card" before_the_login
promise "swapped while the PIN is typed again: it is not given to the other card" \
	before_the_second_login
promise "swapped between the two questions: the second is not asked" between_the_questions
promise "swapped after the login, with one PIN for all: the other card is not written to" \
	without_reentry
promise "swapped after the first signature: the next is not begun with the PIN" between_signatures 1 "0x0 0x0"
promise "swapped after the second signature: likewise" between_signatures 2 "0x0 0x0"
promise "swapped while a key signs, and the driver notices: the person hears why" \
	noticed_by_the_driver
promised
