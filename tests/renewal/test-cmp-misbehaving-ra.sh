# SPDX-License-Identifier: MIT
# Whatever an RA that speaks CMP does: the card is as before or renewed, no PIN is wasted, nothing is
# taken from who is not the CA, and the person knows what to do next.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/misbehaving.sh

prepare_cards
speaks=configure_cmp

# refuses_and_tells_it MISBEHAVIOUR ...: the CA has been told that the certificate is not accepted.
refuses_and_tells_it() {
	with_ra --misbehave "$1" --confirmation-required
	shift
	is_refused 3 "$@"
	[ "$(grep -c "confirm rejected" $RA_LOG) $(grep -c "confirm accepted" $RA_LOG)" = "2 0" ] ||
		complain "$(cat $RA_LOG)"
	is_renewed_afterwards
}

# The CA does not answer when it is told so: what was wrong is what is said.
refuses_though_unheard() {
	with_ra --misbehave shorter --misbehave cmp-confirm-silent --confirmation-required
	is_refused 3 issued-shorter \
		"The new certificate does not last longer and was not written" "$tell"
	is_renewed_afterwards
}

# refuses_plain MISBEHAVIOUR ...: over HTTP, where nobody but the message says who it is from.
refuses_plain() {
	settings=s,https:,http:,
	with_ra --plain --misbehave "$1"
	shift
	is_refused 3 "$@"
	start_ra --plain
	configure_cmp "$settings"
	is_renewed
}

# believes MISBEHAVIOUR ...: unsigned_errors = yes
believes() {
	settings='s/^protocol = cmp/&\nunsigned_errors = yes/'
	refuses_saying "$@"
}

# A named sender, and no other: the RA that its usage speaks for is not this one.
refuses_another_sender() {
	settings='s/^protocol = cmp/&\nsender = CN=Another RA,O=Example Government,C=TW/'
	with_ra
	is_refused 3 ca-untrusted "$untrusted" "$trust"
	settings=''
	is_renewed_afterwards
}

# By its name a colleague may be trusted: an administrator may write what he likes.
takes_the_named_one() {
	settings='s/^protocol = cmp/&\nsender = CN=Eve Colleague,O=Example Government,C=TW/'
	takes cmp-person-signer
}

# The encryption certificate comes encrypted to another key than the card's.
does_not_decrypt_for_others() {
	card="--key rsa:2048 --encryption-cannot-sign"
	settings='s/^protocol = cmp/&\nencryption_proof = decrypt/'
	with_ra --misbehave cmp-encrypted-to-other
	exits 3 renew $PIN $PIN
	says "$out" "The encryption certificate was not renewed: \
the card or its reader does not answer as it should."
	says "$out" "The signature certificate was valid until"
	card_proves Alice > "$out"
	stop_ra
	start_ra
	configure_cmp "$settings"
	exits 0 renew $PIN $PIN
	says "$out" "The certificate was renewed."
	stop_ra
}

takes_after_closing() {
	with_ra --misbehave cmp-confirm-closed --confirmation-required
	is_renewed
	[ "$(grep -c "confirm accepted" $RA_LOG)" = 2 ] || complain "$(cat $RA_LOG)"
}

confirmation_is_refused() {
	with_ra --misbehave cmp-confirm-refused --confirmation-required
	is_refused 3 ca-refused "$refused" "Tell your administrator what it said."
	is_renewed_afterwards
}

# A time to come back that makes no sense, while it waits.
refuses_to_wait() {
	with_ra --misbehave "$1" --pending 3600
	shift
	is_refused 3 "$@"
	is_renewed_afterwards
}

promise "a certificate for another key is not written, and the CA is told" \
	refuses_and_tells_it wrong-key issued-wrong-key \
	"The new certificate is for another key and was not written" "$tell"
promise "a certificate for another subject is not written, and the CA is told" \
	refuses_and_tells_it wrong-subject issued-wrong-subject \
	"The new certificate is for someone else and was not written" "$tell"
promise "a certificate with another subjectAltName is not written" \
	refuses wrong-san issued-wrong-subject \
	"The new certificate is for someone else and was not written" "$tell"
promise "a certificate for another purpose is not written" \
	refuses wrong-usage issued-wrong-usage \
	"The new certificate is for another purpose and was not written" "$tell"
promise "a certificate that ends earlier is not written, and the CA is told" \
	refuses_and_tells_it shorter issued-shorter \
	"The new certificate does not last longer and was not written" "$tell"
promise "a certificate of an unknown issuer is not written, and the CA is told" \
	refuses_and_tells_it unknown-issuer issued-untrusted \
	"The new certificate is of an unknown issuer and was not written" \
	"Tell your administrator: [ca] trust in certrenew.conf."

promise "a certificate that is not accepted stays so if the CA does not hear of it" \
	refuses_though_unheard

promise "a message whose protection is wrong is not the CA's" \
	refuses cmp-protection ca-untrusted "$untrusted" "$trust"
