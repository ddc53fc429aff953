#!/bin/sh
# SPDX-License-Identifier: MIT
# Revocation by CMP with another's software at the other end: Debian's `openssl cmp` as a client of
# the test RA, and certrenew as a client of its mock server.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh

begin_revocations
mac=$(certify "Ann One" ann@example.test)
openssl ecparam -genkey -name prime256v1 -noout -out /run/own.key
openssl ec -in /run/own.key -pubout -outform der -out /run/own.spki 2> /dev/null
test-ca sign --ca $CA --spki /run/own.spki --subject "/C=TW/O=Example Government/CN=Own Key" \
	--email own@example.test --out /run/own.der
openssl x509 -inform der -in /run/own.der -out /run/own.pem
own=$(openssl x509 -in /run/own.pem -noout -serial | cut -d= -f2)
mock=$(certify "Max Mock" max@example.test)
phrase_for "$mac"
tell_people

# theirs CERTIFICATE OPTION...
theirs() {
	certificate=$1
	shift
	openssl cmp -cmd rr -server "localhost:$RA_PORT" -path cmp -tls_used -tls_trusted $CA/root.pem \
		-tls_host localhost -oldcert "$certificate" -revreason 1 "$@"
}

by_mac() {
	openssl x509 -inform der -in "$CA/issued/$mac.der" -out /run/mac.pem
	exits 1 theirs /run/mac.pem -ref "$mac" -secret "pass:green whale"
	exits 0 theirs /run/mac.pem -ref "$mac" -secret "pass:$PHRASE"
	grep -q "revoke mac $mac 1 revoked" $RA_LOG
	exits 1 theirs /run/mac.pem -ref "$mac" -secret "pass:$PHRASE"
	says $out "certRevoked"
}

by_signature() {
	exits 0 theirs /run/own.pem -cert /run/own.pem -key /run/own.key -trusted $CA/root.pem \
		-untrusted $CA/issuing.pem
	grep -q "revoke signature $own 1 revoked" $RA_LOG
}

# The mock server speaks plain HTTP: TLS is put in front of it.
with_the_mock() {
	openssl x509 -inform der -in "$CA/issued/$mock.der" -out /run/mock.pem
	port=$(free_port) front=$(free_port)
	openssl cmp -port "$port" -srv_ref "$mock" -srv_secret "pass:$PHRASE" -rsp_cert /run/mock.pem \
		> /run/mock.log 2>&1 &
	echo $! > /run/mock.pid
	cat $CA/server.pem $CA/server.key > /run/front.pem
	socat "OPENSSL-LISTEN:$front,bind=127.0.0.1,reuseaddr,fork,cert=/run/front.pem,verify=0" \
		"TCP:127.0.0.1:$port" > /run/socat.log 2>&1 &
	echo $! > /run/front.pid
	within 5 listens "$port"
	within 5 listens "$front"
	sed -i "s,^url = https://localhost:[0-9]*/cmp,url = https://localhost:$front/pkix/," /etc/certrenew.conf
	status=0
	printf '%s' "$PHRASE" | as_user alice env HOME=/home/alice certrenew revoke --phrase-fd 0 \
		--accept-agreement --reason keyCompromise --email max@example.test > $out 2>&1 || status=$?
	kill "$(cat /run/front.pid)" "$(cat /run/mock.pid)" || :
	[ $status = 0 ] || { cat $out /run/mock.log; return 1; }
	says $out "The certificate was revoked on"
}

promise "openssl cmp revokes at the test RA with a MAC, once, and is refused with a wrong one" by_mac
promise "openssl cmp revokes at the test RA with a signature" by_signature
promise "certrenew revokes at openssl's mock server, and believes its MAC" with_the_mock
promised
