#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew revoke --card: the card in hand proves it, with its PIN; as alice, through the socket.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
seat_of 5001
start_socket
WRONG=999999
ISSUER=$(openssl x509 -in $CA/issuing.pem -noout -subject -nameopt RFC2253 | sed 's/^subject=//')
WHICH='none\) $' CONSENT='Do you accept the agreement\? \(yes / no\) $' WHY='reason: $'
SURE='Revoke it\? \(yes / no\) $' ASK_PIN='PIN: $'

# a_card [LINE for [revocation]...]: Alice's, which the CA knows; the RA's log is empty. MADE: options
# of test-card.
MADE=
a_card() {
	rm -rf /var/lib/softhsm/tokens/* /var/lib/certrenew
	new_card Alice --key ec:P-256 $MADE
	ask_anew
	: > $RA_LOG
	: > /var/log/auth.log
	configure
	configure_revocation "$@"
	signature=$(serial_of signature) encryption=$(serial_of encryption)
}
serial_of() {
	certrenew status --json | grep "\"role\": \"$1\"" | sed 's/.*"serial_number": "\([0-9A-F]*\)".*/\1/'
}
# with_shim RULE...: likewise; the card's driver notes each call.
with_shim() {
	a_card
	install -m 666 /dev/null /run/shim.log
	shim "log /run/shim.log" "$@"
}
talk() { expect tests/lookup/revoke.exp --card "$@"; }
# unasked PIN [OPTION...]: without a terminal.
unasked() {
	pin=$1
	shift
	printf '%s\n' "$pin" | as_user alice env HOME=/home/alice certrenew revoke --card --accept-agreement "$@"
}
logins() { grep -c ' C_Login ' /run/shim.log || :; }
signatures() { grep -c ' C_Sign ' /run/shim.log || :; }
asked_nothing() { [ "$(requests)" = 0 ] || complain "$(requests) requests"; }
is_revoked() { case $(in_index "$1") in "R "*",$2") ;; *) complain "$(in_index "$1")" ;; esac; }
stands() { [ "$(in_index "$1" | cut -c1)" = V ] || complain "$(in_index "$1")"; }

# --- it is revoked ---------------------------------------------------------------------------------

whole() {
	with_shim
	card_list Alice > /run/before
	exits 0 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" yes "$ASK_PIN" $PIN
	chosen=$(sed -n 's/.*revoke signature \([0-9A-F]*\) 1 revoked.*/\1/p' $RA_LOG)
	is_revoked "$chosen" keyCompromise
	[ "$(requests) $(revocations)" = "1 1" ] || complain "$(cat $RA_LOG)"
	says $out "The certificate was revoked on $(date +%Y-%m-%d)"
	says $out "The certification authority said: revoked by the Example RA"
	says_not $out $PIN
	[ "$(logins) $(signatures)" = "1 1" ] || complain "$(logins) logins, $(signatures) signatures"
	tr -d '\r' < $out | grep -oE 'agreement: https|^Why|serial number [0-9A-F]*|cannot be undone|to revoke the certificate|was revoked on' > /run/order
	printf '%s\n' "agreement: https" Why "serial number $chosen" "cannot be undone" \
		"to revoke the certificate" "was revoked on" > /run/expected
	same /run/expected /run/order
	card_list Alice > /run/after
	same /run/before /run/after
	[ -z "$(ls /var/lib/certrenew/journal 2> /dev/null)" ] || complain "something is in the journal"
}

# of ROLE: unasked, in its own name or in that of the other.
of() {
	a_card
	eval "serial=\$$1"
	exits 0 unasked $PIN --serial "$serial" --reason superseded
	grep -q "revoke signature $serial 4 revoked" $RA_LOG || { cat $RA_LOG; return 1; }
	is_revoked "$serial" superseded
	says $out "The $1 certificate of Alice"
	says $out "cannot be undone"
	logs "revocation of certificate $serial, reason 4: done"
	logs "revoke for alice: renew: token"
}

then_not_renewed() {
	a_card
	for serial in $encryption $signature; do
		exits 0 unasked $PIN --serial "$serial" --reason keyCompromise
	done
	ask_anew
	exits 2 renew
	says $out "was revoked on $(date +%F) and cannot be renewed."
	[ "$(issued)" = 0 ] || complain "$(issued) issued"
}

agreement_is_logged() {
	a_card
	exits 0 unasked $PIN --serial "$signature" --reason keyCompromise
	logs "revocation of certificate $signature: uid 5001 accepted https://www.example.test/agreement"
}

# --- the PIN -----------------------------------------------------------------------------------------

