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
. tests/bench/logins.sh
. tests/bench/peers.sh

PROXY=$(ls /usr/lib/*/p11-kit-proxy.so)
LISTENER=/run/bench-socket

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

# --- the cards -----------------------------------------------------------------------------------

# That each measures what it says: what is due is said, or is not; the floor and ours read all
# certificates, which the shim counts.
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

nothing_is_there() {
	counted_run "$FLOOR $DRIVER" && says /run/bench-run '0 ' && said_by due && says_not /run/said 'expire'
}

well_set_up() {
	"$@" && return
	tail -n 5 /run/said /run/bench-run /var/log/auth.log
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

over_by_socket() {
	over "nothing due, through the socket over without" certrenew,_nothing_due,_socket certrenew,_nothing_due
}

# measure_card NAME TITLE: with whatever drivers are in force.
measure_card() {
	begin "login-$1"
	contenders
	measure "text login, $2"
	login_goals
	over_by_socket
	over "due over not due" certrenew,_due certrenew,_nothing_due
	[ "$1" != 50 ] || over "nothing-due check over the floor" "$CHECK" the_floor 1.3
}

measure_no_card() {
	empty_reader
	new_card Alice --key rsa:2048 # SoftHSM has no empty reader: the shim takes the card out
	shim 'inserted /run/card-inserted'
	registered $SHIM
	peers_use $SHIM
	stacks $SHIM "$UNDER_SHIM"
	: > /run/card-inserted
	well_set_up says_what_is_due
	rm /run/card-inserted
	well_set_up nothing_is_there
	begin login-no-card
	contenders '!'
	measure "text login, no card"
	login_goals 1
	over_by_socket
}

measure_count() {
	card "$1"
	stacks $SHIM "$COUNTED"
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
	stacks $PROXY "$COUNTED"
	well_set_up all_is_read 2
	registered softhsm2 opensc-pkcs11 p11-kit-trust
	peers_use $PROXY
	stacks $PROXY
	well_set_up says_what_is_due
	measure_card proxy "2 certificates, p11-kit-proxy with three drivers"
}

RA_PORT=1
prepare_cards
unpack_sssd
peer_services
start_socket
ln /run/certrenew/socket $LISTENER

CASES=${CASES:-no-card 1 2 10 50 proxy}
set --
for case in $CASES; do
	case $case in
	no-card) WHERE="no card" && measure_no_card ;;
	1) WHERE="1 certificate" && measure_count 1 ;;
	proxy) WHERE=p11-kit-proxy && measure_proxy ;;
	*) WHERE="$case certificates" && measure_count "$case" ;;
	esac
	set -- "$@" "$WHERE=$BENCH/login-$case.json"
done
case " $CASES " in *" 2 "*)
	set -- "$@" "CPU, ms, of 2=cpu:$BENCH/login-2.json" "peak RSS, KiB, of 2=rss:$BENCH/login-2.json" ;;
esac
echo "text login, ms"
echo
figures compare "$@"
stop_socket
