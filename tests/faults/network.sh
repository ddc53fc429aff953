# SPDX-License-Identifier: MIT
# Sourced, after sweep.sh: the first renewal reaches its RA through a proxy (tests/world/proxy) that
# fails at one byte of the exchange.

proxy_log=/run/proxy.log
plainly='s,https:,http:,' # for `kind`, with an RA that is --plain

# start_proxy [OPTION...]: before the RA, on a free port, which is left in $PROXY_PORT.
start_proxy() {
	rm -f /run/proxy.port $proxy_log
	test-proxy --to "$RA_PORT" --log $proxy_log --port-file /run/proxy.port "$@" 2> /run/proxy.err &
	PROXY_PID=$!
	while [ ! -s /run/proxy.port ]; do
		kill -0 $PROXY_PID || { cat /run/proxy.err; return 1; }
		sleep 0.01
	done
	PROXY_PORT=$(cat /run/proxy.port)
}

# What is late gets there now, when nobody waits for its answer any more.
stop_proxy() {
	kill "$PROXY_PID" 2> /dev/null || :
	wait "$PROXY_PID" 2> /dev/null || :
}

# turns_to HOST PORT: there the configuration finds the RA, and gives it a second for each answer.
turns_to() {
	sed -i "s,//localhost:[0-9]*/,//$1:$2/,; s/^timeout = 10s/timeout = 1s/" /etc/certrenew.conf
}

# through OPTION...: the first renewal, with a proxy that must have its occasion to fail.
through() {
	start_proxy "$@"
	turns_to localhost "$PROXY_PORT"
	renew $PIN $PIN || :
	stop_proxy
	grep "^fault " $proxy_log || wrong "the fault did not happen"
}

# A kind, and how many bytes a healthy renewal of it carries up and down: those of a signature and of
# a date vary a little.
over_the_network() {
	kind "$@"
	as_new
	start_proxy
	turns_to localhost "$PROXY_PORT"
	renew $PIN $PIN > $second || { echo "no healthy renewal through the proxy: $kind"; cat $second; exit 1; }
	stop_proxy
	set -- $(grep "^carried " $proxy_log)
	up=$(($2 - 16)) down=$(($3 - 16))
}

# along STEP WAY FAULT [OPTION...]: at each STEPth byte that way, from the first one on.
along() {
	step=$1 way=$2
	shift 2
	[ $way = up ] && end=$up || end=$down
	byte=0
	while [ $byte -le "$end" ]; do
		point "$way, byte $byte of $end: $*" through --way $way --at $byte --fault "$@"
		byte=$((byte + step))
	done
}

both_ways() {
	step=$1
	shift
	along "$step" up "$@"
	along "$step" down "$@"
}

# --- what is asked of every point besides ------------------------------------------------------------

told_again="the certification authority was asked again"

# Set where the CA answers the same request in the same way: then nothing is ever issued twice.
remembers=

# What was issued and never arrived is asked for again, and both the person and the log are told. A CA
# that said no has been heard, whatever it had issued.
judge_more() {
	for role in $windows; do
		[ "$(issued $role)" = 1 ] || [ -z "$remembers" ] || wrong "issued twice for $role"
		grep -q "refused the request" $first && continue
		grep -q "$role certificate was not answered, so $told_again" $second ||
			wrong "the person does not learn that the CA was asked again for $role"
		grep -q "$role: asked before, and not answered" /var/log/auth.log ||
			wrong "the log does not say that the CA was asked again for $role"
	done
	: > /var/log/auth.log
	requests=$(grep -c " request " $RA_LOG || :)
	[ "$requests" -le 16 ] || wrong "the RA was asked $requests times"
}