promise "a message without protection is not the CA's" \
	refuses cmp-no-protection ca-untrusted "$untrusted" "$trust"
promise "a message of an RA under another root is not the CA's" \
	refuses cmp-rogue-signer ca-untrusted "$untrusted" "$trust"
promise "a message that a colleague signed is not the CA's" \
	refuses cmp-person-signer ca-untrusted "$untrusted" "$trust"
promise "a message of another sender than its signer is not the CA's" \
	refuses cmp-sender ca-untrusted "$untrusted" "$trust"
promise "over plain HTTP, too: a colleague" \
	refuses_plain cmp-person-signer ca-untrusted "$untrusted" "$trust"
promise "over plain HTTP, too: wrong protection" \
	refuses_plain cmp-protection ca-untrusted "$untrusted" "$trust"
promise "sender: another RA than the one that is named is not the CA" refuses_another_sender
promise "sender: whoever is named may sign" takes_the_named_one

promise "another transactionID makes no sense" refuses cmp-transaction-id ca-garbage "$garbage" "$tell"
promise "another nonce makes no sense" refuses cmp-nonce ca-garbage "$garbage" "$tell"
promise "half a message makes no sense" refuses cmp-truncated ca-garbage "$garbage" "$tell"
promise "a message that claims gigabytes makes no sense" \
	refuses cmp-huge-length ca-garbage "$garbage" "$tell"
promise "bytes after a message make no sense" refuses cmp-trailing ca-garbage "$garbage" "$tell"
promise "random bytes make no sense" refuses garbage ca-garbage "$garbage" "$tell"
promise "an empty answer makes no sense" refuses empty ca-garbage "$garbage" "$tell"
promise "a gigabyte is not read" \
	reads_little_of huge ca-too-large \
	"The answer of the certification authority is far too large" "$tell"
promise "an answer that drips in is given up in time" \
	takes_no_longer 12 refuses drip ca-timeout "$silent" "$again: it goes on where it stopped."
promise "an answer that breaks off in the middle is none" \
	refuses half ca-unreachable "$unreachable" "Check the network and run 'certrenew renew' later."
promise "an RA that never answers is given up in time" \
	takes_no_longer 12 refuses stall ca-timeout "$silent" "$again: it goes on where it stopped."
promise "an RA that is not there cannot be reached" \
	refuses_silence ca-unreachable "$unreachable" "Check the network and run 'certrenew renew' later."
promise "a certificate encrypted to another key is of no use, and the other one is renewed" \
	does_not_decrypt_for_others

promise "a rejection is a refusal, with the CA's words" \
	refuses_saying cmp-rejection "policy 7 forbids it" ca-refused \
	"$refused" "Tell your administrator what it said."
promise "notAuthorized means that the certificate is not accepted" \
	refuses_saying cmp-not-authorized "this person may not renew online" ca-denied \
	"$denied" "$for_card"
promise "systemFailure is the CA's own problem" \
	refuses_saying cmp-system-failure "the signing module does not answer" ca-error \
	"The certification authority has a problem" "$again"
promise "an error message is a refusal, with all that it says" \
	refuses_saying cmp-error \
	"request not accepted; CMP routines; request not accepted; policy 7 forbids it" \
	ca-refused "$refused" "Tell your administrator what it said."
promise "an error that nobody signed is a refusal where TLS knows the server" \
	refuses_saying cmp-unprotected-error \
	"request not accepted; CMP routines; request not accepted; policy 7 forbids it" \
	ca-refused "$refused" "Tell your administrator what it said."
promise "an error that nobody signed is nobody's over plain HTTP" \
	refuses_plain cmp-unprotected-error ca-untrusted "$untrusted" "$trust"
promise "unsigned_errors = yes: it is believed" \
	believes cmp-unprotected-error \
	"request not accepted; CMP routines; request not accepted; policy 7 forbids it" \
	ca-refused "$refused" "Tell your administrator what it said."
promise "HTTP 403 without a message means that the certificate is not accepted" \
	refuses_saying http-403 "This person may not renew online." ca-denied "$denied" "$for_card"
promise "HTTP 500 without a message is the CA's own problem" \
	refuses_saying http-500 "The signing module does not answer." ca-error \
	"The certification authority has a problem" "$again"
promise "HTTP 503 without a message is an overload" \
	refuses_saying http-503 "Closed for maintenance." ca-overloaded \
	"The certification authority is too busy" "$again"

promise "checkAfter in thousands of years makes no sense" \
	refuses_to_wait cmp-check-after-huge ca-garbage "$garbage" "$tell"
promise "a negative checkAfter makes no sense" \
	refuses_to_wait cmp-check-after-negative ca-garbage "$garbage" "$tell"
promise "an RA may close the connection after each answer" takes close-each
promise "a confirmation whose connection is closed is repeated" takes_after_closing
promise "a confirmation that is refused: nothing is written, and another is asked for" \
	confirmation_is_refused
promised
