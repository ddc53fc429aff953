# SPDX-License-Identifier: MIT
# Sourced in the world, after bench.sh and pam.sh: what people sign in with today, set up for Alice's
# card and this world's /etc/pam.d alone.

P11_CHILD=/usr/libexec/sssd/p11_child
SSSD_CA=/etc/sssd-ca.pem

# SSSD is unpacked here and not installed: installing it rewrites the machine's PAM configuration.
unpack_sssd() {
	dpkg -x "$BENCH"/packages/sssd-common_*.deb /run/sssd-files
	cp -a /run/sssd-files/usr/libexec/sssd /usr/libexec/
	cp -a /run/sssd-files/usr/lib/. /usr/lib/
	cat $CA/root.pem $CA/issuing.pem > $SSSD_CA
}

# registered DRIVER...: p11-kit knows these alone, which p11_child and p11-kit-proxy load.
registered() {
	mkdir -p /run/p11-kit-modules
	cp -n /usr/share/p11-kit/modules/* /run/p11-kit-modules/
	rm -f /usr/share/p11-kit/modules/*
	for driver in "$@"; do
		cp "/run/p11-kit-modules/$driver.module" /usr/share/p11-kit/modules/
	done
}

# pam_permit alone, pam_pkcs11, and pam_p11, which knows people by what is in their home.
peer_services() {
	printf 'auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n' \
		> /etc/pam.d/permit
	smartcard_login_stack
	printf 'auth required pam_pkcs11.so\n' > /etc/pam.d/pkcs11
	printf 'auth required pam_p11.so %s\n' "$MODULE" > /etc/pam.d/p11
	install -d -m 700 -o alice -g alice /home/alice/.eid
}

# allow_alice: the certificates on her card are hers, to pam_p11.
allow_alice() {
	as_certrenew pkcs11-tool --module $MODULE --token-label Alice -O --type cert 2> /dev/null |
		sed -n 's/^ *ID: *//p' | sort -u | while read -r id; do
			as_certrenew pkcs11-tool --module $MODULE --token-label Alice --read-object \
				--type cert --id "$id" 2> /dev/null | openssl x509 -inform DER
		done > /home/alice/.eid/authorized_certificates
	chown alice: /home/alice/.eid/authorized_certificates
}
