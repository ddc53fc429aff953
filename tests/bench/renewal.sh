#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A part of the bench (bench.sh): the renewal of two RSA certificates on one SoftHSM token, at one RA, by
# certrenew and by what else there is (renew-with.sh): what each asks of the card and of the line, and
# how long it takes. Runs in a world of its own.
set -eu
. tests/harness.sh
. tests/world/card.sh
. tests/bench/bench.sh
. tests/bench/calls.sh
. tests/bench/renewals.sh

prepare_renewals
real_port=$RA_PORT

count_all_ways renewal-calls
for way in est cmp; do
	# The fewest that each protocol allows.
	case $way in est) protocol=EST fewest=3 ;; cmp) protocol=CMP fewest=4 ;; esac
	goal_count "renewal, $protocol: C_Sign" $fewest "" "$(counted certrenew-$way C_Sign)"
	goal_count "renewal, $protocol: C_Login" 2 "" "$(counted certrenew-$way C_Login)"
	goal_count "renewal, $protocol: TLS handshakes" 1 "" "$(counted certrenew-$way handshakes)"
done

for_driver "$MODULE" "$real_port"
begin renewal
each_way
measure "renewal of two certificates"
print_all_ways
renewal_goals
stop_ra
