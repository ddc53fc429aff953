# SPDX-License-Identifier: MIT
# Sourced in the world: polkit, and the actions of a pcscd that asks it. Debian 12's does not, so they
# are declared here.

PCSCD_ACTIONS=/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy

declare_pcscd_actions() {
	cat > $PCSCD_ACTIONS <<-'XML'
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
}

start_polkit() {
	if [ ! -S /run/dbus/system_bus_socket ]; then
		mkdir -p /run/dbus
		dbus-daemon --system --fork
	fi
	/usr/lib/polkit-1/polkitd > /var/log/polkitd.log 2>&1 &
	POLKIT_PID=$!
	within 10 dbus-send --system --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.GetNameOwner string:org.freedesktop.PolicyKit1 > /dev/null 2>&1
}

stop_polkit() {
	kill "$POLKIT_PID" 2> /dev/null || :
	wait "$POLKIT_PID" 2> /dev/null || :
}
