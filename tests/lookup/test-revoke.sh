#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew revoke with a challenge phrase by CMP: without a dialogue, against the test RA, which
# keeps its revocations in the index that the real `openssl ocsp` answers from.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
for person in one two three four five six seven eight nine ten eleven; do
	serial=$(certify "Person $person" "$person@example.test")
	eval "$person=\$serial"
	phrase_for "$serial"
done
tell_people

# revoke PHRASE [OPTION...]: as a person who has no right of ours.
revoke() {
	phrase=$1
	shift
	printf '%s' "$phrase" |
		as_user alice env HOME=/home/alice certrenew revoke --phrase-fd 0 --accept-agreement "$@"
}
# anew [OPTION of test-ra...]: another RA with the same store, and nothing in its log.
anew() {
	again_ra "$@"
	cp /run/good.conf /etc/certrenew.conf
	sed -i "s,^url = https://localhost:[0-9]*/cmp,url = https://localhost:$RA_PORT/cmp," /etc/certrenew.conf
}
set_key() { sed -i "/^\[revocation\]/a $1" /etc/certrenew.conf; }
is_not_revoked() { [ "$(in_index "$1" | cut -c1)" = V ] || complain "it is revoked: $(in_index "$1")"; }
refused() {
	wanted=$1 sentence=$2
	shift 2
	exits "$wanted" revoke "$@"
	says $out "$sentence"
	[ "$(requests)" -le 1 ] || complain "$(requests) requests"
}

# --- it is revoked ---------------------------------------------------------------------------------

with_the_phrase() {
	anew
	exits 0 revoke "$PHRASE" --email one@example.test --reason keyCompromise
	says $out "The certificate was revoked on $(date +%Y-%m-%d)"
	says $out "The certification authority said: revoked by the Example RA"
	case $(in_index "$one") in "R "*,keyCompromise) ;; *) complain "$(in_index "$one")" ;; esac
	[ "$(requests)" = 1 ] || complain "$(requests) requests"
	ask_anew
	openssl ocsp -issuer $CA/issuing.pem -serial "0x$one" -url "http://127.0.0.1:$OCSP_PORT/" \
		-CAfile $CA/root.pem > /run/ocsp.out 2>&1 || :
	says /run/ocsp.out "revoked"
	says /run/ocsp.out "keyCompromise"
	as_user alice certrenew search --email one@example.test --status revoked > "$out"
	says "$out" "$one"
}

each_reason() {
	number=0
	for reason in superseded:4 cessationOfOperation:5 affiliationChanged:3 unspecified:0; do
		number=$((number + 1))
		eval "serial=\$$(echo 'two three four five' | cut -d' ' -f$number)"
		anew
		name=$(openssl x509 -inform der -in "$CA/issued/$serial.der" -noout -email)
		exits 0 revoke "$PHRASE" --email "$name" --reason "${reason%:*}"
		grep -q "revoke mac $serial ${reason#*:} revoked" $RA_LOG || { cat $RA_LOG; return 1; }
	done
}

suspended() {
	anew
	exits 3 revoke "$PHRASE" --email six@example.test --reason certificateHold
	says $out "The certification authority suspends no certificates"
	set_key "suspend = yes"
	exits 0 revoke "$PHRASE" --email six@example.test --reason certificateHold
	grep -q "revoke mac $six 6 revoked" $RA_LOG
}

by_serial() {
	anew
	exits 0 revoke "$PHRASE" --email seven@example.test --serial "$seven" --reason keyCompromise
	grep -q "revoke mac $seven 1 revoked" $RA_LOG
}

sha1() {
	anew
	set_key "digest = sha1"
	exits 2 revoke "wrong" --email eight@example.test --reason keyCompromise
	exits 0 revoke "$PHRASE" --email eight@example.test --reason keyCompromise
}

