#!/bin/sh
# SPDX-License-Identifier: MIT
#
# table.sh FILE: what the tests of tokens measured, as a table.
printf 'token\tdriver\tversion\tread\tsign\tnew key\twrite\tmove aside\tremove\tnotes\n' | cat - "$1" |
	awk -F '\t' '
		{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
		END {
			for (row = 1; row <= NR; row++) {
				line = ""
				for (i = 1; i <= 10; i++)
					line = line sprintf("%-" width[i] "s  ", cell[row, i])
				sub(/ +$/, "", line)
				print line
			}
		}'
