# SPDX-License-Identifier: MIT
# Sourced in the world by login.sh and slow-cards.sh, after calls.sh: how one signs in, and what is a goal
# of it whatever the card is.

FLOOR=$BENCH_PROGRAMS/floor
SPAWN=$BENCH_PROGRAMS/spawn
INPUT=/run/pin
export INPUT
echo $PIN > $INPUT

# stack NAME LINE: certrenew with a configuration of its own, in the service NAME.
stack() {
	service "$1" "conf=/etc/certrenew-$1.conf"
	configure "s,^module = .*,module = $DRIVER$CARD_LINES," \
		"s,^timeout = 5s,&\nprompt = notice\nservices = idle due," "$2"
	cp /etc/certrenew.conf "/etc/certrenew-$1.conf"
}

# stacks DRIVER [LINES]: a certificate with 20 days left is due in one window, and not in the other. The
# lines are [card]'s.
stacks() {
	DRIVER=$1
	CARD_LINES=${2:+\\n$2}
	stack due '$a [reminder]\nwindow = 30d\nremind = always'
	stack idle '$a [reminder]\nwindow = 10d\ncritical = 1d\nremind = 5d'
}

sign_in_with() { echo "pamtester -Itty=/dev/tty1 $1 alice acct_mgmt open_session"; }

# As expressions have the contenders' names (figures.pl).
CHECK='certrenew,_nothing_due - pam_permit'
FLOOR_AND_SPAWNS='the_floor + a_program_that_does_nothing + a_program_that_does_nothing'

# over NAME EXPRESSION UNDER [LIMIT]: a goal of what was measured last; the card is $WHERE.
over() { goal "login, $WHERE: $1" "${4:-1}" "" "$2" "$3"; }

# login_goals [LIMIT]: of all; the limit is the first one's.
login_goals() {
	over "nothing-due check over the floor and two spawns" "$CHECK" "$FLOOR_AND_SPAWNS" "${1:-1.15}"
	over "nothing-due check over p11_child --pre" "$CHECK" p11_child_--pre
	over "login over pam_pkcs11's, which authenticates" certrenew,_nothing_due 'pam_pkcs11_(authenticates)'
	over "login over pam_p11's, which authenticates" certrenew,_nothing_due 'pam_p11_(authenticates)'
}