iterations() {
	anew
	exits 2 revoke "wrong" --email ten@example.test --reason keyCompromise
	grep -q "phrase mac-of-10000-iterations $ten" $RA_LOG || { cat $RA_LOG; return 1; }
	set_key "iterations = 500"
	exits 2 revoke "wrong" --email ten@example.test --reason keyCompromise
	grep -q "phrase mac-of-500-iterations $ten" $RA_LOG
}

# by_reference REFERENCE NAME PERSON
by_reference() {
	serial=$(certify "Person $3" "$3@example.test")
	stop_directory; fill_directory; start_directory
	ask_anew
	phrase_for "$2" "a phrase for $1"
	anew
	sed -i "s,^url = ldap://127.0.0.1:[0-9]*,url = ldap://127.0.0.1:$LDAP_PORT," /etc/certrenew.conf
	set_key "reference = $1"
	exits 0 revoke "a phrase for $1" --email "$3@example.test" --reason keyCompromise
	grep -q "revoke mac $serial 1 revoked" $RA_LOG
}

of_a_fixed_text() {
	phrase_for office
	anew
	set_key "reference = office"
	exits 0 revoke "$PHRASE" --email nine@example.test --reason keyCompromise
}

# --- it is not ---------------------------------------------------------------------------------------

wrong_phrase() {
	anew
	refused 2 "The challenge phrase was wrong." "green whale" --email ten@example.test --reason keyCompromise
	[ "$(requests)" = 1 ] || complain "$(requests) requests"
	[ "$(grep -c 'phrase wrong' $RA_LOG)" = 1 ] || complain "$(cat $RA_LOG)"
	is_not_revoked "$ten"
	logs "revocation of certificate $ten: revoke-phrase: "
}

already() {
	anew
	stop_responder
	refused 2 "The certificate is revoked already." "$PHRASE" --email one@example.test --reason keyCompromise
	start_responder
}

unknown() {
	anew
	stop_responder
	mv $CA/index.txt /run/index.txt
	grep -v "$ten" /run/index.txt > $CA/index.txt
	refused 2 "does not know this certificate" "$PHRASE" --email ten@example.test --reason keyCompromise
	mv /run/index.txt $CA/index.txt
	start_responder
	says $out "The certification authority said: no such certificate was issued"
}

limited() {
	anew --phrase-tries 2
	exits 2 revoke "one" --email ten@example.test --reason keyCompromise
	exits 2 revoke "two" --email ten@example.test --reason keyCompromise
	exits 2 revoke "$PHRASE" --email ten@example.test --reason keyCompromise
	says $out "The certification authority takes no more tries for this certificate."
	[ "$(requests)" = 3 ] || complain "$(requests) requests"
	is_not_revoked "$ten"
}

reason_refused() {
	anew --refuse-reason 4
	refused 2 "The certification authority does not permit this reason." "$PHRASE" \
		--email ten@example.test --reason superseded
	says $out "The certification authority said: this reason is not permitted"
	is_not_revoked "$ten"
}

not_authorised() {
	anew --misbehave cmp-not-authorized
	refused 2 "The certification authority does not let you revoke it." "$PHRASE" \
		--email ten@example.test --reason keyCompromise
	says $out "The certification authority said: this person may not revoke online"
}

waits() {
	anew --misbehave revoke-waiting
	refused 2 "has not decided on it yet" "$PHRASE" --email ten@example.test --reason keyCompromise
}

no_such_reason() {
	for reason in cACompromise aACompromise nonsense 1; do
		anew
		refused 3 "There is no such reason" "$PHRASE" --email ten@example.test --reason $reason
		[ "$(requests)" = 0 ] || complain "$(requests) requests"
	done
}

