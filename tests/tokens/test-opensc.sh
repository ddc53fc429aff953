# SPDX-License-Identifier: MIT
# A smartcard through pcscd and OpenSC: read, renewed, pulled at a bad moment and put in again.
. tests/harness.sh
. tests/world/card.sh
. tests/tokens/tokens.sh
. tests/tokens/vcard.sh

shows_both() {
	with_vcard
	verified=$(pins_given)
	exits 1 certrenew status
	says "$out" "Card $LABEL, serial number 0123456789abcdef"
	[ "$(grep -c " 20  can be renewed now  Alice Chen$" "$out")" = 2 ] || { cat "$out"; return 1; }
	[ "$(pins_given)" = "$verified" ] || complain "the card was given a PIN"
	stop_ra
}

renews_at_once() {
	with_vcard
	signed=$(commands 2A)
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	[ "$(pins_asked "$out") $(($(commands 2A) - signed))" = "2 3" ] ||
		complain "$(pins_asked "$out") PINs asked for, $(($(commands 2A) - signed)) signatures"
	is_renewed
}

renews_slowly() {
	with_vcard
	vcard delay 20
	exits 0 renew $PIN $PIN
	vcard delay 0
	is_renewed
}

# Four keys and their certificates' names do not fit the folders that OpenSC makes for this kind of
# card by itself.
makes_new_keys() {
	sed -i 's/\(c\|prk\|puk\)df-size *= .*/\1df-size = 2048;/' /usr/share/opensc/isoApplet.profile
	with_vcard
	configure_token 's/^timeout = 10s/&\nkey = new/'
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	holds_the_new
	! grep -E "^(private|public)-key id=01 " /run/after || complain "the old signature key is there"
	grep -q "^private-key id=02 " /run/after || complain "the old encryption key is gone"
	stop_ra
}

# The driver makes and stores EC keys, and offers them no mechanism that signs what is hashed.
refuses_ec() {
	prepare_cards
	new_vcard --key ec:P-256
	with_ra
	exits 3 renew $PIN
	says "$out" "This kind of key cannot be renewed. Nothing on the card was changed."
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	on_token list > "$out"
	same /run/before "$out"
	stop_ra
}

# --- the PIN -------------------------------------------------------------------------------------

# OpenSC gives a right PIN again by itself, for each use of a key; a wrong one it does not.
costs_one_try() {
	with_vcard
	exits 1 renew 654321
	says "$out" "That PIN was wrong."
	[ "$(tries_left)" = 2 ] || complain "$(tries_left) tries are left"
	exits 0 renew $PIN $PIN
	[ "$(tries_left)" = 3 ] || complain "$(tries_left) tries are left"
	is_renewed
}

is_locked() {
	with_vcard
	exits 3 renew 000001 000002 yes 000003
	says "$out" "The card's PIN is locked."
	[ "$(tries_left)" = 0 ] || complain "$(tries_left) tries are left"
	exits 3 renew $PIN
	says "$out" "The card's PIN is locked."
	stop_ra
}

# --- the card is pulled --------------------------------------------------------------------------

# pulled_at N INS [answer]: the first run ends there and says what to do.
pulled_at() {
	with_vcard
	vcard cut "$@"
	exits 3 renew $PIN $PIN
	says "$out" "he card was removed."
	says "$out" "Insert it again and run 'certrenew renew'"
	says $VCARD_LOG pulled
	insert
}

# The second run ends what the first one began, with no try lost.
finishes() {
	exits 0 renew $PIN $PIN
	says "$out" "renewed. You may remove the card."
	[ "$(tries_left)" = 3 ] || complain "a try was lost"
	is_renewed
}

signing() {
	pulled_at "$@"
	on_token list > "$out"
	same /run/before "$out"
	finishes
}

# Each role has its certificate, the old one or the new one, and both keys are there.
writing() {
	pulled_at "$@"
	on_token list > "$out"
	says "$out" "role=encryption"
	says "$out" "role=signature"
	grep ^private-key /run/before > /run/expected
	grep ^private-key "$out" > /run/keys
	same /run/expected /run/keys
	finishes
}

# Both are renewed by then; what is left is to take an old one away.
removing() {
	with_vcard
	vcard cut "$@"
	exits 0 renew $PIN $PIN
	says $VCARD_LOG pulled
	insert
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	exits 0 renew $PIN
	is_renewed
}

# Then the card is beyond PKCS#11. What was issued is on disk, and nobody says that it is done.
removing_halfway() {
	with_vcard
	vcard cut 1 E4 answer
	exits 0 renew $PIN $PIN
	says $VCARD_LOG pulled
	insert
	[ "$(broken_entry | wc -l)" = 1 ] || complain "broken entries: $(broken_entry)"
	[ "$(grep -lE '^issued .' $journal/*/*.journal | wc -l)" = 2 ] || complain "lost: $(ls $journal/*)"
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished"
	stop_ra
}

measured() {
	prepare_cards
	new_vcard
	measure "virtual smartcard" "pcscd and OpenSC's isoApplet driver; RSA only"
}

start_pcscd
promise "Its certificates are shown, and the card is given no PIN" shows_both
promise "Both are renewed for the keys that it has, with three signatures: one certificate for each id" \
	renews_at_once
promise "A slow card takes longer, and no more" renews_slowly
promise "A wrong PIN costs one try, and the right one gives it back" costs_one_try
promise "A card whose PIN is locked says so, also to the next run" is_locked
promise "Pulled before the first signature: nothing is changed, and the next run renews" signing 1 2A
promise "Pulled before the second signature's answer: likewise" signing 2 2A answer
promise "Pulled in the third signature: likewise" signing 3 2A
promise "Pulled before the first write: a certificate for each key is there, and the next run finishes" \
	writing 1 D6
promise "Pulled when a file was made, and before the answer: likewise" writing 1 E0 answer
promise "Pulled when a certificate is half on the card: likewise" writing 5 D6
promise "Pulled in the last write: likewise" writing 12 D6 answer
promise "Pulled when an old certificate is taken away: the next run does it" removing 1 E4
promise "Pulled when it was and its entry is left, which hides the others: what was issued is still on disk" \
	removing_halfway
promise "New keys are made on a card that has room for them" makes_new_keys
promise "Keys that the driver cannot sign with are told of before anybody is asked for a certificate" \
	refuses_ec
promise "What it can do is in the table" measured
stop_vcard
promised
