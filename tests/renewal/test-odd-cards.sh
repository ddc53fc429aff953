# SPDX-License-Identifier: MIT
# Cards that do not let a person write, that let nothing be changed, that show their certificates
# only after the PIN, and that hold certificates and keys which nobody would expect.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
journal=/var/lib/certrenew/journal

# with_card [OPTION...]: a card whose certificates are to be renewed, and an RA.
with_card() {
	fresh_card "$@"
	fresh_logs
	start_ra
	configure
	card_list Alice > /run/before
}

driver() {
	configure
	shim "log /run/shim.log" "$@"
}

calls() { grep -cE "$1" /run/shim.log || :; }

is_as_before() {
	card_list Alice > /run/after
	same /run/before /run/after
}

says_so_before_the_ca() {
	exits 3 renew $PIN $PIN
	says "$out" "The card does not let you write to it. Nothing on the card was changed."
	says "$out" "Ask whoever gave you the card for a renewal."
	[ "$(pins_asked "$out") $(calls C_Login)" = "1 1" ] || complain "more than one PIN"
	says_not $RA_LOG simplereenroll
	says_not $RA_LOG issue
	is_as_before
	[ -z "$(find $journal -name '*.journal')" ] || complain "something was begun"
	stop_ra
}

no_leave_to_write() {
	with_card
	driver "C_SetAttributeValue error $1"
	says_so_before_the_ca
}

# Nor is anybody asked where the session itself says it.
session_is_read_only() {
	with_card
	driver "read-only"
	says_so_before_the_ca
	[ "$(calls C_SetAttributeValue)" = 0 ] || complain "the card was asked all the same"
}

# goes_on_after CKR: which says nothing of whether the person may write.
goes_on_after() {
	with_card
	driver "C_SetAttributeValue#1 error $1"
	is_renewed
}

is_renewed() {
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	[ "$(pins_asked "$out")" = 2 ] || complain "not two PINs were asked for"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	[ -z "$(find $journal -name '*.journal')" ] || complain "not finished"
	card_proves Alice > "$out"
	exits 0 certrenew status
	stop_ra
}

# The label that is written is the one that is there, and no new key needs the question.
changes_nothing_by_asking() {
	with_card
	driver "C_SetAttributeValue#1 after crash"
	exits 3 renew $PIN $PIN
	is_as_before
	driver
	is_renewed
}

new_keys_need_no_question() {
	with_card
	driver
	sed -i 's/^timeout = 10s/&\nkey = new/' /etc/certrenew.conf
	exits 0 renew $PIN $PIN
	[ "$(calls C_SetAttributeValue)" = 0 ] || complain "the card was asked"
	stop_ra
}

# --- certificates that nobody may change -----------------------------------------------------------

# stays_beside OPTION: the old ones stay, nobody is asked about them again.
stays_beside() {
	with_card "$@"
	driver
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	logs "the old certificate stays on the card beside the new one: card-fixed: C_DestroyObject"
	[ -z "$(find $journal -name '*.journal')" ] || complain "not finished"
	card_list Alice > /run/after
	grep ^certificate /run/before | while read -r old; do says /run/after "$old"; done
	[ "$(grep -c ^certificate /run/after)" = 4 ] || complain "$(cat /run/after)"
	card_proves Alice > "$out"
	exits 0 certrenew status
	says_not "$out" "can be renewed now"
	says_not "$out" "not finished"
	exits 0 renew $PIN $PIN
	says "$out" "No certificate has to be renewed now"
	[ "$(calls C_Login) $(issued)" = "2 2" ] || complain "another run did something"
	stop_ra
}

# Which can be removed all the same.
is_not_moved() {
	with_card --unmodifiable
	driver
	is_renewed
	[ "$(calls C_SetAttributeValue)" = 0 ] || complain "it was asked to be changed"
}

