# SPDX-License-Identifier: MIT
# The helper's socket: who may use it, and what a peer may say.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
groupadd cardholders
usermod --append --groups cardholders bob
calls=/var/log/shim/calls

# with_socket [SED EXPRESSION...]: a card, nobody at the seat, and a driver that notes each call.
with_socket() {
	fresh_login
	configure "$@"
	install -d -o _certrenew /var/log/shim
	rm -f $calls
	shim "log $calls"
	seat_of 0
	start_socket
	trap stop_socket EXIT
}

for_all='$a [access]\nallow = all'
for_group='$a [access]\nallow = group:cardholders'

card_is_not_touched() { [ ! -s $calls ] || { cat $calls; complain "the card was touched"; }; }

# --- who may -------------------------------------------------------------------------------------

is_served() {
	typed $PIN $PIN > /run/typed
	exits 1 as_user "$1" certrenew status
	says $out "can be renewed now"
	exits 0 as_user "$1" certrenew renew --yes < /run/typed
	says $out "All certificates were renewed."
	settled
	says $AUTH_LOG "status for $1: check: token "
	grep -q "renew for $1: renew: token .*: 2 of 2 renewed, .*: none$" $AUTH_LOG
	renewed
}

is_refused() {
	exits 3 as_user "$1" certrenew status
	says $out "You are not allowed to renew certificates from here."
	says $out "Sign in at this computer itself, or ask your administrator: [access] allow in"
	exits 3 as_user "$1" certrenew renew --yes
	says $out "You are not allowed to renew certificates from here."
	exits 3 as_user "$1" certrenew status --json
	says $out '"error": "refused"'
	settled
	says $AUTH_LOG "$1: refused: [access] allow = "
	card_is_not_touched
}

