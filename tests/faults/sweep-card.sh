# SPDX-License-Identifier: MIT
# Shards: 8
# Each call to the driver, in check and in renew, goes wrong. All faults on two kinds of renewal; on the
# others, which differ in some of the calls, those faults that differ in what they leave behind.
. tests/faults/sweep.sh
. tests/faults/calls.sh

decrypts="s/^trust/encryption_proof = decrypt\n&/"

sweep card
for protocol in est cmp; do
	kind $protocol same ec
	at_calls "crash"
	at_calls "after crash"
	at_calls "removed"
	at_calls "after removed"
	at_calls "error CKR_DEVICE_ERROR"
	at_calls "error CKR_FUNCTION_FAILED"
	at_calls "error CKR_DEVICE_MEMORY"
	at_calls "error CKR_HOST_MEMORY"
	at_calls "after error CKR_DEVICE_ERROR"
done
for others in "est new ec" "cmp new ec" "est same rsa" "cmp same rsa" "est new rsa" "cmp new rsa"; do
	kind $others
	at_calls "after crash"
	at_calls "removed" 2 1
	at_calls "after error CKR_FUNCTION_FAILED" 2 2
done
# The CA encrypts the certificate to the key: between its answer and our disk the card is asked.
card_options=--encryption-cannot-sign
kind cmp same rsa "$decrypts"
kind="cmp same rsa, decrypts"
at_calls "after crash"
swept
