# SPDX-License-Identifier: MIT
# Cards without room for a second certificate, or for one with the same CKA_ID: whatever happens in
# between, the old or the new one is on the card after the next run, and both are in the journal.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
journal=/var/lib/certrenew/journal

# with_shim RULE...: a card with two certificates to renew, an RA, and a driver with these rules.
with_shim() {
	fresh_card ${card_options:-}
	fresh_logs
	start_ra
	configure
	driver "$@"
	card_list Alice > /run/before
}

driver() {
	configure ${changes:+"$changes"}
	shim "log /run/shim.log" "$@"
}

states() {
	for role in encryption signature; do
		sed -n 's/^state //p' $journal/*/$role-*.journal 2> /dev/null | grep . || echo none
	done | xargs
}

stands_at() { [ "$(states)" = "$1" ] || complain "the journal stands at $(states), not at $1"; }

# Of a role, or all of them, in a line.
serials() { card_list Alice | sed -n "s/^certificate.*role=${1:-}.* serial=\([^ ]*\).*/\1/p" | sort | xargs; }

calls() { grep -oE 'C_(CreateObject|SetAttributeValue|DestroyObject)' /run/shim.log | sed 's/C_//' | xargs; }

keeps_every_key() {
	grep -- '-key ' /run/before > /run/expected
	card_list Alice | grep -- '-key ' > /run/after
	same /run/expected /run/after
}

is_as_before() {
	card_list Alice > /run/after
	same /run/before /run/after
}

is_renewed() {
	stands_at "none none"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	card_list Alice > "$out"
	[ "$(grep -c '^certificate' "$out")" = 2 ] || { cat "$out"; return 1; }
	for id in 01 02; do
		[ "$(grep -c "^certificate id=$id " "$out")" = 1 ] || { cat "$out"; return 1; }
	done
	keeps_every_key
	exits 0 certrenew status
	stop_ra
}

# finishes ANSWER...: by the next run, with the same card.
finishes() {
	exits 0 renew "$@"
	says "$out" "renewed. You may remove the card."
	is_renewed
}

# logins N: in all runs so far; a PIN is given as often as it was typed.
logins() {
	[ "$(grep -c C_Login /run/shim.log)" = "$1" ] ||
		complain "$(grep -c C_Login /run/shim.log) times C_Login"
}

# --- a full card ---------------------------------------------------------------------------------

renews_a_full_card() {
	with_shim "room 2"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	logs "the card is full: the old certificate makes way"
	logins 2
	[ "$(calls)" = "SetAttributeValue \
CreateObject DestroyObject CreateObject CreateObject DestroyObject CreateObject" ] ||
		complain "$(calls)"
	is_renewed
	for role in encryption signature; do
		sed -n 's/^old //p' $journal/*/$role-*.done | base64 -d |
			openssl x509 -inform DER -noout -serial | sed 's/serial=//' > /run/serial
		says /run/before "role=$role serial=$(cat /run/serial)"
	done
}

# With room for one, the first is written beside its predecessor.
takes_the_room_there_is() {
	with_shim "room 3"
	exits 0 renew $PIN $PIN
	[ "$(grep -c "the old certificate makes way" /var/log/auth.log)" = 1 ] || complain "both"
	is_renewed
}

# puts_back RULE...: what cannot be written does not cost the old one.
puts_back() {
	with_shim "room 2" "$@"
	exits 3 renew $PIN $PIN
	says "$out" "The card still signs in; what was issued is kept on this computer."
	logs "the old certificate is on the card again"
	is_as_before
	stands_at "issued issued"
	exits 1 certrenew status
	driver "room 2"
	finishes $PIN
}

# Not even the old one, once it was taken off: then no other is.
takes_nothing_any_more() {
	with_shim "C_CreateObject error CKR_DEVICE_MEMORY"
	exits 3 renew $PIN $PIN
	says "$out" "The card is full. Until the renewal is finished the card may lack a certificate, \
which is kept on this computer."
	says "$out" "Ask whoever gave you the card for a renewal."
	logs "the old certificate is in the journal only: card-full"
	stands_at "taken-off issued"
	grep -E "^certificate id=01 " /run/before > /run/expected
	card_list Alice | grep ^certificate > /run/after
	same /run/expected /run/after
	keeps_every_key
	driver "room 2"
	finishes $PIN
}

# lacks_one RULE STATES LEFT: after the fault LEFT certificates are on the card, the rest is in the
# journal, and the card's keys are as they were.
lacks_one() {
	with_shim "room 2" "$1"
	exits 3 renew $PIN $PIN
	stands_at "$2"
	[ "$(card_list Alice | grep -c ^certificate)" = "$3" ] || { card_list Alice; return 1; }
	keeps_every_key
	for entry in $journal/*/*.journal; do
		says "$entry" "old MII"
		says "$entry" "issued MII"
	done
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	driver "room 2"
	finishes $PIN
}

# The only certificate is in the journal: the card shows none, and the next run knows.
lacks_the_only_one() {
	card_options="--roles signature"
	with_shim "room 1" "C_CreateObject#2 crash"
	exits 3 renew $PIN $PIN
	[ "$(card_list Alice | grep -c ^certificate)" = 0 ] || { card_list Alice; return 1; }
	exits 2 certrenew status
	says "$out" "The renewal of your card's certificates is not finished."
	driver "room 1"
	exits 0 renew $PIN
	says "$out" "The certificate was renewed. You may remove the card."
	[ "$(issued)" = 1 ] || complain "issued: $(issued)"
	as_certrenew test-card prove --module $MODULE --label Alice --pin $PIN --roles signature > "$out"
	stop_ra
}

# A certificate that was renewed years ago is no successor of the one that made way.
is_not_misled_by_kept_ones() {
	card_options=--kept-old
	with_shim "room 4" "C_CreateObject#2 crash"
	exits 3 renew $PIN $PIN
	stands_at "taken-off issued"
	driver "room 4"
	exits 0 renew $PIN
	stands_at "none none"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	[ "$(card_list Alice | grep -c ^certificate)" = 4 ] || { card_list Alice; return 1; }
	stop_ra
}

# is_finished_beside PIN: what was begun on a card with a certificate more of the signature's role,
# for another purpose and key, that ends long after what was issued.
is_finished_beside() {
	exits 0 renew $1
	stands_at "none none"
	[ "$(issued signature)" = 1 ] || complain "issued: $(issued)"
	card_list Alice > "$out"
	grep '^certificate id=11 ' /run/before > /run/expected
	grep '^certificate id=11 ' "$out" > /run/after
	same /run/expected /run/after
	[ "$(grep -c '^certificate id=01 ' "$out")" = 1 ] || { cat "$out"; return 1; }
	grep '^certificate id=01 ' /run/before | while read -r old; do says_not "$out" "$old"; done
	keeps_every_key
	exits 0 certrenew status
	says_not "$out" "not finished"
	stop_ra
}

# is_not_misled_by_another_purpose CARD FAULT STATES
is_not_misled_by_another_purpose() {
	card_options=--login-certificate
	with_shim "$1" "$2"
	exits 3 renew $PIN $PIN
	stands_at "$3"
	driver "$1"
	is_finished_beside $PIN
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out")" = 3 ] || { cat "$out"; return 1; }
}

