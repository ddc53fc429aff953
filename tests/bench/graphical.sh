#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What certrenew's PAM stage adds to a graphical login, beside a module that does nothing, whatever
# the card does. Runs in a world of its own (tests/world/world.sh).
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/bench/bench.sh

# stack NAME ACCOUNT-LINE SESSION-LINE
stack() {
	install -d "/run/stacks/$1"
	printf 'auth required pam_permit.so\n%s\naccount required pam_permit.so\n%s\nsession required pam_permit.so\n' \
		"$2" "$3" > "/run/stacks/$1/gdm-password"
}

# stage NAME WHAT: the figures go to graphical-NAME.json.
stage() {
	measured=graphical-$1
	"$BENCH_PROGRAMS/login-stage" "$RUNS" /run/stacks/no-op /run/stacks/certrenew > "$BENCH/$measured.json"
	figures table "$BENCH/$measured.json" "graphical login, PAM stage: $2"
	goal "graphical stage, $2: over a no-op" 3 ms 'certrenew - no-op'
}

# Before the next stage; whoever hangs does not wait for its own end.
quiet() {
	pkill -KILL '^certrenew-' 2> /dev/null || :
	within 10 nothing_of_ours_runs
}

prepare_cards
start_ra
fresh_login
stack no-op 'account optional pam_permit.so' 'session optional pam_permit.so'
stack certrenew "$(profile_lines Account account)" "$(profile_lines Session session)"

stage due "due"
quiet
start_socket
stage socket "systemd holds the socket"
stop_socket
quiet
fresh_login --days 300
stage idle "not due"
quiet
fresh_login
configure 's/^timeout = 5s/timeout = 1s/'
shim "C_GetSlotList hang 60"
stage hangs "the driver hangs"
quiet
configure
shim "C_GetSlotList crash"
stage crashes "the driver crashes"
quiet
configure 's|^module = .*|module = /nowhere.so|'
stage no-driver "no driver"
stop_ra
