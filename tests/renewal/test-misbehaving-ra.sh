# SPDX-License-Identifier: MIT
# Whatever the RA does: the card is as before or renewed, and the person knows what to do next.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/misbehaving.sh

prepare_cards
speaks=configure

# refuses_server CERTIFICATE HOST ...: TLS does not get as far as a request.
refuses_server() {
	with_ra --server-cert "$CA/$1.pem" --server-key "$CA/$1.key"
	name=$2
	shift 2
	configure "s,//localhost,//$name," 's/timeout = 10s/timeout = 2s/'
	is_refused 3 "$@"
	says_not $RA_LOG request
	is_renewed_afterwards
}

# The answers get lost, the RA remembers its requests: nothing is issued for a second time.
asks_for_lost_answers_again() {
	with_ra --misbehave "$1" --misbehave-times 2
	exits 3 renew $PIN $PIN
	is_renewed
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
}

promise "a certificate for another key is not written" \
	refuses wrong-key issued-wrong-key \
	"The new certificate is for another key and was not written" "$tell"
promise "a certificate for another subject is not written" \
	refuses wrong-subject issued-wrong-subject \
	"The new certificate is for someone else and was not written" "$tell"
promise "a certificate with another subjectAltName is not written" \
	refuses wrong-san issued-wrong-subject \
	"The new certificate is for someone else and was not written" "$tell"
promise "a certificate for another purpose is not written" \
	refuses wrong-usage issued-wrong-usage \
	"The new certificate is for another purpose and was not written" "$tell"
promise "a certificate that ends earlier is not written" \
	refuses shorter issued-shorter \
	"The new certificate does not last longer and was not written" "$tell"
promise "a certificate of an unknown issuer is not written" \
	refuses unknown-issuer issued-untrusted \
	"The new certificate is of an unknown issuer and was not written" \
	"Tell your administrator: [ca] trust in certrenew.conf."

promise "HTTP 400 is a refusal, with the CA's words" \
	refuses_saying http-400 "The request was refused: policy 7 forbids it." ca-refused \
	"The certification authority refused the request" "Tell your administrator what it said."
promise "HTTP 401 means that the certificate is not accepted" \
	refuses_saying http-401 "Who you are could not be established." ca-denied \
	"The certification authority does not accept this certificate" "$for_card"
promise "HTTP 403 means that the certificate is not accepted" \
	refuses_saying http-403 "This person may not renew online." ca-denied \
	"The certification authority does not accept this certificate" "$for_card"
promise "HTTP 404 is a refusal" \
	refuses_saying http-404 "There is no such service here." ca-refused \
	"The certification authority refused the request" "Tell your administrator what it said."
promise "HTTP 500 is the CA's own problem" \
	refuses_saying http-500 "The signing module does not answer." ca-error \
	"The certification authority has a problem" "$again"
promise "HTTP 503 without a time to come back is an overload" \
	refuses_saying http-503 "Closed for maintenance." ca-overloaded \
	"The certification authority is too busy" "$again"

promise "an answer of random bytes makes no sense" refuses garbage ca-garbage "$garbage" "$tell"
promise "an answer of random bytes in base64 makes no sense" \
	refuses garbage-base64 ca-garbage "$garbage" "$tell"
promise "an empty answer makes no sense" refuses empty ca-garbage "$garbage" "$tell"
promise "a gigabyte is not read" \
	reads_little_of huge ca-too-large \
	"The answer of the certification authority is far too large" "$tell"
promise "an answer that drips in is given up in time" \
	takes_no_longer 8 refuses drip ca-timeout "$silent" "$again: it goes on where it stopped."
promise "an answer that breaks off in the middle is none" \
	refuses half ca-unreachable "$unreachable" "Check the network and run 'certrenew renew' later."
promise "an RA that never answers is given up in time" \
	takes_no_longer 8 refuses stall ca-timeout "$silent" "$again: it goes on where it stopped."
promise "an RA that is not there cannot be reached" \
	refuses_silence ca-unreachable "$unreachable" "Check the network and run 'certrenew renew' later."

promise "a redirection to another server is not followed" \
	refuses redirect-other ca-redirect \
	"The certification authority points to another server" \
	"Tell your administrator: [ca] url in certrenew.conf."
promise "redirections without end are not followed for ever" \
	refuses redirect-loop ca-garbage "$garbage" "$tell"
promise "a redirection within the same server is followed" takes redirect-same

promise "a server with an untrusted certificate is told nothing" \
	refuses_server rogue-server localhost ca-untrusted "$untrusted" "$trust"
promise "a server with an expired certificate is told nothing" \
	refuses_server expired-server localhost ca-untrusted "$untrusted" "$trust"
echo "127.0.0.1 somewhere-else.test" >> /etc/hosts
promise "a server with a certificate for another name is told nothing" \
	refuses_server server somewhere-else.test ca-untrusted "$untrusted" "$trust"

promise "success may be HTTP 201" takes status-201
promise "the answer's base64 may be one line" takes one-line
promise "the answer's base64 may have lines of 76 columns with CRLF" takes crlf76
promise "Content-Transfer-Encoding may be absent" takes no-transfer-encoding
promise "the content type may lack smime-type" takes bare-content-type
promise "the answer may hold the issuers' certificates, too" takes two-certs
promise "an RA may have no csrattrs" takes csrattrs-404
promise "csrattrs may be empty" takes csrattrs-empty
promise "an RA may close the connection after each answer" takes close-each

promise "what was issued and got lost as garbage is asked for again, not issued again" \
	asks_for_lost_answers_again garbage
promise "what was issued and broke off is asked for again, not issued again" \
	asks_for_lost_answers_again half
promised
