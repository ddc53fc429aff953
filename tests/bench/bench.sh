# SPDX-License-Identifier: MIT
# Sourced in the world, after harness.sh and card.sh: how a part of the bench measures. A part names its
# contenders, runs them in turns, and says what its goals are; run.sh prints the goals at the end.
#
#	begin login-text
#	contender floor "$FLOOR $MODULE"
#	contender certrenew "pamtester login alice acct_mgmt" "rm -f /run/what-it-left"
#	measure "text login, two certificates"
#	goal "login, 2 certificates: check" 1.15 "" 'certrenew - permit' 'floor + spawn + spawn'

BENCH=${BENCH:-$CERTRENEW_BUILD/bench}
BENCH_PROGRAMS=$CERTRENEW_BUILD/tests/bench
RUNS=${RUNS:-60}
GOALS=$BENCH/goals.txt
mkdir -p "$BENCH"

figures() { perl tests/bench/figures.pl "$@"; }

# begin NAME: figures go to NAME.json, a chart to NAME.png.
begin() {
	measured=$1
	: > "$BENCH/$measured.plan"
}

# contender NAME COMMAND [RESET]: see interleave.c.
contender() { printf '%s\t%s\t%s\n' "$1" "$2" "${3:-}" >> "$BENCH/$measured.plan"; }

# measure TITLE [RUNS]: runs the contenders in turns, prints a table, draws a chart.
measure() {
	"$BENCH_PROGRAMS/interleave" "$BENCH/$measured.plan" "${2:-$RUNS}" "$BENCH/$measured.json" || {
		tail -n 5 "$BENCH/$measured.json.log"
		return 1
	}
	rm -f "$BENCH/$measured.json.log"
	figures table "$BENCH/$measured.json" "$1"
	figures bars "$BENCH/$measured.json" > "$BENCH/$measured.dat"
	gnuplot -e "data='$BENCH/$measured.dat'; picture='$BENCH/$measured.png'; heading='$1'" \
		tests/bench/bars.gp
}

# wall NAME, processor NAME: of what was measured last, the median in ms.
wall() { figures value "$BENCH/$measured.json" "$(echo "$1" | tr ' ' _)" | cut -d' ' -f1; }
processor() { wall "cpu:$1"; }

# goal NAME LIMIT UNIT EXPRESSION [EXPRESSION]: of what was measured last (figures.pl, as is how a name
# is made).
goal() {
	name=$1 limit=$2 unit=$3
	shift 3
	figures goal "$name" "$limit" "$unit" "$BENCH/$measured.json" "$@" >> "$GOALS"
}

# goal_count NAME LIMIT UNIT VALUE: what was counted, not timed.
goal_count() { figures count "$@" >> "$GOALS"; }
