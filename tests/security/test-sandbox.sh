# SPDX-License-Identifier: MIT
# The sandbox itself: it is there, it is demanded, it can be opened by those who must, and the
# drivers that are common work in it.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/security/malice.sh

[ -z "${SANITIZE:-}" ] || { echo "ok 1 - the sandbox # SKIP a build with sanitizers has none"; echo 1..1; exit 0; }

prepare_malice
CHECK=/usr/libexec/certrenew/certrenew-check

# --- the settings --------------------------------------------------------------------------------

# filters PROGRAM QUESTION COUNT [SED EXPRESSION...]: so many are loaded while the question is asked.
filters() {
	program=$1 question=$2 count=$3
	shift 3
	fresh_login
	# Of two cards, check asks which.
	[ "$program" != certrenew-check ] || new_card Other --key ec:P-256
	configure "$@"
	mkfifo /run/keyboard
	trap "rm -f /run/keyboard" EXIT
	alice_signs_in < /run/keyboard &
	host=$!
	exec 9> /run/keyboard
	within 10 says $shown "$question" > /dev/null
	held=$(pgrep -x "$program")
	for thread in /proc/$held/task/*; do
		says "$thread/status" "Seccomp_filters:	$count"
	done
	exec 9>&-
	wait $host
}

# Also where there is no driver: what a journal holds came from a card and a CA.
filters_what_tells() {
	fresh_login
	shim "C_CreateObject#1 crash"
	renew $PIN $PIN > $out 2>&1 || :
	settled
	configure
	rm -f /run/tell.*
	strace -ff -e trace=execve,seccomp -o /run/tell certrenew status > $out 2>&1 || :
	settled
	says $out "issued"
	# shellcheck disable=SC2046 # one file
	set -- $(grep -l 'execve(.*/certrenew-renew"' /run/tell.*)
	[ $# = 1 ] || complain "renew was started $# times"
	[ "$(grep -c '^seccomp(SECCOMP_SET_MODE_FILTER.*= 0$' "$1")" = 2 ] || { cat "$1"; complain "not two filters"; }
}

# A driver that needs what is forbidden: the log says what, and it can be permitted.
permits_a_call() {
	malice check slots new-process
	runs check
	logs "certrenew-check made the system call clone (56), which its sandbox forbids"
	malice check slots new-process 's/^\[card\]/&\nsandbox_calls = clone wait4/'
	runs check
	says $RESULTS "check slots new-process: gained"
	says $out "can be renewed now"
}

permits_a_folder() {
	malice check slots other-files 's,^\[card\],&\nsandbox_read = /srv,'
	runs check
	says $RESULTS "check slots other-files: gained"
}

# sandbox_write reaches as far as the folder that it names.
permits_writing() {
	malice check slots write-outside 's,^\[card\],&\nsandbox_write = /var/tmp,'
	runs check
	says $RESULTS "check slots write-outside: gained"
	[ -e /var/tmp/made ] || complain "nothing was made"
	rm /var/tmp/made
	[ ! -e /tmp/made ] || complain "it wrote elsewhere"
}

knows_its_calls() {
	malice check never signal "s/^\[card\]/&\nsandbox_calls = $1/"
	exits 3 certrenew check-config
	says $out "sandbox_calls: '$1' is not the name of a system call"
}

knows_too_many_calls() {
	calls=$(printf 'getpid %.0s' $(seq 65))
	malice check never signal "s/^\[card\]/&\nsandbox_calls = $calls/"
	exits 3 certrenew check-config
	says $out "sandbox_calls: 65 system calls are more than 64"
}

knows_its_paths() {
	malice check never signal "s/^\[card\]/&\nsandbox_read = opt/"
	exits 3 certrenew check-config
	says $out "sandbox_read: 'opt' is not an absolute path"
}

# With log nothing is ended; a call reaches the log of the kernel, if that is to be had here.
logs_calls() {
	malice check slots new-process 's/^\[card\]/&\nsandbox = log/'
	runs check
	says $RESULTS "check slots new-process: gained"
	says $out "can be renewed now"
	says_not /var/log/auth.log "forbids"
	dmesg > /run/kernel 2>&1 || { echo "the kernel's log is closed here"; exit 77; }
	grep -q 'audit.*comm="certrenew-check".*syscall=56' /run/kernel ||
		{ echo "the kernel here does not log calls where dmesg shows them"; exit 77; }
}

# --- a kernel that cannot ------------------------------------------------------------------------

# on_a_kernel_without CALL: for the programs that the helper starts.
on_a_kernel_without() {
	mv $CHECK $CHECK.real
	trap "mv $CHECK.real $CHECK" EXIT
	printf '#!/bin/sh\nexec /usr/lib/certrenew-tests/test-without %s %s.real "$@"\n' "$1" $CHECK > $CHECK
	chmod 755 $CHECK
}

fails_closed() {
	on_a_kernel_without "$1"
	configure
	: > /var/log/auth.log
	exits 3 certrenew status
	says $out "This computer cannot restrict the card's driver as its settings demand."
	says $out "Tell your administrator: [card] sandbox in certrenew.conf."
	logs "no-sandbox: $2"
	alice_signs_in < /dev/null
	goes_on_silently
}

works_when_told() {
	on_a_kernel_without "$1"
	configure "s/^\[card\]/&\nsandbox = $2/"
	exits 1 certrenew status
	says $out "can be renewed now"
}

# --- drivers -------------------------------------------------------------------------------------

# OpenSC asks pcscd, which has no reader here.
works_with_opensc() {
	configure 's|^module = .*|module = opensc-pkcs11.so|'
	pcscd --foreground --debug > /var/log/pcscd.log 2>&1 &
	pcscd=$!
	trap "kill $pcscd; wait $pcscd 2> /dev/null || :" EXIT
	within 10 test -S /run/pcscd/pcscd.comm
	: > /var/log/auth.log
	exits 3 certrenew status
	says $out "There is no card in the reader."
	says_not /var/log/auth.log "forbids"
	says /var/log/pcscd.log "ESTABLISH_CONTEXT for client"
}

# Other drivers of this machine may want what a check does not have, and all are loaded.
works_with_p11_kit() {
	fresh_login
	rm -f /usr/share/p11-kit/modules/*
	mkdir -p /etc/pkcs11/modules
	printf 'module: %s\n' $MODULE > /etc/pkcs11/modules/softhsm2.module
	echo 'module: opensc-pkcs11.so' > /etc/pkcs11/modules/opensc.module
	configure "s|^module = .*|module = $(pkg-config --variable=proxy_module p11-kit-1)|"
	exits 0 renew $PIN $PIN
	says $out "All certificates were renewed."
	renewed
	rm /etc/pkcs11/modules/softhsm2.module
}

# A name server that knows everybody to be this machine.
answer_names() {
	perl -MIO::Socket::INET -e '
		my $socket = IO::Socket::INET->new(LocalAddr => "127.0.0.1:53", Proto => "udp") or die;
		open(my $ready, ">", "/run/names"); close($ready);
		while (defined $socket->recv(my $question, 512)) {
			my ($id, $rest) = unpack("a2x10a*", $question);
			my $name = substr($rest, 0, index($rest, "\0") + 5);
			open(my $asked, ">>", "/run/asked");
			print $asked join(".", unpack("(C/a)*", substr($name, 0, -5))), "\n";
			my $known = unpack("n", substr($name, -4)) == 1;
			$socket->send($id . pack("n5", 0x8180, 1, $known, 0, 0) . $name .
				($known ? pack("n3NnC4", 0xC00C, 1, 1, 60, 4, 127, 0, 0, 1) : ""));
		}'
}

looks_names_up() {
	fresh_login
	configure s,localhost,ra.example.test,
	cp /etc/resolv.conf /run/resolv.conf
	echo "nameserver 127.0.0.1" > /etc/resolv.conf
	answer_names &
	names=$!
	trap "kill $names; cat /run/resolv.conf > /etc/resolv.conf" EXIT
	within 5 test -e /run/names
	exits 0 renew $PIN $PIN
	grep -qa "ra.example.test" /run/asked || complain "it was not asked for"
	renewed
	says_not $AUTH_LOG forbids
}

# As a person at the seat might be, if [access] allow = all lets everybody.
is_no_person() {
	fresh_login
	configure '1i [access]\nallow = all'
	start_socket
	trap stop_socket EXIT
	exits 1 as_user alice certrenew status
	: > /var/log/auth.log
	exits 3 as_certrenew certrenew status
	logs "refused: user _certrenew is no person"
}

service login
for held in "check Which one?" "renew Renew now?"; do
	program=${held%% *} question=${held#* }
	promise "$program has two filters, in all threads" filters certrenew-$program "$question" 2
	promise "... of which log takes none away" \
		filters certrenew-$program "$question" 2 's/^\[card\]/&\nsandbox = log/'
	promise "... and off both" \
		filters certrenew-$program "$question" 0 's/^\[card\]/&\nsandbox = off/'
done
promise "renew has both where it only tells of a journal" filters_what_tells
promise "a call that a driver needs can be permitted by its name" permits_a_call
promise "a folder that it reads can be permitted" permits_a_folder
promise "... as can one that it writes" permits_writing
promise "a name that is no call's is an error" knows_its_calls no_such_call
promise "... as are more of them than a filter takes" knows_too_many_calls
promise "a path that is not absolute is an error" knows_its_paths
promise "with log a forbidden call is made, and the kernel logs it" logs_calls
promise "without Landlock no driver is loaded, and the login goes on" \
	fails_closed landlock_create_ruleset "Landlock: Function not implemented"
promise "... nor where it cannot be put in force" \
	fails_closed landlock_restrict_self "Landlock: Function not implemented"
promise "... nor without seccomp" fails_closed seccomp "seccomp: Function not implemented"
promise "sandbox = log does without Landlock" works_when_told landlock_create_ruleset log
promise "sandbox = off does without seccomp" works_when_told seccomp off
promise "OpenSC speaks with pcscd in it" works_with_opensc
promise "p11-kit-proxy renews a card in it" works_with_p11_kit
promise "the name of a CA is looked up in it" looks_names_up
promise "a process of ours is nobody who may ask the helper" is_no_person
stop_ra
promised
