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
. tests/bench/renewals.sh

prepare_renewals
real_port=$RA_PORT

echo "what the renewal of two RSA certificates asks of the card and of the line"
count_all_ways renewal-calls
goal_count "EST, two RSA certificates: C_Sign" 3 "" "$(counted certrenew-est C_Sign)"
goal_count "EST, two RSA certificates: C_Login" 2 "" "$(counted certrenew-est C_Login)"
goal_count "EST, two RSA certificates: TLS handshakes" 1 "" "$(counted certrenew-est handshakes)"
goal_count "CMP, two RSA certificates: C_Sign" 4 "" "$(counted certrenew-cmp C_Sign)"
goal_count "CMP, two RSA certificates: C_Login" 2 "" "$(counted certrenew-cmp C_Login)"
goal_count "CMP, two RSA certificates: TLS handshakes" 1 "" "$(counted certrenew-cmp handshakes)"

for_driver "$MODULE" "$real_port"
begin renewal
for way in $WAYS; do
	contender "$(way_is_called "$way")" "sh $RENEW $way" "$(as_before "$way")"
done
measure "renewal of two certificates"
renewal_goals "renewal "
stop_ra
