# SPDX-License-Identifier: MIT
# Kinds of keys, of cards, of certificates on them, and of RAs.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
journal=/var/lib/certrenew/journal
no_raw_rsa="mechanism -0x3 -0xd -0x43 -0x44 -0x45"

# with_card [OPTION...]: a card whose certificates are to be renewed, and an RA.
with_card() {
	fresh_card "$@"
	rm -f $RA_LOG /run/shim.log
	install -m 666 /dev/null /run/shim.log
	: > /var/log/auth.log
	start_ra
	configure
	card_list Alice > /run/before
}

# with_other_ra OPTION...
with_other_ra() {
	stop_ra
	rm -f $RA_LOG
	start_ra "$@"
	configure
}

is_renewed() {
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	[ "$(pins_asked "$out")" = 2 ] || complain "not two PINs were asked for"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_list Alice > /run/after
	card_proves Alice > "$out"
	exits 0 certrenew status
}

is_as_before() {
	card_list Alice > /run/after
	same /run/before /run/after
}

# field FILE NAME OBJECT...: of the objects' lines, in a line.
field() {
	grep "$3" "$1" | sed "s/.* $2=\([^ ]*\).*/\1/" | sort | xargs
}

calls() { grep -cE "$1" /run/shim.log || :; }

# --- keys ----------------------------------------------------------------------------------------

keeps_its_keys() {
	with_card --key "$1"
	is_renewed
	for object in private-key public-key; do
		grep "^$object" /run/before > /run/expected
		grep "^$object" /run/after > "$out"
		same /run/expected "$out"
	done
	[ "$(sed -n 's/^certificate \(id=0[12]\) type=x509 \(role=[a-z]*\) .*/\1 \2/p' /run/after | xargs)" = \
		"id=01 role=signature id=02 role=encryption" ] || complain "$(cat /run/after)"
	for name in subject label; do
		[ "$(field /run/before $name ^certificate)" = "$(field /run/after $name ^certificate)" ] ||
			complain "another $name"
	done
	stop_ra
}

# size_of ROLE old|issued: of the key, in a certificate of the journal.
key_of() {
	sed -n "s/^$2 //p" $journal/*/"$1"-*.done | base64 -d |
		openssl x509 -inform DER -noout -text | grep -E "Public-Key:|NIST CURVE" | xargs
}

makes_new_keys() {
	with_card --key "$1"
	configure 's/^timeout = 10s/&\nkey = new/'
	is_renewed
	for role in signature encryption; do
		[ "$(key_of $role old)" = "$(key_of $role issued)" ] || complain "another kind of key"
	done
	# Under ids that were free, and each with the certificate's label.
	! grep -E "^certificate id=0[12] " /run/after || complain "an old id"
	[ "$(field /run/before label ^certificate)" = "$(field /run/after label ^certificate)" ] ||
		complain "other labels"
	# The signature key is gone, the encryption key is as it was.
	! grep "id=01 " /run/after || complain "the old signature key"
	grep -E "^(private|public)-key id=02 " /run/before > /run/expected
	grep -E "^(private|public)-key id=02 " /run/after > "$out"
	same /run/expected "$out"
	[ "$(grep -c ^certificate /run/after) $(grep -c ^private-key /run/after)" = "2 3" ] ||
		complain "$(cat /run/after)"
	stop_ra
}

# Its bytes are those that were on the card.
keeps_the_old_encryption_certificate() {
	with_card
	configure 's/^timeout = 10s/&\nkey = new/'
	is_renewed
	sed -n 's/^old //p' $journal/*/encryption-*.done | base64 -d | sha256sum | cut -d ' ' -f 1 > "$out"
	says /run/before "role=encryption"
	[ "$(field /run/before sha256 role=encryption)" = "$(cat "$out")" ] || complain "other bytes"
	stop_ra
}

# A second renewal with new keys, a year later: of the new keys.
renews_new_keys_again() {
	with_card
	with_other_ra --days 25
	configure 's/^timeout = 10s/&\nkey = new/'
	exits 0 renew $PIN $PIN
	with_other_ra
	configure 's/^timeout = 10s/&\nkey = new/'
	is_renewed
	[ "$(grep -c ^certificate /run/after) $(grep -c ^private-key /run/after)" = "2 4" ] ||
		complain "$(cat /run/after)"
	stop_ra
}

# --- the PIN -------------------------------------------------------------------------------------

asks_once() {
	with_card
	configure "s/^\[card\]/&\npin_reentry = no/"
	shim "log /run/shim.log"
	exits 0 renew $PIN
	[ "$(pins_asked "$out") $(calls C_Login)" = "1 1" ] || complain "asked too often"
	says "$out" "All certificates were renewed."
	card_proves Alice > "$out"
	stop_ra
}

