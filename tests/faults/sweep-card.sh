# SPDX-License-Identifier: MIT
# Shards: 2
# Each call to the driver, in check and in renew, goes wrong: in every way in two kinds of renewal; in
# the others, which have most of their calls in common with these, in four ways in turn.
. tests/faults/sweep.sh
. tests/faults/calls.sh

decrypts="s/^trust/encryption_proof = decrypt\n&/"

ends_and_is_pulled() {
	at_calls "crash"
	at_calls "after crash"
	at_calls "removed"
	at_calls "after removed"
}

# A card that is full is a failure of its own to our code; the other three are one (helper/card/driver.c).
fails() {
	at_calls "error CKR_DEVICE_ERROR"
	at_calls "error CKR_DEVICE_MEMORY"
	at_calls "after error CKR_DEVICE_ERROR"
	at_calls "error CKR_OK" 1 1 C_CreateObject
}

each_in_turn() {
	at_calls "after crash" 4 1
	at_calls "removed" 4 2
	at_calls "error CKR_DEVICE_ERROR" 4 3
	at_calls "after error CKR_FUNCTION_FAILED" 4 4
	at_calls "error CKR_OK" 1 1 C_CreateObject
}

sweep card
for protocol in est cmp; do
	kind $protocol same ec
	ends_and_is_pulled
	fails
done
kind est same ec
at_calls "error CKR_FUNCTION_FAILED" 2 1
at_calls "error CKR_HOST_MEMORY" 2 2
kind est new ec
at_calls "after crash"
at_calls "removed"
at_calls "error CKR_DEVICE_ERROR"
at_calls "after error CKR_FUNCTION_FAILED"
for others in "cmp new ec" "est same rsa" "cmp same rsa" "est new rsa" "cmp new rsa"; do
	kind $others
	each_in_turn
done
# The CA encrypts the certificate to the key: between its answer and our disk the card is asked.
card_options=--encryption-cannot-sign
kind cmp same rsa "$decrypts"
kind="cmp same rsa by decryption"
at_calls "after crash"
swept
