# SPDX-License-Identifier: MIT
# Shards: 4
# Each system call that writes, needs a descriptor or needs memory fails once, or its process is killed
# there, or power fails there: in renew, check, the helper, the command, the PAM host and the agent. Then
# disks that are full, and journals that cannot be used. What was tried, it says itself; PARTS names some.
. tests/faults/sweep.sh
. tests/faults/machine.sh

sweep machine
tried= missed=0

part_renew_by_est() {
	machine_kind est same ec
	calls_of renews certrenew-renew write
	each "kill" "after kill"
	each_error
	calls_of renews certrenew-renew disk
	each "power" "on and on error ENOSPC"
	calls_of renews certrenew-renew file
	each "error EMFILE" "on and on error EMFILE"
	calls_of renews certrenew-renew memory certrenew-renew
	each "error ENOMEM"
	calls_of renews certrenew-renew memory
	some 60 "error ENOMEM"
}

part_renew_with_new_keys() {
	machine_kind est new ec
	calls_of renews certrenew-renew write
	each "kill"
	calls_of renews certrenew-renew disk
	each "power" "error EIO"
}

part_renew_by_cmp() {
	machine_kind cmp same ec
	calls_of renews certrenew-renew write
	each "kill"
	each_error
	calls_of renews certrenew-renew disk
	each "power"
}

part_others() {
	machine_kind est same ec
	for program in certrenew-helper certrenew-check certrenew; do
		calls_of renews $program write
		each "kill" "after kill"
		each_error
		calls_of renews $program file
		each "error EMFILE"
		calls_of renews $program memory $program
		some 40 "error ENOMEM"
	done
}

part_logins() {
	machine_kind est same ec
	for program in certrenew-helper certrenew-check certrenew-renew; do
		calls_of signs_in $program write
		each "kill"
	done
	calls_of signs_in pamtester write pam_certrenew.so
	each "kill" "after kill"
	each_error
	calls_of signs_in pamtester file pam_certrenew.so
	each "kill" "error EMFILE"
	calls_of signs_in pamtester memory pam_certrenew.so
	each "error ENOMEM"
}

part_desktop() {
	machine_kind est same ec
	install -m 755 tests/faults/scripted-pinentry /usr/lib/certrenew-tests/
	seat_of 5001
	start_socket
	calls_of asks_on_desktop certrenew-agent write certrenew-agent
	each "kill" "after kill"
	each_error
	calls_of asks_on_desktop certrenew-agent memory certrenew-agent
	some 20 "error ENOMEM"
	stop_socket
}

part_clocks() {
	machine_kind est same ec
	for program in certrenew-renew certrenew-helper; do
		calls_of renews $program write
		tried="$tried; each 4th: the clock jumps by 10 s or 5 years, ahead or back"
		awk '$1 % 4 == 1' $met > $met.some
		while read -r number name <&3; do
			for seconds in 10 -10 157680000 -157680000; do
				try "$number" "clock $seconds"
			done
		done 3< $met.some
	done
}

part_disks() {
	machine_kind est same ec
	. tests/faults/disks.sh
	tried="$tried
$kind: a full disk with 0 to 200 KB left, one that fills up when the first request is on it, one that \
is read-only, a journal that is not there, is no folder, or is somebody else's"
	restore=
	for room in 0 4 8 12 16 20 24 28 32 40 48 56 64 68 72 76 80 84 88 96 112 128 136 140 144 160 200; do
		point "a disk with $room KB left" leaves_room $room
	done
	for room in 0 4 8 16 32 64; do
		point "a disk that fills up to $room KB after the first request" fills_up_meanwhile $room
	done
	point "a read-only disk" is_read_only nothing_there "computer"
	point "a read-only disk with folders" is_read_only folders_there "$unkept"
	restore=start_anew
	point "no journal" no_journal
	point "a journal of root's" journal_is chown root $journal
	point "a journal that others may enter" journal_is chmod 755 $journal
	point "a journal that is a file" journal_is file_in_its_place
	point "a token's journal of root's" journal_is chown_token root
	point "a token's journal that others may enter" journal_is chmod_token 750
}

for part in ${PARTS:-renew_by_est renew_with_new_keys renew_by_cmp others logins desktop clocks disks}; do
	part_$part
done
swept || result=1
echo "$tried"
echo "not met: $missed"
exit ${result:-0}
