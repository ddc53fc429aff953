# SPDX-License-Identifier: MIT
# Tokens that are no smartcard: each is read and renewed as it is, without a word of ours that names
# it. What each of them can do is measured for the README's table.
. tests/harness.sh
. tests/world/card.sh
. tests/tokens/tokens.sh

P11_MODULES=$(pkg-config --variable=p11_module_path p11-kit-1)
SOFTHSM=$MODULE

# --- the kinds, each with a token that holds two certificates to be renewed ----------------------------

softhsm() {
	MODULE=$SOFTHSM LABEL=Alice INIT_ARGS='' ENVIRONMENT=''
	prepare_cards
	new_card Alice
}

# Over every driver that is registered on this machine, of which one has the token.
proxy() {
	softhsm
	[ "$(p11-kit list-modules | grep -c '^[a-z0-9_-]*: ')" -ge 3 ] || complain "fewer than three drivers"
	MODULE=$(dirname "$P11_MODULES")/p11-kit-proxy.so
}

# The driver runs in another process, behind a socket.
remote() {
	softhsm
	stop_remote
	as_certrenew p11-kit server --foreground --name /run/p11/pkcs11 --provider $SOFTHSM \
		pkcs11:token=Alice > /var/log/p11-kit.log 2>&1 &
	echo $! > /run/p11.pid
	within 10 test -S /run/p11/pkcs11
	MODULE=$P11_MODULES/p11-kit-client.so ENVIRONMENT=P11_KIT_SERVER_ADDRESS=unix:path=/run/p11/pkcs11
}

stop_remote() {
	[ ! -s /run/p11.pid ] || kill "$(cat /run/p11.pid)" || :
	rm -rf /run/p11 /run/p11.pid
	install -d -m 700 -o _certrenew -g _certrenew /run/p11
}

