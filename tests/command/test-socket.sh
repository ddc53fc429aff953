# SPDX-License-Identifier: MIT
# The helper's socket: who may use it, and what a peer may say.
. tests/harness.sh
. tests/world/card.sh

SHIM_LOG=/run/shim/log

prepare_cards
start_ra
groupadd staffers
usermod --append --groups staffers bob
install -d -m 1777 /run/shim

# A card, nobody at the seat, and a driver that notes each call.
with_socket() {
	fresh_card
	configure "$@"
	rm -f $SHIM_LOG
	shim "log $SHIM_LOG"
	: > $RA_LOG
	: > /var/log/auth.log
	seat_of 0
	start_socket
	trap stop_socket EXIT
}

is_refused() {
	user=$1
	exits 3 as_user "$user" certrenew status
	says $out "You may not use a card's renewal from here."
	exits 3 as_user "$user" certrenew renew --yes
	says $out "Sign in at this computer itself"
	[ ! -e $SHIM_LOG ] || { cat $SHIM_LOG; complain "the card was touched"; }
	within 5 says /var/log/auth.log "$user: refused: [access] allow = "
}

serves_the_seat() {
	with_socket
	seat_of 5001
	exits 1 as_user alice certrenew status
	says $out "can be renewed now"
	printf '%s\n' $PIN $PIN > /run/pins
	exits 0 as_user alice certrenew renew --yes < /run/pins
	says $out "All certificates were renewed."
	within 5 says /var/log/auth.log "renew for alice: renew: token "
}

refuses_without_seat() {
	with_socket
	seat_of 5001
	is_refused bob
}

refuses_without_anybody_at_the_seat() {
	with_socket
	is_refused alice
}

serves_all() {
	with_socket '$a [access]\nallow = all'
	exits 1 as_user bob certrenew status
}

serves_a_group() {
	with_socket '$a [access]\nallow = group:staffers'
	exits 1 as_user bob certrenew status
	rm -f $SHIM_LOG
	is_refused alice
}

names_what_to_start() {
	prepare_cards
	configure
	rm -f /run/certrenew/socket
	exits 3 as_user alice certrenew status
	says $out "systemctl enable --now certrenew.socket"
}

# say BYTES-IN-PERL: to the socket, as bob; what comes back is in $out, as hexadecimal.
say() {
	as_user bob perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un("/run/certrenew/socket")) or die;
		syswrite(S, eval $ARGV[0]); while (sysread(S, $b, 4096)) { print unpack("H*", $b) }' "$1" > $out
}


refuses_words() {
	with_socket '$a [access]\nallow = all'
	say "$1"
	says_not $out "0000000c0a"
	[ ! -e $SHIM_LOG ] || complain "the card was touched"
	within 5 grep -q "certrenew-helper.*: $2: " /var/log/auth.log
}

sends_silence_away() {
	with_socket '$a [access]\nallow = all'
	began=$(now_ms)
	say '""'
	took=$(($(now_ms) - began))
	[ $took -gt 4000 ] && [ $took -lt 7000 ] || complain "it took $took ms"
	[ ! -e $SHIM_LOG ] || complain "the card was touched"
}

# Two at once: one renews, the other is told that the card is being renewed.
is_busy() {
	with_socket '$a [access]\nallow = all'
	shim "log $SHIM_LOG" "C_CreateObject delay 1500"
	printf '%s\n' $PIN $PIN > /run/pins
	as_user alice certrenew renew --yes < /run/pins > /run/first 2>&1 &
	first=$!
	within 10 grep -qs C_CreateObject $SHIM_LOG
	exits 3 as_user bob certrenew renew --yes < /run/pins
	says $out "The card is being renewed already."
	wait $first
	says /run/first "All certificates were renewed."
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	card_proves Alice
}

# A request's bytes: length, type 1, then fields (number, length, value).
number='sub n { pack("Cn/a", $_[0], pack("Q>", $_[1])) } sub t { pack("Cn/a", @_) } sub r { pack("N/a", chr(1) . join("", @_)) };'

promise "whoever has the seat sees and renews the card" serves_the_seat
promise "a user without a seat is refused before the card is touched" refuses_without_seat
promise "so is everybody while nobody has the seat" refuses_without_anybody_at_the_seat
promise "allow = all serves everybody" serves_all
promise "allow = group serves its members and nobody else" serves_a_group
promise "without a socket the command says what to start" names_what_to_start
promise "a peer that says nothing is sent away" sends_silence_away
promise "garbage is refused" refuses_words '"GET / HTTP/1.1\r\n\r\n"' protocol
promise "an oversized message is refused" refuses_words '"\x7f\xff\xff\xff" . ("A" x 64)' protocol
promise "a message that is no request is refused" refuses_words 'pack("NC", 1, 40)' protocol
promise "a login's request is refused" refuses_words "$number r(n(1,1))" refused
promise "another user's name is refused" refuses_words "$number r(n(1,3), t(2,'alice'))" refused
promise "another configuration is refused" refuses_words "$number r(n(1,3), t(7,'/tmp/mine.conf'))" refused
promise "another prompt setting is refused" refuses_words "$number r(n(1,3), t(6,'off'))" refused
promise "an unknown action is refused" refuses_words "$number r(n(1,99))" protocol
promise "a second renewal of one card is told that one is running" is_busy
promised
