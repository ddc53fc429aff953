# SPDX-License-Identifier: MIT
# The helper is root, and so it reads no byte of a card or a network and never has the PIN: what it
# asked of the kernel, and what is in its memory, over a whole renewal.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/security/memory.sh

TRACE=/run/trace/of

prepare_cards
start_ra

# number_of PROGRAM: of the last one, from the log.
number_of() { sed -n "s/.* certrenew-$1\[\([0-9]*\)\].*/\1/p" $AUTH_LOG | tail -n 1; }

# traces_of PROGRAM: of each that the helper started.
traces_of() { grep -l "^execve(.*/certrenew-$1\"" $TRACE.* || complain "no certrenew-$1 was started"; }

# Once, for all that is looked for: in a file for each process.
trace_a_renewal() {
	fresh_login
	rm -rf /run/trace
	mkdir -m 700 /run/trace
	printf '%s\n' $PIN $PIN > /run/pins
	strace -ff -s 100000 -o $TRACE certrenew renew --yes < /run/pins > $out 2>&1
	rm /run/pins
	settled
	helper=$TRACE.$(number_of helper)
	renew=$TRACE.$(number_of renew)
}

traced() {
	says $out "All certificates were renewed."
	says "$helper" "certrenew.conf"
	says "$helper" "clone(child_stack=NULL"
}

reads_no_pin() {
	# So it would be seen.
	says "$renew" $PIN
	says_not "$helper" $PIN
}

has_no_network() {
	# So it would be seen, in whichever thread.
	cat $TRACE.* > /run/all-traces
	grep -qF "socket(AF_INET" /run/all-traces || complain "nobody has opened a connection"
	! grep -E 'socket\(' "$helper" | grep -v 'AF_UNIX' || complain "another socket"
	! grep -E 'connect\(' "$helper" | grep -v '/dev/log\|/var/run/nscd' || complain "a connection"
}

# What it opens: libraries, its configuration, the machine's users, names of journals.
opens_little() {
	sed -n 's/^open\(at\)\?(.*"\([^"]*\)".*) = [0-9]*$/\2 &/p' "$helper" |
		grep -vE '^(/lib/|/usr/lib/|/etc/ld.so|/etc/certrenew.conf |/etc/(passwd|group|nsswitch.conf|localtime) |/dev/null |/proc/sys/kernel/)' \
		> /run/opened || :
	says /run/opened /run/certrenew/lock/
	! grep -v '^/run/certrenew/lock/' /run/opened | grep -v O_DIRECTORY || complain "a file more"
	! grep -E '^(open|openat|stat|newfstatat)\(.*(softhsm|p11|libcrypto|libcurl)' "$helper" || complain "a driver's or a card's file"
}

