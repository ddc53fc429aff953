#!/bin/sh
# SPDX-License-Identifier: MIT
#
# fuzz.sh BUILD SECONDS [TARGET...]: runs the fuzz targets (all of them, if none is named) that long
# each, two at a time, and closes with a table and `N passed, N failed`. What is found lies in
# BUILD/findings: it becomes a file of tests/fuzz/corpus/TARGET, named by what it is, once it is mended.
# What a run learns is kept in BUILD/corpus, for the next one.
set -eu

build=$1
seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(ls "$build/tests/fuzz")
mkdir -p "$build/log" "$build/findings"

# fuzz TARGET: longer inputs than any parser's own limit are not worth their time.
fuzz() {
	status=0
	mkdir -p "$build/corpus/$1"
	"$build/tests/fuzz/$1" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$build/findings/$1-" \
		"$build/corpus/$1" "tests/fuzz/corpus/$1" > "$build/log/fuzz-$1.log" 2>&1 || status=$?
	echo $status > "$build/log/fuzz-$1.status"
}

while [ $# -gt 0 ]; do
	rm -f "$build/log/fuzz-$1.status"
	fuzz "$1" &
	if [ $# -gt 1 ]; then
		rm -f "$build/log/fuzz-$2.status"
		fuzz "$2"
		targets="${targets:-} $2"
	fi
	wait
	targets="${targets:-} $1"
	shift
	[ $# -eq 0 ] || shift
done

# The last word of libFuzzer's on coverage: "cov: 512 ft: 1741".
coverage() { sed -n "s/.* $2: \([0-9]*\).*/\1/p" "$build/log/fuzz-$1.log" | tail -n 1; }

passed=0
failed=0
printf '%-14s %12s %8s %8s  %s\n' target executions cov ft findings
for target in $(printf '%s\n' $targets | sort); do
	log=$build/log/fuzz-$target.log
	finding=none
	if [ "$(cat "$build/log/fuzz-$target.status")" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		finding=$(grep -m 1 -E 'this must hold|ERROR: |runtime error' "$log" || tail -n 1 "$log")
	fi
	printf '%-14s %12s %8s %8s  %s\n' "$target" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
		"$(coverage "$target" cov)" "$(coverage "$target" ft)" "$finding"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
