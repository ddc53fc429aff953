# SPDX-License-Identifier: MIT
# A smartcard through pcscd and OpenSC: read, renewed, pulled at a bad moment and put in again.
. tests/harness.sh
. tests/world/card.sh
. tests/tokens/vcard.sh

journal=/var/lib/certrenew/journal
MODULE=opensc-pkcs11.so

# with_vcard [OPTION...]: another card whose certificates are to be renewed, and an RA.
with_vcard() {
	prepare_cards
	new_vcard "$@"
	rm -f $RA_LOG
	start_ra
	configure
	card_list "$LABEL" > /run/before
}

# One certificate for each id, each with its key, and nothing else; each was issued once.
is_renewed() {
	card_list "$LABEL" > /run/after
	[ "$(sed -n 's/^certificate \(id=[^ ]*\) type=x509 \(role=[a-z]*\) .*/\1 \2/p' /run/after | xargs)" = \
		"id=01 role=signature id=02 role=encryption" ] || complain "$(cat /run/after)"
	[ "$(grep -c '^private-key' /run/after) $(grep -c '^public-key' /run/after)" = "2 2" ] ||
		complain "$(cat /run/after)"
	! grep ^certificate /run/before | grep -F -f - /run/after || complain "an old certificate is there"
	card_proves "$LABEL" > "$out"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] ||
		complain "issued: $(issued encryption) $(issued signature)"
	[ -z "$(ls $journal/*/*.journal 2> /dev/null)" ] || complain "the journal is not finished"
	exits 0 certrenew status
	stop_ra
}

# shows what a card in a reader shows, before anybody is asked for a PIN.
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
	verified=$(pins_given) signed=$(commands 2A)
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	[ "$(pins_asked "$out") $(($(pins_given) - verified)) $(($(commands 2A) - signed))" = "2 2 3" ] ||
		complain "$(pins_asked "$out") PINs asked for, $(($(pins_given) - verified)) given," \
			"$(($(commands 2A) - signed)) signatures"
	is_renewed
}

renews_slowly() {
	with_vcard
	vcard delay 20
	exits 0 renew $PIN $PIN
	vcard delay 0
	is_renewed
}

makes_new_keys() {
	with_vcard
	configure 's/^timeout = 10s/&\nkey = new/'
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	card_list "$LABEL" > /run/after
	[ "$(grep -c ^certificate /run/after) $(grep -c ^private-key /run/after)" = "2 3" ] ||
		complain "$(cat /run/after)"
	! grep -E "^(private|public)-key id=01 " /run/after || complain "the old signature key is there"
	grep -q "^private-key id=02 " /run/after || complain "the old encryption key is gone"
	card_proves "$LABEL" > "$out"
	stop_ra
}

# --- the PIN -------------------------------------------------------------------------------------

costs_one_try() {
	with_vcard
	exits 3 renew 654321
	says "$out" "The PIN is wrong."
	[ "$(tries_left)" = 2 ] || complain "$(tries_left) tries are left"
	exits 0 renew $PIN $PIN
	[ "$(tries_left)" = 3 ] || complain "$(tries_left) tries are left"
	is_renewed
}

is_locked() {
	with_vcard
	for wrong in 000001 000002 000003; do
		exits 3 renew $wrong
	done
	says "$out" "The card's PIN is locked."
	[ "$(tries_left)" = 0 ] || complain "$(tries_left) tries are left"
	verified=$(pins_given)
	exits 3 renew $PIN
	says "$out" "The card's PIN is locked."
	[ "$(pins_given)" = "$verified" ] || complain "a locked card was given a PIN"
	stop_ra
}

# --- the card is pulled --------------------------------------------------------------------------

# is_pulled_at N INS [answer]: the first run ends there, says what to do, and leaves what works; a
# second one, with the card in again, finishes.
is_pulled_at() {
	with_vcard
	vcard cut "$@"
	exits 3 renew $PIN $PIN
	says "$out" "he card was removed."
	says "$out" "Insert it again and run 'certrenew renew'"
	says $VCARD_LOG pulled
	insert
	card_proves "$LABEL" > "$out"
	exits 0 renew $PIN $PIN
	says "$out" "renewed. You may remove the card."
	[ "$(tries_left)" = 3 ] || complain "a try was lost"
	is_renewed
}

start_pcscd
promise "Its certificates are shown, and the card is given no PIN" shows_both
promise "Both are renewed for the keys that it has: one certificate for each id, two PINs, three signatures" \
	renews_at_once
promise "A slow card takes longer, and no more" renews_slowly
promise "New keys are made on the card" makes_new_keys
promise "A wrong PIN costs one try, and the right one gives it back" costs_one_try
promise "A card whose PIN is locked is given no other" is_locked
promise "Pulled before the first signature: the next run finishes" is_pulled_at 1 2A
promise "Pulled before the second signature's answer: likewise" is_pulled_at 2 2A answer
promise "Pulled in the third signature: likewise" is_pulled_at 3 2A
promise "Pulled before the first write: likewise" is_pulled_at 1 D6
promise "Pulled while a certificate is half on the card: likewise" is_pulled_at 5 D6
promise "Pulled when a file was made, and before the answer: likewise" is_pulled_at 1 E0 answer
promise "Pulled when a file is removed: likewise" is_pulled_at 1 E4
stop_vcard
promised
