#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a text login takes: with nothing, with certrenew, with what there is today, and the floor, on the
# same token: without a card, with 1, 2, 10 and 50 certificates, and behind p11-kit-proxy. $CASES: some
# of these. Runs in a world of its own (tests/world/world.sh).
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/bench/bench.sh
. tests/bench/calls.sh
. tests/bench/peers.sh

FLOOR=$BENCH_PROGRAMS/floor
SPAWN=$BENCH_PROGRAMS/spawn
PROXY=$(ls /usr/lib/*/p11-kit-proxy.so)
LISTENER=/run/bench-socket
INPUT=/run/pin
export INPUT

# --- certrenew -----------------------------------------------------------------------------------

# stack NAME LINE: certrenew with a configuration of its own, in the service NAME.
stack() {
	service "$1" "conf=/etc/certrenew-$1.conf"
	configure "s,^module = .*,module = $DRIVER$CARD_LINES," \
		"s,^timeout = 5s,&\nprompt = notice\nservices = idle due," "$2"
	cp /etc/certrenew.conf "/etc/certrenew-$1.conf"
}

# stacks DRIVER [LINES]: a certificate with 20 days left is due in one window, and not in the other. The
# lines are [card]'s.
stacks() {
	DRIVER=$1
	CARD_LINES=${2:+\\n$2}
	stack due '$a [reminder]\nwindow = 30d\nremind = always'
	stack idle '$a [reminder]\nwindow = 10d\ncritical = 1d\nremind = 5d'
}

sign_in_with() { echo "pamtester -Itty=/dev/tty1 $1 alice acct_mgmt open_session"; }

# Before each run: what the last login left behind has ended; and the helper's socket is there, as where
# certrenew is installed, or is not, and the login starts a helper of its own.
ended='while pgrep ^certrenew- > /dev/null; do sleep 0.01; done'
by_socket="$ended; ln -f $LISTENER /run/certrenew/socket"
by_itself="$ended; rm -f /run/certrenew/socket"

# --- the contenders ------------------------------------------------------------------------------

# contenders [REFUSES]: '!' where there is nothing to authenticate with, and who does that refuses.
contenders() {
	contender "pam_permit" "$(sign_in_with permit)" "$by_itself"
	contender "a program that does nothing" "$SPAWN" "$by_itself"
	contender "the floor" "$FLOOR $DRIVER" "$by_itself"
	contender "certrenew, nothing due" "$(sign_in_with idle)" "$by_itself"
	contender "certrenew, nothing due, socket" "$(sign_in_with idle)" "$by_socket"
	[ -n "${1:-}" ] || contender "certrenew, due" "$(sign_in_with due)" "$by_itself"
	contender "pam_pkcs11 (authenticates)" "${1:-}pamtester pkcs11 alice authenticate" "$by_itself"
	contender "pam_p11 (authenticates)" "${1:-}pamtester p11 alice authenticate" "$by_itself"
	contender "p11_child --pre" "${1:-}$P11_CHILD_PRE" "$by_itself"
}

# The issue's words are names here.
A='certrenew,_nothing_due - pam_permit'
FLOOR_AND_SPAWNS='the_floor + a_program_that_does_nothing + a_program_that_does_nothing'

# over NAME EXPRESSION UNDER [LIMIT]: a goal of the card $WHERE.
over() { goal "login, $WHERE: $1" "${4:-1}" "" "$2" "$3"; }

goals_of_all() {
	over "check over p11_child --pre" "$A" p11_child_--pre
	over "whole login over pam_pkcs11's" certrenew,_nothing_due 'pam_pkcs11_(authenticates)'
	over "whole login over pam_p11's" certrenew,_nothing_due 'pam_p11_(authenticates)'
	over "by systemd's socket over by a helper of its own" certrenew,_nothing_due,_socket certrenew,_nothing_due
}

# --- the cards -----------------------------------------------------------------------------------

# That each measures what it says: what is due is said, or is not; the floor and ours read all
# certificates. Where the shim is, it counts.
said_by() { eval "$(sign_in_with "$1")" < /dev/null > /run/said 2>&1; }
says_what_is_due() {
	said_by due && says /run/said 'expire' && said_by idle && says_not /run/said 'expire'
}
all_is_read() {
	shim "log $CALLS" count-bytes
	counted_run "$FLOOR $DRIVER" && least=$(bytes_read) || return 1
	[ "$(cut -d' ' -f1 /run/bench-run)" = "$1" ] || complain "the floor does not see $1" || return 1
	counted_run "$(sign_in_with idle)" || return 1
	[ "$least" -gt 0 ] && [ "$(bytes_read)" -ge "$least" ] ||
		complain "certrenew reads $(bytes_read) bytes, and the floor $least"
}

well_set_up() {
	"$@" && return
	cat /run/said /run/bench-run
	tail -n 5 /var/log/auth.log
	exit 1
}

# empty_reader: no card. SSSD reads only what can be pulled.
empty_reader() {
	prepare_cards
	install -d /run/certrenew
	echo 'slots.removable = true' >> /etc/softhsm/softhsm2.conf
}

# card COUNT: Alice's, with so many certificates.
card() {
	empty_reader
	case $1 in
	1) new_card Alice --key rsa:2048 --roles signature ;;
	*) new_card Alice --key rsa:2048 --extra-certificates $(($1 - 2)) ;;
	esac
	allow_alice
}

# measure_card NAME TITLE: with whatever drivers are in force.
measure_card() {
	begin "login-$1"
	contenders
	measure "text login, $2"
	over "check over the floor and two spawns" "$A" "$FLOOR_AND_SPAWNS" 1.15
	[ "$1" != 50 ] || over "check over the floor" "$A" the_floor 1.3
	goals_of_all
	over "due over not due" certrenew,_due certrenew,_nothing_due
}

measure_no_card() {
	empty_reader
	new_card Alice --key rsa:2048 # so SoftHSM has a token that the shim can take away
	shim 'inserted /run/no-card'
	registered $SHIM
	peers_use $SHIM
	stacks $SHIM "$UNDER_SHIM"
	begin login-no-card
	contenders '!'
	measure "text login, no card"
	over "check over the floor and two spawns" "$A" "$FLOOR_AND_SPAWNS"
	goals_of_all
}

measure_count() {
	card "$1"
	stacks $SHIM "$UNDER_SHIM"
	well_set_up all_is_read "$1"
	registered softhsm2
	peers_use $MODULE
	stacks $MODULE
	well_set_up says_what_is_due
	case $1 in 1) measure_card 1 "1 certificate" ;; *) measure_card "$1" "$1 certificates" ;; esac
}

measure_proxy() {
	card 2
	registered $SHIM opensc-pkcs11 p11-kit-trust
	stacks $PROXY "$UNDER_SHIM"
	well_set_up all_is_read 2
	registered softhsm2 opensc-pkcs11 p11-kit-trust
	peers_use $PROXY
	stacks $PROXY
	well_set_up says_what_is_due
	measure_card proxy "2 certificates, p11-kit-proxy with three drivers"
}

echo $PIN > $INPUT
RA_PORT=1
prepare_cards
unpack_sssd
peer_services
start_socket
ln /run/certrenew/socket $LISTENER

set --
for case in ${CASES:-no-card 1 2 10 50 proxy}; do
	case $case in
	no-card) WHERE="no card" && measure_no_card ;;
	1) WHERE="1 certificate" && measure_count 1 ;;
	proxy) WHERE=p11-kit-proxy && measure_proxy ;;
	*) WHERE="$case certificates" && measure_count "$case" ;;
	esac
	set -- "$@" "$WHERE=$BENCH/login-$case.json"
done
echo "text login, ms"
echo
figures compare "$@"
stop_socket
