# SPDX-License-Identifier: MIT
# On a desktop, too, the PIN is in no process of ours once its step is over; with dunst and
# pinentry-gtk-2, which runs for as long as it asks.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/desktop.sh
. tests/security/memory.sh

prepare_cards
start_ra
start_x

all="certrenew-agent certrenew-helper certrenew-renew"

is_in_none() {
	fresh_login
	chmod 1777 /run
	rm -f /run/held /run/go
	trap 'touch /run/go' EXIT
	shim "C_SignInit#1 after wait /run/go once /run/held"
	desktop dunst gtk-2
	autostart
	bubble "Your card's certificates expire in "
	choose default "Renew now"
	dialog
	says_yes
	dialog
	types $PIN
	within 20 test -e /run/held
	holds_no_pin "$all"
	touch /run/go
	dialog
	holds_no_pin "$all"
	types $PIN
	bubble "Your card's certificates are now valid until "
	within 10 nobody_helps
	holds_no_pin certrenew-agent
}

promise "the agent, the helper and the renewal do not hold it" is_in_none
stop_ra
promised
