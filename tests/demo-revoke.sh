#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The other job, on real parts: a card is lost; its owner finds the certificate in the directory
# (slapd), and revokes it with the challenge phrase. OCSP (openssl) and the directory then say so.
# On a terminal a person answers; otherwise the answers are given here. Runs in a world of its own.
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
certify "Bob Lin" bob@example.test > /dev/null
alice=$(certify "Alice Chen" alice@example.test --days 300)
phrase_for "$alice"
tell_people

cat << TEXT
Alice's card is lost. She sits down at another computer. Her challenge phrase is: $PHRASE

TEXT
if [ -t 0 ]; then
	expect tests/demo-revoke.exp "$PHRASE" person
else
	expect tests/demo-revoke.exp "$PHRASE"
fi

ask_anew
openssl ocsp -issuer $CA/issuing.pem -serial "0x$alice" -url "http://127.0.0.1:$OCSP_PORT/" \
	-CAfile $CA/root.pem > /run/ocsp.out 2> /dev/null || :
printf '\n$ openssl ocsp\n'
sed "s/^0x[0-9A-F]*: /The certificate: /" /run/ocsp.out
printf '\n$ certrenew search --email alice@example.test --status any\n'
as_user alice env HOME=/home/alice certrenew search --email alice@example.test --status any | tee /run/search.out
status=$(sed -n 's/^0x[0-9A-F]*: //p' /run/ocsp.out)
reason=$(sed -n 's/^[[:space:]]*Reason: //p' /run/ocsp.out)
stop_responder
stop_directory
grep -q '^revoked' /run/search.out
echo "demo: revoked, reason $reason, OCSP says $status"
[ "$status" = revoked ]
