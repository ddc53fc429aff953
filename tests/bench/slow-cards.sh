#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A part of the bench: a card as slow as one of plastic. The shim has each signature take 700 ms, and
# each 256 bytes that are read 20 ms (tests/world/shim/script.h: pace), whatever program asks; nothing is
# remembered by the driver. What a login and a renewal take with it, and how much each asks of the card.
# Runs in a world of its own.
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/bench/bench.sh
. tests/bench/calls.sh
. tests/bench/logins.sh
. tests/bench/peers.sh
. tests/bench/renewals.sh

# A round of renewals takes 20 s.
SLOW_RUNS=${SLOW_RUNS:-13}
PACE="pace 700 20"
LOGINS="permit spawn floor idle due p11_child pkcs11 p11"
WHERE="slow card"

login_is_called() {
	case $1 in
	permit) echo "pam_permit" ;;
	spawn) echo "a program that does nothing" ;;
	floor) echo "the floor" ;;
	idle) echo "certrenew, nothing due" ;;
	due) echo "certrenew, due" ;;
	p11_child) echo "p11_child --pre" ;;
	*) echo "pam_$1 (authenticates)" ;;
	esac
}

login_with() {
	case $1 in
	permit | idle | due) sign_in_with "$1" ;;
	spawn) echo "$SPAWN" ;;
	floor) echo "$FLOOR $SHIM" ;;
	p11_child) echo "$P11_CHILD_PRE" ;;
	*) echo "pamtester $1 alice authenticate" ;;
	esac
}

prepare_renewals
# p11_child looks at no other slots.
echo 'slots.removable = true' >> /etc/softhsm/softhsm2.conf
unpack_sssd
registered $SHIM
peer_services
peers_use $SHIM
stacks $SHIM "$COUNTED"
shim "log $CALLS" count-bytes
allow_alice

for login in $LOGINS; do
	counted_run "$(login_with $login)"
	echo "$(signatures) $(grep -c . $CALLS) $(bytes_read)" > /run/bench-asked.$login
done
stacks $SHIM "$UNDER_SHIM"
shim "$PACE"
begin slow-login
for login in $LOGINS; do
	contender "$(login_is_called $login)" "$(login_with $login)" 'while pgrep ^certrenew- > /dev/null; do sleep 0.01; done'
done
measure "text login, a slow card"
login_goals
over "due over not due" certrenew,_due certrenew,_nothing_due
printf 'what it asks of the card\n\n| | ms | C_Sign | PKCS#11 calls | bytes read |\n|---|--:|--:|--:|--:|\n'
for login in $LOGINS; do
	read -r signed calls bytes < /run/bench-asked.$login
	[ "$calls" = 0 ] || echo "| $(login_is_called $login) | $(wall "$(login_is_called $login)") | $signed | $calls | $bytes |"
done
echo

for_driver $SHIM "$RA_PORT"
shim "$PACE"
begin slow-renewal
each_way
measure "renewal of two certificates, a slow card" "$SLOW_RUNS"
renewal_goals ", slow card"
stop_ra
