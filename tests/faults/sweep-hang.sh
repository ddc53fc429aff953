# SPDX-License-Identifier: MIT
# Shards: 8, all at once
# Each call to the driver hangs. Before the card is written to, the helper gives up in time; from then on
# nobody ends a renewal, and the driver comes back.
. tests/faults/sweep.sh
. tests/faults/calls.sh

# 7 seconds after the PIN: two calls to the card, four to the CA, one to a responder.
in_short_time='s/^timeout = 10s/timeout = 1s/
	s/^\[card\]/[status]\ntimeout = 1s\n&\ntimeout = 1s/'

goes_wrong() {
	sed -i "$in_short_time" /etc/certrenew.conf
	to_write=$(sed -n 's/ .* C_Login .*//p' $calls | tail -n 1)
	[ "$1 $(($2 > to_write))" = "certrenew-renew 1" ] && lasts=2 || lasts=60
	shim "log $shim_log" "program $1" "#$2 $3 $lasts"
	! renew $PIN $PIN || [ "$1 $lasts" != "certrenew-renew 60" ] || wrong "the helper did not give up"
	is_met "$@"
}

sweep "card that hangs"
for protocol in est cmp; do
	kind $protocol same ec
	at_calls hang
done
swept
