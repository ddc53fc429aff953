# SPDX-License-Identifier: MIT
# Sourced, after sweep.sh: one call to the driver goes wrong.

# at_calls FAULT [STEP [FIRST [NAME]]]: at each STEPth call that check and renew make, from the FIRST
# on; where a name is given, at the calls of that name alone.
at_calls() {
	fault=$1 step=${2:-1} next=${3:-1}
	program=certrenew-check before=0 index=0
	while read -r number pid name rest; do
		[ "$number" -gt $before ] || program=certrenew-renew
		before=$number
		case ${4:-$name} in "$name") ;; *) continue ;; esac
		index=$((index + 1))
		[ $index -eq $next ] || continue
		next=$((next + step))
		point "$program, call $number, $name: $fault" goes_wrong $program "$number" "$fault"
	done < $calls
}

goes_wrong() {
	shim "log $shim_log" "program $1" "#$2 $3"
	renew $PIN $PIN
	is_met "$@"
}

# is_met PROGRAM CALL ...: the run came as far as the call before the one that went wrong.
is_met() {
	awk -v call=$(($2 - 1)) '$1 >= call { met = 1 } END { exit !met }' $shim_log || not_met
}
