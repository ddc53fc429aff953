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
swept
