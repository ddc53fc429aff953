# SPDX-License-Identifier: MIT
# Sourced by the searches of memory, after card.sh: a PIN that nothing else in any process looks like,
# and who has it.

PIN=Zq7vX93pLm2w
printf '%s\n' "$PIN" > /run/needle

# has_pin PROCESS: somewhere in its memory. One that could not be looked at ends the promise, unless it
# has ended meanwhile.
has_pin() {
	found=0
	test-scan /run/needle "$1" > /run/finds 2>&1 || found=$?
	if [ $found -gt 1 ] && grep -q . "/proc/$1/maps" 2> /dev/null; then
		cat /run/finds
		echo "$1 could not be searched"
		exit 1
	fi
	[ $found = 1 ]
}

# Every process of certrenew, and nobody else's.
ours() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/exe") in
		*/libexec/certrenew/* | */bin/certrenew) echo "${process#/proc/}" ;;
		esac
	done
}

names() { for pid in $1; do readlink "/proc/$pid/exe" | sed 's,.*/,,'; done | sort | xargs; }

# holds_no_pin PROGRAMS: these run, and the PIN is in none of them.
holds_no_pin() {
	processes=$(ours)
	[ "$(names "$processes")" = "$1" ] || complain "running: $(names "$processes")"
	# shellcheck disable=SC2086 # these are words
	test-scan /run/needle $processes || {
		for pid in $processes; do echo "$pid is $(readlink "/proc/$pid/exe")"; done
		return 1
	}
}

