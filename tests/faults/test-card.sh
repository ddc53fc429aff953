# SPDX-License-Identifier: MIT
# A sample of what `make faults` tries over the card: some calls of a renewal by EST, and of one by CMP
# with new keys.
. tests/faults/sweep.sh
. tests/faults/calls.sh

# survives FAULT FIRST: at each 24th call from the first on.
survives() {
	at_calls "$1" 24 $2
	kept
}

survives_a_lie() {
	at_calls "error CKR_OK" 1 1 C_CreateObject
	kept
}

sweep card
kind est same ec
promise "a crash at any call" survives "crash" 1
promise "a card that is pulled at any call" survives "removed" 5
promise "an error at any call" survives "error CKR_DEVICE_ERROR" 9
promise "an error after any call that did its work" survives "after error CKR_FUNCTION_FAILED" 13
promise "a write that was none" survives_a_lie
kind cmp new ec
promise "a crash after any call, by CMP with new keys" survives "after crash" 17
promise "a card that is pulled after any call, by CMP with new keys" survives "after removed" 21
stop_ra
promised
