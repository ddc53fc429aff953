#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What certrenew's PAM stage adds to a graphical login, beside a module that does nothing, whatever
# the card does. Runs in a world of its own (tests/world/world.sh).
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

ROUNDS=${ROUNDS:-100}
LOGIN_STAGE=$CERTRENEW_BUILD/tests/bench/login-stage

# stack NAME ACCOUNT-LINE SESSION-LINE
stack() {
	install -d "/run/$1"
	printf 'auth required pam_permit.so\n%s\naccount required pam_permit.so\n%s\nsession required pam_permit.so\n' \
		"$2" "$3" > "/run/$1/gdm-password"
}

# measure WHAT
measure() {
	"$LOGIN_STAGE" "$ROUNDS" /run/no-op /run/certrenew-stack > /run/times
	{ cat /run/times; echo; } | awk -v what="$1" '
		{ median[NR] = $2 / 1000; low[NR] = $3 / 1000; high[NR] = $4 / 1000 }
		END { printf "%-34s %8.2f %11.2f %8.2f   (%.2f to %.2f)\n", what, median[1], median[2],
			median[2] - median[1], low[2], high[2] }'
	pkill -KILL '^certrenew-' 2> /dev/null || :
	within 10 nothing_of_ours_runs
}

prepare_cards
start_ra
fresh_login
stack no-op 'account optional pam_permit.so' 'session optional pam_permit.so'
stack certrenew-stack "$(profile_lines Account account)" "$(profile_lines Session session)"

echo "graphical login, PAM stage, ms, medians of $ROUNDS, interleaved"
printf '%-34s %8s %11s %8s\n' "the card" "no-op" "certrenew" "adds"
measure "two certificates, due"
start_socket
measure "the same, systemd holds the socket"
stop_socket
fresh_login --days 300
measure "two certificates, not due"
fresh_login
configure 's/^timeout = 5s/timeout = 1s/'
shim "C_GetSlotList hang 60"
measure "its driver hangs"
configure
shim "C_GetSlotList crash"
measure "its driver crashes"
configure 's|^module = .*|module = /nowhere.so|'
measure "no driver"
stop_ra
