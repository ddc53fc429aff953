#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD [TEST...]: installs the Debian packages of `make deb` on machines of their own and tests
# them there (all tests of this folder, if none is named); closes with `N passed, N failed`. A test's
# second line of comment names its machine: a Debian of roots.sh, and whether it is booted.
set -u

cd "$(dirname "$0")/../.." || exit 1
build=$1
shift
[ $# -gt 0 ] || set -- tests/install/test-*.sh
kept=$build/install
mkdir -p "$build/log" "$kept"
results=$build/log/install.tap
: > "$results"

rm -rf "$kept/debs"
mkdir -p "$kept/debs"
for package in certrenew libpam-certrenew certrenew-agent; do
	cp "$build/deb/packages/${package}"_[0-9]*.deb "$kept/debs/$package.deb" || exit 1
done
sh tests/install/roots.sh "$kept" "$kept/debs" || exit 1

# booted ROOT SCRIPT: on a machine that has booted, and is shut down afterwards.
booted() {
	sh tests/install/boot.sh "$1" > "$build/log/boot.log" 2>&1 < /dev/null &
	machine=$!
	tries=300
	until sh tests/install/inside.sh $machine systemctl is-system-running --wait > "$build/log/inside.log" 2>&1 ||
		grep -q degraded "$build/log/inside.log"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] && kill -0 $machine || { cat "$build/log/boot.log"; break; }
		sleep 0.1
	done
	status=0
	timeout 300 sh tests/install/inside.sh $machine sh "$2" || status=$?
	[ $status -eq 0 ] || sh tests/install/inside.sh $machine journalctl --no-pager -n 40
	sh tests/install/inside.sh $machine systemctl poweroff > /dev/null 2>&1
	wait $machine
	return $status
}

for test in "$@"; do
	echo "== ${test%.sh}"
	log=$build/log/install-$(basename "$test" .sh).tap
	on=$(sed -n 's/^# On: //p' "$test")
	case $on in
	*", booted") booted "$kept/${on%, booted}" "$test" ;;
	*) timeout 300 sh tests/install/boot.sh "$kept/$on" sh "$test" ;;
	esac > "$log" 2>&1 < /dev/null
	status=$?
	sed -n '/^not ok/,/^ok/{/^ok/!p}' "$log"
	if [ $status -ne 0 ] && ! grep -q '^not ok' "$log"; then
		echo "not ok 99 - $test ended with status $status" | tee -a "$log"
		tail -n 20 "$log"
	elif ! grep -q '^1\.\.' "$log"; then
		echo "not ok 99 - $test ended before its end" | tee -a "$log"
		tail -n 20 "$log"
	fi
	grep -E '^(ok|not ok)' "$log" >> "$results"
	echo "   $(grep -c '^ok' "$log") ok, $(grep -c '^not ok' "$log") not ok"
done

skipped=$(grep -c '^ok .*# SKIP' "$results")
passed=$(grep -v '# SKIP' "$results" | grep -c '^ok')
failed=$(grep -c '^not ok' "$results")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