# The reports come in pieces of one size; nothing else is read but the request and the machine's.
reads_reports() {
	sed -n '/^pipe2(/,$p' "$helper" | awk '
		/^pipe2\(/ { split($0, part, /[[,]/); pipe[part[2]] = 1 }
		/^close\(/ { split($0, part, /[()]/); delete pipe[part[2]] }
		/^read\(/ { split($0, part, /[(,]/); if (part[2] in pipe && $NF > 0) print $NF }' |
		sort | uniq -c > /run/sizes
	[ "$(wc -l < /run/sizes)" = 1 ] || complain "not one size: $(cat /run/sizes)"
}

drops_in_order() {
	for child in $(traces_of check) $(traces_of renew); do
		grep -oE '^(prctl\(PR_CAPBSET_DROP|setgroups\([1-9]|setresgid\([1-9]|setresuid\(9|setresuid\(1|execve)' \
			"$child" | uniq | tr '\n' ' ' > /run/order
		case $(cat /run/order) in
		"prctl(PR_CAPBSET_DROP setgroups("?" setresgid("?" setresuid("?" execve "*) ;;
		*) complain "$(cat /run/order)" ;;
		esac
		grep -E '^(setuid|setgid)\(0\)|^setresuid\(-1, 0, -1\)|^setgroups\(0' "$child" > /run/back
		[ "$(grep -c EPERM /run/back)" -ge 4 ] || complain "the ways back: $(cat /run/back)"
		! grep -v EPERM /run/back || complain "a way back"
	done
}

# Before it knows anything: the kernel is told, not only asked whose the file in /proc is.
closes_memory() {
	for trace in "$helper" $(traces_of check) $(traces_of renew); do
		says "$trace" "prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE"
		sed -n '/^prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE/,$p' "$trace" > /run/closed
		grep -q '^open.*/etc/certrenew.conf' /run/closed || complain "$trace reads nothing"
		! sed '/^prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE/,$d' "$trace" | grep '^open.*/etc/certrenew.conf' ||
			complain "$trace closes it too late"
		[ "$(grep -c 'prctl(PR_SET_DUMPABLE' "$trace")" = "$(grep -c 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE.*= 0$' "$trace")" ] ||
			complain "$trace opens it again"
	done
}

# --- its memory ----------------------------------------------------------------------------------

# Looked at again and again while renew has the PIN, and its driver is slow with it.
never_has_the_pin() {
	fresh_login
	shim "C_Login delay 1500"
	typed yes $PIN $PIN | alice_signs_in &
	host=$!
	within 10 pgrep -x certrenew-renew > /dev/null
	helper=$(pgrep certrenew-help)
	seen=0
	while kill -0 "$helper" 2> /dev/null; do
		! has_pin "$helper" || complain "the helper has the PIN"
		renew=$(pgrep -x certrenew-renew) && has_pin "$renew" && seen=$((seen + 1))
	done
	wait $host
	renewed
	[ $seen -ge 1 ] || complain "renew was never seen with the PIN: nothing is shown"
}

# --- its rights ----------------------------------------------------------------------------------

bounded() {
	fresh_login
	mkfifo /run/keyboard
	trap "rm -f /run/keyboard" EXIT
	alice_signs_in < /run/keyboard &
	host=$!
	exec 9> /run/keyboard
	within 10 says $shown "Renew now?" > /dev/null
	held=$(pgrep -x certrenew-renew)
	says /proc/$held/status "CapBnd:	0000000000000000"
	tr -s ' ' < /proc/$held/limits > /run/limits
	for limit in "core file size 0 0" "open files 256 256" "msgqueue size 0 0" \
		"file size 67108864 67108864"; do
		says /run/limits "Max $limit"
	done
	exec 9>&-
	wait $host
}

# The command has the PIN on its way: other processes of the person may not look into it.
closes_the_command() {
	fresh_login
	configure '$a [directory]\nurl = https://localhost/\n[revocation]\nurl = https://localhost/'
	seat_of 5001
	start_socket
	mkfifo /run/keyboard
	trap "rm -f /run/keyboard; stop_socket" EXIT
	as_user alice script -qfc "$1" /dev/null < /run/keyboard > $out 2>&1 &
	host=$!
	exec 9> /run/keyboard
	within 10 grep -q "$asked" $out
	held=$(pgrep -u alice -x "$program")
	! as_user alice cat "/proc/$held/environ" > /dev/null 2>&1 || complain "its environment is open"
	! as_user alice dd "if=/proc/$held/mem" count=0 2> /dev/null || complain "its memory is open"
	grep -qE '^Max core file size +0 +0 ' "/proc/$held/limits" || complain "it may dump core"
	exec 9>&-
	wait $host || :
}

trace_a_renewal
promise "a renewal was traced" traced
promise "the helper reads and writes no PIN" reads_no_pin
promise "it has no network" has_no_network
promise "it opens no file of a card or of the journal" opens_little
promise "of its children it reads reports of one size" reads_reports
promise "capabilities, groups, group and user go in this order, and do not come back" drops_in_order
promise "each closes its memory before it reads anything, and leaves it closed" closes_memory
promise "its memory never holds the PIN, while renew's does" never_has_the_pin
promise "a child's bounding set is empty, and its resources are few" bounded
asked="PIN" program=certrenew
promise "the command is closed to its own user" closes_the_command "certrenew renew --yes"
asked="Whose certificate" program=certrenew-looku
promise "... and what asks for the challenge phrase, too" closes_the_command "certrenew revoke"
stop_ra
promised
