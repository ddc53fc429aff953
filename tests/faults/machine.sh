# SPDX-License-Identifier: MIT
# Sourced after sweep.sh by what makes system calls fail; tests/world/interpose does it.
. tests/login/pam.sh

control=/etc/certrenew-interpose
trace=/run/faults/trace
durable=/run/faults/durable
state=/var/lib/certrenew

# machine_kind KIND...: as `kind`, with the state on a file system of its own.
machine_kind() {
	! mountpoint -q $state || umount $state
	kind "$@"
	rm -rf $state
	mkdir $state
	mount -t tmpfs -o mode=755,size=8m state $state
	service login
	echo /usr/lib/certrenew-tests/interpose.so > /etc/ld.so.preload
}

# interpose PROGRAM CLASS [LINE...]: the next run of the program counts these calls.
interpose() {
	rm -f $trace
	truncate -s 128K $trace
	chmod 666 $trace
	{
		printf 'program %s\ncount %s %s\n' "$1" "$2" $trace
		shift 2
		printf '%s\n' "$@"
	} > $control
}

# What was counted: `NUMBER NAME`, a line each; how many; whether the fault was met.
counted() { tail -c +97 $trace | tr -d '\0' | sed -E 's/^([0-9]+) +[0-9]+ +. ([a-z_0-9]+) .*/\1 \2/'; }
how_many() { od -An -td8 -N8 $trace | tr -d ' '; }
struck() { tail -c +97 $trace | tr -d '\0' | grep -qE '^[0-9]+ +[0-9]+ +! '; }

# --- runs that a fault meets -------------------------------------------------------------------------

# By the command, which ends in any case.
renews() {
	ended=0
	timeout 60 certrenew renew --yes || ended=$?
	[ $ended != 124 ] || wrong "it did not end"
	return $ended
}

# On Alice's desktop: by the agent, with what stands for the windows.
asks_on_desktop() {
	: > $AUTH_LOG
	: > /run/faults/windows
	chmod 666 /run/faults/windows
	as_user alice dbus-run-session -- /usr/libexec/certrenew/certrenew-agent --renew \
		--pinentry=/usr/lib/certrenew-tests/scripted-pinentry > /run/faults/desktop 2>&1 &
	session=$!
	limit=$(($(now_ms) + 3000))
	until is_over || [ "$(now_ms)" -ge $limit ]; do sleep 0.02; done
	agent=$(pgrep -x certrenew-agent) && kill -KILL "$agent"
	wait $session
	cat /run/faults/desktop /run/faults/windows
}

# The renewal has ended, or nobody is there to go on with it.
is_over() { ! kill -0 $session 2> /dev/null || grep -q 'for alice: renew: ' $AUTH_LOG; }

# At a login, which goes on whatever happens to us.
signs_in() {
	alice_signs_in || :
	cat $shown
	case ${rule:-} in *" kill" | *" power") [ $program != pamtester ] || return 0 ;; esac
	goes_on > /dev/null || wrong "the login did not go on"
}

answers() {
	case $run in
	signs_in) printf '%s\n' yes $PIN $PIN ;;
	*) printf '%s\n' $PIN $PIN ;;
	esac
}

# strikes RULE: the next $run of the $program meets it. A power cut is a kill, and then what was not
# synced is lost.
strikes() {
	rule=$1
	[ $run = asks_on_desktop ] || rm -rf /run/certrenew
	case $rule in
	*" power")
		test-durable begin $durable $state
		interpose $program $class ${from:+"from $from"} "${rule% power} kill" "durable $durable"
		;;
	*) interpose $program $class ${from:+"from $from"} "$rule" ;;
	esac
	answers | $run
	case $rule in *" power")
		quiet
		rm $control
		test-durable cut $durable $state
		;;
	esac
}

# --- what differs from the sweeps over the card ------------------------------------------------------

# Prompts that a person answered; at a login they don't begin a line.
typed() { grep -o "Enter your card's PIN" "$1" | wc -l; }

heal() {
	[ ! -e $control ] || struck || missed=$((missed + 1))
	rm -f $control
}

# The agent is no part of a run: it stays with the desktop.
quiet() {
	limit=$(($(now_ms) + 30000))
	until nothing_of_ours_runs; do
		[ "$(now_ms)" -lt $limit ] || { wrong "something still runs: $(pgrep -a '^certrenew-' | xargs)"; break; }
		sleep 0.01
	done
}

# --- sweeps ------------------------------------------------------------------------------------------

# What may go wrong with a call of this name, beside the end of its process.
errors_of() {
	case $1 in
	write | send*) printf '%s\n' "error EIO" "error EINTR" "short" ;;
	open | mkdir* | rename* | unlink*) printf '%s\n' "error ENOSPC" "error EROFS" ;;
	fsync) printf '%s\n' "error EIO" "error ENOSPC" ;;
	flock) printf '%s\n' "error EINTR" "error ENOLCK" ;;
	*) echo "error EIO" ;;
	esac
}

# calls_of RUN PROGRAM CLASS [OBJECT]: in a healthy run, into $met.
calls_of() {
	run=$1 program=$2 class=$3 from=${4:-} met=/run/faults/met
	as_new
	[ $run = asks_on_desktop ] || rm -rf /run/certrenew
	interpose $program $class ${from:+"from $from"}
	answers | $run > /run/faults/healthy 2>&1
	quiet
	seq "$(how_many)" > $met
	[ $class = memory ] || counted > $met
	total=$(how_many)
	rm $control
	[ "$total" -gt 0 ] || { echo "violation: $program makes no $class call"; exit 1; }
	tried="$tried
$kind: $run, $program${from:+ ($from)}: $total $class calls"
}

# try NUMBER FAULT; `on and on FAULT` is at that call and all that follow.
try() {
	case $2 in
	"on and on "*) rule="#$1+ ${2#on and on }" ;;
	*) rule="#$1 $2" ;;
	esac
	point "$run, $program${from:+ ($from)}: $class call $1: $2" strikes "$rule"
}

# each FAULT...: at each of the calls.
each() {
	tried="$tried; each: $(printf '%s, ' "$@" | sed 's/, $//')"
	while read -r number name <&3; do
		for fault in "$@"; do
			try "$number" "$fault"
		done
	done 3< $met
}

# Each error that fits, at each of the calls.
each_error() {
	tried="$tried; each: the errors that fit"
	while read -r number name <&3; do
		errors_of "$name" > /run/faults/errors
		while read -r fault <&4; do
			try "$number" "$fault"
		done 4< /run/faults/errors
	done 3< $met
}

# some COUNT FAULT: at so many calls, evenly spread.
some() {
	tried="$tried; $1 of them: $2"
	stride=$((total / $1))
	[ $stride -gt 0 ] || stride=1
	number=1
	while [ $number -le "$total" ]; do
		try $number "$2"
		number=$((number + stride))
	done
}
