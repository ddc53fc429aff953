# SPDX-License-Identifier: MIT
# A sample of what `make faults` tries over the machine, with a renewal by EST.
# A sanitizer has an allocator of its own, and must be loaded first.
if [ -n "${SANITIZE:-}" ]; then
	. tests/harness.sh
	skipped() { echo "the interposer cannot be loaded with a sanitizer"; return 77; }
	promise "whatever fails of the machine, a renewal is finished by the next run" skipped
	promised
	exit 0
fi

. tests/faults/sweep.sh
. tests/faults/machine.sh

# survives RUN PROGRAM CLASS FIRST STEP FAULT...: at each so many calls, from the first on.
survives() {
	calls_of "$1" "$2" "$3"
	first_call=$4 step=$5
	shift 5
	awk -v first="$first_call" -v step="$step" '$1 >= first && ($1 - first) % step == 0' $met > $met.some
	mv $met.some $met
	each "$@"
	kept && [ $missed = 0 ]
}

on_disks() {
	. tests/faults/disks.sh
	restore=
	"$@"
	kept
}

full() {
	for room in 0 8 76 140; do
		point "a disk with $room KB left" leaves_room $room
	done
}

fills_up() { point "a disk that fills up" fills_up_meanwhile 0; }
read_only() { point "a read-only disk" is_read_only folders_there "$unkept"; }

sweep machine
tried= missed=0
machine_kind est same ec
promise "renew is killed at any call that writes" survives renews certrenew-renew write 4 20 "kill"
promise "power fails at any call that writes to the disk" \
	survives renews certrenew-renew disk 3 9 "power"
promise "any write to the disk fails" survives renews certrenew-renew disk 4 13 "error EIO"
promise "the disk is full from any write on" \
	survives renews certrenew-renew disk 6 16 "on and on error ENOSPC"
promise "a write is interrupted, or cut short" survives renews certrenew-renew write 13 36 "short"
promise "there is no memory" survives renews certrenew-renew memory 5000 20000 "error ENOMEM"
promise "no descriptor is left" survives renews certrenew-renew file 3 7 "on and on error EMFILE"
promise "the helper is killed while it makes its folders, and later" \
	survives renews certrenew-helper write 5 9 "kill"
promise "the command is killed" survives renews certrenew write 4 2 "kill"
promise "a login goes on when its helper is killed" survives signs_in certrenew-helper write 8 20 "kill"
promise "so it does when renew is killed" survives signs_in certrenew-renew write 30 40 "kill"
promise "a login whose host is killed leaves nothing undone" \
	survives signs_in pamtester write 1 5 "kill"
promise "on a full disk nothing is asked for, or what is issued is kept" on_disks full
promise "so it is where it fills up once the CA was asked" on_disks fills_up
promise "a read-only disk ends a renewal before it begins" on_disks read_only
stop_ra
promised
