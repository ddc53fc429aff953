#!/bin/sh
# SPDX-License-Identifier: MIT
# Whether a certificate still stands: openssl's own responder, revocation lists, and answers that
# must not be believed. In `certrenew search`, `status --online`, and before a renewal.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh

prepare_cards
start_web
OCSP_PORT=$(free_port)
OCSP=http://127.0.0.1:$OCSP_PORT/
CRL=http://127.0.0.1:$WEB_PORT/all.crl
ca_tells $OCSP $CRL
start_responder
start_ra

alice=$(certify "Alice Chen" alice@example.test)
cp /run/person.der /run/alice.der
bob=$(certify "Bob Lin" bob@example.test)
cp /run/person.der /run/bob.der
carol=$(certify "Carol Wu" carol@example.test)
revoke_certificate "$bob" affiliationChanged
fill_directory
start_directory
configure
configure_directory
cp /etc/certrenew.conf /run/good.conf

# set_up [LINE for [status]...]: with nothing cached.
set_up() {
	cp /run/good.conf /etc/certrenew.conf
	for line in "$@"; do echo "$line" >> /etc/certrenew.conf; done
	rm -rf /home/alice/.cache
	: > $WEB_LOG
	test-ca list --ca $CA --out $WEB/all.crl
}
# status_of NAME@: what `search` says; standing NAME@ STATUS
standing() {
	as_user alice env HOME=/home/alice certrenew search --json --email "$1@example.test" --status any > $out || :
	says $out "\"status\": \"$2\""
}
not_asked() {
	standing "$1" not-asked
	says $out "\"error\": \"$2\""
}
# answer FILE: the web gives this for an OCSP question.
canned="ocsp = http://127.0.0.1:$WEB_PORT/answer"

# --- OCSP -----------------------------------------------------------------------------------------

good_and_revoked() {
	set_up "check = ocsp"
	standing alice valid
	standing bob revoked
	says $out '"reason": "affiliationChanged"'
}
unknown() {
	set_up "check = auto"
	sed -i.bak "/$carol/d" $CA/index.txt
	stop_responder; start_responder
	standing carol unknown
	mv $CA/index.txt.bak $CA/index.txt
	stop_responder; start_responder
}
prepared() {
	set_up "check = ocsp" "$canned"
	test-ca good --ca $CA --certificate /run/alice.der --out $WEB/answer
	standing alice valid
}
by_the_ca_itself() {
	set_up "check = ocsp" "$canned"
	test-ca good --ca $CA --certificate /run/alice.der --signer issuing --out $WEB/answer
	standing alice valid
}
unauthorised() {
	set_up "check = ocsp" "$canned"
	for signer in server rogue-issuing root; do
		test-ca good --ca $CA --certificate /run/bob.der --signer $signer --out $WEB/answer
		not_asked bob ca-untrusted
	done
}
old() {
	set_up "check = ocsp" "$canned"
	now=$(date +%s)
	test-ca good --ca $CA --certificate /run/bob.der --this-update $((now - 9000)) \
		--next-update $((now - 3600)) --out $WEB/answer
	not_asked bob ca-garbage
	test-ca good --ca $CA --certificate /run/bob.der --this-update $((now + 3600)) \
		--next-update $((now + 9000)) --out $WEB/answer
	not_asked bob ca-garbage
}
another_certificate() {
	set_up "check = ocsp" "$canned"
	test-ca good --ca $CA --certificate /run/alice.der --out $WEB/answer
	not_asked bob ca-garbage
}
garbage() {
	set_up "check = ocsp" "$canned"
	head -c 3000 /dev/urandom > $WEB/answer
	not_asked bob ca-garbage
	: > $WEB/answer
	not_asked bob ca-garbage
	rm $WEB/answer
	not_asked bob ca-refused
	head -c 1000000 /dev/zero > $WEB/answer
	not_asked bob ca-too-large
}
hang() {
	set_up "check = ocsp" "ocsp = http://127.0.0.1:$WEB_PORT/hang"
	sed -i '/^\[status\]/,$s/^timeout = 5s/timeout = 1s/' /etc/certrenew.conf
	begun=$(now_ms)
	not_asked bob ca-timeout
	[ $(($(now_ms) - begun)) -lt 5000 ] || complain "it took $(($(now_ms) - begun)) ms"
}
down() {
	set_up "check = ocsp"
	stop_responder
	not_asked bob ca-unreachable
	start_responder
}
off() {
	set_up "check = off"
	not_asked bob config
}

# --- lists ----------------------------------------------------------------------------------------

lists() {
	set_up "check = crl"
	standing alice valid
	standing bob revoked
	says $out '"reason": "affiliationChanged"'
}
list_where_ocsp_fails() {
	set_up "check = auto"
	stop_responder
	standing bob revoked
	standing alice valid
	start_responder
}
cached() {
	set_up "check = crl"
	standing bob revoked
	standing bob revoked
	standing alice valid
	[ "$(grep -c all.crl $WEB_LOG)" = 1 ] || { cat $WEB_LOG; return 1; }
}
cached_and_old() {
	set_up "check = crl"
	now=$(date +%s)
	# Within the slack for clocks when it comes, and past it afterwards.
	test-ca list --ca $CA --this-update $((now - 9000)) --next-update $((now - 298)) --out $WEB/all.crl
	standing bob revoked
	while [ "$(date +%s)" -lt $((now + 4)) ]; do sleep 0.2; done
	test-ca list --ca $CA --out $WEB/all.crl
	standing bob revoked
	[ "$(grep -c all.crl $WEB_LOG)" = 2 ] || { cat $WEB_LOG; return 1; }
}
cache_spoilt() {
	set_up "check = crl"
	standing bob revoked
	for file in /home/alice/.cache/certrenew/crl-*; do head -c 500 /dev/urandom > "$file"; done
	standing bob revoked
	[ "$(grep -c all.crl $WEB_LOG)" = 2 ]
}
expired_list() {
	set_up "check = crl"
	now=$(date +%s)
	test-ca list --ca $CA --this-update $((now - 9000)) --next-update $((now - 3600)) --out $WEB/all.crl
	not_asked bob ca-garbage
}
wrong_signature() {
	set_up "check = crl"
	test-ca list --ca $CA --rogue --out $WEB/all.crl
	not_asked alice ca-untrusted
	test-ca list --ca $CA | perl -pe 'BEGIN { $/ = undef } substr($_, -3, 1) ^= "\x01"' > $WEB/all.crl
	not_asked alice ca-untrusted
}
no_list() {
	set_up "check = crl"
	head -c 3000 /dev/urandom > $WEB/all.crl
	not_asked alice ca-garbage
	rm $WEB/all.crl
	not_asked alice ca-refused
}