# The next run's driver does not say, once the PIN was given, what is on the card.
is_not_told_what_is_there() {
	card_options="--roles signature --login-certificate"
	with_shim "room 2" "C_DestroyObject#1 after crash"
	exits 3 renew $PIN $PIN
	stands_at "none taken-off"
	# How often it looks before that, a run without a PIN shows.
	: > /run/shim.log
	exits 1 renew ""
	says "$out" "Enter your card's PIN (Alice) to write the new certificates to the card."
	says "$out" "The renewal was cancelled. Until the renewal is finished the card may lack a certificate,"
	looks=$(grep -c C_FindObjectsInit /run/shim.log)
	driver "room 2" "C_FindObjectsInit#$((looks + 1))+ error CKR_DEVICE_ERROR"
	exits 3 renew $PIN
	stands_at "none taken-off"
	driver "room 2"
	is_finished_beside $PIN
}

# Nor when it has just destroyed the old one, and the card is pulled.
is_not_told_what_is_left() {
	card_options="--roles signature --login-certificate"
	with_shim "room 2" "C_DestroyObject#1 after removed" \
		"C_DestroyObject#1 after error CKR_DEVICE_ERROR"
	exits 3 renew $PIN $PIN
	stands_at "none taken-off"
	driver "room 2"
	is_finished_beside $PIN
}

# Nor by the next run's failure: then the old one comes back from the journal, as it was.
comes_back_by_the_next_run() {
	with_shim "room 2" "C_CreateObject#2 crash"
	exits 3 renew $PIN $PIN
	stands_at "taken-off issued"
	driver "C_CreateObject#1 error CKR_DEVICE_ERROR" "C_CreateObject#3 error CKR_DEVICE_ERROR" \
		"C_CreateObject#4 error CKR_DEVICE_ERROR" "C_CreateObject#5 error CKR_DEVICE_ERROR"
	exits 3 renew $PIN
	is_as_before
	driver "room 2"
	finishes $PIN
}

holds_it_twice() {
	card_options=--twice
	with_shim "room 4"
	exits 0 renew $PIN $PIN
	is_renewed
}