uses_the_card_sparingly() {
	with_card --key "$1"
	shim "log /run/shim.log" "$2"
	is_renewed
	[ "$(calls 'C_Sign ') $(calls C_Login) $(calls C_Logout)" = "3 2 2" ] ||
		complain "C_Sign, C_Login, C_Logout: $(calls 'C_Sign ') $(calls C_Login) $(calls C_Logout)"
	[ "$(grep -c handshake $RA_LOG)" = 1 ] || complain "more than one handshake"
	[ "$(calls "C_SignInit mechanism $3 ")" = "$4" ] || { cat /run/shim.log; return 1; }
	stop_ra
}

cannot_sign_with() {
	with_card --key "$1"
	shim "mechanism $2"
	exits 3 renew $PIN
	says "$out" "This kind of key cannot be renewed. Nothing on the card was changed."
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	is_as_before
	stop_ra
}

# --- keys that may not sign, or not without being asked each time -------------------------------------

refuses_before_any_pin() {
	with_card --roles encryption --encryption-cannot-sign
	exits 3 renew $PIN $PIN
	says "$out" "Your card's certificate expires in 20 days"
	says "$out" "This key may not sign, so it cannot be renewed in this way. \
Nothing on the card was changed."
	says "$out" "Tell your administrator: CMP with [ca] encryption_proof = decrypt may renew it."
	[ "$(pins_asked "$out")" = 0 ] || complain "a PIN was asked for"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	is_as_before
	stop_ra
}

renews_the_other_one() {
	with_card --encryption-cannot-sign
	exits 3 renew $PIN $PIN
	says "$out" "The encryption certificate was not renewed. This key may not sign"
	says "$out" "CMP with [ca] encryption_proof = decrypt may renew it."
	says "$out" "The signature certificate was valid until"
	says "$out" "1 of 2 certificates were renewed."
	logs "encryption: key-cannot-sign: "
	[ "$(issued encryption) $(issued signature)" = "0 1" ] || complain "issued: $(issued)"
	grep "id=02" /run/before > /run/expected
	card_list Alice | grep "id=02" > /run/after
	same /run/expected /run/after
	card_proves Alice > "$out"
	stop_ra
}

# --- RAs -----------------------------------------------------------------------------------------

speaks_tls() {
	with_card --key "$1"
	with_other_ra --priorities "NORMAL:-VERS-ALL:+VERS-TLS$2"
	is_renewed
	stop_ra
}

speaks_no_old_tls() {
	with_card
	with_other_ra --priorities "NORMAL:-VERS-ALL:+VERS-TLS1.1"
	exits 3 renew $PIN $PIN
	says "$out" "The certification authority cannot be reached. Nothing on the card was changed."
	logs "unsupported protocol"
	is_as_before
	stop_ra
}

asks_the_ca_of_the_issuer() {
	with_card
	cat >> /etc/certrenew.conf <<-CONF
		issuer = CN=Example Issuing CA,O=Example Government,C=TW
		[ca "elsewhere"]
		url = https://elsewhere.example.test/.well-known/est
		trust = $CA/trust.pem
	CONF
	is_renewed
	stop_ra
}

has_no_ca_for_it() {
	with_card
	echo "issuer = CN=Some Other CA,C=TW" >> /etc/certrenew.conf
	exits 3 renew $PIN $PIN
	says "$out" "No certification authority is configured for this certificate. \
Nothing on the card was changed."
	says "$out" "Tell your administrator: a [ca] section in certrenew.conf."
	[ "$(pins_asked "$out")" = 0 ] || complain "a PIN was asked for"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	stop_ra
}

# --- cards ---------------------------------------------------------------------------------------

renews() {
	with_card "$@"
	is_renewed
	stop_ra
}

renews_the_only_one() {
	with_card --roles "$1"
	exits 0 renew $PIN $PIN
	says "$out" "The certificate was renewed. You may remove the card."
	[ "$(issued)" = 1 ] || complain "issued: $(issued)"
	as_certrenew test-card prove --module $MODULE --label Alice --pin $PIN --roles "$1" > "$out"
	stop_ra
}

# Whatever else is on the card is as it was.
leaves_alone() {
	with_card "$@"
	is_renewed
	for file in /run/before /run/after; do
		grep -vE '^certificate id=0[12] ' $file > $file.rest || :
	done
	same /run/before.rest /run/after.rest
	[ "$(grep -cE '^certificate id=0[12] ' /run/after)" = 2 ] || complain "$(cat /run/after)"
	stop_ra
}

