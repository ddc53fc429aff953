# SPDX-License-Identifier: MIT
# Neither end is tested against itself only: our client against OpenSSL's mock server, and OpenSSL's
# client against the test RA. This world's network is a loopback of its own, so that the mock
# server, which listens on every address, is heard by nobody else.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
alice="/C=TW/O=Example Government/OU=Ministry of Examples/CN=Alice Chen"

# sign ROLE KEY.der SUBJECT OUT.pem [OPTION...]: by the test world's CA.
sign() {
	role=$1 spki=$2 subject=$3 pem=$4
	shift 4
	test-ca sign --ca $CA --spki "$spki" --subject "$subject" --role "$role" --out /run/new.der "$@"
	openssl x509 -inform DER -in /run/new.der -out "$pem"
}

# make_key NAME TYPE: /run/NAME.key and /run/NAME.der, its public half.
make_key() {
	case $2 in
	rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "/run/$1.key" ;;
	ec) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "/run/$1.key" ;;
	esac
	openssl pkey -in "/run/$1.key" -pubout -outform DER -out "/run/$1.der"
}

make_key ra ec
sign ra /run/ra.der "/C=TW/O=Example Government/CN=Mock RA" /run/ra.pem --days 30

# --- our client, OpenSSL's server ----------------------------------------------------------------

# prepare_answer KEY.der: the mock server cannot issue: it has one answer, and takes a kur only for that serial number.
prepare_answer() {
	sign signature "$1" "$alice" /run/answer.pem --days 365 --serial "$serial" \
		--email alice@example.test
}

# A card with one certificate.
with_card() {
	fresh_card --roles signature --key "$1" --email alice@example.test
	card_list Alice > /run/before
	serial=$(sed -n 's/^certificate .* serial=\([0-9A-F]*\).*/\1/p' /run/before)
	openssl x509 -inform DER -in "$CA/issued/$serial.der" -noout -pubkey |
		openssl pkey -pubin -outform DER -out /run/card.der
	prepare_answer /run/card.der
}

