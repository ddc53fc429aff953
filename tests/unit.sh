#!/bin/sh
# SPDX-License-Identifier: MIT
# unit.sh BUILD: every unit test, in TAP. Runs inside the world, where certrenew is installed.
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
worst=0
for test in "$1"/tests/unit/test-*; do
	case $test in *.*) continue ;; esac
	echo "# $(basename "$test")"
	timeout 300 "$test" 2>&1
	status=$?
	[ $status -eq 0 ] || { echo "# $test ended with status $status"; worst=1; }
	[ $status -lt 128 ] && [ $status -ne 124 ] || echo "not ok 1 - $(basename "$test") ended with status $status"
done
exit $worst
