#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run.sh BUILD: what a fleet does to its RA: a simulation of 100,000 machines, without and with
# spreading, as a table and a chart (BUILD/fleet/fleet.png); and FLEET_CLIENTS real ones at once, in a
# world. Closes with the goals, as a table and a line for each; tables are Markdown's. A goal that a
# simulated fleet misses is a finding, and no failure; that something was not done to the end, or that a
# real client broke its promise, is one.
set -u

cd "$(dirname "$0")/../.." || exit 1
build=$1
out=$build/fleet
held=0 missed=0 broken=0
rm -rf "$out"
mkdir -p "$out"

# goal NAME VALUE LIMIT COMPARISON: as awk compares VALUE with LIMIT.
goal() {
	if [ -n "$2" ] && awk "BEGIN { exit !($2 $4 $3) }"; then
		verdict=held held=$((held + 1))
	else
		verdict=missed missed=$((missed + 1))
	fi
	echo "goal $1: ${2:-none}, limit $3: $verdict" >> "$out/goals.txt"
}

# --- the simulation ------------------------------------------------------------------------------

PEAK=1.5 # a day's, over the mean of the days
LOST=100 # of 100,000, beyond those that are lost without a spread

# reminder WINDOW SPREAD: the configuration's part that counts here.
reminder() {
	printf '[reminder]\nwindow = %s\nremind = %s 14d 7d 3d 2d 1d\nspread = %s\n' "$1" "$1" "$2" > "$out/certrenew.conf"
}

# simulate NAME 'WINDOW SPREAD' PEOPLE [OPTION...]: PEOPLE is what is special about them.
simulate() {
	name=$1 people=$3
	# shellcheck disable=SC2086
	reminder $2
	printf '%s\t%s%s\n' "$name" "$(echo "$2" | sed 's/ /, /')" "${people:+, $people}" >> "$out/names"
	shift 3
	"$build/tests/fleet/simulate" --config "$out/certrenew.conf" --rate 2 "$@" "$name" "$out" >> "$out/simulated" || exit 1
}

called() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$out/names"; }

# value NAME COLUMN: as tally_print has them.
value() { awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$out/simulated"; }

# peak NAME: its fullest day.
peak() { goal "fleet, $(called "$1"): a day's peak over the mean" "$(value "$1" 8)" $PEAK "<="; }

# lost NAME WITHOUT: beside the same people with the same window, and no spread.
lost() {
	goal "fleet, $(called "$1"): lost by the spread, of 100,000" \
		$(($(value "$1" 5) - $(value "$2" 5))) $LOST "<="
}

later="3 of 10 say 'later'"
simulate usual-without '30d 0' '' --no-jitter
simulate without '45d 0' '' --no-jitter
simulate without-later '45d 0' "$later" --no-jitter --later 0.3
simulate usual '30d 30d' ''
simulate usual-nobody '30d 30d' "nobody says 'later'" --later 0
simulate spread '45d 28d' ''
simulate nobody '45d 28d' "nobody says 'later'" --later 0
simulate later '45d 28d' "$later" --later 0.3
simulate holiday '45d 28d' 'a public holiday on a Monday' --holiday 21

echo "100,000 machines, one RA that takes 2 renewals a second; 1 of 10 says 'later', unless it says otherwise"
echo
echo "| \`window\`, \`spread\` | requests | refused | lost | fullest day | over the mean | fullest minute | over the mean |"
echo "|---|--:|--:|--:|--:|--:|--:|--:|"
awk -F '\t' '
NR == FNR { called[$1] = $2; next }
{ print "| " called[$1] " | " $2 " | " $3 " | " $5 " | " $6 " | " $8 " | " $7 " | " $9 " |" }' "$out/names" "$out/simulated"
echo
echo "The logins' own fullest minute is $(value spread 10) times their mean."
echo

{ command -v gnuplot > /dev/null && sh tests/fleet/chart.sh "$out"; } || { echo "no chart was drawn"; broken=$((broken + 1)); }

# --- the real ones -------------------------------------------------------------------------------

RESULTS=$PWD/$out/results TABLE=$PWD/$out/table KEPT=$PWD/$out/access.log \
	sh tests/world/world.sh "$build" sh tests/fleet/clients.sh > "$out/clients.log" 2>&1 ||
	{ echo "the clients' part was not finished:"; tail -n 20 "$out/clients.log"; broken=$((broken + 1)); }
awk -F '\t' '{
	printf "%s real clients at once behind nginx: %s requests, %s of them refused, %s runs, all renewed after %s s\n\n", $1, $2, $3, $4, $5
}' "$out/table"

# --- the goals -----------------------------------------------------------------------------------

for simulated in usual usual-nobody spread nobody later holiday; do
	peak $simulated
done
lost usual usual-without
lost spread without
lost later without-later
goal "fleet, $(called spread): connections refused" "$(value spread 4)" 0 "=="
before=$missed
while IFS="$(printf '\t')" read -r name found limit comparison; do
	goal "clients: $name" "$found" "$limit" "$comparison"
done < "$out/results"
broken=$((broken + missed - before))
perl tests/bench/figures.pl goals "$out/goals.txt"
cat "$out/goals.txt"
echo "fleet: $held goals held, $missed missed"
[ "$broken" -eq 0 ] && [ -s "$out/results" ]