# --- certificates of others ---------------------------------------------------------------------------

unknown_issuer() {
	set_up
	certify "Mallory" mallory@example.test --rogue > /dev/null
	stop_directory; fill_directory; start_directory
	standing mallory not-asked
}

# --- the card --------------------------------------------------------------------------------------------

# The responder reads its index when it starts.
fresh_known_card() {
	fresh_card
	stop_responder
	start_responder
}
# card_serial ROLE
card_serial() {
	certrenew status --json | grep "\"role\": \"$1\"" | sed 's/.*"serial_number": "\([0-9A-F]*\)".*/\1/'
}
card_online() {
	fresh_known_card
	set_up
	seat_of 5001
	start_socket
	exits 1 as_user alice env HOME=/home/alice certrenew status --online
	[ "$(grep -c 'valid$' $out)" = 2 ] || { cat $out; return 1; }
	revoke_certificate "$(card_serial signature)" superseded
	exits 2 as_user alice env HOME=/home/alice certrenew status --online
	says $out "revoked on $(date +%F): it was replaced by another one"
	exits 2 as_user alice env HOME=/home/alice certrenew status --json --online
	says $out '"status": "revoked"'
	says $out '"status": "valid"'
	stop_socket
}
no_network_without_online() {
	fresh_known_card
	set_up "check = crl"
	exits 1 certrenew status
	says_not $WEB_LOG crl
}
renewed_if_good() {
	fresh_known_card
	set_up
	exits 0 renew $PIN $PIN
	says $out "All certificates were renewed."
}
one_revoked() {
	fresh_known_card
	set_up
	revoke_certificate "$(card_serial encryption)"
	renew $PIN $PIN > $out 2>&1 || :
	says $out "The encryption certificate was revoked on $(date +%F) and cannot be renewed."
	says $out "The signature certificate was valid until"
	says $out "1 of 2 certificates were renewed."
}
both_revoked() {
	fresh_known_card
	set_up
	: > $RA_LOG
	for role in encryption signature; do revoke_certificate "$(card_serial $role)"; done
	exits 2 renew
	says $out "Apply for a new certificate with whoever gave you the card."
	[ "$(pins_asked $out)" = 0 ]
	[ "$(issued)" = 0 ]
	logs "revoked: certificate"
}
unreachable() {
	fresh_known_card
	set_up "check = ocsp"
	stop_responder
	exits 0 renew $PIN $PIN
	says $out "All certificates were renewed."
	logs "not asked: ca-unreachable"
	start_responder
}
silent() {
	fresh_known_card
	set_up "check = ocsp" "ocsp = http://127.0.0.1:$WEB_PORT/hang"
	sed -i '/^\[status\]/,$s/^timeout = 5s/timeout = 1s/' /etc/certrenew.conf
	exits 0 renew $PIN $PIN
	says $out "All certificates were renewed."
	logs "not asked: ca-timeout"
}
not_believed() {
	fresh_known_card
	set_up "check = crl"
	for role in encryption signature; do revoke_certificate "$(card_serial $role)"; done
	test-ca list --ca $CA --rogue --out $WEB/all.crl
	exits 0 renew $PIN $PIN
	logs "not asked: ca-untrusted"
}

promise "a responder's 'good' and 'revoked' are told, with the reason" good_and_revoked
promise "'unknown' is a word of its own, and no list makes it 'valid'" unknown
promise "a prepared answer without a nonce is taken while it is fresh" prepared
promise "so is one that the CA signed itself" by_the_ca_itself
promise "an answer of whom the CA did not authorise is not believed" unauthorised
promise "nor an old one, nor one of the future" old
promise "nor one about another certificate" another_certificate
promise "nor garbage, nor an error, nor a megabyte" garbage
promise "a responder that hangs is given up in time" hang
promise "one that is down is 'not asked', which is no 'valid'" down
promise "nothing is asked where that is switched off" off
promise "a revocation list tells the same" lists
promise "it is asked where the responder fails" list_where_ocsp_fails
promise "it is downloaded once" cached
promise "and again when it has run out" cached_and_old
promise "a spoilt cache is not believed" cache_spoilt
promise "an expired list is not believed" expired_list
promise "nor one with a wrong signature" wrong_signature
promise "nor what is no list" no_list
promise "a certificate of an unknown issuer is not asked about" unknown_issuer
promise "status --online asks about the card's certificates, as the person" card_online
promise "status without it asks nobody" no_network_without_online
promise "certificates that stand are renewed" renewed_if_good
promise "of two, the one that was revoked is not renewed" one_revoked
promise "two that were revoked are not renewed, and no PIN is asked for" both_revoked
promise "a responder that is down does not stop a renewal" unreachable
promise "nor does one that hangs" silent
promise "nor does a list that is not the CA's" not_believed
promised
