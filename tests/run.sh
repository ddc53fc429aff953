#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD [TEST...]: runs tests (all of them, if none is named), each in a world of its own, and
# closes with `N passed, N failed`. A test prints TAP; a unit test is a program, the others scripts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.." || exit 1
build=$1
shift
[ $# -gt 0 ] || set -- tests/unit tests/card tests/command tests/renewal tests/faults tests/login \
	tests/lookup tests/security tests/fuzz tests/desktop

mkdir -p "$build/log"
results=$build/log/results.tap
: > "$results"

# planned LOG: how many tests its plans promise (a line `1..N` each; unit tests have one a program).
planned() { awk '/^1\.\.[0-9]+$/ { sum += substr($0, 4) } END { print sum + 0 }' "$1"; }

# run NAME COMMAND...: in a world; a command that ends badly without a 'not ok' is one, and so is one that
# ends well before it has run all that it promises.
run() {
	name=$1
	shift
	echo "== $name"
	log=$build/log/$(echo "$name" | tr '/' '-').tap
	sh tests/world/world.sh "$build" "$@" > "$log" 2>&1
	status=$?
	grep -E '^(ok|not ok)|^#' "$log" | grep -vE '^# (ok -|1\.\.)' | sed -n '/^not ok/,/^ok/{/^ok/!p}' 
	if ! grep -qE '^(ok|not ok)' "$log"; then
		echo "not ok 1 - $name ran no test" | tee -a "$log"
		tail -n 20 "$log"
	elif [ $status -ne 0 ] && ! grep -v '# SKIP' "$log" | grep -q '^not ok'; then
		echo "not ok 99 - $name ended with status $status" | tee -a "$log"
		tail -n 20 "$log"
	elif [ "$(planned "$log")" != "$(grep -cE '^(ok|not ok)' "$log")" ]; then
		echo "not ok 98 - $name promised $(planned "$log") tests, and ran $(grep -cE '^(ok|not ok)' "$log")" |
			tee -a "$log"
	fi
	grep -E '^(ok|not ok)' "$log" >> "$results"
	echo "   $(grep -c '^ok' "$log") ok, $(grep -c '^not ok' "$log") not ok"
}

for test in "$@"; do
	if [ "$test" = tests/unit ]; then
		run unit sh tests/unit.sh "$build"
	elif [ -d "$test" ]; then
		for script in "$test"/test-*.sh; do
			run "${script%.sh}" sh "$script"
		done
	else
		run "${test%.sh}" sh "$test"
	fi
done

# cmocka says 'not ok 6 # SKIP name' where TAP has 'ok 6 # SKIP'.
skipped=$(grep -cE '^(not )?ok .*# SKIP' "$results")
passed=$(grep -vE '# SKIP' "$results" | grep -c '^ok')
failed=$(grep -vE '# SKIP' "$results" | grep -c '^not ok')
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
