# SPDX-License-Identifier: MIT
# Sourced by the tests that are scripts: a list of promises, each kept by a function.

promises=0

# promise TEXT FUNCTION [ARGUMENT...]: runs it by itself, prints a line of TAP, and what it said if
# it failed. Exit status 77 is a skip, and the last line says why.
promise() {
	promises=$((promises + 1))
	text=$1
	shift
	said=$(mktemp)
	set +e
	( set -eu; "$@" ) > "$said" 2>&1
	kept=$?
	set -e
	case $kept in
	0) echo "ok $promises - $text" ;;
	77) echo "ok $promises - $text # SKIP $(tail -n 1 "$said")" ;;
	*)
		echo "not ok $promises - $text"
		sed 's/^/# /' "$said"
		echo "# (exit status $kept; the end of the log follows)"
		tail -n 8 /var/log/auth.log | sed 's/^/#   /'
		;;
	esac
	rm -f "$said"
}

promised() { echo "1..$promises"; }

# --- what promises ask for -----------------------------------------------------------------------

complain() { echo "$*"; return 1; }

# says FILE TEXT: a line of the file contains the text.
says() { grep -qF -- "$2" "$1" || { echo "missing: $2"; echo "in:"; cat "$1"; return 1; }; }

# says_not FILE TEXT: the file is there, and no line of it contains the text.
says_not() {
	[ -r "$1" ] || { echo "there is no $1"; return 1; }
	! grep -F -- "$2" "$1" || { echo "unwanted: $2"; return 1; }
}

# exits STATUS COMMAND...: with this status; what it prints is in $out.
exits() {
	wanted=$1
	shift
	set +e
	"$@" > "$out" 2>&1
	got=$?
	set -e
	[ "$got" = "$wanted" ] || { echo "exit status $got instead of $wanted: $*"; cat "$out"; return 1; }
}

# within SECONDS COMMAND...: tried again and again until it succeeds.
within() {
	limit=$(($(now_ms) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt $limit ] || { echo "not in time: $*"; return 1; }
		sleep 0.02
	done
}

now_ms() { date +%s%3N; }

# logs TEXT: the helper and the logger may be a little behind the command that has ended.
logs() { within 5 grep -qF -- "$1" /var/log/auth.log; }

# same FILE FILE
same() { cmp -s "$1" "$2" || { echo "changed:"; diff "$1" "$2"; return 1; }; }

out=/run/out