wrong_pin() {
	with_shim
	exits 0 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" yes "$ASK_PIN" $WRONG "$ASK_PIN" $PIN
	says $out "That PIN was wrong"
	[ "$(logins)" = 2 ] || complain "$(logins) tries"
	[ "$(requests)" = 1 ] || complain "$(requests) requests"
}

wrong_pin_once() {
	with_shim
	exits 1 unasked $WRONG --serial "$signature" --reason keyCompromise
	says $out "The revocation was cancelled."
	says $out "Nothing was revoked."
	[ "$(logins) $(signatures)" = "1 0" ] || complain "$(logins) tries, $(signatures) signatures"
	asked_nothing
	stands "$signature"
}

by_a_careful_key() {
	MADE="--always-authenticate"
	with_shim
	MADE=
	exits 0 unasked $PIN --serial "$signature" --reason keyCompromise
	is_revoked "$signature" keyCompromise
	[ "$(signatures)" = 1 ] || complain "$(signatures) signatures"
	[ "$(grep ' C_Login ' /run/shim.log | sed 's/.* C_Login //; s/ pin .*→//' | xargs)" = \
		"user 0x0 context-specific 0x0" ] || { cat /run/shim.log; return 1; }
}

short_pin() {
	with_shim
	exits 1 unasked 123 --serial "$signature" --reason keyCompromise
	says $out "That PIN is too short for this card. It was not tried, so no try is lost."
	[ "$(logins)" = 0 ] || complain "$(logins) tries"
	asked_nothing
}

locked() {
	with_shim "flags +LOCKED"
	exits 3 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "The card's PIN is locked."
	says $out "Nothing was revoked."
	asked_nothing
}

# --- it is not ---------------------------------------------------------------------------------------

# ends_without STATUS [QUESTION ANSWER]...
ends_without() {
	a_card
	exits "$@"
	asked_nothing
	stands "$signature"
	stands "$encryption"
}

# as_another PROGRAM's WORD...: the helper is asked by a front end that has no scruples.
as_another() {
	as_user alice /usr/lib/certrenew-tests/test-ask revoke "issuer=$ISSUER" yes pin=$PIN "$@" > $out 2>&1 || :
}

another_card() {
	a_card
	first=$signature
	a_card
	as_another serial=$first reason=1
	says $out "code=52"
	as_another serial=$first card=0123456789abcdef reason=1
	says $out "code=41"
	as_another serial=$signature issuer=CN=Another reason=1
	says $out "code=52"
	asked_nothing
	stands "$signature"
}

reasons_of_another() {
	a_card
	for reason in -1 6 7 8 11; do
		as_another serial=$signature reason=$reason
		says $out "code=144"
	done
	asked_nothing
	as_another serial=$signature reason=1
	says $out "done "
	is_revoked "$signature" keyCompromise
}

# no_speaker OPTION...: a card whose signature certificate is missing or too old to sign anything.
no_speaker() {
	MADE=$*
	a_card
	exits 3 unasked $PIN --serial "$encryption" --reason keyCompromise
	says $out "The card holds no valid signature certificate that could ask for it."
	says $out "Nothing was revoked. Ask whoever gave you the card to revoke it."
	says_not $out "Enter your card's PIN"
	asked_nothing
}

already() {
	a_card
	exits 0 unasked $PIN --serial "$encryption" --reason keyCompromise
	exits 2 unasked $PIN --serial "$encryption" --reason keyCompromise
	says $out "The certificate is revoked already."
	says $out "The certification authority said: it was revoked before"
	[ "$(requests)" = 2 ] || complain "$(requests) requests"
}

pulled() {
	with_shim "$1"
	exits 3 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "The card was removed."
	says $out "Insert the card again and run 'certrenew revoke --card'."
	asked_nothing
	stands "$signature"
}

not_on_it() {
	a_card
	exits 1 unasked $PIN --serial 0123456789ABCDEF --reason keyCompromise
	says $out "No such certificate is on the card."
	asked_nothing
}

no_card() {
	a_card
	sed -i 's/^\[card\]/&\ntoken = pkcs11:token=Bob/' /etc/certrenew.conf
	exits 3 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "There is no card in the reader."
	asked_nothing
}

# The driver ends while the card is read: nothing has been sent.
unread() {
	with_shim "C_FindObjects crash"
	exits 3 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "Nothing was revoked."
	says_not $out "is not known"
	asked_nothing
}

# another RA, with the same store
misbehaving() {
	a_card
	again_ra --misbehave "$1"
	sed -i "s,localhost:[0-9]*,localhost:$RA_PORT," /etc/certrenew.conf
	exits "$2" unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "$3"
	[ "$(requests)" = 1 ] || complain "$(requests) requests"
	says_not $out "was revoked on"
	again_ra
}

