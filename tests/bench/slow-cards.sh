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
. tests/bench/peers.sh
. tests/bench/renewals.sh

# A round of renewals takes 20 s.
SLOW_RUNS=${SLOW_RUNS:-13}
PACE="pace 700 20"
INPUT=/run/pin
export INPUT

# asks WHAT COMMAND: how often, and for how many bytes, the card is asked by it.
asks() {
	counted_run "$2"
	echo "| $1 | $(signatures) | $(grep -c . $CALLS) | $(bytes_read) |"
}

prepare_renewals
# p11_child looks at no other slots.
echo 'slots.removable = true' >> /etc/softhsm/softhsm2.conf
echo $PIN > $INPUT
unpack_sssd
registered $SHIM
peer_services
peers_use $SHIM
service idle conf=/etc/certrenew-idle.conf
configure
shim "log $CALLS" count-bytes
sed 's/^timeout = 5s/timeout = 30s\nprompt = notice\nservices = idle/; $a [reminder]\nwindow = 10d\ncritical = 1d\nremind = 5d' \
	/etc/certrenew.conf > /etc/certrenew-idle.conf
allow_alice

sign_in_with() { echo "pamtester -Itty=/dev/tty1 $1 alice acct_mgmt open_session"; }
permit=$(sign_in_with permit)
ours=$(sign_in_with idle)
floor="$BENCH_PROGRAMS/floor $SHIM"

printf 'what a login asks of the card\n\n| | C_Sign | PKCS#11 calls | bytes read |\n|---|--:|--:|--:|\n'
asks "the floor" "$floor"
asks "certrenew, nothing due" "$ours"
asks "p11_child --pre" "$P11_CHILD_PRE"
asks "pam_pkcs11 (authenticates)" "pamtester pkcs11 alice authenticate"
asks "pam_p11 (authenticates)" "pamtester p11 alice authenticate"
echo

shim "$PACE"
quiet='while pgrep ^certrenew- > /dev/null; do sleep 0.01; done'
begin slow-login
contender pam_permit "$permit"
contender "the floor" "$floor"
contender "certrenew, nothing due" "$ours" "$quiet"
contender "p11_child --pre" "$P11_CHILD_PRE"
contender "pam_pkcs11 (authenticates)" "pamtester pkcs11 alice authenticate"
contender "pam_p11 (authenticates)" "pamtester p11 alice authenticate"
measure "text login, a slow card"
goal "slow login: check over p11_child --pre" 1 "" 'certrenew,_nothing_due - pam_permit' p11_child_--pre

for_driver $SHIM "$RA_PORT"
shim "$PACE"
begin slow-renewal
each_way
measure "renewal of two certificates, a slow card" "$SLOW_RUNS"
renewal_goals "slow renewal"
stop_ra
