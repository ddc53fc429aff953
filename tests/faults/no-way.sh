# SPDX-License-Identifier: MIT
# Sourced, after network.sh: there is no way to the RA, or one way of two.

cp /etc/resolv.conf /run/resolv.conf
heal() { cat /run/resolv.conf > /etc/resolv.conf; }

nobody_listens() {
	start_proxy
	stop_proxy
	turns_to localhost "$PROXY_PORT"
	renew $PIN $PIN
}

no_such_name() {
	echo "nameserver 127.0.0.1" > /etc/resolv.conf
	turns_to ra.nowhere.test "$RA_PORT"
	renew $PIN $PIN
}

# A resolver that takes the question and never answers.
no_resolver() {
	perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0);
		bind(S, sockaddr_in(53, inet_aton("127.0.0.53"))) or die; open(R, ">", "/run/silent"); sleep' &
	silent=$!
	while [ ! -e /run/silent ]; do sleep 0.01; done
	rm /run/silent
	echo "nameserver 127.0.0.53" > /etc/resolv.conf
	turns_to ra.nowhere.test "$RA_PORT"
	renew $PIN $PIN || :
	kill $silent
}

# localhost is ::1 and 127.0.0.1, asked in this order. One way suffices.
renews_by_the_other() {
	sed -i 's/^timeout = 10s/timeout = 5s/' /etc/certrenew.conf
	renew $PIN $PIN || wrong "not renewed, though one address of the RA answers"
}

ipv6_is_silent() {
	start_proxy --on ::1 --port "$RA_PORT" --fault full
	renews_by_the_other
	stop_proxy
}

ipv6_breaks_off() {
	start_proxy --on ::1 --port "$RA_PORT" --fault close --for-good
	renew $PIN $PIN || :
	stop_proxy
}

ipv4_is_silent() {
	start_proxy --fault full
	dead=$PROXY_PID
	start_proxy --on ::1 --port "$PROXY_PORT"
	turns_to localhost "$PROXY_PORT"
	renews_by_the_other
	stop_proxy
	kill $dead
}

ipv4_is_refused() {
	start_proxy --on ::1
	turns_to localhost "$PROXY_PORT"
	renews_by_the_other
	stop_proxy
}

no_way() {
	point "nobody listens" nobody_listens
	point "nobody takes the connection" through --fault full
	point "the connection is taken, and that is all" through --fault stall --way down --for-good
	point "no such name" no_such_name
	point "no resolver that answers" no_resolver
	point "IPv6 is silent, IPv4 is not" ipv6_is_silent
	point "IPv6 breaks off" ipv6_breaks_off
	point "IPv4 is silent, IPv6 is not" ipv4_is_silent
	point "IPv4 is refused, IPv6 is not" ipv4_is_refused
}