has_no_room_for_keys() {
	changes='s/^timeout = 10s/&\nkey = new/'
	with_shim "C_GenerateKeyPair error CKR_DEVICE_MEMORY"
	exits 3 renew $PIN $PIN
	says "$out" "The card has no room for a new key. Nothing on the card was changed."
	says "$out" "[ca] key = same renews the certificate for the key that is there."
	logins 1
	says_not $RA_LOG simplereenroll
	says_not $RA_LOG issue
	is_as_before
	stands_at "none none"
	exits 1 certrenew status
	says_not "$out" "not finished"
	stop_ra
}

# An answer that is not true: the key is there, and is the next run's.
has_made_the_key_all_the_same() {
	changes='s/^timeout = 10s/&\nkey = new/'
	with_shim "C_GenerateKeyPair#1 after error CKR_DEVICE_MEMORY" \
		"C_GenerateKeyPair#2 after error CKR_DEVICE_MEMORY"
	exits 3 renew $PIN $PIN
	stands_at "agreed agreed"
	driver
	exits 0 renew $PIN $PIN
	stands_at "none none"
	card_proves Alice > "$out"
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out") $(grep -c ^private-key "$out")" = "2 3" ] ||
		{ cat "$out"; return 1; }
	stop_ra
}

# Room for the new keys, none for their certificates.
has_room_for_keys_only() {
	changes='s/^timeout = 10s/&\nkey = new/'
	with_shim "room 2"
	exits 0 renew $PIN $PIN
	stands_at "none none"
	card_proves Alice > "$out"
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out") $(grep -c ^private-key "$out")" = "2 3" ] ||
		{ cat "$out"; return 1; }
	stop_ra
}

# --- full, and one CKA_ID for each certificate ------------------------------------------------------

# Which of the two it minds first, it says.
minds_both() {
	with_shim "room 2" "unique-ids"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	[ "$(grep -c "the card is full: the old certificate makes way" /var/log/auth.log)" = 2 ] ||
		complain "no room was made"
	logins 2
	is_renewed
}

# --- one CKA_ID for each certificate -------------------------------------------------------------

changes_places() {
	with_shim "unique-ids"
	exits 0 renew $PIN $PIN
	logins 2
	# Asked, refused, written beside, old one aside, new one in its place.
	[ "$(calls)" = "SetAttributeValue \
CreateObject CreateObject SetAttributeValue SetAttributeValue \
CreateObject CreateObject SetAttributeValue SetAttributeValue \
DestroyObject DestroyObject" ] || complain "$(calls)"
	is_renewed
}

# goes_on_with_places RULE STATES
goes_on_with_places() {
	with_shim "unique-ids" "$1"
	exits 3 renew $PIN $PIN
	stands_at "$2"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	driver "unique-ids"
	finishes $PIN
}

# Between the two moves, where kept ones have the old one's key.
goes_on_among_kept_ones() {
	card_options=--kept-old
	with_shim "C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#3 crash"
	exits 3 renew $PIN $PIN
	stands_at "moved-aside issued"
	driver
	exits 0 renew $PIN
	stands_at "none none"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	[ "$(card_list Alice | grep -c ^certificate)" = 4 ] || { card_list Alice; return 1; }
	stop_ra
}

# A token that lets no CKA_ID of the new one be changed: the old way.
moves_the_old_one_first() {
	with_shim "unique-ids" "C_SetAttributeValue#3 error CKR_ATTRIBUTE_READ_ONLY" \
		"C_SetAttributeValue#7 error CKR_ATTRIBUTE_READ_ONLY"
	exits 0 renew $PIN $PIN
	logs "the two certificates cannot change places: card-fixed"
	is_renewed
}

# Of a token that changes no CKA_ID at all the old ones stay what they were.
leaves_all_as_it_was() {
	with_shim "unique-ids" "C_SetAttributeValue#2+ error CKR_ATTRIBUTE_READ_ONLY"
	exits 3 renew $PIN $PIN
	says "$out" "The card does not let its certificates be changed. The card still signs in"
	is_as_before
	stands_at "issued issued"
	driver "unique-ids"
	finishes $PIN
}

