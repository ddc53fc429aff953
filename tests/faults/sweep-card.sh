# SPDX-License-Identifier: MIT
# Each call to the driver, in check and in renew, goes wrong once.
. tests/faults/sweep.sh

goes_wrong() {
	shim "log $shim_log" "$@"
	renew $PIN $PIN
}

sweep card
kind est same ec
count=$(tail -n 1 $calls | cut -d ' ' -f 1)
for fault in "crash" "after crash" "removed" "after removed" "error CKR_DEVICE_ERROR" \
	"after error CKR_GENERAL_ERROR"; do
	call=36
	while [ $call -le $count ]; do
		point "call $call: $fault" goes_wrong "#$call $fault"
		call=$((call + 1))
	done
done
swept
