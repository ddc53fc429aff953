# SPDX-License-Identifier: MIT
# From one version to the next, in the middle of what a person began.
# On: console
. tests/install/machine.sh

live_with_certrenew

# next_version: the same packages with a higher version and another shipped configuration file.
next_version() {
	mkdir -p /run/next
	for package in certrenew libpam-certrenew; do
		dpkg-deb -R "$DEBS/$package.deb" /run/next/$package
		sed -i 's/^Version: .*/Version: 99.0-1/; s/certrenew (= [^)]*)/certrenew (= 99.0-1)/' \
			/run/next/$package/DEBIAN/control
	done
	echo "# of the next version" >> /run/next/certrenew/etc/certrenew.conf
	for package in certrenew libpam-certrenew; do
		dpkg-deb --root-owner-group -b /run/next/$package /run/next/$package.deb
	done
}

is_cut_off() {
	due_card
	three_lines
	echo "# the administrator's own" >> /etc/certrenew.conf
	logs_in <<-TCL
		$question
		type yes
		see "PIN: "
		type "$PIN"
		see "once more, to write"
		close
		exit 0
	TCL
	settled
	untouched
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	ls /var/lib/certrenew/journal > /run/journal.before
	[ -s /run/journal.before ] || complain "nothing in the journal"
}

is_upgraded() {
	next_version > /run/next.out
	says /etc/pam.d/common-account pam_certrenew.so
	cat /etc/pam.d/common-* > /run/stacks.before
	cp /etc/certrenew.conf /run/conf.before
	without_network apt-get install -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
		/run/next/certrenew.deb /run/next/libpam-certrenew.deb
	[ "$(dpkg-query -W -f '${Version}' libpam-certrenew)" = 99.0-1 ] || complain "it was not upgraded"
	same /run/conf.before /etc/certrenew.conf
	says /etc/certrenew.conf.dpkg-dist "# of the next version"
	cat /etc/pam.d/common-* > /run/stacks.after
	same /run/stacks.before /run/stacks.after
	ls /var/lib/certrenew/journal > /run/journal.after
	same /run/journal.before /run/journal.after
}

is_finished() {
	next_login_finishes
	renewed
}

promise "a renewal is cut off between the CA and the card" is_cut_off
promise "an upgrade keeps the journal, an edited configuration and the PAM lines" is_upgraded
promise "the next version finishes what was begun, and nothing is issued twice" is_finished
promised
