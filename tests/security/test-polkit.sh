# SPDX-License-Identifier: MIT
# The rule for a pcscd that asks polkit, as it is installed, before polkitd itself. Debian 12's pcscd
# does not ask, so its actions are declared here.
. tests/harness.sh

start_polkit() {
	cat > /usr/share/polkit-1/actions/org.debian.pcsc-lite.policy <<-'XML'
		<?xml version="1.0" encoding="UTF-8"?>
		<policyconfig>
		<action id="org.debian.pcsc-lite.access_pcsc"><message>-</message><defaults>
		<allow_any>no</allow_any><allow_inactive>no</allow_inactive><allow_active>yes</allow_active>
		</defaults></action>
		<action id="org.debian.pcsc-lite.access_card"><message>-</message><defaults>
		<allow_any>no</allow_any><allow_inactive>no</allow_inactive><allow_active>yes</allow_active>
		</defaults></action>
		</policyconfig>
	XML
	mkdir -p /run/dbus
	dbus-daemon --system --fork
	/usr/lib/polkit-1/polkitd > /var/log/polkitd.log 2>&1 &
	within 10 dbus-send --system --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.GetNameOwner string:org.freedesktop.PolicyKit1 > /dev/null 2>&1
}

# may USER ACTION: what polkitd answers about a process of the user's.
may() {
	setpriv --reuid "$1" --regid "$1" --clear-groups sleep 60 &
	process=$!
	within 5 grep -q '^sleep' /proc/$process/comm
	answer=no
	pkcheck --action-id "org.debian.pcsc-lite.$2" --process $process && answer=yes
	kill $process
	[ $answer = yes ]
}

lets_us_in() {
	may _certrenew access_pcsc
	may _certrenew access_card
}

lets_nobody_else_in() {
	! may bob access_pcsc && ! may bob access_card || complain "bob may, without a session"
}

start_polkit
promise "polkit lets _certrenew use pcscd and its cards" lets_us_in
promise "... and its rule changes nothing for others" lets_nobody_else_in
promised
