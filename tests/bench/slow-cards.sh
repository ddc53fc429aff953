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
. tests/bench/peers.sh
. tests/bench/renewals.sh

# Most of it is waiting: nine rounds tell as much as sixty.
ROUNDS=${SLOW_ROUNDS:-9}
PACE="pace 700 20"
SHIM=/usr/lib/certrenew-tests/shim.so
INPUT=/run/pin
export INPUT CERTRENEW_SHIM=$SHIM_SCRIPT

# asks WHAT COMMAND...: how often, and for how many bytes, the card is asked by it.
asks() {
	what=$1
	shift
	: > $CALLS
	eval "$*" > /run/bench-run 2>&1 < $INPUT || { cat /run/bench-run; return 1; }
	# What a login has begun in the background reads on.
	while pgrep '^certrenew-' > /dev/null; do sleep 0.02; done
	printf '%-34s %8s %8s %12s\n' "$what" "$(signatures)" "$(grep -c . $CALLS)" "$(bytes_read)"
}

prepare_renewals
# p11_child looks at no other slots.
echo 'slots.removable = true' >> /etc/softhsm/softhsm2.conf
echo $PIN > $INPUT
unpack_sssd
registered
echo "module: $SHIM" > /usr/share/p11-kit/modules/shim.module
peer_services
sed -i "s|$MODULE|$SHIM|" /etc/pam.d/p11
sed -i "s|module = $MODULE|module = $SHIM|" /etc/pam_pkcs11/pam_pkcs11.conf
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
p11_child="$P11_CHILD --pre --debug-level=0x0010 --logger=stderr --debug-fd=2 --verify=no_ocsp --ca_db=$SSSD_CA"

printf '%s\n%-34s %8s %8s %12s\n' "what a login asks of the card" '' C_Sign calls "bytes read"
asks "the floor" "$floor"
asks "certrenew, nothing due" "$ours"
asks "p11_child --pre" "$p11_child"
asks "pam_pkcs11 (authenticates)" "pamtester pkcs11 alice authenticate"
asks "pam_p11 (authenticates)" "pamtester p11 alice authenticate"
echo

shim "$PACE"
quiet='while pgrep ^certrenew- > /dev/null; do sleep 0.01; done'
begin slow-login
contender pam_permit "$permit"
contender "the floor" "$floor"
contender "certrenew, nothing due" "$ours" "$quiet"
contender "p11_child --pre" "$p11_child"
contender "pam_pkcs11 (authenticates)" "pamtester pkcs11 alice authenticate"
contender "pam_p11 (authenticates)" "pamtester p11 alice authenticate"
measure "text login, a slow card"
goal "slow card: login check over p11_child --pre" 1 "" 'certrenew,_nothing_due - pam_permit' p11_child_--pre

for_driver $SHIM "$RA_PORT"
shim "$PACE"
begin slow-renewal
for way in $WAYS; do
	contender "$(way_is_called "$way")" "sh $RENEW $way" "$(as_before "$way")"
done
measure "renewal of two certificates, a slow card"
renewal_goals "slow card: renewal "
stop_ra