nobody_there() {
	anew
	refused 1 "No such valid certificate is in the directory." "$PHRASE" --email nobody@example.test \
		--reason keyCompromise
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

# --- plain HTTP ------------------------------------------------------------------------------------

plain_in_the_configuration() {
	anew
	sed -i "s,^url = https://localhost:$RA_PORT/cmp,url = http://localhost:$RA_PORT/cmp," /etc/certrenew.conf
	refused 3 "is not an https:// URL" "$PHRASE" --email ten@example.test --reason keyCompromise
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

redirected() {
	anew --misbehave redirect-other
	exits 2 revoke "$PHRASE" --email ten@example.test --reason keyCompromise
	says $out "points to another server"
	is_not_revoked "$ten"
}

another_server() {
	anew --server-cert $CA/rogue-server.pem --server-key $CA/rogue-server.key
	exits 4 revoke "$PHRASE" --email ten@example.test --reason keyCompromise
	says $out "The server that answered is not the certification authority."
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

# --- RAs that misbehave ------------------------------------------------------------------------------

# misbehaving NAME STATUS SENTENCE
misbehaving() {
	serial=$(certify "Person $1" "$1@example.test")
	phrase_for "$serial"
	stop_directory; fill_directory; start_directory
	ask_anew
	anew --misbehave "$1"
	exits "$2" revoke "$PHRASE" --email "$1@example.test" --reason keyCompromise
	says $out "$3"
	[ "$(requests)" = 1 ] || complain "$(requests) requests"
	says_not $out "was revoked on"
}

says_so_and_does_nothing() {
	anew --misbehave revoke-nothing
	exits 0 revoke "$PHRASE" --email ten@example.test --reason keyCompromise
	says $out "Its status does not say so yet"
	says $out "certrenew search --status any"
}

gone() {
	anew
	kill "$(cat /run/ra.pid)"
	within 5 is_free $RA_PORT
	exits 4 revoke "$PHRASE" --email ten@example.test --reason keyCompromise
	says $out "The certification authority cannot be reached."
	says $out "Whether the certificate was revoked is not known."
}

# --- how the phrase comes, and where it does not go --------------------------------------------------

from() {
	anew
	as_user alice env HOME=/home/alice sh -c "certrenew revoke --email ten@example.test \
		--reason keyCompromise --accept-agreement $1" > $out 2>&1 || [ $? = 1 ] || complain "status $?"
	says $out "$2"
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

nowhere() {
	anew --misbehave stall
	mkfifo /run/phrase 2> /dev/null || :
	chmod 666 /run/phrase
	ulimit -c unlimited
	as_user alice env HOME=/home/alice certrenew revoke --email ten@example.test --phrase-fd 3 \
		--reason keyCompromise --accept-agreement 3< /run/phrase > $out 2>&1 &
	pid=$!
	printf '%s' "$PHRASE" > /run/phrase
	within 10 grep -q 'revoke mac' $RA_LOG
	for file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
		! tr '\0' '\n' < "$file" 2> /dev/null | grep -qF "$PHRASE" || complain "it is in $file"
	done
	child=$(pgrep -x certrenew-looku)
	kill -ABRT "$child"
	wait $pid || :
	is_nowhere "$PHRASE" /var/log /home/alice /run/certrenew /tmp
	[ -z "$(find . /home/alice /tmp -maxdepth 1 -name 'core*' -newer /run/phrase)" ] || complain "a core"
}

undumpable() {
	anew --misbehave stall
	mkfifo /run/phrase 2> /dev/null || :
	as_user alice env HOME=/home/alice certrenew revoke --email eleven@example.test --phrase-fd 3 \
		--reason keyCompromise --accept-agreement 3< /run/phrase > $out 2>&1 &
	pid=$!
	printf '%s' "$PHRASE" > /run/phrase
	within 10 grep -q 'revoke mac' $RA_LOG
	child=$(pgrep -x certrenew-looku)
	grep -q '^Max core file size *0 *0 ' "/proc/$child/limits"
	! as_user alice cat "/proc/$child/environ" > /dev/null 2>&1 || complain "its memory can be read"
	kill "$child"
	wait $pid || :
}

agreement_is_logged() {
	anew
	exits 2 revoke "green whale" --email ten@example.test --reason keyCompromise
	logs "revocation of certificate $ten: uid 5001 accepted https://www.example.test/agreement"
	grep certrenew-lookup /var/log/auth.log > /run/log
	says_not /run/log "Person ten"
	says_not /run/log "ten@example.test"
}

not_accepted() {
	anew
	printf '%s' "$PHRASE" > /run/given
	exits 1 as_user alice env HOME=/home/alice certrenew revoke --email ten@example.test --phrase-fd 0 \
		--reason keyCompromise < /run/given
	says $out "--accept-agreement was not given"
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
}

promise "the phrase revokes the certificate: the index, OCSP and the search say so" with_the_phrase
promise "each reason is what the CA is told" each_reason
promise "a certificate is suspended only where the configuration lets it" suspended
promise "--serial says which certificate" by_serial
promise "a CA that knows SHA-1 only is spoken to with SHA-1, where that is set" sha1
promise "the phrase is hashed ten thousand times for the proof, or as often as is set" iterations
promise "the phrase is found by the certificate's subject" by_reference subject \
	"CN=Person subject,O=Example Government,C=TW" subject
promise "the phrase is found by the e-mail address" by_reference email email@example.test email
promise "the phrase is found by a text that is the same for all" of_a_fixed_text
promise "a wrong phrase is tried once, and said to be wrong" wrong_phrase
promise "a certificate that is revoked already is said to be" already
promise "a certificate that the CA does not know is said to be unknown" unknown
promise "a CA that limits tries is not asked again, and that is said" limited
promise "a reason that the CA does not permit is said to be not permitted" reason_refused
promise "a CA's own no is shown with its words" not_authorised
promise "a CA that has yet to decide has not revoked" waits
promise "reasons that are no person's, or none, are refused before anything is asked" no_such_reason
promise "without a certificate nothing is asked of the CA" nobody_there
promise "plain HTTP is refused in the configuration" plain_in_the_configuration
promise "a redirection to another server is not followed" redirected
promise "a server that is not trusted gets no phrase" another_server
promise "an answer with a wrong protection is not believed" \
	misbehaving cmp-protection 4 "is not the certification authority"
promise "an answer without a protection is not believed" \
	misbehaving cmp-no-protection 4 "is not the certification authority"
promise "an answer of another transaction is not believed" misbehaving cmp-transaction-id 4 "makes no sense"
promise "an answer to another nonce is not believed" misbehaving cmp-nonce 4 "makes no sense"
promise "an answer cut short is not believed" misbehaving cmp-truncated 4 "makes no sense"
promise "an answer that claims gigabytes is not believed" misbehaving cmp-huge-length 4 "makes no sense"
promise "an answer with something behind it is not believed" misbehaving cmp-trailing 4 "makes no sense"
promise "an answer that stops halfway leaves it unknown" misbehaving half 4 "is not known"
promise "an answer that is far too large is not read" misbehaving huge 4 "far too large"
promise "a CA that says it is done and does nothing is found out by the status" says_so_and_does_nothing
promise "a CA that is not there leaves it unknown, and says where to look" gone
promise "a descriptor that is closed is no phrase" from "--phrase-fd 9" "The challenge phrase cannot be read."
promise "a phrase that is too long is not cut short" \
	from "--phrase-fd 3 3< /etc/services" "The challenge phrase is too long."
promise "a phrase with a NUL is refused" from "--phrase-fd 3 3< /proc/self/environ" "The challenge phrase is not text."
promise "an empty phrase is none" from "--phrase-fd 3 3< /dev/null" "There was no challenge phrase."
promise "who accepted which agreement for which certificate is logged, and no name" agreement_is_logged
promise "without --accept-agreement nothing is asked of the CA" not_accepted
promise "the phrase is in no command line, environment, log or core" nowhere
promise "nobody but root reads the process's memory" undumpable
promised