# reads_an_entry_of_before STATE...: as the last version left it, with the old one under its spare id.
reads_an_entry_of_before() {
	with_shim "C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#3 crash"
	exits 3 renew $PIN $PIN
	stands_at "moved-aside issued"
	# It wrote nothing beside: that object goes.
	issued=$(sed -n 's/^issued //p' $journal/*/encryption-*.journal | base64 -d | sha256sum |
		cut -d ' ' -f 1)
	card_list Alice | grep "$issued" > "$out"
	id=$(sed -n 's/^certificate id=\([^ ]*\).*/\1/p' "$out")
	as_certrenew pkcs11-tool --module $MODULE --token-label Alice --login --pin $PIN \
		--delete-object --type cert --id "$id" > /dev/null 2>&1
	[ "$(card_list Alice | grep -c ^certificate)" = 2 ] || { card_list Alice; return 1; }
	driver
	finishes $PIN
}

promise "a full card: the new certificates take the old ones' places, which the journal keeps" \
	renews_a_full_card
promise "a card with room for one certificate" takes_the_room_there_is
promise "a full card that takes no new certificate has the old one again, as it was" \
	puts_back "C_CreateObject#2 error CKR_DEVICE_MEMORY" "C_CreateObject#5 error CKR_DEVICE_MEMORY"
promise "a full card that takes nothing any more, not even the old one, lacks one certificate at most" \
	takes_nothing_any_more
promise "a crash when the old certificate is to come back" \
	lacks_one "C_CreateObject#2+ crash" "taken-off issued" 1
promise "a full card on which the new certificate cannot be read back has the old one again" \
	puts_back "C_CreateObject#2 error CKR_OK" "C_CreateObject#5 error CKR_OK"
promise "a full card that does not let the old certificate go is as it was" \
	lacks_one "C_DestroyObject error CKR_GENERAL_ERROR" "issued issued" 2
promise "a crash before the old certificate is taken off" \
	lacks_one "C_DestroyObject#1 crash" "taken-off issued" 2
promise "a crash when the old certificate was just taken off" \
	lacks_one "C_DestroyObject#1 after crash" "taken-off issued" 1
promise "a crash before the new certificate takes its place" \
	lacks_one "C_CreateObject#2 crash" "taken-off issued" 1
promise "a crash when the new certificate has just taken its place" \
	lacks_one "C_CreateObject#2 after crash" "taken-off issued" 2
promise "a card that is pulled when the old certificate was just taken off" \
	lacks_one "C_DestroyObject#1 after removed" "taken-off issued" 1
promise "a card that is pulled before the second old certificate is taken off" \
	lacks_one "C_DestroyObject#2 removed" "written taken-off" 2
promise "a card that is pulled when the second old certificate was taken off" \
	lacks_one "C_DestroyObject#2 after removed" "written taken-off" 1
promise "a full card whose only certificate was taken off is finished by the next run" \
	lacks_the_only_one
promise "a certificate that was kept from before is not taken for a successor" \
	is_not_misled_by_kept_ones
promise "nor one of its role for another purpose, on a full card" \
	is_not_misled_by_another_purpose "room 3" "C_DestroyObject#2 after crash" "written taken-off"
promise "nor one of its role for another purpose, between two moves" \
	is_not_misled_by_another_purpose "unique-ids" "C_SetAttributeValue#5 crash" "written moved-aside"
promise "a driver that does not say what is on the card does not end what the journal knows" \
	is_not_told_what_is_there
promise "a driver that does not say whether the old certificate went likewise" is_not_told_what_is_left
promise "a next run that cannot write either puts the old certificate back, as it was" \
	comes_back_by_the_next_run
promise "a full card that holds its certificates twice" holds_it_twice
promise "key = new: a card without room for keys says so before the CA is asked" has_no_room_for_keys
promise "key = new: a key that was made in spite of the answer is the next run's" \
	has_made_the_key_all_the_same
promise "key = new: a card with room for keys, and none for certificates" has_room_for_keys_only

promise "a full card that minds the CKA_ID first: the old certificates make way" minds_both

promise "a card that wants a CKA_ID for each: written beside, then the two change places" \
	changes_places
promise "a crash before the new certificate is written beside" \
	goes_on_with_places "C_CreateObject#2 crash" "issued issued"
promise "a crash when the new certificate was written beside" \
	goes_on_with_places "C_CreateObject#2 after crash" "issued issued"
promise "a crash before the old certificate moves" \
	goes_on_with_places "C_SetAttributeValue#2 crash" "moved-aside issued"
promise "a crash between the two moves" \
	goes_on_with_places "C_SetAttributeValue#2 after crash" "moved-aside issued"
promise "a card that is pulled between the two moves" \
	goes_on_with_places "C_SetAttributeValue#3 removed" "moved-aside issued"
promise "a card that is pulled when both have moved" \
	goes_on_with_places "C_SetAttributeValue#3 after removed" "moved-aside issued"
promise "a crash between the two moves of the signature certificate" \
	goes_on_with_places "C_SetAttributeValue#5 crash" "written moved-aside"
promise "a crash between the two moves, among certificates that were kept" goes_on_among_kept_ones
promise "a token that lets the new one's CKA_ID not be changed: the old one moves first" \
	moves_the_old_one_first
promise "a token that changes no CKA_ID keeps the old certificates under theirs" leaves_all_as_it_was
promise "an entry of the version before this one is read and finished" reads_an_entry_of_before
promised