# A driver that fails each time: the second run is the last that tries.
does_not_try_for_ever() {
	with_card
	driver "C_DestroyObject error CKR_FUNCTION_FAILED"
	exits 0 renew $PIN $PIN
	exits 1 certrenew status
	exits 0 renew $PIN
	logs "the old certificate stays on the card beside the new one: card-error: C_DestroyObject"
	exits 0 certrenew status
	exits 0 renew $PIN
	says "$out" "No certificate has to be renewed now"
	[ "$(calls C_Login)" = 3 ] || complain "a PIN was asked for again"
	card_proves Alice > "$out"
	stop_ra
}

# --- certificates that show after a login ----------------------------------------------------------

hides_its_certificates() {
	with_card --private-certificates
	driver
	exits 3 certrenew status
	says "$out" "The card shows its certificates only once its PIN was given."
	says "$out" "Run 'certrenew renew': it asks for the PIN and looks."
	[ "$(calls C_Login)" = 0 ] || complain "a login"
	exits 0 renew $PIN $PIN
	says "$out" "Enter your card's PIN (Alice) to read its certificates and ask for new ones."
	says "$out" "All certificates were renewed."
	[ "$(pins_asked "$out") $(calls C_Login)" = "2 2" ] || complain "not two PINs"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	# The new ones are nobody else's to see, either.
	as_certrenew test-card list --module $MODULE --label Alice > "$out"
	says_not "$out" "certificate id="
	[ "$(card_list Alice | grep -c ^certificate)" = 2 ] || complain "$(card_list Alice)"
	stop_ra
}

hides_what_is_not_due() {
	with_card --private-certificates --days 100
	driver
	exits 0 renew $PIN
	says "$out" "No certificate has to be renewed now."
	[ "$(pins_asked "$out") $(calls C_Login)" = "1 1" ] || complain "not one PIN"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	is_as_before
	stop_ra
}

goes_on_behind_the_pin() {
	with_card --private-certificates
	driver "C_CreateObject#2 crash"
	exits 3 renew $PIN $PIN
	driver
	exits 0 renew $PIN
	says "$out" "All certificates were renewed."
	[ "$(calls C_Login) $(issued)" = "3 2" ] || complain "C_Login: $(calls C_Login), issued: $(issued)"
	[ -z "$(find $journal -name '*.journal')" ] || complain "not finished"
	card_proves Alice > "$out"
	stop_ra
}

wrong_pin_behind_the_pin() {
	with_card --private-certificates
	driver "pin-tries 3 /run/once/tries"
	exits 0 renew 000000 $PIN $PIN
	says "$out" "All certificates were renewed."
	[ "$(calls C_Login)" = 3 ] || complain "$(calls C_Login) times C_Login"
	stop_ra
}

# --- a driver that remembers -----------------------------------------------------------------------

# What a cache on disk shows to whoever comes next: the card as it was.
shows_the_old_one() {
	with_card
	rm -rf /var/lib/softhsm/before
	cp -a /var/lib/softhsm/tokens /var/lib/softhsm/before
	sed 's,/tokens$,/before,' /etc/softhsm/softhsm2.conf > /etc/softhsm/before.conf
	driver "stale /etc/softhsm/before.conf /run/once/written" \
		"C_DestroyObject#2 delay 1 once /run/once/written"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	logs "after the renewal: card-stale: the driver shows certificate"
	logs "which was renewed, and not"
	logs "if it keeps a cache (OpenSC in /var/cache/certrenew/opensc), remove the files in it"
	[ "$(calls C_Login)" = 2 ] || complain "a PIN more"
	rm -r /var/lib/softhsm/before /etc/softhsm/before.conf
	driver
	card_proves Alice > "$out"
	exits 0 certrenew status
	stop_ra
}

shows_the_new_one() {
	with_card
	driver
	is_renewed
	[ "$(cut -d ' ' -f 2 /run/shim.log | sort -u | wc -l)" -ge 3 ] || complain "nobody looked"
	says_not /var/log/auth.log card-stale
}

# --- what nobody would expect ----------------------------------------------------------------------