gone() {
	a_card
	kill "$(cat /run/ra.pid)"
	within 5 is_free $RA_PORT
	exits 4 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "The certification authority cannot be reached."
	says $out "Whether the certificate was revoked is not known."
	again_ra
}

refused() {
	a_card "$1"
	shift
	exits "$1" unasked $PIN --serial "$signature" --reason "$2"
	says $out "$3"
	asked_nothing
}

# not_allowed: [access] allow names the seat's user, who is somebody else.
not_allowed() {
	a_card
	seat_of 5002
	exits 3 unasked $PIN --serial "$signature" --reason keyCompromise
	says $out "You may not use a card from here."
	asked_nothing
	seat_of 5001
}

without_a_terminal() {
	a_card
	exits 3 as_user alice env HOME=/home/alice certrenew revoke --card --serial "$signature" \
		--reason keyCompromise < /dev/null
	says $out "Without a terminal, --reason and --accept-agreement are needed."
	exits 1 unasked $PIN --reason keyCompromise
	says $out "say which one with --serial"
	exits 3 unasked $PIN --reason keyCompromise --email alice@example.test
	says $out "Usage: certrenew revoke"
	asked_nothing
}

promise "list, agreement, reason, what is final, PIN, done: one signature, and the card is as before" whole
promise "the signature certificate is revoked in its own name" of signature
promise "the encryption certificate is revoked in the signature certificate's name" of encryption
promise "what was revoked is not renewed afterwards" then_not_renewed
promise "who accepted which agreement for which certificate is logged" agreement_is_logged
promise "a wrong PIN is one try, and asked for again of the person" wrong_pin
promise "a wrong PIN and no other: nothing is asked of the CA" wrong_pin_once
promise "a key that wants the PIN for each signature is given it for this one" by_a_careful_key
promise "a PIN that is too short is not tried" short_pin
promise "a locked PIN is said, and nothing is asked of the CA" locked
promise "no choice: nothing is asked of the CA" ends_without 1 talk "$WHICH" nothing
promise "no to the agreement: nothing is asked of the CA" ends_without 1 talk "$WHICH" 1 "$CONSENT" no
promise "no reason: nothing is asked of the CA" \
	ends_without 1 talk "$WHICH" 1 "$CONSENT" yes "$WHY" nothing
promise "no, when it is said to be final: nothing is asked of the CA" \
	ends_without 1 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" no
promise "an empty line to that is no" \
	ends_without 1 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" nothing
promise "no PIN: nothing is asked of the CA" \
	ends_without 1 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" yes "$ASK_PIN" nothing
promise "Ctrl-C at the PIN ends it" \
	ends_without 130 talk "$WHICH" 1 "$CONSENT" yes "$WHY" 1 "$SURE" yes "$ASK_PIN" ctrl-c
promise "another card than the one that was chosen is not asked for its PIN" another_card
promise "a front end that asks for a reason that is none is refused" reasons_of_another
promise "a certificate that is revoked already is said to be" already
promise "a card that is pulled before it signs: nothing is asked of the CA" pulled "C_Sign removed"
promise "a card that is pulled at the PIN: nothing is asked of the CA" pulled "C_Login removed"
promise "a certificate that is not on the card is not revoked" not_on_it
promise "without a signature certificate on the card no PIN is asked for" \
	no_speaker --roles encryption
promise "nor with one that has expired" no_speaker --days -1
promise "without a card nothing is asked of the CA" no_card
promise "a driver that crashes before anything is sent: nothing was revoked" unread
promise "an answer that another signed is not believed" \
	misbehaving cmp-rogue-signer 4 "is not the certification authority"
promise "an answer with a wrong protection is not believed" \
	misbehaving cmp-protection 4 "is not the certification authority"
promise "an answer of another transaction is not believed" misbehaving cmp-transaction-id 4 "makes no sense"
promise "a CA's own no is shown with its words" \
	misbehaving cmp-not-authorized 2 "this person may not revoke online"
promise "a CA that is not there leaves it unknown, and says where to look" gone
promise "a CA that has only a form is not asked by the card" \
	refused "protocol = form" 3 keyCompromise "only by the challenge phrase"
promise "a certificate is suspended only where the configuration lets it" \
	refused "" 3 certificateHold "The certification authority suspends no certificates"
promise "who is not at the seat may not use its card" not_allowed
promise "without a terminal all has to be said beforehand" without_a_terminal
stop_socket
promised
