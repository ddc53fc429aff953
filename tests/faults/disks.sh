# SPDX-License-Identifier: MIT
# Sourced after machine.sh, and last, as it heals in another way: disks that are full, and journals that
# cannot be used.

run=renews
unkept="The record of the renewal cannot be kept on this computer."

heal() {
	mount -o remount,rw,size=8m $state
	rm -rf $state/filler
	$restore
	rm -f $control
}

# fill KB: so much room is left.
fill() {
	mount -o remount,size=1m $state
	dd if=/dev/zero of=$state/filler bs=4k 2> /dev/null
	truncate -s -"$1"K $state/filler
}

asked() { grep -c simplereenroll $RA_LOG; }

# What the CA issued is on disk, however full.
keeps_what_is_issued() {
	for role in encryption signature; do
		[ "$(issued $role)" = 0 ] || is_kept $role || wrong "what was issued for $role is not kept"
	done
}

# Nobody but the person is asked for anything, and it is said why.
refuses() {
	answers | renews > /run/faults/refused 2>&1 && wrong "it did not fail"
	cat /run/faults/refused
	grep -qF "$1" /run/faults/refused || wrong "it was not said: $1"
	[ "$(asked)" = 0 ] || wrong "the CA was asked"
	card_list Alice | cmp -s - $old_list || wrong "the card was changed"
}

leaves_room() {
	fill "$1"
	answers | renews > /run/faults/refused 2>&1 || grep -qF "$unkept" /run/faults/refused ||
		wrong "it was not said what is wrong"
	cat /run/faults/refused
	keeps_what_is_issued
}

is_requested() { grep -qs '^state requested' $journal/*/"$1"-*.journal; }

# When the first request is on disk and the second one is being signed.
fills_up_meanwhile() {
	rm -f /run/faults/full
	shim "log $shim_log" "C_Sign#3 after wait /run/faults/full"
	answers | renews > /run/faults/refused 2>&1 &
	renewing=$!
	within 20 is_requested encryption || wrong "no request"
	fill "$1"
	touch /run/faults/full
	wait $renewing && wrong "it did not fail"
	cat /run/faults/refused
	[ "$(issued encryption)" = 1 ] || wrong "the first certificate was not issued"
	keeps_what_is_issued
}

is_read_only() {
	$1
	# Not while the last check still puts away what it has found.
	within 10 mount -o remount,ro $state
	refuses "$2"
}

nothing_there() { :; }
folders_there() { certrenew status > /dev/null; }

# journal_is COMMAND...: made by a healthy run, and then changed.
journal_is() {
	certrenew status > /dev/null
	token=$journal/$(sed -n 's/^token .*serial=//p' $old_list | tr -d '\n' | od -An -v -tx1 | tr -d ' \n')
	install -d -m 700 -o _certrenew -g _certrenew "$token"
	"$@"
	refuses "$unkept"
}

# What an administrator does about it, as nothing was begun.
start_anew() { rm -rf $journal; }

no_journal() {
	certrenew status > /dev/null
	rm -r $journal
	answers | renews || wrong "the folder was not made anew"
}

file_in_its_place() { rm -r $journal; echo > $journal; }
chown_token() { chown "$1" "$token"; }
chmod_token() { chmod "$1" "$token"; }
