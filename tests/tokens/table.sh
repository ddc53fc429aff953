#!/bin/sh
# SPDX-License-Identifier: MIT
#
# table.sh FILE: what the tests of tokens measured, as the README has it.
# table.sh FILE README: where its table says something else, but for the versions; exit status 1 then.
set -eu

markdown() {
	printf 'token\tdriver\tversion\tread\tsign\tnew key\twrite\tmove aside\tremove\tnotes\n' | cat - "$1" |
		awk -F '\t' '
			{ for (i = 1; i <= 10; i++) printf "%s", $i == "" ? "| " : "| " $i " "; print "|" }
			NR == 1 { for (i = 1; i <= 10; i++) printf "|---"; print "|" }'
}

# The lines of the table, without the versions.
rows() { awk -F '|' -v OFS='|' '/^\| token \| driver \|/ { inside = 1 } !/^\|/ { inside = 0 } inside { $4 = ""; print }' "$1"; }

table=$(mktemp)
trap 'rm -f "$table" "$table.measured" "$table.readme"' EXIT
markdown "$1" > "$table"
if [ $# -eq 1 ]; then
	cat "$table"
	exit
fi
rows "$table" > "$table.measured"
rows "$2" > "$table.readme"
diff --label "$2" --label measured -U 0 "$table.readme" "$table.measured" ||
	{ echo "$2 does not have the table that was measured"; exit 1; }