# A certificate that had been renewed before is not due, and stays.
leaves_the_kept_ones() {
	with_card --kept-old
	is_renewed
	[ "$(grep -c '^certificate' /run/after)" = 4 ] || complain "$(cat /run/after)"
	stop_ra
}

# says_before_any_pin SENTENCE NEXT RULE: the RA hears nothing, either.
says_before_any_pin() {
	with_card
	shim "$3"
	exits 3 renew $PIN $PIN
	says "$out" "$1. Nothing on the card was changed."
	says "$out" "$2"
	[ "$(pins_asked "$out")" = 0 ] || complain "a PIN was asked for"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	is_as_before
	stop_ra
}

has_nothing_to_renew() {
	with_card --days 100
	exits 0 renew $PIN $PIN
	from=$(date -d "@$(($(field /run/before not-after role=signature) - 30 * 86400))" +%Y-%m-%d)
	says "$out" "No certificate has to be renewed now; that is possible from $from on."
	says_not "$out" "PIN"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	stop_ra
}

comes_too_late() {
	with_card --days -1
	exits 2 renew $PIN $PIN
	says "$out" "Your card's certificates expired on $(date -d -1day +%Y-%m-%d)."
	says "$out" "Apply for a new certificate with whoever gave you the card."
	says_not "$out" "PIN"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	stop_ra
}

for key in rsa:2048 rsa:3072 ec:P-256 ec:P-384; do
	promise "$key: renewed for the same keys, under the same ids and labels" keeps_its_keys $key
done
for key in rsa:2048 ec:P-256 ec:P-384; do
	promise "$key, key = new: new keys of the same kind; the old encryption key stays" \
		makes_new_keys $key
done
promise "key = new: the old encryption certificate is kept in the journal" \
	keeps_the_old_encryption_certificate
promise "key = new: and again the next time" renews_new_keys_again

promise "pin_reentry = no: one PIN" asks_once
promise "EC: one TLS handshake, three signatures, two logins" \
	uses_the_card_sparingly ec:P-256 "" 0x1041 3
promise "RSA: one TLS handshake, of which the padding is not the card's, three signatures, two logins" \
	uses_the_card_sparingly rsa:2048 "" 0x3 1
promise "RSA without raw RSA and PSS: TLS 1.2, three signatures, two logins" \
	uses_the_card_sparingly rsa:2048 "$no_raw_rsa" 0x1 3
promise "EC without ECDSA is refused before the RA is asked" cannot_sign_with ec:P-256 -0x1041
promise "RSA without its mechanisms, too" cannot_sign_with rsa:2048 "-0x1 -0x3"

promise "an encryption key that may not sign is refused before any PIN, naming CMP" \
	refuses_before_any_pin
promise "beside an encryption key that may not sign, the signature certificate is renewed" \
	renews_the_other_one

promise "an RA that speaks TLS 1.2 only, RSA" speaks_tls rsa:2048 1.2
promise "an RA that speaks TLS 1.2 only, EC" speaks_tls ec:P-256 1.2
promise "an RA that speaks TLS 1.3 only, RSA" speaks_tls rsa:2048 1.3
promise "an RA that speaks TLS 1.3 only, EC" speaks_tls ec:P-384 1.3
promise "an RA that speaks TLS 1.1 only is not spoken to" speaks_no_old_tls
promise "of two CAs the issuer's is asked" asks_the_ca_of_the_issuer
promise "without a CA for the issuer nobody is asked for a PIN" has_no_ca_for_it

promise "a name in Chinese" renews --subject /C=TW/O=範例機關/CN=陳小明
promise "an e-mail address as subjectAltName" renews --email alice@example.test
promise "private keys that show without a login" renews --public-private-keys
promise "one certificate for both signature and encryption" renews_the_only_one both
promise "a signature certificate alone" renews_the_only_one signature
promise "CA certificates on the card" leaves_alone --ca-certificates
promise "fifty other certificates on the card" leaves_alone --extra-certificates 50
promise "an Ed25519 key with a certificate on the card" leaves_alone --certify-ed25519
promise "certificates that are none on the card" leaves_alone --unparsable --non-x509
promise "certificates that were renewed before and kept" leaves_the_kept_ones
promise "a card that is write-protected says so before any PIN" \
	says_before_any_pin "The card does not let you write to it" \
	"Ask whoever gave you the card for a renewal." "flags +WRITE_PROTECTED"
promise "a card without a PIN says so before any PIN" \
	says_before_any_pin "The card, or its PIN, has not been set up" \
	"Ask whoever gave you the card to set it up." "flags -PIN_INITIALIZED"
promise "a card on which nothing is due says from when on" has_nothing_to_renew
promise "a card whose certificates have expired says what to do" comes_too_late
promised