serves_the_seat() {
	with_socket
	seat_of 5001
	is_served alice
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

# Both are signed in; the screen is bob's.
refuses_in_the_background() {
	with_socket
	seat_of 5002
	sed -i 's/^UIDS=.*/UIDS=5001 5002/' /run/systemd/seats/seat0
	is_refused alice
	typed no > /run/typed
	exits 1 as_user bob certrenew renew < /run/typed
	says $out "Your card's certificates expire in 20 days"
}

refuses_where_nobody_counts_sessions() {
	with_socket
	rm /run/systemd/seats/seat0
	is_refused alice
}

serves_all() {
	with_socket "$for_all"
	is_served bob
}

serves_a_group() {
	with_socket "$for_group"
	seat_of 5001
	is_refused alice
	is_served bob
}

knows_no_such_group() {
	with_socket '$a [access]\nallow = group:nobody-made-it'
	seat_of 5001
	is_refused alice
}

# --- what is missing -----------------------------------------------------------------------------

names_what_to_start() {
	fresh_login
	rm -f /run/certrenew/socket
	for command in status "renew --yes"; do
		exits 3 as_user alice certrenew $command
		says $out "certrenew: the helper cannot be reached: /run/certrenew/socket: No such file or directory."
		says $out "'systemctl enable --now certrenew.socket'"
	done
}

# The socket's file is there, and nobody listens.
names_what_to_start_again() {
	with_socket "$for_all"
	kill "$SOCKET_PID"
	wait "$SOCKET_PID" || :
	exits 3 as_user alice certrenew status
	says $out "'systemctl enable --now certrenew.socket'"
}

# The listening socket, and the end that waits to be accepted.
somebody_is_connected() { [ "$(grep -c ' /run/certrenew/socket$' /proc/net/unix)" -ge 2 ]; }

says_that_something_ended() {
	with_socket "$for_all"
	kill -STOP "$SOCKET_PID"
	as_user alice certrenew status > $out 2>&1 &
	client=$!
	within 5 somebody_is_connected
	kill -KILL "$SOCKET_PID"
	got=0
	wait $client || got=$?
	[ $got = 3 ] || complain "exit status $got"
	says $out "A part of certrenew ended unexpectedly."
}

# --- what a peer may say -------------------------------------------------------------------------

# Perl's words for what is on the wire (message.h): request(number(1, 3), text(2, "bob")) …;
# say(BYTES) sends, hear() waits for a message and returns its type.
cat > /run/peer.pl <<'PERL'
use Socket;
sub number { pack("C n/a*", $_[0], pack("Q>", $_[1])) }
sub text { pack("C n/a*", @_) }
sub message { my $type = shift; pack("N/a*", join("", chr($type), @_)) }
sub request { message(1, @_) }
sub say { syswrite(S, $_[0]) }
sub take {
	my ($length, $got) = (shift, "");
	while (length $got < $length) { sysread(S, $got, $length - length $got, length $got) or return }
	$got
}
sub hear {
	my $length = take(4) // do { print "end\n"; return 0 };
	my $message = take(unpack("N", $length));
	my ($type, @fields) = unpack("C (C n/a*)*", $message);
	my %fields = @fields;
	print "type $type", exists $fields{70} ? " code " . unpack("Q>", $fields{70}) : "", "\n";
	$type
}
$| = 1;
$SIG{PIPE} = "IGNORE";
socket(S, AF_UNIX, SOCK_STREAM, 0);
connect(S, sockaddr_un("/run/certrenew/socket")) or die;
eval $ARGV[0];
die $@ if $@;
1 while hear();
PERL

# peer USER PERL: says it; the types of what comes back, up to the end, are in $out.
peer() { as_user "$1" perl /run/peer.pl "$2" > $out 2>&1; }

STATUS=3 RENEW=4
REFUSED="code 3" PROTOCOL="code 5"

# is_refused_to_say ANSWER LOGGED PERL: to somebody who may use the socket.
is_refused_to_say() {
	with_socket "$for_all"
	peer bob "$3"
	printf '%s\n' "type 20 $1" end > /run/expected
	same /run/expected $out
	settled
	says $AUTH_LOG "$2"
	grep -F -- "$2" $AUTH_LOG | grep -qE "bob|uid 5002" || { cat $AUTH_LOG; complain "it is not said who"; }
	card_is_not_touched
}

# sends_away PERL: a peer that keeps the helper waiting is sent away after 5 s. (It would go on for 15
# more; how long a busy machine takes to start and end it is nobody's promise.)
sends_away() {
	with_socket "$for_all"
	began=$(now_ms)
	peer bob "$1"
	took=$(($(now_ms) - began))
	[ $took -ge 5000 ] || complain "it took $took ms"
	[ $took -lt 20000 ] || complain "it was not sent away, but had said all: $took ms"
	settled
	says $AUTH_LOG "uid 5002"
	card_is_not_touched
}

# What root's own programs may ask, and nobody else.
lets_root_name_others() {
	with_socket
	peer root "say(request(number(1, $STATUS), text(2, 'alice')))"
	says $out "type 12"
	settled
	says $AUTH_LOG "status for alice: check: token "
}

believes_no_flag() {
	with_socket
	seat_of 5001
	peer bob "say(request(number(1, $RENEW), number(8, 7)))"
	says $out "type 20 $REFUSED"
	card_is_not_touched
}

# Nobody listens, so nobody is asked.
asks_nobody_detached() {
	with_socket "$for_all"
	peer bob "say(request(number(1, $RENEW), number(8, 1)))"
	says_not $out "type 15"
	says_not $out "type 16"
	settled
	nothing_happened
}

# answers_wrongly PERL: to the question whether to renew.
answers_wrongly() {
	with_socket "$for_all"
	peer bob "say(request(number(1, $RENEW))); 1 until hear() == 15; $1"
	tail -n 2 $out > /run/ending
	printf '%s\n' "type 20 $PROTOCOL" end > /run/expected
	same /run/expected /run/ending
	settled
	says $AUTH_LOG "not renewed: protocol: "
	nothing_happened
}

# logins: how many PINs the card was sent.
logins() { grep -c ' C_Login ' $calls || :; }

# A PIN that is sent twice, whatever for, is tried once: nobody has read the second question.
says_it_twice() {
	with_socket "$for_all"
	peer bob "say(request(number(1, $RENEW))); 1 until hear() == 15; say(message(40));
		1 until hear() == 16; say(message(46, text(91, '$1')) x 2)"
	tail -n 2 $out > /run/ending
	printf '%s\n' "type 20 $PROTOCOL" end > /run/expected
	same /run/expected /run/ending
	[ "$(grep -c '^type 16' $out)" = 1 ] || complain "it was asked for twice"
	settled
	says $AUTH_LOG "not renewed: protocol: an answer before question 16 was asked"
	[ "$(logins)" = 1 ] || complain "$(logins) PINs were tried"
	card_list Alice > /run/card.now
	same /run/card.before /run/card.now
}

# answers_early PERL: with the request, before there is a question.
answers_early() {
	with_socket "$for_all"
	peer bob "say(request(number(1, $RENEW)) . $1)"
	says_not $out "type 15"
	tail -n 2 $out > /run/ending
	printf '%s\n' "type 20 $PROTOCOL" end > /run/expected
	same /run/expected /run/ending
	settled
	says $AUTH_LOG "not renewed: protocol: an answer before question 15 was asked"
	[ "$(logins)" = 0 ] || complain "a PIN was tried"
	nothing_happened
}

goes_away() {
	with_socket "$for_all"
	peer bob "say(request(number(1, $RENEW))); 1 until hear() == 15; exit"
	settled
	nothing_happened
	typed $PIN $PIN > /run/typed
	exits 0 as_user bob certrenew renew --yes < /run/typed
}

# --- several at once -----------------------------------------------------------------------------

# Alice sits before the question; her card is hers until she has answered.
is_busy() {
	with_socket "$for_all"
	mkfifo /run/keyboard
	trap "stop_socket; rm -f /run/keyboard" EXIT
	as_user alice certrenew renew < /run/keyboard > $shown 2>&1 &
	first=$!
	exec 9> /run/keyboard
	within 5 says $shown "certificates expire in 20 days" > /dev/null
	exits 3 as_user bob certrenew renew --yes
	says $out "The card is being renewed already."
	says $out "Wait until that has ended."
	exits 1 as_user bob certrenew status
	typed yes $PIN $PIN >&9
	wait $first
	says $shown "All certificates were renewed."
	renewed
}

# --yes, at the same moment: one of them renews, and nothing is issued twice.
race() {
	with_socket "$for_all"
	typed $PIN $PIN > /run/typed
	for runner in 1 2 3 4; do
		{ as_user bob certrenew renew --yes < /run/typed > /run/race.$runner 2>&1 || :; } &
	done
	wait_for_runners
	settled
	[ "$(cat /run/race.* | grep -c "All certificates were renewed.")" = 1 ] || { cat /run/race.*; return 1; }
	renewed
}

wait_for_runners() { within 20 sh -c '! pgrep -x certrenew > /dev/null'; }

renews_two_cards_at_once() {
	with_socket "$for_all"
	new_card Bob --key ec:P-256
	typed yes $PIN $PIN > /run/typed
	for label in Alice Bob; do
		# The token is named as pam_pkcs11 would, so that nobody has to choose.
		peer_renews $label > /run/pair.$label 2>&1 &
	done
	within 20 sh -c 'grep -q end /run/pair.Alice && grep -q end /run/pair.Bob'
	for label in Alice Bob; do
		says /run/pair.$label "type 21"
		card_proves $label
	done
}

# 15 and 16 are the questions, 40 and 46 yes and the PIN.
peer_renews() {
	as_user bob perl /run/peer.pl "say(request(number(1, $RENEW), text(5, '$1')));
		while (my \$type = hear()) {
			say(message(40)) if \$type == 15;
			say(message(46, text(91, '$PIN'))) if \$type == 16;
			last if \$type == 21;
		}"
}

promise "whoever has the seat sees and renews the card" serves_the_seat
promise "a user without a seat is refused before the card is touched" refuses_without_seat
promise "so is everybody while nobody has the seat" refuses_without_anybody_at_the_seat
promise "so is a user whose session at the seat is in the background" refuses_in_the_background
promise "so is everybody where no sessions are counted" refuses_where_nobody_counts_sessions
promise "allow = all serves everybody" serves_all
promise "allow = group serves its members, and not the seat" serves_a_group
promise "a group that does not exist has no members" knows_no_such_group

promise "without a socket the command says what to start" names_what_to_start
promise "so it does when nobody listens at the socket" names_what_to_start_again
promise "a helper that ends without a word is said to have ended" says_that_something_ended

promise "garbage is refused, and logged with its sender" \
	is_refused_to_say "$PROTOCOL" "protocol: a message of " 'say("GET / HTTP/1.1\r\n\r\n")'
promise "so is a message that is too long" \
	is_refused_to_say "$PROTOCOL" "protocol: a message of 16385 bytes" 'say(pack("N", 16385))'
promise "so is an empty one" \
	is_refused_to_say "$PROTOCOL" "protocol: a message of 0 bytes" 'say(pack("N", 0))'
promise "so is one that breaks off" \
	is_refused_to_say "$PROTOCOL" "protocol: the peer closed within a message" \
	'say(pack("N", 100)); shutdown(S, 1)'
promise "so is an answer, where a request is due" \
	is_refused_to_say "$PROTOCOL" "protocol: uid 5002 did not begin with a request" \
	'say(message(40))'
promise "so is a field that a request has not" \
	is_refused_to_say "$PROTOCOL" "protocol: message 1: field 91" \
	'say(request(number(1, 4), text(91, "123456")))'
promise "so is a field twice" \
	is_refused_to_say "$PROTOCOL" "protocol: message 1: field 1" \
	'say(request(number(1, 3), number(1, 4)))'
promise "so are trailing bytes" \
	is_refused_to_say "$PROTOCOL" "protocol: message 1: field 0" 'say(request(number(1, 3), "\0"))'
promise "so is an action that is none" \
	is_refused_to_say "$PROTOCOL" "protocol: unknown action" 'say(request(number(1, 99)))'
promise "so are flags that nobody knows" \
	is_refused_to_say "$PROTOCOL" "protocol: unknown flags" \
	'say(request(number(1, 3), number(8, 128)))'
promise "so is a reason for a revocation that there is not" \
	is_refused_to_say "code 144" "revoke-reason: there is no such reason" \
	'say(request(number(1, 8), number(9, 11)))'
promise "a login's request is refused to all but root" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" 'say(request(number(1, 1)))'
promise "so is an account stage's" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" 'say(request(number(1, 2)))'
promise "so is another user's name" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" \
	'say(request(number(1, 3), text(2, "alice")))'
promise "so is one's own name" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" \
	'say(request(number(1, 3), text(2, "bob")))'
promise "so is a PAM service" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" \
	'say(request(number(1, 3), text(3, "login")))'
promise "so is another prompt setting" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" \
	'say(request(number(1, 4), text(6, "ask")))'
promise "so is another configuration" \
	is_refused_to_say "$REFUSED" "uid 5002 asks what only root may" \
	'say(request(number(1, 4), text(7, "/tmp/mine.conf")))'
promise "root may name another user, without a seat" lets_root_name_others
promise "a peer that says that it has the seat is not believed" believes_no_flag
promise "a peer that says that nobody listens is asked nothing" asks_nobody_detached
promise "a peer that says nothing is sent away after 5 s, and logged" sends_away ''
promise "so is one that says a byte each second" \
	sends_away 'for (split //, request(number(1, 3), text(4, "en_GB"))) { say($_) // last; sleep 1 }'
promise "a PIN where a yes is due ends the renewal" \
	answers_wrongly "say(message(46, text(91, '$PIN')))"
promise "so does a second request" answers_wrongly "say(request(number(1, $RENEW)))"
promise "so does garbage" answers_wrongly 'say("\xff" x 32)'
promise "a PIN that is said twice is tried once, and ends the renewal" says_it_twice $PIN
promise "so is a wrong one" says_it_twice 000000
promise "a yes before the question ends the renewal" answers_early "message(40)"
promise "so does a yes with the PIN behind it" \
	answers_early "message(40) . message(46, text(91, '$PIN'))"
promise "a peer that goes away at the question leaves everything alone, and no lock" goes_away

promise "a second renewal of one card is told that one is running; status answers" is_busy
promise "of four renewals at the same moment one renews, and nothing is issued twice" race
promise "two cards are renewed at the same time" renews_two_cards_at_once
promised