nss() {
	MODULE=libsoftokn3.so LABEL="NSS Certificate DB" ENVIRONMENT='' SANDBOX_WRITE=/var/lib/nss
	INIT_ARGS="configdir='sql:/var/lib/nss' certPrefix='' keyPrefix='' secmod='' flags="
	prepare_cards
	rm -rf /var/lib/nss
	install -d -m 700 -o _certrenew -g _certrenew /var/lib/nss
	echo $PIN > /run/nss-pin
	certutil -N -d sql:/var/lib/nss -f /run/nss-pin
	chown _certrenew: /var/lib/nss/*
	on_token make --ca $CA --initialised > /dev/null
}

# A TPM has room for three objects; the resource manager in front of it makes that enough.
start_tpm() {
	mkdir -m 700 /run/tpm
	swtpm socket --tpm2 --tpmstate dir=/run/tpm --server type=tcp,port=2321 \
		--ctrl type=tcp,port=2322 --flags not-need-init,startup-clear > /var/log/swtpm.log 2>&1 &
	cat > /etc/dbus-1/system.d/test-tpm.conf <<-CONF
		<busconfig><policy user="_certrenew">
		<allow send_destination="com.intel.tss2.Tabrmd"/>
		<allow receive_sender="com.intel.tss2.Tabrmd"/>
		</policy></busconfig>
	CONF
	mkdir -p /run/dbus
	dbus-daemon --system --fork
	within 10 grep -q :0911 /proc/net/tcp
	tpm2-abrmd --allow-root --tcti=swtpm:host=127.0.0.1,port=2321 > /var/log/tpm2-abrmd.log 2>&1 &
	within 10 dbus-send --system --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.GetNameOwner string:com.intel.tss2.Tabrmd > /dev/null 2>&1
}

tpm() {
	MODULE=$P11_MODULES/libtpm2_pkcs11.so LABEL=Alice INIT_ARGS='' SANDBOX_WRITE=/var/lib/tpm-store
	ENVIRONMENT="TPM2_PKCS11_STORE=/var/lib/tpm-store TPM2_PKCS11_TCTI=tabrmd: TSS2_LOG=all+NONE"
	prepare_cards
	rm -rf /var/lib/tpm-store
	install -d -m 700 -o _certrenew -g _certrenew /var/lib/tpm-store
	as_certrenew env $ENVIRONMENT TPM2TOOLS_TCTI=tabrmd: tpm2_ptool init --path /var/lib/tpm-store > /dev/null
	as_certrenew env $ENVIRONMENT TPM2TOOLS_TCTI=tabrmd: tpm2_ptool addtoken --pid 1 --sopin 12345678 \
		--userpin $PIN --label Alice --path /var/lib/tpm-store > /dev/null
	on_token make --ca $CA --initialised > /dev/null
}

# --- the promises ------------------------------------------------------------------------------------

shows_both() {
	$1
	configure_token
	exits 1 certrenew status
	says "$out" "Card $LABEL, serial number"
	[ "$(grep -c " 20  can be renewed now  Alice Chen$" "$out")" = 2 ] || { cat "$out"; return 1; }
}

renews() {
	$1
	with_ra
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	grep -E '^(private|public)-key' /run/before > /run/expected
	holds_the_new
	grep -E '^(private|public)-key' /run/after > "$out"
	same /run/expected "$out"
	stop_ra
}

renews_with_new_keys() {
	$1
	with_ra 's/^timeout = 10s/&\nkey = new/'
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	holds_the_new
	! grep "^private-key id=01 " /run/after || complain "the old signature key is there"
	grep -q "^private-key id=02 " /run/after || complain "the old encryption key is gone"
	stop_ra
}

measured() {
	$1
	measure "$2" "$3"
}

# The proxy, and a registered driver that has a store, as tpm2-pkcs11 wants one.
proxy_with_store() {
	proxy
	SANDBOX_WRITE=/var/lib/certrenew/home
}

# Without a TPM that driver tries the network at last.
proxy_reaches_out() {
	proxy_with_store
	configure_token
	exits 3 certrenew status
	logs "certrenew-check made the system call socket (41), which its sandbox forbids"
}

proxy_without_store() {
	proxy
	configure_token
	exits 1 certrenew status
	says "$out" "Card Alice, serial number"
}

proxy_is_told_where() {
	proxy_with_store
	ENVIRONMENT=TPM2_PKCS11_TCTI=device:/dev/tpmrm0
	configure_token
	exits 1 certrenew status
	says "$out" "Card Alice, serial number"
}

proxy_leaves_out() {
	proxy_with_store
	registered=/etc/pkcs11/modules/tpm2_pkcs11.module
	mkdir -p /etc/pkcs11/modules
	cp "$(pkg-config --variable=p11_module_configs p11-kit-1)/tpm2_pkcs11.module" $registered
	echo "disable-in: certrenew-check certrenew-renew" >> $registered
	configure_token
	certrenew status > "$out" 2>&1 || :
	rm $registered
	says "$out" "Card Alice, serial number"
}

RA_PORT=1
promise "p11-kit-proxy: a registered driver that tries the network is stopped" proxy_reaches_out
promise "p11-kit-proxy: ... and is not, where environment tells it where its device is" proxy_is_told_where
promise "p11-kit-proxy: ... or where p11-kit leaves it out for us" proxy_leaves_out
promise "p11-kit-proxy: ... nor where it may have no store" proxy_without_store
start_tpm
for kind in softhsm proxy remote nss tpm; do
	case $kind in
	softhsm) name=SoftHSM notes= ;;
	proxy) name="p11-kit-proxy" notes="over all registered drivers" ;;
	remote) name="p11-kit remote" notes="the driver in another process" ;;
	nss) name="NSS softokn" notes='needs `init_args`, `sandbox_write`' ;;
	tpm) name="tpm2-pkcs11" notes='swtpm behind tpm2-abrmd; needs `sandbox_write`' ;;
	esac
	promise "$name: both certificates are shown" shows_both $kind
	promise "$name: both are renewed for their keys, and the old ones are gone" renews $kind
	promise "$name: both are renewed with new keys" renews_with_new_keys $kind
	promise "$name: what it can do is in the table" measured $kind "$name" "$notes"
done
stop_remote
promised
