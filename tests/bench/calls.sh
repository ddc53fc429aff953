# SPDX-License-Identifier: MIT
# Sourced in the world, after bench.sh: what is asked of the card, by the log that the shim writes into
# $CALLS (`log $CALLS`, `count-bytes`). A line of it ends with what was answered.

SHIM=/usr/lib/certrenew-tests/shim.so
CALLS=/var/log/bench-calls
# What [card] has to say for the shim: where its script is; and that it writes.
UNDER_SHIM="environment = CERTRENEW_SHIM=$SHIM_SCRIPT"
COUNTED="$UNDER_SHIM\nsandbox_write = /var/log"
# Who loads the shim without our configuration is told as well.
export CERTRENEW_SHIM=$SHIM_SCRIPT

# All programs write it.
count_calls() {
	: > $CALLS
	chmod 666 $CALLS
}

calls_of() { awk -v name="$1" 'index($3, name) == 1 { n++ } END { print n + 0 }' $CALLS; }

# A C_Sign that asks for a size is none.
signatures() { awk '($3 == "C_Sign" || $3 == "C_SignFinal") && $4 != "size" { n++ } END { print n + 0 }' $CALLS; }
bytes_read() { awk '/C_GetAttributeValue/ && / bytes → / { sub(/.*, /, ""); n += $1 } END { print n + 0 }' $CALLS; }

none_of_ours_runs() { while pgrep '^certrenew-' > /dev/null; do sleep 0.02; done; }

# counted_run COMMAND...: what it, and what it has begun in the background, asks of the card.
counted_run() {
	count_calls
	eval "$*" > /run/bench-run 2>&1 < "${INPUT:-/dev/null}" || { cat /run/bench-run; return 1; }
	none_of_ours_runs
}
