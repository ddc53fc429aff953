# SPDX-License-Identifier: MIT
# Sourced in the world, after bench.sh and pam.sh: what people sign in with today, set up for Alice's
# card and this world's /etc/pam.d alone.

SSSD_CA=/etc/sssd-ca.pem
P11_CHILD_PRE="/usr/libexec/sssd/p11_child --pre --verify=no_ocsp --ca_db=$SSSD_CA"
P11_CHILD_PRE="$P11_CHILD_PRE --debug-level=0x0010 --logger=stderr --debug-fd=2"

# SSSD is unpacked here and not installed: installing it rewrites the machine's PAM configuration.
unpack_sssd() {
	dpkg -x "$BENCH"/packages/sssd-common_*.deb /run/sssd-files
	cp -a /run/sssd-files/usr/libexec/sssd /usr/libexec/
	cp -a /run/sssd-files/usr/lib/. /usr/lib/
	cat $CA/root.pem $CA/issuing.pem > $SSSD_CA
}

# registered DRIVER...: p11-kit knows these alone, which p11_child and p11-kit-proxy load; the file of
# one that is installed, or the path of one that is not.
registered() {
	mkdir -p /run/p11-kit-modules
	cp -n /usr/share/p11-kit/modules/* /run/p11-kit-modules/
	rm -f /usr/share/p11-kit/modules/*
	for driver in "$@"; do
		case $driver in
		/*) echo "module: $driver" > /usr/share/p11-kit/modules/tests.module ;;
		*) cp "/run/p11-kit-modules/$driver.module" /usr/share/p11-kit/modules/ ;;
		esac
	done
}

# pam_permit alone, pam_pkcs11, and pam_p11, which knows people by what is in their home.
peer_services() {
	printf 'auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n' \
		> /etc/pam.d/permit
	smartcard_login_stack
	printf 'auth required pam_pkcs11.so\n' > /etc/pam.d/pkcs11
	install -d -m 700 -o alice -g alice /home/alice/.eid
	sed -i 's|use_mappers = .*|use_mappers = digest;|
		s|mapper mail .*|mapper digest { algorithm = "sha1";|
		s|mapfile = .*|mapfile = file:///etc/pam_pkcs11/digest_map;|' /etc/pam_pkcs11/pam_pkcs11.conf
	peers_use $MODULE
}

# peers_use DRIVER: pam_pkcs11 and pam_p11 do.
peers_use() {
	printf 'auth required pam_p11.so %s\n' "$1" > /etc/pam.d/p11
	sed -i "s|module = /.*|module = $1;|" /etc/pam_pkcs11/pam_pkcs11.conf
}

# allow_alice: the certificates on her card are hers, to pam_p11. pam_pkcs11 knows her by the one that signs:
# an address is in those that are there without a key, too.
allow_alice() {
	as_certrenew pkcs11-tool --module $MODULE --token-label Alice -O --type cert 2> /dev/null |
		sed -n 's/^ *ID: *//p' | sort -u | while read -r id; do
			as_certrenew pkcs11-tool --module $MODULE --token-label Alice --read-object \
				--type cert --id "$id" 2> /dev/null | openssl x509 -inform DER
		done > /home/alice/.eid/authorized_certificates
	chown alice: /home/alice/.eid/authorized_certificates
	as_certrenew pkcs11-tool --module $MODULE --token-label Alice --read-object --type cert --id 01 2> /dev/null |
		openssl x509 -inform DER -noout -fingerprint -sha1 |
		sed 's/.*=\(.*\)/\1 -> alice/' > /etc/pam_pkcs11/digest_map
}
