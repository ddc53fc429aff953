#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew revoke by a CA's web form, after Dogtag's, and with other names for all of it.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
for person in one two three four; do
	serial=$(certify "Person $person" "$person@example.test")
	eval "$person=\$serial"
	phrase_for "$serial" "100% \"blå\" & = + whale"
done
PHRASE="100% \"blå\" & = + whale"
tell_people

revoke() {
	phrase=$1
	shift
	printf '%s' "$phrase" |
		as_user alice env HOME=/home/alice certrenew revoke --phrase-fd 0 --accept-agreement \
			--reason keyCompromise "$@"
}
# anew [OPTION of test-ra...]
anew() {
	again_ra "$@"
	cp /run/good.conf /etc/certrenew.conf
	sed -i "s,^url = https://localhost:[0-9]*/cmp,url = https://localhost:$RA_PORT/ca/ee/ca/challengeRevocation1\nprotocol = form," \
		/etc/certrenew.conf
}
set_key() { sed -i "/^\[revocation\]/a $1" /etc/certrenew.conf; }
asked_once() { [ "$(requests)" = 1 ] || complain "$(requests) requests"; }

done_as_dogtag_has_it() {
	anew
	exits 0 revoke "$PHRASE" --email one@example.test
	says $out "The certificate was revoked on $(date +%Y-%m-%d)"
	grep -q "revoke form $one 1 revoked" $RA_LOG
	asked_once
	case $(in_index "$one") in "R "*,keyCompromise) ;; *) complain "$(in_index "$one")" ;; esac
}

decimal() {
	anew
	set_key "serial_format = decimal"
	exits 0 revoke "$PHRASE" --email two@example.test
	grep -q "revoke form $two 1 revoked" $RA_LOG
}

wrong_phrase() {
	anew
	exits 2 revoke "green whale" --email three@example.test
	says $out "The challenge phrase was wrong."
	asked_once
}

already() {
	anew
	stop_responder
	exits 2 revoke "$PHRASE" --email one@example.test
	says $out "The certificate is revoked already."
	start_responder
}

unknown() {
	grep -v "$three" $CA/phrases > /run/phrases
	mv $CA/phrases /run/all
	cp /run/phrases $CA/phrases
	anew
	exits 2 revoke "$PHRASE" --email three@example.test
	says $out "does not know this certificate"
	mv /run/all $CA/phrases
}

limited() {
	anew --phrase-tries 1
	exits 2 revoke "one" --email three@example.test
	exits 2 revoke "$PHRASE" --email three@example.test
	says $out "takes no more tries"
}

reason_refused() {
	anew --refuse-reason 1
	set_key "reason_refused = is not permitted"
	exits 2 revoke "$PHRASE" --email three@example.test
	says $out "does not permit this reason"
}

other_success() {
	anew
	set_key "success = The certificate is gone"
	exits 4 revoke "$PHRASE" --email four@example.test
	says $out "answer does not say that the certificate was revoked"
	says_not $out "was revoked on"
}

other_names() {
	anew
	set_key "serial_field = serial"
	exits 2 revoke "$PHRASE" --email three@example.test
	says $out "The certification authority refused the request."
	asked_once
}

elsewhere() {
	anew --misbehave redirect-other
	exits 2 revoke "$PHRASE" --email three@example.test
	says $out "points to another server"
	asked_once
}

needs_its_names() {
	anew
	set_key "success ="
	exits 3 revoke "$PHRASE" --email three@example.test
	says $out "[revocation] success: there is no value"
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

promise "the form revokes, and the phrase may hold any character" done_as_dogtag_has_it
promise "a form that wants the serial number in decimal gets it so" decimal
promise "a wrong phrase is tried once, and said to be wrong" wrong_phrase
promise "a certificate that is revoked already is said to be" already
promise "a certificate that the CA does not know is said to be unknown" unknown
promise "a CA that limits tries says so" limited
promise "a reason that the CA does not permit is said to be not permitted" reason_refused
promise "an answer without the sign of success is none" other_success
promise "a form whose fields have other names says no" other_names
promise "a redirection to another server is not followed" elsewhere
promise "a form without a sign of success is refused in the configuration" needs_its_names
promised
