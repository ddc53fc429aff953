#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD [PART...]: measures, each part (tests/bench/PART.sh) in a world of its own; prints their
# tables, the goals as tables, and a line for each goal. $RUNS (60) is how often each contender runs,
# $SLOW_RUNS (13) how often a slow card is renewed in each way; six at least, for an interval. Ends badly
# if something could not be measured. A goal that is missed is a finding, not a failure of the bench: it is
# said, counted, and exits 0.
set -u

cd "$(dirname "$0")/../.." || exit 1
build=$1
shift
[ $# -gt 0 ] || for part in login graphical memory renewal slow-cards; do
	[ ! -e "tests/bench/$part.sh" ] || set -- "$@" "$part"
done
mkdir -p "$build/bench"
rm -f "$build/bench/goals.txt"
: > "$build/bench/goals.txt"

failed= began=$(date +%s)
for part in "$@"; do
	BENCH="$build/bench" sh tests/world/world.sh "$build" sh "tests/bench/$part.sh" ||
		failed="$failed $part"
done

perl tests/bench/figures.pl goals "$build/bench/goals.txt"
cat "$build/bench/goals.txt"
echo
[ -z "$failed" ] || echo "not measured to the end:$failed"
echo "bench: $(grep -c ': held$' "$build/bench/goals.txt") goals held," \
	"$(grep -c ': missed$' "$build/bench/goals.txt") missed, in $((($(date +%s) - began + 59) / 60)) minutes;" \
	"raw figures and charts in $build/bench"
[ -z "$failed" ]
