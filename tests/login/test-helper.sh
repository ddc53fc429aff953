# SPDX-License-Identifier: MIT
# What the helper gives to check and renew, seen from outside while the card's driver takes its time.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
SHIM_LOG=/run/shim/log
install -d -m 1777 /run/shim

# hold PROGRAM RULE: a login runs up to where the driver holds the program; its pid is in $held.
hold() {
	fresh_login
	rm -f $SHIM_LOG
	shim "log $SHIM_LOG" "$2"
	typed yes $PIN $PIN > /run/typed
	SECRET=of-the-login alice_signs_in < /run/typed &
	within 20 pgrep -x "$1" > /run/held
	held=$(cat /run/held)
	within 20 test -s $SHIM_LOG
}

hold_check() { hold certrenew-check "C_FindObjects#1 delay 1500"; }
hold_renew() { hold certrenew-renew "C_Sign#1 delay 1500"; }

line_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$held/status"; }

has_no_rights() {
	"$1"
	[ "$(line_of Uid | tr -s '\t' ' ')" = "$(id -u _certrenew) $(id -u _certrenew) $(id -u _certrenew) $(id -u _certrenew)" ] ||
		complain "Uid: $(line_of Uid)"
	[ "$(line_of Groups | tr -d ' ')" = "$(id -g _certrenew)" ] || complain "Groups: $(line_of Groups)"
	[ "$(line_of NoNewPrivs)" = 1 ] || complain "it may gain privileges"
	[ "$(line_of CapEff)" = 0000000000000000 ] || complain "CapEff: $(line_of CapEff)"
	grep -q 'Max core file size  *0  *0' "/proc/$held/limits" || complain "it may dump core"
	wait
}

has_nothing_of_the_login() {
	"$1"
	tr '\0' '\n' < "/proc/$held/environ" | sort > /run/environ
	printf '%s\n' HOME=/var/lib/certrenew/home LANG=C.UTF-8 PATH=/usr/bin:/bin \
		XDG_CACHE_HOME=/var/cache/certrenew > /run/expected
	same /run/expected /run/environ
	[ "$(readlink "/proc/$held/cwd")" = / ] || complain "it runs in $(readlink "/proc/$held/cwd")"
	wait
}

# The standard three, the channel, the control pipe, and in renew the token's lock.
has_few_descriptors() {
	hold_check
	descriptors > /run/check.files
	wait
	hold_renew
	descriptors > /run/renew.files
	wait
	printf '%s\n' "0 /dev/null" "1 /dev/null" "2 /dev/null" "3 socket" "4 pipe" > /run/expected
	head -n 5 /run/check.files > /run/first
	same /run/expected /run/first
	head -n 6 /run/renew.files > /run/first
	echo "5 /run/certrenew/lock/" >> /run/expected
	sed -i 's|\(/lock/\).*|\1|' /run/first
	same /run/expected /run/first
}

# The driver's own files come after what the helper gave.
descriptors() {
	for file in /proc/"$held"/fd/*; do
		echo "${file##*/} $(readlink "$file" | sed 's/:.*//')"
	done | sort -n
}

# Once renew has the channel, the helper has none: it cannot see a PIN.
keeps_no_channel() {
	hold_renew
	helper=$(pgrep -x certrenew-helpe)
	[ "$(ls -l "/proc/$helper/fd" | grep -c socket)" -le 1 ] || { ls -l "/proc/$helper/fd"; complain "it keeps a channel"; }
	[ ! -e "/proc/$helper/fd/3" ] || ! readlink "/proc/$helper/fd/3" | grep -q socket || complain "it keeps the channel"
	wait
}

logs_one_line_each() {
	fresh_login
	typed yes $PIN $PIN > /run/typed
	alice_signs_in < /run/typed
	settled
	token=$(sed -n 's/^token .*serial=\([0-9a-f]*\).*/\1/p' /run/card.before)
	old=$(sed -n 's/.*role=encryption serial=\([0-9A-F]*\).*/\1/p' /run/card.before)
	grep certrenew-helper $AUTH_LOG > /run/lines
	[ "$(wc -l < /run/lines)" = 2 ] || { cat /run/lines; complain "not two lines"; }
	says /run/lines "login for alice: check: token $token: 2 renewable, 0 expired: none"
	says /run/lines "login for alice: renew: token $token: 2 of 2 renewed, certificates $old>"
	says_not $AUTH_LOG $PIN
	says_not $AUTH_LOG "Alice Chen"
}

# In nothing that another process may read, while it is in use.
shows_no_pin() {
	hold_renew
	for process in /proc/[0-9]*; do
		[ -r "$process/cmdline" ] || continue
		case $(tr '\0' ' ' < "$process/comm" 2> /dev/null) in
		certrenew*) ;;
		*) continue ;;
		esac
		! grep -aq $PIN "$process/cmdline" "$process/environ" || complain "$process shows the PIN"
	done
	wait
	! grep -rq $PIN /var/lib/certrenew /run/certrenew || complain "the PIN is in a file"
}

promise "check runs as _certrenew without a right more" has_no_rights hold_check
promise "renew runs as _certrenew without a right more" has_no_rights hold_renew
promise "check sees nothing of the login's environment" has_nothing_of_the_login hold_check
promise "renew sees nothing of the login's environment" has_nothing_of_the_login hold_renew
promise "check and renew get the channel, the control pipe and the lock, and nothing else" has_few_descriptors
promise "while renew speaks with the person, the helper has no channel" keeps_no_channel
promise "the log has one line for each event, with serial numbers and no subject" logs_one_line_each
promise "the PIN is in no command line, environment, log or file" shows_no_pin
promised