# with_mock [OPTION...]: on a port that is free.
with_mock() {
	RA_PORT=$(perl -MIO::Socket::INET -e \
		'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
	openssl cmp -port "$RA_PORT" -srv_cert /run/ra.pem -srv_key /run/ra.key \
		-srv_trusted $CA/root.pem -srv_untrusted $CA/issuing.pem -rsp_cert /run/answer.pem \
		-rsp_extracerts $CA/issuing.pem "$@" > /var/log/mock.log 2>&1 &
	RA_PID=$!
	within 10 sh -c "grep -qi ':$(printf %04X "$RA_PORT") .* 0A ' /proc/net/tcp /proc/net/tcp6"
	configure_cmp "s,https:,http:," "s,/.well-known/cmp,/pkix/,"
}

takes_from_mock() {
	with_card "$1"
	shift
	with_mock "$@"
	exits 0 renew $PIN $PIN
	says "$out" "The certificate was renewed. You may remove the card."
	as_certrenew test-card prove --module $MODULE --label Alice --pin $PIN --roles signature > "$out"
	exits 0 certrenew status
	stop_ra
}

# refused_by_mock SENTENCE WORDS [OPTION...]
refused_by_mock() {
	with_card ec:P-256
	sentence=$1 words=$2
	shift 2
	with_mock "$@"
	exits 3 renew $PIN $PIN
	says "$out" "$sentence. Nothing on the card was changed."
	[ -z "$words" ] || says "$out" "The certification authority said: $words"
	card_list Alice > /run/after
	same /run/before /run/after
	stop_ra
}

# It is made for another person's key: it goes back, and the mock server hears why.
gives_back_to_mock() {
	with_card ec:P-256
	make_key other ec
	prepare_answer /run/other.der
	with_mock
	exits 3 renew $PIN $PIN
	says "$out" "The new certificate is for another key and was not written."
	within 5 grep -q "certificate rejected by client" /var/log/mock.log
	stop_ra
}

# --- OpenSSL's client, our RA --------------------------------------------------------------------

# with_person TYPE ROLE: keys and certificates in files; the RA knows them by its record.
with_person() {
	make_key speaker ec
	sign signature /run/speaker.der "$alice" /run/speaker.pem --days 20
	make_key person "$1"
	sign "$2" /run/person.der "$alice" /run/person.pem --days 20
	rm -f $RA_LOG /run/renewed.pem
}

kur() {
	openssl cmp -cmd kur -server "localhost:$RA_PORT" -path .well-known/cmp \
		-cert /run/speaker.pem -key /run/speaker.key -oldcert /run/person.pem \
		-newkey /run/person.key -trusted $CA/root.pem -untrusted $CA/issuing.pem \
		-certout /run/renewed.pem "$@"
}
over_tls="-tls_used -tls_trusted $CA/root.pem -tls_host localhost"

gives_to_openssl() {
	with_person "$1" "$2"
	start_ra $3
	shift 3
	exits 0 kur "$@"
	[ "$(issued)" = 1 ] || complain "$(cat $RA_LOG)"
	openssl x509 -in /run/renewed.pem -noout -pubkey | openssl pkey -pubin -outform DER |
		cmp - /run/person.der
	openssl verify -CAfile $CA/root.pem -untrusted $CA/issuing.pem /run/renewed.pem
	stop_ra
}

is_told_by_openssl() {
	gives_to_openssl ec signature --plain
	[ "$(grep -c 'confirm accepted' $RA_LOG)" = 1 ] || complain "$(cat $RA_LOG)"
}

# refuses_openssl RA-OPTIONS WORDS [OPTION...]
refuses_openssl() {
	with_person ec signature
	start_ra $1
	words=$2
	shift 2
	exits 1 kur "$@"
	says "$out" "$words"
	[ ! -e /run/renewed.pem ] || complain "a certificate"
	stop_ra
}

is_not_the_owner() {
	with_person ec signature
	make_key mallory ec
	sign signature /run/mallory.der "/C=TW/O=Example Government/CN=Mallory" /run/speaker.pem
	cp /run/mallory.key /run/speaker.key
	start_ra --plain
	exits 1 kur
	says "$out" "notAuthorized"
	stop_ra
}

for key in rsa:2048 ec:P-384; do
	promise "our client, OpenSSL's server, $key: implicitly confirmed" \
		takes_from_mock $key -grant_implicitconf
	promise "our client, OpenSSL's server, $key: confirmed" takes_from_mock $key
done
promise "our client, OpenSSL's server: polled" \
	takes_from_mock ec:P-256 -poll_count 2 -check_after 1
promise "our client, OpenSSL's server: a rejection" \
	refused_by_mock "The certification authority refused the request" "not today" \
	-pkistatus 2 -failure 2 -statusstring "not today"
promise "our client, OpenSSL's server: notAuthorized" \
	refused_by_mock "The certification authority does not accept this certificate" "not you" \
	-pkistatus 2 -failure 23 -statusstring "not you"
promise "our client, OpenSSL's server: an error message" \
	refused_by_mock "The certification authority refused the request" "" -send_error
promise "our client, OpenSSL's server: no protection" \
	refused_by_mock "The server that answered is not the certification authority" "" \
	-send_unprotected
promise "our client, OpenSSL's server: a certificate for another key goes back" gives_back_to_mock

promise "OpenSSL's client, our RA, EC" is_told_by_openssl
promise "OpenSSL's client, our RA, RSA over TLS" gives_to_openssl rsa signature "" $over_tls
promise "OpenSSL's client, our RA: implicitly confirmed" \
	gives_to_openssl ec signature --plain -implicit_confirm
promise "OpenSSL's client, our RA: polled" gives_to_openssl ec encryption "--plain --pending 2"
promise "OpenSSL's client, our RA: a proof by decryption" \
	gives_to_openssl rsa encryption --plain -popo 2
promise "OpenSSL's client, our RA: raVerified" \
	gives_to_openssl ec encryption "--plain --ra-verified" -popo 0
promise "OpenSSL's client, our RA: raVerified is not taken unasked" \
	refuses_openssl --plain "badPOP" -popo 0
promise "OpenSSL's client, our RA: no proof is refused" refuses_openssl --plain "badPOP" -popo -1
promise "OpenSSL's client, our RA: another subject is refused" \
	refuses_openssl --plain "badCertTemplate" -subject /C=TW/CN=Mallory
promise "OpenSSL's client, our RA: another person's certificate is not renewed" is_not_the_owner
promise "OpenSSL's client meets a rogue RA" \
	refuses_openssl "--plain --misbehave cmp-rogue-signer" "no suitable sender cert"
promise "OpenSSL's client meets a wrong nonce" \
	refuses_openssl "--plain --misbehave cmp-nonce" "recipnonce unmatched"
promised
