# SPDX-License-Identifier: MIT
# Shards: 4
# The line to the RA breaks at one byte of the exchange (handshake, request, answer, confirmation): it
# ends, it is reset, bytes of it come twice or not at all; a proxy gives the RA a request twice.
. tests/faults/sweep.sh
. tests/faults/network.sh

sweep network
remembers=yes
over_the_network est same ec
both_ways 61 close
both_ways 67 reset
both_ways 149 duplicate
both_ways 151 drop
both_ways 499 close --for-good
over_the_network est new ec
both_ways 211 reset
remembers=
ra_more="--misbehave forget"
over_the_network est same ec
kind="$kind, a CA without memory"
along 113 down close

ra_more=--plain
over_the_network cmp same ec "$plainly"
both_ways 71 close
both_ways 73 reset
both_ways 199 duplicate
both_ways 211 drop
both_ways 499 reset --for-good
for request in 1 2 3 4; do
	point "request $request comes twice, the first answer counts" \
		through --fault repeat --at $request
	point "request $request comes twice, the second answer counts" \
		through --fault repeat --at $request --second-answer
done
remembers=yes
ra_more="--plain --remembers"
over_the_network cmp same ec "$plainly"
kind="$kind, a CA with a memory"
along 113 down close
remembers=
ra_more=
over_the_network cmp new ec
kind="$kind, in TLS"
both_ways 211 close
swept
