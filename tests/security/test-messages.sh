# SPDX-License-Identifier: MIT
# Messages that no honest peer sends, and peers that stop: refused by the front ends as well. What the
# helper and certrenew-renew refuse, test-socket.sh shows; the PAM module, test-pam-questions.c and
# test-pam-deadlines.c; each clause of the wire, test-message-refusals.c.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh

prepare_cards
start_ra
fresh_login

# A helper that lies, in Perl: it takes the request, says what it is told to, and tells $heard what
# was answered.
heard=/run/heard
cat > /run/liar.pl <<'PERL'
use Socket;
sub number { pack("C n/a*", $_[0], pack("q>", $_[1])) }
sub text { pack("C n/a*", @_) }
sub message { my $type = shift; pack("N/a*", join("", chr($type), @_)) }
sub say { syswrite(C, $_[0]) }
sub take {
	my ($length, $got) = (shift, "");
	while (length $got < $length) { sysread(C, $got, $length - length $got, length $got) or return }
	$got
}
sub hear {
	my $length = take(4) // do { print H "end\n"; return 0 };
	my $message = take(unpack("N", $length));
	print H "type ", ord $message, "\n";
	ord $message
}
$terms = message(10, number(76, 5000));
$done = message(21, text(20, "All certificates were renewed."), number(73, 2), number(74, 2));
$checked = message(12, number(73, 0), number(74, 2), number(75, 0));
$notice = message(13, text(20, "Hello."));
$ask = message(15, text(20, "Renew?"), text(21, "Renew now? "), text(22, "yes"), text(23, "no"),
	text(24, "later"));
$pin = message(16, text(20, "Enter your card's PIN."), text(21, "PIN: "), number(50, 1), number(51, 0));
$SIG{PIPE} = "IGNORE";
socket(S, AF_UNIX, SOCK_STREAM, 0);
unlink "/run/certrenew/socket";
bind(S, sockaddr_un("/run/certrenew/socket")) && listen(S, 5) or die;
chmod 0666, "/run/certrenew/socket";
open(R, ">", "/run/liar.ready");
accept(C, S) or die;
open(H, ">>", "/run/heard");
select((select(H), $| = 1)[0]);
hear();
eval $ARGV[0];
die $@ if $@;
shutdown(C, 1) unless $mute;
1 while hear();
PERL

# lies PERL: a helper that says so is at the socket, until the promise ends.
lies() {
	rm -f $heard /run/liar.ready
	mkdir -p /run/certrenew
	perl /run/liar.pl "$1" &
	liar=$!
	trap 'kill $liar 2> /dev/null || :; rm -f /run/certrenew/socket' EXIT
	within 5 test -e /run/liar.ready
}

# status_refuses PERL / renew_refuses PERL: what came before counts for nothing, no PIN is given.
ended="A part of certrenew ended unexpectedly."
status_refuses() {
	lies "$1"
	exits 3 as_user alice certrenew status
	says $out "$ended"
}
renew_refuses() {
	lies "$1"
	typed yes $PIN $PIN > /run/typed
	exits 3 as_user alice certrenew renew --yes < /run/typed
	says $out "$ended"
	says_not $out "All certificates were renewed."
	within 5 says $heard end
	says_not $heard "type 46"
}

both_refuse() {
	status_refuses "$1"
	trap - EXIT
	kill $liar 2> /dev/null || :
	renew_refuses "$1"
}

# What was said before DONE was true; what comes behind it is not heard, and gets no PIN.
hears_nothing_behind_the_end() {
	lies "say(\$terms . \$done . $1)"
	typed $PIN > /run/typed
	exits 0 as_user alice certrenew renew --yes < /run/typed
	within 5 says $heard end
	says_not $heard "type 46"
	says_not $out "Hello."
}

gives_up_a_mute_helper() {
	lies '$mute = 1'
	exits 3 as_user alice certrenew "$@"
	says $out "$ended"
}

# gives_up_silence PERL COMMAND...: what was said, and then nothing, with the channel held open.
gives_up_silence() {
	lies "say($1); \$mute = 1"
	shift
	typed yes $PIN $PIN > /run/typed
	exits 3 as_user alice timeout 60 certrenew "$@" < /run/typed
	says $out "$ended"
	says_not $heard "type 46"
}

# The agent: it takes a helper that lies for one that is gone, and shows nothing of it.
agent_refuses() {
	desktop dunst gtk-2
	lies "$1"
	trap 'kept=$?; kill $liar 2> /dev/null || :; (exit $kept); leave' EXIT
	autostart
	within 20 says $heard end
	no_bubble
	runs agent || complain "the agent has ended"
}

garbage='say("\xff" x 64)'
too_long='say(pack("N", 16385) . "x" x 16385)'
promise "garbage" both_refuse "$garbage"
promise "garbage behind the terms" both_refuse "say(\$terms); $garbage"
promise "a message that is too long" both_refuse "say(\$terms); $too_long"
promise "one of no bytes" both_refuse 'say($terms . pack("N", 0))'
promise "one that breaks off" both_refuse 'say($terms . substr($checked, 0, -1))'
promise "one with a byte behind it" both_refuse \
	'say($terms . pack("N/a*", chr(13) . text(20, "Hello.") . "\0"))'
promise "one with a field twice" both_refuse 'say($terms . message(13, text(20, "a"), text(20, "b")))'
promise "one with a field out of order" both_refuse \
	'say($terms . message(12, number(74, 2), number(73, 1), number(75, 0)))'
promise "one whose text would act on the terminal" both_refuse \
	'say($terms . message(13, text(20, "Hello.\e[2J")))'
promise "one that is a front end's to send" both_refuse 'say($terms . message(40))'
promise "a request" both_refuse 'say($terms . message(1, number(1, 3)))'
promise "a statement before the terms" both_refuse 'say($notice . $terms)'
promise "a question before the terms gets no PIN" renew_refuses 'say($pin . $terms)'
promise "terms twice" both_refuse 'say($terms . $terms)'
promise "behind the end a question gets no PIN" hears_nothing_behind_the_end '$pin'
promise "behind the end a statement is not shown" hears_nothing_behind_the_end '$notice'
promise "nor a second end" hears_nothing_behind_the_end '$done'
promise "status gives up a helper that never answers" gives_up_a_mute_helper status
promise "so does renew" gives_up_a_mute_helper renew --yes
short='message(10, number(76, 100))'
for command in status "renew --yes"; do
	promise "$command gives up one that says its terms, and then nothing" \
		gives_up_silence "$short" $command
	promise "... or half a message" gives_up_silence "$short . substr(\$notice, 0, 3)" $command
done
promise "... or half a message behind the question" \
	gives_up_silence "\$terms . \$ask . substr(\$notice, 0, -1)" renew --yes
start_x
promise "the agent refuses garbage" agent_refuses "$garbage"
promise "the agent refuses a message that is a front end's" agent_refuses 'say($terms . message(40))'
promise "the agent gives up a helper that never answers" agent_refuses '$mute = 1'
promised
