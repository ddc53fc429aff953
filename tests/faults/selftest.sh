#!/bin/sh
# SPDX-License-Identifier: MIT
#
# selftest.sh BUILD: the sweeps can fail. Each of them is given a certrenew-renew with one bug
# (tests/faults/bugs), and must tell of violations at the points that the bug is about.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1
results=$build/log/selftest.tsv
passed=0 failed=0
mkdir -p "$build/log"

# catches BUG SWEEP [VARIABLE=VALUE...]
catches() {
	bug=$1 sweep=$2
	shift 2
	rm -f "$results"
	env BUG="$build/bugs/$bug" RESULTS="$results" "$@" sh tests/world/world.sh "$build" \
		sh "tests/faults/sweep-$sweep.sh" > "$build/log/selftest-$bug.log" 2>&1
	count=$(cut -f 3 "$results" 2> /dev/null)
	if [ "${count:-0}" -gt 0 ]; then
		passed=$((passed + 1))
		echo "selftest $bug: caught ($count violations)"
	else
		failed=$((failed + 1))
		echo "selftest $bug: not caught"
		tail -n 5 "$build/log/selftest-$bug.log"
	fi
}

catches remove-before-read-back card ONLY=C_CreateObject
catches retry-pin card ONLY=C_Login
[ ! -e tests/faults/sweep-machine.sh ] || catches skip-fsync machine PARTS=renew_by_est ONLY=' power' EVERY=4
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
