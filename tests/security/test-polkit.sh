# SPDX-License-Identifier: MIT
# The rule for a pcscd that asks polkit, as it is installed, before polkitd itself.
. tests/harness.sh
. tests/world/polkit.sh

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

declare_pcscd_actions
start_polkit
promise "polkit lets _certrenew use pcscd and its cards" lets_us_in
promise "... and its rule changes nothing for others" lets_nobody_else_in
promised
