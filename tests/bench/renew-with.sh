#!/bin/sh
# SPDX-License-Identifier: MIT
#
# renew-with.sh WAY: renews the two certificates of the card once, as certrenew does or as one does it
# with what else there is. Sourced from nowhere: each run that is timed is one of these. The world of
# renewal.sh is around it: RENEW_MODULE (the driver), RENEW_EST and RENEW_CMP (where the RA is). The
# others run as _certrenew, to whom the card belongs; certrenew sees to that itself.
#
# The others do the least that replaces both certificates. That is less than certrenew does:
# pkcs11-tool names a certificate by its CKA_ID, so the old one has to be deleted before the new one
# is written, nothing is read back or kept on disk, no key is compared, no answer is judged, and the
# RA's certificate is checked against the same anchors.
set -eu

way=$1
card=/run/renew-with
trust=/etc/test-ca/trust.pem
subject='/C=TW/O=Example Government/OU=Ministry of Examples/CN=Alice Chen'
mail=alice@example.test
pin=123456

tool() { pkcs11-tool --module "$RENEW_MODULE" "$@"; }

# What is on the card, as files: FORM der or pem.
read_old() {
	for id in 01 02; do
		tool --read-object --type cert --id $id --output-file $card/old$id.der
		[ "$1" = der ] || openssl x509 -inform der -in $card/old$id.der -out $card/old$id.pem
	done
}

# One CKA_ID, one certificate: the old one first.
write_new() {
	for id in 02 01; do
		case $id in 01) label=Signature ;; 02) label=Encryption ;; esac
		tool --login --pin $pin --delete-object --type cert --id $id
		tool --login --pin $pin --write-object $card/new$id.der --type cert --id $id --label $label
	done
}

engine() { OPENSSL_CONF=$card/openssl.cnf openssl "$@"; }

key() { echo "pkcs11:id=%$1;type=private"; }

# The request of one certificate, signed by its key on the card.
request() {
	engine req -new -engine pkcs11 -keyform engine -key "$(key "$1")" -subj "$subject" \
		-addext "subjectAltName=email:$mail" -outform der -out "$card/request$1.der"
}

# The certificate of an EST answer (RFC 7030 §4.2.3).
unwrap() {
	openssl base64 -d -A -in "$1" | openssl pkcs7 -inform der -print_certs |
		openssl x509 -outform der -out "$2"
}

# Both requests over one connection.
with_curl() {
	read_old pem
	for id in 02 01; do
		request $id
		openssl base64 -in $card/request$id.der -out $card/request$id.b64
		set -- "$@" ${2:+--next} --silent --show-error --fail --engine pkcs11 --key-type ENG \
			--key "$(key 01)" --cert $card/old01.pem --cacert $trust \
			--header 'Content-Type: application/pkcs10' --header 'Content-Transfer-Encoding: base64' \
			--header Expect: --data-binary @$card/request$id.b64 --output $card/answer$id.b64 \
			"$RENEW_EST/simplereenroll"
	done
	shift
	OPENSSL_CONF=$card/openssl.cnf curl "$@"
	for id in 02 01; do unwrap $card/answer$id.b64 $card/new$id.der; done
	write_new
}

# pki of Debian 12 crashes when it ends after it has used a PKCS#11 key, with its output not yet
# written: hence unbuffered, by what stdbuf would set, and its exit status is worth nothing. It asks
# for the PIN on a terminal or, as here, where it has none, on its standard input.
pki_on_card() {
	out=$1
	shift
	STRONGSWAN_CONF=$card/strongswan.conf LD_PRELOAD=/usr/libexec/coreutils/libstdbuf.so _STDBUF_O=0 \
		pki "$@" < $card/pin > "$out" 2> $card/pki.log || :
	[ -s "$out" ] || { cat $card/pki.log; exit 1; }
}

with_strongswan() {
	read_old der
	for id in 02 01; do
		pki_on_card $card/request$id.der --req --keyid $id --type rsa --san $mail --debug 0 \
			--dn 'C=TW, O=Example Government, OU=Ministry of Examples, CN=Alice Chen'
		pki_on_card $card/new$id.der --est --url "${RENEW_EST%/.well-known/est}" \
			--in $card/request$id.der --cacert $trust --cert $card/old01.der --keyid 01
	done
	write_new
}

# Over TLS without a client certificate, as certrenew: CMP's messages are signed themselves.
with_openssl_cmp() {
	read_old pem
	for id in 02 01; do
		engine cmp -cmd kur -config '' -engine pkcs11 -keyform engine -server "${RENEW_CMP%%/.well-known/*}" \
			-path .well-known/cmp -tls_used -tls_trusted $trust -tls_host localhost \
			-trusted $trust -unprotected_errors -cert $card/old01.pem -key "$(key 01)" \
			-keypass pass:$pin -oldcert $card/old$id.pem -newkey "$(key $id)" -newkeypass pass:$pin \
			-implicit_confirm -certout $card/new$id.pem
		openssl x509 -in $card/new$id.pem -outform der -out $card/new$id.der
	done
	write_new
}

case $way in
certrenew-est | certrenew-cmp)
	printf '%s\n%s\n' $pin $pin | certrenew renew --yes ;;
curl) with_curl first ;;
strongswan) with_strongswan ;;
openssl-cmp) with_openssl_cmp ;;
*) echo "renew-with.sh: no such way: $way" >&2; exit 2 ;;
esac
