#!/bin/sh
# SPDX-License-Identifier: MIT
#
# While a person types the PIN, the way to the CA is already there, and nothing has been sent on it. Runs
# in a world of its own.
set -eu
. tests/harness.sh
. tests/world/card.sh

# A connection of ours to the RA, established (/proc/net/tcp: the remote end's port, state 01).
is_connected() { grep -q ": [0-9A-F]*:[0-9A-F]* [0-9A-F]*:$(printf '%04X' "$RA_PORT") 01 " /proc/net/tcp; }

# begin_to_type: a renewal that waits for its first PIN, which comes by `type`.
begin_to_type() {
	rm -f /run/keyboard
	mkfifo /run/keyboard
	certrenew renew --yes < /run/keyboard > "$out" 2>&1 &
	renewing=$!
	exec 9> /run/keyboard
}

finish_typing() {
	printf '%s\n%s\n' $PIN $PIN >&9
	exec 9>&-
	wait $renewing || { cat "$out"; return 1; }
}

handshakes() { grep -c handshake $RA_LOG || :; }

# connects_early CONFIGURE: the function that says which protocol.
connects_early() {
	fresh_card
	: > $RA_LOG
	$1
	begin_to_type
	within 10 is_connected
	[ "$(handshakes)" = 0 ] || complain "a handshake before the PIN"
	finish_typing
	[ "$(handshakes)" = 1 ] || complain "handshakes: $(handshakes)"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
}

a_server_that_gives_up() {
	fresh_card
	configure
	begin_to_type
	within 10 is_connected
	stop_ra
	start_ra --port "$RA_PORT"
	: > $RA_LOG
	finish_typing
	[ "$(handshakes)" = 1 ] || complain "handshakes: $(handshakes)"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	card_proves Alice
}

# through FAULT: while the person types, what stands between RA and card forgets the connection: the
# first byte on it meets the fault. Everything is as before but for a second connection.
through() {
	fresh_card
	: > $RA_LOG
	rm -f /run/proxy.port /run/proxy.log
	test-proxy --to "$RA_PORT" --log /run/proxy.log --port-file /run/proxy.port --way up --at 0 \
		--fault "$2" &
	proxy=$!
	within 10 test -s /run/proxy.port
	RA_PORT=$(cat /run/proxy.port)
	$1
	begin_to_type
	within 10 is_connected
	finish_typing
	kill $proxy
	wait $proxy || :
	says /run/proxy.log "fault up 0"
	says /run/proxy.log "connections 2"
	[ "$(handshakes)" = 1 ] || complain "handshakes: $(handshakes)"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	card_proves Alice
	! ls /var/lib/certrenew/later/* || complain "somebody is left alone: $(cat /var/lib/certrenew/later/*)"
}

a_person_who_goes_away() {
	fresh_card
	configure
	: > $RA_LOG
	begin_to_type
	within 10 is_connected
	exec 9>&-
	! wait $renewing || complain "it has ended well"
	within 10 is_connected_no_more
	[ ! -s $RA_LOG ] || { cat $RA_LOG; return 1; }
}

is_connected_no_more() { ! is_connected; }

prepare_cards
start_ra
promise "EST: connected before the PIN, one handshake after it" connects_early configure
promise "CMP: likewise" connects_early configure_cmp
promise "a person who goes away: the connection ends, and the RA was asked nothing" a_person_who_goes_away
for fault in close reset stall; do
	promise "EST: one that is dead, and does not show it ($fault): another is made" \
		through configure $fault
done
promise "CMP: likewise" through configure_cmp stall
promise "a server that gave the connection up meanwhile is connected to again" a_server_that_gives_up
stop_ra
promised
