#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a text login takes: with nothing, with certrenew, with what there is today, and the floor, on the
# same token. Runs in a world of its own (tests/world/world.sh).
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/bench/bench.sh
. tests/bench/peers.sh

FLOOR=$BENCH_PROGRAMS/floor
SPAWN=$BENCH_PROGRAMS/spawn
PROXY=/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so
INPUT=/run/pin
export INPUT

# stack NAME LINE...: certrenew with a configuration of its own, in the service NAME.
stack() {
	name=$1
	shift
	service "$name" "conf=/etc/certrenew-$name.conf"
	configure "s,^module = .*,module = $DRIVER," "$@"
	sed -i "s,^timeout = 5s,&\nprompt = notice\nservices = idle due," /etc/certrenew.conf
	mv /etc/certrenew.conf "/etc/certrenew-$name.conf"
}

# stacks DRIVER: a certificate with 20 days left is due in one window, and not in the other.
stacks() {
	DRIVER=$1
	stack due '$a [reminder]\nwindow = 30d\nremind = always'
	stack idle '$a [reminder]\nwindow = 10d\ncritical = 1d\nremind = 5d'
}

sign_in_with() { echo "pamtester -Itty=/dev/tty1 $1 alice acct_mgmt open_session"; }

# ours: those that are in every comparison.
ours() {
	contender "pam_permit" "$(sign_in_with permit)"
	contender "a program that does nothing" "$SPAWN"
	contender "the floor" "$FLOOR $DRIVER"
	contender "certrenew, nothing due" "$(sign_in_with idle)"
}

p11_child() {
	contender "p11_child --pre" \
		"${1:-}$P11_CHILD --pre --debug-level=0x0010 --logger=stderr --debug-fd=2 --verify=no_ocsp --ca_db=$SSSD_CA"
}

# That each measures what it says: the card is read, and what is due is said, or is not.
said_by() { eval "$(sign_in_with "$1")" < /dev/null > /run/said 2>&1; }
well_set_up() {
	said_by due && says /run/said 'expire' || return 1
	said_by idle && says_not /run/said 'expire' || return 1
	[ "$("$FLOOR" "$DRIVER" | cut -d' ' -f1)" = "$1" ] || complain "the floor does not see $1"
}

# The issue's words are names here.
A='certrenew,_nothing_due - pam_permit'
B='the_floor + a_program_that_does_nothing + a_program_that_does_nothing'

# SSSD reads only what can be pulled.
empty_reader() {
	prepare_cards
	echo 'slots.removable = true' >> /etc/softhsm/softhsm2.conf
}

echo 123456 > $INPUT
DRIVER=$MODULE
RA_PORT=1
empty_reader
unpack_sssd
registered softhsm2
peer_services
stacks $MODULE

new_card Alice --key rsa:2048 --email alice@example.test
allow_alice
well_set_up 2 || { cat /run/said; tail -n 5 /var/log/auth.log; exit 1; }
begin login-text
ours
contender "certrenew, due" "$(sign_in_with due)"
contender "pam_pkcs11 (authenticates)" "pamtester pkcs11 alice authenticate"
contender "pam_p11 (authenticates)" "pamtester p11 alice authenticate"
p11_child
measure "text login, two certificates"
goal "nothing-due login check over the floor and two spawns" 1.15 "" "$A" "$B"
goal "nothing-due login check over p11_child --pre" 1 "" "$A" p11_child_--pre
goal "login with certrenew over pam_p11" 1 "" certrenew,_nothing_due 'pam_p11_(authenticates)'
goal "login with certrenew over pam_pkcs11" 1 "" certrenew,_nothing_due 'pam_pkcs11_(authenticates)'
goal "due over not due" 1 "" certrenew,_due certrenew,_nothing_due

for count in ${COUNTS:-1 10 50}; do
	empty_reader
	if [ $count = 1 ]; then
		new_card Alice --key rsa:2048 --roles signature
	else
		new_card Alice --key rsa:2048 --extra-certificates $((count - 2))
	fi
	begin login-$count
	ours
	p11_child
	measure "text login, certificates: $count"
	[ $count != 50 ] || goal "fifty certificates over the floor with fifty" 1.3 "" "$A" the_floor
done

empty_reader
begin login-no-card
ours
p11_child ! # so it answers that there is none
measure "text login, no card"
goal "no card over the floor and two spawns" 1 "" "$A" "$B"

new_card Alice --key rsa:2048
registered softhsm2 opensc-pkcs11 p11-kit-trust
stacks $PROXY
begin login-proxy
ours
p11_child
measure "text login, two certificates, p11-kit-proxy with three drivers"
