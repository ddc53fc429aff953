#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The main job, on real parts: a smartcard whose two certificates have 20 days left, a person who
# signs in with it through login(1) and PAM, a CA on the network. On a terminal a person answers;
# otherwise the answers are given here. Runs in a world of its own (tests/world/world.sh).
set -eu
. tests/world/card.sh
. tests/world/smartcard_login.sh

LABEL="Alice's card"

# not_after ROLE: of the certificate that is on the card, in seconds.
not_after() { card_list "$LABEL" | sed -n "s/^certificate .*role=$1 .*not-after=\([0-9]*\) .*/\1/p"; }
date_of() { date -d "@$1" +%Y-%m-%d; }

prepare_cards
start_ra
case ${PROTOCOL:-est} in
est)
	new_card "$LABEL"
	configure
	;;
cmp)
	# The kind of card that EST cannot renew: the encryption key does nothing but decrypt.
	new_card "$LABEL" --encryption-cannot-sign --encryption-no-email
	configure_cmp 's/^protocol = cmp/&\nencryption_proof = decrypt/'
	;;
esac
smartcard_login_stack
seat_of 5001
start_socket

old_encryption=$(not_after encryption)
old_signature=$(not_after signature)

[ "${PROTOCOL:-est}" = est ] || echo "The card's encryption key may not sign; the CA speaks CMP."
cat << TEXT
A card with two certificates, valid until $(date_of "$old_encryption"), is in the reader; its PIN is $PIN.
Alice signs in with it.

TEXT
if [ -t 0 ]; then
	expect tests/demo.exp $PIN person
else
	expect tests/demo.exp $PIN
fi

new_encryption=$(not_after encryption)
new_signature=$(not_after signature)
renewed=0
[ "$new_encryption" -le "$old_encryption" ] || renewed=$((renewed + 1))
[ "$new_signature" -le "$old_signature" ] || renewed=$((renewed + 1))

printf '\nThe keys on the card fit the new certificates:\n'
card_proves "$LABEL"
printf '\n%-24s%-14s%s\n' "on the card" "before" "now"
printf '%-24s%-14s%s\n' "encryption certificate" "$(date_of "$old_encryption")" "$(date_of "$new_encryption")"
printf '%-24s%-14s%s\n' "signature certificate" "$(date_of "$old_signature")" "$(date_of "$new_signature")"
echo "demo: $renewed of 2 certificates renewed"
[ $renewed -eq 2 ]