# renews [OPTION...]: and what is not the person's own stays.
renews_beside() {
	with_card "$@"
	driver
	exits 0 renew $PIN $PIN
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	exits 0 certrenew status
	stop_ra
	for file in /run/before /run/after; do
		[ $file = /run/before ] || card_list Alice > $file
		grep -vE '^certificate id=0[12] ' $file > $file.rest || :
	done
	same /run/before.rest /run/after.rest
	[ "$(grep -cE '^certificate id=0[12] ' /run/after)" = 2 ] || complain "$(cat /run/after)"
	grep -E '^certificate id=0[12] ' /run/before | sed 's/.*sha256=//' |
		while read -r old; do says_not /run/after "$old"; done
}

# Both certificates, and both keys, under one CKA_ID and label.
shares_an_id() {
	with_card --same-ids "$@"
	driver
	is_renewed
	card_list Alice > /run/after
	[ "$(grep -c '^certificate id=01 ' /run/after) $(grep -c ^certificate /run/after)" = "2 2" ] ||
		complain "$(cat /run/after)"
	grep -- '-key ' /run/before > /run/expected
	grep -- '-key ' /run/after > "$out"
	same /run/expected "$out"
}

shares_an_id_with_new_keys() {
	with_card --same-ids
	driver
	sed -i 's/^timeout = 10s/&\nkey = new/' /etc/certrenew.conf
	exits 0 renew $PIN $PIN
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out")" = 2 ] || { cat "$out"; return 1; }
	stop_ra
}

for answer in CKR_USER_TYPE_INVALID CKR_SESSION_READ_ONLY CKR_TOKEN_WRITE_PROTECTED \
	CKR_USER_NOT_LOGGED_IN; do
	promise "$answer to a harmless change: said after one PIN, before the CA is asked" \
		no_leave_to_write $answer
done
promise "a session that is read-only by its own word: said before the CA is asked" \
	session_is_read_only
for answer in CKR_ATTRIBUTE_READ_ONLY CKR_FUNCTION_NOT_SUPPORTED CKR_ACTION_PROHIBITED \
	CKR_GENERAL_ERROR; do
	promise "$answer to a harmless change says nothing: renewed" goes_on_after $answer
done
promise "a crash right after the harmless change: the card is as it was" changes_nothing_by_asking
promise "key = new: making the keys is the question" new_keys_need_no_question

promise "old certificates that cannot be removed stay beside the new ones, and are not due" \
	stays_beside --undestroyable
promise "old certificates that can be neither moved nor removed likewise" \
	stays_beside --undestroyable --unmodifiable
promise "old certificates that can be removed and not changed are not asked to" is_not_moved
promise "an old certificate that was not removed twice is left alone" does_not_try_for_ever

promise "certificates behind the PIN: status says so, renew looks, without a PIN more" \
	hides_its_certificates
promise "certificates behind the PIN that are not due: one PIN, and the CA is not asked" \
	hides_what_is_not_due
promise "certificates behind the PIN: an interrupted renewal goes on with one PIN" \
	goes_on_behind_the_pin
promise "certificates behind the PIN: a wrong PIN is asked for again, once for each typing" \
	wrong_pin_behind_the_pin

promise "a driver that still shows the old certificates to a fresh process: the log names the cache" \
	shows_the_old_one
promise "after each renewal a fresh process looks" shows_the_new_one

promise "EC keys and certificates that share one CKA_ID and label" shares_an_id
promise "RSA keys and certificates that share one CKA_ID and label" shares_an_id --key rsa:2048
promise "keys that share one CKA_ID and label, and key = new" shares_an_id_with_new_keys
promise "the old certificates twice on the card: both go" renews_beside --twice
promise "certificates without a key that end later do not hide the person's own" \
	renews_beside --newer-keyless
promise "a key without a certificate, and certificates that are none" \
	renews_beside --extra-ed25519 --unparsable --non-x509
promised
