#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew set-phrase: the CA takes a new challenge phrase, encrypted to it and signed by the card;
# as alice, through the socket. The CA's keys are RSA's, which a phrase can be encrypted to.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

test-ca init $CA --shared-keys --rsa > /dev/null
begin_revocations
seat_of 5001
start_socket
NEW="fin whale, 1999"
new_card Alice --key ec:P-256
tell_people "reference = subject" "phrase_certificate = $CA/issuing.pem"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=EC -out /run/ec.pem 2> /dev/null

# set_up [SED EXPRESSION...]: as above, nothing asked and no phrase known yet.
set_up() {
	cp /run/good.conf /etc/certrenew.conf
	for change in "$@"; do sed -i "$change" /etc/certrenew.conf; done
	: > $RA_LOG
	: > $CA/phrases
	: > /var/log/auth.log
	install -m 666 /dev/null /run/shim.log
	shim "log /run/shim.log"
}
# with LINE...: the phrase, once more, the PIN.
with() { printf '%s\n' "$@" | as_user alice env HOME=/home/alice certrenew set-phrase; }
signatures() { grep -c ' C_Sign ' /run/shim.log || :; }
asked_nothing() {
	[ "$(requests)" = 0 ] || complain "$(requests) requests"
	[ ! -s $CA/phrases ] || complain "$(cat $CA/phrases)"
}

then_it_revokes() {
	set_up
	exits 0 with "$NEW" "$NEW" $PIN
	says $out "The certification authority has taken the challenge phrase."
	says_not $out "$NEW"
	[ "$(requests) $(signatures)" = "1 1" ] || complain "$(requests) requests, $(signatures) signatures"
	logs "challenge phrase set, in the name of certificate"
	serial=$(certrenew status --json | grep '"role": "encryption"' | sed 's/.*"serial_number": "\([0-9A-F]*\)".*/\1/')
	printf '%s' "$PHRASE" > /run/old
	exits 2 as_user alice env HOME=/home/alice certrenew revoke --name "Alice Chen" --serial "$serial" \
		--reason keyCompromise --accept-agreement --phrase-fd 0 < /run/old
	printf '%s' "$NEW" > /run/new
	exits 0 as_user alice env HOME=/home/alice certrenew revoke --name "Alice Chen" --serial "$serial" \
		--reason keyCompromise --accept-agreement --phrase-fd 0 < /run/new
	grep -q "revoke mac $serial 1 revoked" $RA_LOG || { cat $RA_LOG; return 1; }
}

as_it_is() {
	set_up
	exits 0 with "$1" "$1" $PIN
	[ "$(cut -f2 $CA/phrases)" = "$1" ] || complain "$(cat $CA/phrases)"
}

# refused_first SENTENCE LINE...
refused_first() {
	set_up
	sentence=$1
	shift
	exits 0 with "$@" "$NEW" "$NEW" $PIN
	says $out "$sentence"
	[ "$(cut -f2 $CA/phrases)" = "$NEW" ] || complain "$(cat $CA/phrases)"
}

given_up() {
	set_up
	exits 1 with "$@"
	says $out "It was cancelled."
	says $out "The challenge phrase was not set"
	asked_nothing
}

wrong_pin() {
	set_up
	exits 0 with "$NEW" "$NEW" 999999 $PIN
	says $out "That PIN was wrong"
	[ "$(grep -c ' C_Login ' /run/shim.log)" = 2 ]
}

not_offered() {
	set_up "$1"
	exits 3 with "$NEW" "$NEW" $PIN
	says $out "cannot be set from here: ask whoever gave you the card."
	asked_nothing
}

not_usable() {
	set_up "s,^phrase_certificate = .*,phrase_certificate = $1,"
	exits 3 with "$NEW" "$NEW" $PIN
	says $out "certrenew is not set up correctly on this computer."
	asked_nothing
}

not_in_the_clear() {
	set_up
	exits 0 with "$NEW" "$NEW" $PIN
	is_nowhere "$NEW" /var/log /home/alice /run/certrenew /var/lib/certrenew /tmp
}

# another RA, with the same store
misbehaving() {
	set_up
	again_ra --misbehave "$1"
	sed -i "s,localhost:[0-9]*/cmp,localhost:$RA_PORT/cmp," /etc/certrenew.conf /run/good.conf
	exits 3 with "$NEW" "$NEW" $PIN
	says $out "$2"
	says $out "the old one may still count"
	says_not $out "has taken"
	again_ra
	sed -i "s,localhost:[0-9]*/cmp,localhost:$RA_PORT/cmp," /run/good.conf
}

promise "the phrase is set with one signature of the card, and revokes afterwards; the old one does not" \
	then_it_revokes
promise "a phrase in Chinese arrives as it is" as_it_is "藍鯨在海裡游泳唱歌"
promise "a long phrase arrives as it is" as_it_is "$(yes whale | head -n 40 | tr -d '\n')"
promise "a phrase that is too short is asked for again" refused_first "That phrase is too short" short
promise "characters count, not bytes" refused_first "That phrase is too short" "藍鯨藍鯨"
promise "a phrase that is not the same twice is asked for again" \
	refused_first "The two phrases are not the same." "$NEW" "$NEW!"
promise "three that are too short end it" given_up a b c
promise "no phrase: nothing is asked of the CA" given_up ""
promise "no PIN: nothing is asked of the CA" given_up "$NEW" "$NEW"
promise "a wrong PIN is one try, and asked for again of the person" wrong_pin
promise "a CA that takes no phrase is not asked, and it is said whom to ask" \
	not_offered "/^phrase_certificate/d"
promise "nor one that has only a form" not_offered "s/^reference = subject/&\nprotocol = form/"
promise "a certificate that is none of RSA is refused" not_usable /run/ec.pem
promise "so is one that is not there" not_usable /run/nothing.pem
promise "the phrase is in no log, folder or file of ours" not_in_the_clear
promise "an answer that another signed is not believed" \
	misbehaving cmp-rogue-signer "is not the certification authority"
promise "an answer with a wrong protection is not believed" \
	misbehaving cmp-protection "is not the certification authority"
promise "an answer of another transaction is not believed" misbehaving cmp-transaction-id "makes no sense"
stop_socket
promised
