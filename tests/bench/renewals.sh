# SPDX-License-Identifier: MIT
# Sourced in the world by renewal.sh and slow-cards.sh: one card with two RSA certificates, one RA for
# all, and every way to renew them.

WAYS="certrenew-est certrenew-cmp curl strongswan openssl-cmp"
RENEW=$CERTRENEW_WORLD/tests/bench/renew-with.sh
SAVED=/run/bench-card
SAVED_CA=/run/bench-issued
ENGINE=$(ls /usr/lib/*/engines-3/pkcs11.so)

way_is_called() {
	case $1 in
	certrenew-est) echo "certrenew, EST" ;;
	certrenew-cmp) echo "certrenew, CMP" ;;
	curl) echo "curl, openssl req, pkcs11-tool" ;;
	strongswan) echo "strongSwan pki, pkcs11-tool" ;;
	openssl-cmp) echo "openssl cmp, pkcs11-tool" ;;
	esac
}

# with WAY: the command for one renewal; the others' scripts run as _certrenew from the beginning.
with() {
	case $1 in
	certrenew-*) echo "sh $RENEW $1" ;;
	*) echo "setpriv --reuid=_certrenew --regid=_certrenew --clear-groups -- sh $RENEW $1" ;;
	esac
}

# each_way: the contenders.
each_way() {
	for way in $WAYS; do
		contender "$(way_is_called "$way")" "$(with "$way")" "$(as_before "$way")"
	done
}

# A name as bench.sh's expressions have it.
named() { way_is_called "$1" | tr ' ' _; }

# renewal_goals [CARD]: of what was measured last: ahead of every other way.
renewal_goals() {
	for peer in curl strongswan openssl-cmp; do
		over="wall time over that of $(way_is_called $peer)"
		goal "renewal, EST${1:-}: $over" 1 "" "$(named certrenew-est)" "$(named $peer)"
		goal "renewal, CMP${1:-}: $over" 1 "" "$(named certrenew-cmp)" "$(named $peer)"
	done
}

# The card and the CA that every run begins with: the RA looks through all that it has issued. It takes
# what the others send, too.
prepare_renewals() {
	prepare_cards
	new_card Alice
	cp -a /var/lib/softhsm/tokens $SAVED
	cp -a $CA/issued $SAVED_CA
	cp -a $CA/index.txt $SAVED_CA.index
	start_ra --lenient --misbehave one-line
	install -d -o _certrenew -g _certrenew /run/renew-with
	echo $PIN > /run/renew-with/pin
	count_calls
}

# for_driver MODULE PORT: the configurations of all, for this driver and an RA at this port.
for_driver() {
	RA_PORT=$2
	export RENEW_MODULE="$1" RENEW_EST="https://localhost:$2/.well-known/est" \
		RENEW_CMP="https://localhost:$2/.well-known/cmp"
	configure
	cp /etc/certrenew.conf /run/bench-est.conf
	configure_cmp
	cp /etc/certrenew.conf /run/bench-cmp.conf
	for conf in /run/bench-est.conf /run/bench-cmp.conf; do
		[ "$1" = "$MODULE" ] || sed -i "s|^module = .*|module = $1\n$COUNTED|" $conf
	done
	cat > /run/renew-with/openssl.cnf <<-CONF
		openssl_conf = init
		[init]
		engines = engines
		[engines]
		pkcs11 = pkcs11
		[pkcs11]
		engine_id = pkcs11
		dynamic_path = $ENGINE
		MODULE_PATH = $1
		PIN = $PIN
		init = 0
		[req]
		distinguished_name = name
		[name]
	CONF
	cat > /run/renew-with/strongswan.conf <<-CONF
		pki {
			load = pem x509 pkcs1 pkcs8 pkcs7 pkcs11 pubkey sha1 sha2 hmac nonce openssl random constraints
			plugins { pkcs11 { load_certs = no
				modules { card { path = $1
					os_locking = yes } } } }
		}
	CONF
}

# as_before WAY: everything as before any renewal; a command for the shell.
as_before() {
	printf '%s' "rm -rf /var/lib/softhsm/tokens /var/lib/certrenew/journal /run/renew-with/*.der /run/renew-with/*.pem /run/renew-with/*.b64; cp -a $SAVED /var/lib/softhsm/tokens"
	printf '%s' "; rm -rf $CA/issued; cp -a $SAVED_CA $CA/issued; cp $SAVED_CA.index $CA/index.txt"
	case $1 in certrenew-*) echo "; cp /run/bench-${1#certrenew-}.conf /etc/certrenew.conf" ;; esac
}

# is_renewed: two certificates that end after the old ones, with their keys, and nothing else.
is_renewed() {
	card_proves Alice > /run/bench-proof
	card_list Alice > /run/bench-list
}

# --- counting ------------------------------------------------------------------------------------

COUNTS="C_Sign C_Login C_GetAttributeValue C_FindObjects C_CreateObject C_DestroyObject calls bytes_read handshakes connections turns sent received"

count_is_called() {
	case $1 in
	C_FindObjects) echo "C_FindObjects…" ;;
	calls) echo "all calls" ;;
	bytes_read) echo "bytes read" ;;
	handshakes) echo "TLS handshakes" ;;
	turns) echo "turns to the RA" ;;
	sent | received) echo "bytes $1" ;;
	*) echo "$1" ;;
	esac
}

# through_proxy COMMAND...: with $RA_PORT the port of a proxy that counts what it carries.
through_proxy() {
	real=$RA_PORT
	rm -f /run/proxy.port /run/proxy.log
	test-proxy --to "$real" --log /run/proxy.log --port-file /run/proxy.port &
	proxy=$!
	while [ ! -s /run/proxy.port ]; do sleep 0.02; done
	RA_PORT=$(cat /run/proxy.port)
	"$@"
	kill $proxy
	wait $proxy || :
	RA_PORT=$real
}

run_one_way() {
	for_driver $SHIM "$RA_PORT"
	sh -c "$(as_before "$1")"
	count_calls
	handshakes=$(grep -c handshake $RA_LOG || :)
	setsid --wait $(with "$1") > /run/bench-run 2>&1 || { tail -n 20 /run/bench-run; return 1; }
	handshakes=$(($(grep -c handshake $RA_LOG || :) - handshakes))
	is_renewed
}

# count_way WAY: NAME VALUE for each of $COUNTS, into a file. C_FindObjects are all three of that name.
count_way() {
	through_proxy run_one_way "$1"
	{
		for name in C_Sign C_Login C_GetAttributeValue C_FindObjects C_CreateObject C_DestroyObject; do
			case $name in
			C_Sign) echo "C_Sign $(signatures)" ;;
			*) echo "$name $(calls_of $name)" ;;
			esac
		done
		echo "calls $(grep -c . $CALLS)"
		echo "bytes_read $(bytes_read)"
		echo "handshakes $handshakes"
		awk '$1 == "carried" { print "connections", $7; print "turns", $9; print "sent", $2; print "received", $3 }' /run/proxy.log
	} > "/run/bench-counts.$1"
}

counted() { awk -v name="$2" '$1 == name { print $2 }' "/run/bench-counts.$1"; }

# count_all_ways NAME: the figures go into NAME.json.
count_all_ways() {
	shim "log $CALLS" count-bytes
	for way in $WAYS; do count_way "$way"; done
	{
		echo '{"ways": ['
		for way in $WAYS; do
			[ "$way" = certrenew-est ] || echo ','
			printf ' {"name": "%s"' "$way"
			awk '{ printf ", \"%s\": %s", $1, $2 }' "/run/bench-counts.$way"
			printf '}'
		done
		printf '\n]}\n'
	} > "$BENCH/$1.json"
}

# print_all_ways: what was counted, and what was measured last.
print_all_ways() {
	header='| | wall, ms | CPU, ms' rule='|---|--:|--:|'
	for name in $COUNTS; do
		header="$header | $(count_is_called "$name")" rule="$rule--:|"
	done
	printf '%s |\n%s\n' "$header" "$rule"
	for way in $WAYS; do
		called=$(way_is_called "$way")
		printf '| %s | %.0f | %.0f' "$called" "$(wall "$called")" "$(processor "$called")"
		for name in $COUNTS; do printf ' | %s' "$(counted "$way" "$name")"; done
		echo ' |'
	done
	echo
}
