#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew revoke on a terminal: the order of the questions, and what an answer that is none does.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
one=$(certify "Carol Wu" carol@example.test)
two=$(certify "Carol Wu" carol@example.test --role encryption)
dan=$(certify "Dan Ho" dan@example.test)
for serial in $one $two $dan; do phrase_for "$serial"; done
tell_people

WHO='name\) $' WHICH='none\) $' CONSENT='no\) $' SECRET='phrase: $' WHY='reason: $'
talk() { expect tests/lookup/revoke.exp "$@"; }
asked_nothing() { [ "$(requests)" = 0 ] || complain "$(requests) requests"; }

# ends_without STATUS [QUESTION ANSWER]...
ends_without() {
	: > $RA_LOG
	exits "$@"
	asked_nothing
}

whole() {
	: > $RA_LOG
	exits 0 talk "$WHO" dan@example.test "$CONSENT" yes "$SECRET" "$PHRASE" "$WHY" 2
	grep -q "revoke mac $dan 4 revoked" $RA_LOG
	tr -d '\r' < $out | grep -nE '^(Name|E-mail|Status|Valid until|Subject|Serial number|Issuer) |agreement:|cannot be undone|^Why|was revoked on' |
		sed 's/^[0-9]*://; s/  .*//; s/ on .*//; s/.*agreement: .*/agreement/; s/.*cannot be undone.*/final/; s/^Why.*/why/' > /run/order
	printf '%s\n' Name E-mail Status "Valid until" Subject "Serial number" Issuer agreement final why \
		"The certificate was revoked" > /run/expected
	same /run/expected /run/order
	says_not $out "$PHRASE"
}

chosen_from_a_list() {
	: > $RA_LOG
	exits 0 talk "$WHO" "Carol Wu" "$WHICH" 2 "$CONSENT" yes "$SECRET" "$PHRASE" "$WHY" 1
	chosen=$(sed -n 's/.*revoke mac \([0-9A-F]*\) 1 revoked.*/\1/p' $RA_LOG)
	tr -d '\r' < $out | grep -q "^   2 .* $chosen$" || { cat $out; complain "not number 2: $chosen"; }
	[ "$(revocations)" = 1 ] || complain "$(revocations) revocations"
}

in_other_words() {
	: > $RA_LOG
	exits 1 talk "$WHO" carol@example.test "$CONSENT" "of course"
	asked_nothing
}

from_the_menu() {
	entry=/usr/share/applications/certrenew-revoke.desktop
	grep -qx Terminal=true $entry
	: > $RA_LOG
	exits 1 env COMMAND="$(sed -n 's/^Exec=//p' $entry)" expect tests/lookup/revoke.exp \
		"$WHO" nobody@example.test 'in the directory\.\s+Press Enter to close this window\.$' nothing
	asked_nothing
}
waits_for_nobody() {
	exits 1 as_user alice env HOME=/home/alice certrenew revoke --wait --email nobody@example.test \
		--reason keyCompromise --phrase-fd 0 --accept-agreement < /dev/null
	says_not $out "Press Enter"
}

promise "search, details, agreement, phrase, reason, done: in the order of the CAs' guides" whole
promise "one of several is chosen from a list, and it alone is revoked" chosen_from_a_list
promise "no name: nothing is asked of the CA" ends_without 1 talk "$WHO" nothing
promise "nobody found: nothing is asked of the CA" ends_without 1 talk "$WHO" nobody@example.test
promise "no to the agreement: nothing is asked of the CA" \
	ends_without 1 talk "$WHO" carol@example.test "$CONSENT" no
promise "what is not yes is no" in_other_words
promise "an empty line to the agreement is no" \
	ends_without 1 talk "$WHO" carol@example.test "$CONSENT" nothing
promise "no phrase: nothing is asked of the CA" \
	ends_without 1 talk "$WHO" carol@example.test "$CONSENT" yes "$SECRET" nothing
promise "no reason: nothing is asked of the CA" \
	ends_without 1 talk "$WHO" carol@example.test "$CONSENT" yes "$SECRET" "$PHRASE" "$WHY" nothing
promise "a reason that is not on the list is asked for again, three times" \
	ends_without 1 talk "$WHO" carol@example.test "$CONSENT" yes "$SECRET" "$PHRASE" "$WHY" 7 "$WHY" 0 "$WHY" x
promise "the menu's window stays open until its last words were read" from_the_menu
promise "--wait waits for nobody where there is no terminal" waits_for_nobody
promise "Ctrl-C at the phrase ends it" \
	ends_without 130 talk "$WHO" carol@example.test "$CONSENT" yes "$SECRET" ctrl-c
promised
