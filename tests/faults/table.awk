# SPDX-License-Identifier: MIT
# The sweeps' results, several lines for one sweep, as a table; ends with 1 where one was violated.
{
	if (!($1 in points))
		names[++count] = $1
	points[$1] += $2; violations[$1] += $3; resumed[$1] += $4; twice[$1] += $5
	all += $2; bad += $3
}
END {
	format = "%-18s %8s %11s %8s %13s\n"
	printf format, "sweep", "points", "violations", "resumed", "issued twice"
	for (i = 1; i <= count; i++) {
		name = names[i]
		printf format, name, points[name], violations[name], resumed[name], twice[name]
	}
	printf "faults: %d points, %d violations\n", all, bad
	exit bad > 0 || all == 0
}
