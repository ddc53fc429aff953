# SPDX-License-Identifier: MIT
# A hostile driver in check and in renew, from its first byte to the open card, gains nothing: what
# it may not call ends the process and is logged by name, what it may not open is not opened.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/security/malice.sh

# The sandbox is left away in builds with sanitizers, so there is nothing to show.
[ -z "${SANITIZE:-}" ] || { echo "ok 1 - the sandbox # SKIP a build with sanitizers has none"; echo 1..1; exit 0; }

prepare_malice

ended_for() {
	malice "$1" "$2" "$3"
	runs "$1"
	struck "$1" "$2" "$3"
	unharmed
	logs "certrenew-$1 made the system call $4 ("
	# renew alone speaks with the person, and it is gone.
	if [ "$1" = renew ]; then
		says $out "A part of certrenew ended unexpectedly."
		return
	fi
	says $out "The card's driver was stopped: it did something that it may not do."
	says $out "Tell your administrator: the log says what it was, and certrenew.conf(5) what to do."
}

# ended PROGRAM WHEN ATTACK CALL...: the log names one of these calls, each WHEN.
ended() {
	for when in $2; do ended_for "$1" $when "$3" "$4"; done
}

# refused PROGRAM WHEN ATTACK: the attempts fail, and the program goes on as ever.
refused() {
	for when in $2; do
		malice "$1" $when "$3"
		runs "$1"
		struck "$1" $when "$3"
		says $RESULTS "$1 $when $3: refused"
		unharmed
		went_on "$1"
	done
}

# went_on PROGRAM: check has judged the card, renew came to its question.
went_on() {
	case $1 in
	check) says $out "can be renewed now" ;;
	renew) says $out "Enter your card's PIN" ;;
	esac
}

# killed PROGRAM WHEN ATTACK: without a call's number, as it is of another architecture.
killed() {
	malice "$1" "$2" "$3"
	runs "$1"
	struck "$1" "$2" "$3"
	unharmed
	logs "sandbox: ended for a system call that its sandbox forbids, of unknown number"
}

# stands_alone PROGRAM: where one thread cannot be shut in, the card is not read.
stands_alone() {
	malice "$1" load own-filter
	runs "$1"
	struck "$1" load own-filter
	unharmed
	logs "no-sandbox: seccomp: thread "
}

# pretends PROGRAM WHEN: the kernel's word that a filter was loaded is not enough.
pretends() {
	for when in $2; do
		malice "$1" $when silence-seccomp
		runs "$1"
		struck "$1" $when silence-seccomp
		unharmed
		logs "no-sandbox: seccomp: 2 filters after one was added to 2"
	done
}

# What a driver may open it may close to everybody, until the next conversation begins.
put_right() {
	malice check find close-records
	runs check
	says $RESULTS "check find close-records: gained"
	[ "$(stat -c %a /run/certrenew/found)" = 0 ] || complain "it is open still"
	configure
	runs check
	says $out "can be renewed now"
	[ "$(stat -c %a /run/certrenew/found)" = 700 ] || complain "it is not put right"
}

# lies PROGRAM ATTACK WHAT: the helper does not believe it, and ends the child at once.
lies() {
	malice "$1" slots "$2" 's/^\[card\]/&\ntimeout = 10m/'
	runs "$1"
	struck "$1" slots "$2"
	unharmed
	logs "protocol: $3"
}

# Would these tests notice? Without the sandbox, the attacks succeed.
succeeds() {
	malice check slots "$1" 's/^\[card\]/&\nsandbox = off/'
	runs check
	says $RESULTS "check slots $1: gained"
}

# login_goes_on PROGRAM WHEN ATTACK
login_goes_on() {
	malice "$1" "$2" "$3"
	service login
	typed yes $PIN $PIN | SECRET=of-the-login alice_signs_in
	goes_on
	struck "$1" "$2" "$3"
	unharmed
	settled
}

always="load initialize slots thread find"
open="slots thread find"

