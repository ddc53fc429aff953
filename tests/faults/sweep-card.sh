# SPDX-License-Identifier: MIT
# Shards: 2
# Each call to the driver, in check and in renew, goes wrong. Where each call is too much for half an
# hour of two processors, the ways take turns over the calls, which most kinds have in common.
. tests/faults/sweep.sh
. tests/faults/calls.sh

decrypts="s/^trust/encryption_proof = decrypt\n&/"

lies() { at_calls "error CKR_OK" 1 1 C_CreateObject; }

# Two ways at each call, by turns: before it, and after it did its work.
by_turns() {
	at_calls "crash" 2 1
	at_calls "after crash" 2 2
	at_calls "removed" 2 1
	at_calls "after removed" 2 2
	at_calls "error CKR_DEVICE_ERROR" 2 1
	at_calls "after error CKR_DEVICE_ERROR" 2 2
	lies
}

# One way at each third call.
in_turn() {
	at_calls "after crash" 12 1
	at_calls "removed" 12 4
	at_calls "error CKR_DEVICE_ERROR" 12 7
	at_calls "after error CKR_FUNCTION_FAILED" 12 10
	lies
}

sweep card
# A card that is full is a failure of its own to our code; the other codes are one (helper/card/driver.c).
kind est same ec
at_calls "crash"
at_calls "removed"
at_calls "error CKR_DEVICE_ERROR"
at_calls "after crash" 2 1
at_calls "after removed" 2 2
at_calls "after error CKR_DEVICE_ERROR" 2 1
at_calls "error CKR_DEVICE_MEMORY" 2 2
at_calls "error CKR_FUNCTION_FAILED" 4 1
at_calls "error CKR_HOST_MEMORY" 4 3
lies
kind cmp same ec
by_turns
at_calls "error CKR_DEVICE_MEMORY" 2 2
kind est new ec
by_turns
for others in "cmp new ec" "est same rsa" "cmp same rsa" "est new rsa" "cmp new rsa"; do
	kind $others
	in_turn
done
# The CA encrypts the certificate to the key: between its answer and our disk the card is asked.
card_options=--encryption-cannot-sign
kind cmp same rsa "$decrypts"
kind="cmp same rsa by decryption"
at_calls "after crash" 2 1
swept
