# SPDX-License-Identifier: MIT
# Sourced in the world, after card.sh: people sign in with their cards.

# /etc/pam.d/login with pam_pkcs11, which sets PKCS11_LOGIN_TOKEN_NAME. It knows a person by the
# certificate's e-mail address: that is the same after a renewal, as a digest would not be. It signs
# with the key of the first certificate that fits; where the encryption key cannot, that certificate
# must be without an address (--encryption-no-email).
smartcard_login_stack() {
	install -d /etc/pam_pkcs11/cacerts /etc/pam_pkcs11/crls
	cp $CA/root.pem $CA/issuing.pem /etc/pam_pkcs11/cacerts/
	openssl rehash /etc/pam_pkcs11/cacerts
	echo 'alice@example.test -> alice' > /etc/pam_pkcs11/mail_map
	cat > /etc/pam_pkcs11/pam_pkcs11.conf <<-CONF
		pam_pkcs11 {
			use_pkcs11_module = softhsm;
			pkcs11_module softhsm {
				module = $MODULE;
				description = "SoftHSM";
				slot_num = 0;
				ca_dir = /etc/pam_pkcs11/cacerts;
				crl_dir = /etc/pam_pkcs11/crls;
				cert_policy = ca, signature;
				token_type = "Smart card";
			}
			use_mappers = mail;
			mapper mail {
				module = internal;
				mapfile = file:///etc/pam_pkcs11/mail_map;
				ignorecase = false;
				ignoredomain = false;
			}
		}
	CONF
	cat > /etc/pam.d/login <<-STACK
		auth     required  pam_pkcs11.so
		$(profile_lines Account account)
		account  required  pam_unix.so
		$(profile_lines Session session)
		session  required  pam_unix.so
	STACK
}

# profile_lines PART TYPE: what the installed profiles add to a stack (pam-auth-update(8)).
profile_lines() {
	sed -n "/^$1:/,/^[^[:space:]]/s/^[[:space:]]\{1,\}/$2  /p" /usr/share/pam-configs/certrenew*
}
