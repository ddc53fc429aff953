# SPDX-License-Identifier: MIT
# Renewal by CMP: every kind of key and proof, over every kind of connection, as few signatures as
# can be.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/cmp.sh

prepare_cards

# --- keys and proofs -----------------------------------------------------------------------------

# renews CARD RA SETTINGS SIGNATURES DECRYPTIONS: each of the first three is a list of options.
renews() {
	with_card $1
	settings=$3
	with_ra $2
	is_renewed
	[ "$(calls C_Sign) $(calls C_Decrypt)" = "$4 $5" ] ||
		complain "C_Sign, C_Decrypt: $(calls C_Sign) $(calls C_Decrypt)"
	[ "$(calls C_Login)" = 2 ] || complain "logins: $(calls C_Login)"
	for object in private-key public-key; do
		grep "^$object" /run/before > /run/expected
		grep "^$object" /run/after > "$out"
		same /run/expected "$out"
	done
}

makes_new_keys() {
	with_card $1
	settings="s/^timeout = 10s/&\nkey = new/;$3"
	with_ra $2
	is_renewed
	! grep -E "^certificate id=0[12] " /run/after || complain "an old id"
	[ "$(grep -c ^certificate /run/after) $(grep -c ^private-key /run/after)" = "2 3" ] ||
		complain "$(cat /run/after)"
	grep -E "^(private|public)-key id=02 " /run/before > /run/expected
	grep -E "^(private|public)-key id=02 " /run/after > "$out"
	same /run/expected "$out"
}

# refuses_before_any_pin CARD SETTINGS SENTENCE
refuses_before_any_pin() {
	with_card $1
	settings=$2
	with_ra
	exits 3 renew $PIN $PIN
	says "$out" "$3"
	[ "$(pins_asked "$out")" = 0 ] || complain "a PIN was asked for"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	card_list Alice > /run/after
	same /run/before /run/after
	stop_ra
}

renews_the_other_one() {
	with_card $1
	settings=$2
	with_ra
	exits 3 renew $PIN $PIN
	says "$out" "$3"
	says "$out" "1 of 2 certificates were renewed."
	[ "$(issued encryption) $(issued signature)" = "0 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	stop_ra
}

cannot_decrypt() {
	with_card $cannot_sign
	settings=$decrypts
	start_ra
	configure_cmp "$settings"
	shim "C_DecryptInit error CKR_KEY_FUNCTION_NOT_PERMITTED"
	exits 3 renew $PIN $PIN
	says "$out" "The encryption certificate was not renewed. \
The card or its reader does not answer as it should."
	says "$out" "The signature certificate was valid until"
	card_proves Alice > "$out"
	stop_ra
}

# --- the connection ------------------------------------------------------------------------------

renews_over_http() {
	with_card
	settings=s,https:,http:,
	with_ra --plain
	is_renewed
	says_not $RA_LOG handshake
}

shows_its_certificate() {
	with_card
	settings='s/^protocol = cmp/&\ntls_certificate = yes/'
	with_ra
	is_renewed
	[ "$(calls C_Sign)" = 5 ] || complain "C_Sign: $(calls C_Sign)"
}

sends_the_chain() {
	with_card
	cp $CA/issuing.pem /etc/chain.pem
	settings='s/^protocol = cmp/&\nclient_chain = \/etc\/chain.pem/'
	with_ra
	is_renewed
	[ "$(grep -c "message 7 with 2 certificates" $RA_LOG)" = 2 ] || complain "$(cat $RA_LOG)"
}

sends_one_certificate() {
	with_card
	settings=''
	with_ra
	is_renewed
	[ "$(grep -c "message 7 with 1 certificates" $RA_LOG)" = 2 ] || complain "$(cat $RA_LOG)"
}

knows_the_sender() {
	with_card
	settings='s/^protocol = cmp/&\nsender = CN=Example RA, O=Example Government, C=TW/'
	with_ra
	is_renewed
}

for key in rsa:2048 rsa:3072 ec:P-256 ec:P-384; do
	promise "$key: renewed for the same keys, with four signatures" \
		renews "--key $key" "" "" 4 0
done
for key in rsa:2048 ec:P-256; do
	promise "$key, key = new: new keys; the old encryption key stays" \
		makes_new_keys "--key $key" "" ""
done
promise "an encryption key that may not sign, proof = decrypt: three signatures, one decryption" \
	renews "$cannot_sign" "" "$decrypts" 3 1
promise "an encryption key that may not sign, proof = decrypt, confirmed: five signatures" \
	renews "$cannot_sign" --confirmation-required "$decrypts" 5 1
promise "an encryption key that may not sign, proof = ra-verified: three signatures" \
	renews "--encryption-cannot-sign" --ra-verified "$trusts_us" 3 0
promise "key = new, proof = decrypt" makes_new_keys "--key rsa:2048" "" "$decrypts"
promise "key = new, proof = ra-verified" makes_new_keys "" --ra-verified "$trusts_us"
promise "an RA that does not take our word refuses the one and renews the other" \
	renews_the_other_one --encryption-cannot-sign "$trusts_us" \
	"The encryption certificate was not renewed. The certification authority refused the request."
promise "proof = signature: a key that may not sign is refused, the other one renewed" \
	renews_the_other_one --encryption-cannot-sign "" \
	"The encryption certificate was not renewed. This key may not sign"
promise "proof = decrypt: an EC key is refused, the other one renewed" \
	renews_the_other_one "" "$decrypts" \
	"The encryption certificate was not renewed. This kind of key cannot be renewed."
promise "an encryption key that may not sign, alone on its card, is refused before any PIN" \
	refuses_before_any_pin "--roles encryption $cannot_sign" "$decrypts" "This key may not sign"
promise "a card that does not decrypt has the other certificate renewed" cannot_decrypt

promise "over plain HTTP" renews_over_http
promise "tls_certificate = yes: one more signature" shows_its_certificate
promise "the signature certificate alone is sent along" sends_one_certificate
promise "client_chain: the issuers' certificates are sent along" sends_the_chain
promise "sender: the one who is named may sign the CA's messages" knows_the_sender
promised
