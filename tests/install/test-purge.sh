# SPDX-License-Identifier: MIT
# What purging leaves on a minimal Debian: nothing.
# On: plain
. tests/install/machine.sh

live_without_systemd

# Every file of the machine but what is not on its disk, and of the accounts every line. What apt and
# dpkg write down of their own work is theirs, and so are the copies that passwd's tools keep.
inventory() {
	find / -xdev \( -path /run -o -path "$CERTRENEW_WORLD" -o -path /usr/lib/certrenew-tests \
		-o -path /var/log -o -path /var/cache/apt -o -path /var/lib/apt -o -path /var/lib/dpkg \
		-o -path /var/cache/debconf -o -path /var/cache/ldconfig -o -path '/etc/*-' \) -prune -o -print | sort
	cat /etc/passwd /etc/group /etc/shadow /etc/gshadow
	cat /etc/pam.d/*
	dpkg-query -W
}

all_three() { apt_install --no-install-recommends "$DEBS/certrenew-agent.deb" "$@"; }

# Before: with what they depend on, which is not theirs to remove.
is_used() {
	all_three --simulate
	# shellcheck disable=SC2046
	without_network apt-get install --no-install-recommends \
		$(sed -n 's/^Inst \([^ ]*\) .*/\1/p' /var/log/apt.out | grep -v certrenew)
	inventory > /run/before
	all_three
	enable
	touch /var/lib/certrenew/journal/a-certificate /var/lib/certrenew/later/5001
	certrenew doctor > /dev/null || :
	says /etc/pam.d/common-session pam_certrenew.so
}

# Whoever has a card, and does not let go of it; the minute passes at once.
waits_for_a_write() {
	mkdir /run/quick
	printf '#!/bin/sh\nexit 0\n' > /run/quick/sleep
	chmod 755 /run/quick/sleep
	setpriv --reuid=_certrenew --regid=_certrenew --clear-groups sleep 600 &
	writes=$!
	trap 'kill $writes' EXIT
	! PATH=/run/quick:$PATH without_network apt-get purge certrenew libpam-certrenew certrenew-agent > /run/purge ||
		complain "it did not wait"
	says /run/purge "process $writes still has a card; purge again when it has ended"
	[ -e /var/lib/certrenew/journal/a-certificate ] || complain "the journal is gone"
	getent passwd _certrenew
}

leaves_nothing() {
	without_network apt-get purge certrenew libpam-certrenew certrenew-agent
	inventory > /run/after
	same /run/before /run/after
}

promise "all three packages are installed, enabled and used" is_used
promise "a write to a card that does not end: the purge fails, says why, and keeps the journal" waits_for_a_write
promise "purged they leave no file, no user, no group, no PAM line" leaves_nothing
promised