for program in check renew; do
	promise "$program: no other process is signalled" ended $program "$always" signal kill
	promise "... nor all of them" ended $program "load slots" signal-all kill
	promise "... nor by tgkill" ended $program "load slots" signal-thread tgkill
	promise "... nor by a queued signal" ended $program "load slots" signal-queued rt_sigqueueinfo
	promise "... nor by a handle" ended $program "load slots" signal-by-handle pidfd_open
	promise "... nor by a pipe's owner" ended $program "load slots" signal-by-pipe fcntl
	promise "... nor with an upper half that the kernel ignores" \
		ended $program "load slots" signal-by-long-pipe fcntl
	promise "... nor with a handler of its own for what is forbidden" \
		ended $program "load slots" own-handler kill
	promise "... nor with all signals blocked" killed $program load own-mask
	promise "... nor by numbers of another architecture" killed $program load other-numbers
	promise "$program: no other process is starved by limits" ended $program "load slots" starve prlimit64
	promise "$program: nothing is traced" ended $program "$always" trace ptrace
	promise "... nor read by process_vm_readv" ended $program "load slots" vm-read process_vm_readv
	promise "... nor by /proc" refused $program "$always" others-memory
	promise "$program: nobody's environment is read" refused $program "load slots" others-environment
	promise "... and its own has nothing of the login's" refused $program "load slots" environment
	promise "$program: no process is made" ended $program "$always" new-process clone
	promise "... nor by clone3" refused $program "load slots" new-process-by-clone3
	promise "$program: no program is run" ended $program "$always" run execve
	promise "$program: /etc/shadow is not read" refused $program "$always" shadow
	promise "$program: nor what others let everybody read" refused $program "$always" other-files
	promise "$program: nothing is written outside its folders" refused $program "$always" write-outside
	promise "... nor linked" refused $program load link-outside
	promise "... nor moved or removed" refused $program "load slots" move-outside
	promise "... nor shortened" ended $program "load slots" shorten truncate
	promise "$program: no file's mode is changed by its name" \
		ended $program "$always" change-mode chmod
	promise "... nor by fchmodat" ended $program "load slots" change-mode-at fchmodat
	promise "... nor by fchmodat2, where the kernel is new enough" \
		ended $program "load slots" change-mode-at2 unknown
	promise "... nor of what is opened for neither reading nor writing" \
		ended $program "load slots" change-mode-by-open openat
	promise "... nor so by openat2" refused $program "load slots" change-mode-by-openat2
	promise "... nor of what is opened as a place only" refused $program "load slots" change-mode-by-path
	promise "$program: nor its owner" ended $program "load slots" change-owner chown
	promise "... nor by fchownat" ended $program "load slots" change-owner-at fchownat
	promise "$program: nor its times" ended $program "load slots" change-times utimensat
	promise "$program: nor its attributes" ended $program "load slots" change-attributes setxattr
	promise "$program: the journal is not watched" refused $program load watch-journal
	promise "$program: nothing is left where libraries look for modules" \
		refused $program "load slots" stay
	promise "$program: root is not regained" ended $program "$always" become-root setuid
	promise "$program: no user namespace is made" ended $program "load slots" new-world unshare
	promise "$program: its memory stays closed" ended $program "load slots" open-memory prctl
	promise "$program: no ring makes calls for it" ended $program "load slots" rings io_uring_setup
	promise "$program: no thread keeps out of it" stands_alone $program
	promise "$program: no filter of the driver's says that ours was loaded" \
		pretends $program "load initialize"
	promise "$program: an unknown report ends it" lies $program lie-unknown "a report of a wrong form"
	promise "$program: so does half a report" lies $program lie-short "a report of a wrong form"
	promise "$program: so does the end, told twice" lies $program lie-twice \
		"the end is not permitted after the end"
	promise "$program: so does waiting for a card unasked" lies $program lie-watching \
		"watching is not permitted after reading"
done
promise "check has no network: TCP" ended check "$always" tcp socket
promise "... UDP over IPv6" ended check "load slots" udp6 socket
promise "renew has TCP and UDP, and no other network" ended renew "$open" packets socket
promise "check does not see the journal" refused check "$always" journal
promise "a folder for records that its driver closed is opened again" put_right
promise "check that says it writes to the card is ended" \
	lies check lie-writing "writing is not permitted after reading"

for program in check renew; do
	promise "the login goes on: $program, a signal" login_goes_on $program load signal
	promise "the login goes on: $program, a new process" login_goes_on $program slots new-process
	promise "the login goes on: $program, from a thread" login_goes_on $program thread trace
	promise "the login goes on: $program, by another architecture" \
		login_goes_on $program slots other-numbers
done
promise "the login goes on: check, a lie" login_goes_on check slots lie-writing
# The last, as these leave something behind.
for attack in signal tcp other-files write-outside new-process others-memory trace journal \
	stay change-mode-by-open change-owner change-mode; do
	promise "without the sandbox it would have: $attack" succeeds $attack
done
stop_ra
promised
