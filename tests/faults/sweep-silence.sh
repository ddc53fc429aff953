# SPDX-License-Identifier: MIT
# Shards: 6, all at once
# The line to the RA falls silent at one byte of the exchange, or what follows comes when it is too
# late: the RA issues, and nobody hears of it. And there is no way to the RA at all: no name, no
# resolver, nobody who listens, nobody who takes a connection, by IPv6, by IPv4.
. tests/faults/sweep.sh
. tests/faults/network.sh
. tests/faults/no-way.sh

sweep "network in silence"
remembers=yes
over_the_network est same ec
both_ways 197 stall
both_ways 199 late
both_ways 797 stall --for-good
no_way
remembers=
ra_more="--misbehave forget"
over_the_network est same ec
kind="$kind, a CA without memory"
both_ways 397 late

ra_more=--plain
over_the_network cmp same ec "$plainly"
both_ways 197 stall
both_ways 199 late
both_ways 797 stall --for-good
no_way
remembers=yes
ra_more="--plain --remembers"
over_the_network cmp same ec "$plainly"
kind="$kind, a CA with a memory"
both_ways 199 late
remembers=
ra_more=
over_the_network cmp new ec
kind="$kind, in TLS"
both_ways 499 late
swept
