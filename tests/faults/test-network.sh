# SPDX-License-Identifier: MIT
# A sample of what `make faults` tries over the network: some bytes of a renewal by EST and of one by
# CMP, and all that can be wrong with the way to the RA.
. tests/faults/sweep.sh
. tests/faults/network.sh
. tests/faults/no-way.sh

survives() {
	"$@"
	kept
}

# A request that comes twice, and what was answered to the one or the other is heard.
comes_twice() {
	point "the first request comes twice" through --fault repeat --at 1
	point "the third one, and the second answer counts" \
		through --fault repeat --at 3 --second-answer
}

sweep network
remembers=yes
over_the_network est same ec
promise "a connection that ends at any byte" survives both_ways 1499 close
promise "a connection that is reset at any byte" survives both_ways 1699 reset
promise "a connection that falls silent at any byte" survives along 1399 down stall
promise "a request that arrives when nobody waits for its answer any more" \
	survives along 997 up late
promise "bytes that come twice" survives along 1999 down duplicate
promise "bytes that are left out" survives along 1499 up drop
promise "no way to the CA, or one of two" survives no_way
remembers=
ra_more=--plain
over_the_network cmp same ec "$plainly"
promise "a connection that ends at any byte, by CMP" survives along 1499 down close
promise "an answer that comes too late, by CMP" survives along 1999 down late
promise "a message of CMP that comes twice" survives comes_twice
stop_ra
promised
