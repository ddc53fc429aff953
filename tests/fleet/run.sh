#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD: what a fleet does to its RA: a simulation of 100,000 machines, without and with
# spreading, as a table and a chart (BUILD/fleet/fleet.png); and FLEET_CLIENTS real ones at once, in a
# world. Closes with a line for each goal and `N passed, N failed`.
set -u

cd "$(dirname "$0")/../.." || exit 1
build=$1
out=$build/fleet
passed=0 failed=0
rm -rf "$out"
mkdir -p "$out"

# goal NAME VALUE LIMIT COMPARISON: as awk compares VALUE with LIMIT.
goal() {
	if [ -n "$2" ] && awk "BEGIN { exit !($2 $4 $3) }"; then
		verdict=held passed=$((passed + 1))
	else
		verdict=missed failed=$((failed + 1))
	fi
	echo "goal $1: ${2:-none}, limit $3: $verdict"
}

# --- the simulation ------------------------------------------------------------------------------

# reminder WINDOW SPREAD: the configuration's part that counts here.
reminder() {
	printf '[reminder]\nwindow = %s\nremind = %s 14d 7d 3d 2d 1d\nspread = %s\n' "$1" "$1" "$2" > "$out/certrenew.conf"
}

# simulate NAME WINDOW SPREAD [OPTION...]
simulate() {
	name=$1
	reminder "$2" "$3"
	shift 3
	"$build/tests/fleet/simulate" --config "$out/certrenew.conf" --rate 2 "$@" "$name" "$out" >> "$out/simulated" || exit 1
}

# value NAME COLUMN
value() { awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$out/simulated"; }

simulate without 30d 0 --no-jitter
simulate many-later-without 30d 0 --no-jitter --later 0.3
simulate default-window 30d 30d
simulate default-nobody-later 30d 30d --later 0
simulate spread 45d 28d
simulate nobody-later 45d 28d --later 0
simulate many-later 45d 28d --later 0.3
simulate public-holiday 45d 28d --holiday 21

echo "100,000 machines, one RA that takes 2 renewals a second; [reminder] window, spread:"
awk -F '\t' '
BEGIN {
	text["without"] = "30d, 0: without"
	text["many-later-without"] = "30d, 0: 3 of 10 say later"
	text["default-window"] = "30d, 30d"
	text["default-nobody-later"] = "30d, 30d, nobody says later"
	text["spread"] = "45d, 28d"
	text["nobody-later"] = "45d, 28d, nobody says later"
	text["many-later"] = "45d, 28d, 3 of 10 say later"
	text["public-holiday"] = "45d, 28d, a Monday off"
	form = "%-28s %8s %8s %6s %6s %6s %9s %9s %8s\n"
	printf form, "", "", "", "", "a day", "minute", "day:", "minute:", "logins:"
	printf form, "", "requests", "refused", "lost", "most", "most", "peak/mean", "peak/mean", "minute"
}
{ printf form, text[$1], $2, $3, $5, $6, $7, $8, $9, $10 }' "$out/simulated"
echo "one in ten says 'later', unless it says otherwise; logins: their own fullest minute over their mean"
echo

{ command -v gnuplot > /dev/null && sh tests/fleet/chart.sh "$out"; } || { echo "no chart was drawn"; failed=$((failed + 1)); }

# --- the real ones -------------------------------------------------------------------------------

RESULTS=$PWD/$out/results TABLE=$PWD/$out/table KEPT=$PWD/$out/access.log \
	sh tests/world/world.sh "$build" sh tests/fleet/clients.sh > "$out/clients.log" 2>&1 ||
	{ echo "the clients' part was not finished:"; tail -n 20 "$out/clients.log"; failed=$((failed + 1)); }
awk -F '\t' '{
	printf "%s real clients at once behind nginx: %s requests, %s of them refused, %s runs, all renewed after %s s\n\n", $1, $2, $3, $4, $5
}' "$out/table"

# --- the goals -----------------------------------------------------------------------------------

goal "fleet, a day's peak over mean" "$(value spread 8)" 1.5 "<="
goal "fleet, the same, nobody says later" "$(value nobody-later 8)" 1.5 "<="
goal "fleet, the same, in a window of 30 days" "$(value default-nobody-later 8)" 1.5 "<="
goal "fleet, lost by the spread, of 100,000" $(($(value spread 5) - $(value without 5))) 100 "<="
goal "fleet, connections refused" "$(value spread 4)" 0 "=="
while IFS="$(printf '\t')" read -r name found limit comparison; do
	goal "clients, $name" "$found" "$limit" "$comparison"
done < "$out/results"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 4 ]
