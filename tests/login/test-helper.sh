# SPDX-License-Identifier: MIT
# What the helper gives to check and renew and what it keeps, seen from outside while a person is
# asked; where the PIN is not; and what the log says of each event.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/security/memory.sh

prepare_cards
start_ra

# --- held at a question --------------------------------------------------------------------------

# hold PROGRAM QUESTION [LINE...]: a login gets as far as the question, after the lines were typed.
# The host has things that are nobody else's. $held is the program, $helper its helper.
hold() {
	program=$1 question=$2
	shift 2
	mkfifo /run/keyboard
	trap "rm -f /run/keyboard" EXIT
	echo private > /run/private
	SECRET=of-the-login alice_signs_in < /run/keyboard 7< /run/private &
	host=$!
	exec 9> /run/keyboard
	typed "$@" >&9
	within 10 says $shown "$question" > /dev/null
	held=$(pgrep -x "$program")
	helper=$(pgrep certrenew-help)
}

release() {
	exec 9>&-
	wait $host
	settled
}

# Of two cards, check asks which.
hold_check() {
	fresh_login
	new_card Other --key ec:P-256
	hold certrenew-check "Which one?"
}

hold_renew() {
	fresh_login
	hold certrenew-renew "Renew now?"
}

# One PIN was given and used, the second is asked for.
hold_renew_with_pin() {
	fresh_login
	hold certrenew-renew "once more, to write" yes $PIN
}

# status_says PROCESS FIELD VALUE
status_says() {
	value=$(sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr -s '\t ' ' ' | sed 's/ $//')
	[ "$value" = "$3" ] || complain "$2: $value, not $3"
}

# what PROCESS DESCRIPTOR
what() { readlink "/proc/$1/fd/$2"; }

four() { echo "$1 $1 $1 $1"; }

has_no_right() {
	"$1"
	status_says "$held" Uid "$(four "$(id -u _certrenew)")"
	status_says "$held" Gid "$(four "$(id -g _certrenew)")"
	status_says "$held" Groups "$(id -g _certrenew)"
	for set in CapInh CapPrm CapEff CapAmb; do
		status_says "$held" $set 0000000000000000
	done
	status_says "$held" NoNewPrivs 1
	status_says "$held" Umask 0077
	status_says "$held" SigBlk 0000000000000000
	grep -qE '^Max core file size +0 +0 ' "/proc/$held/limits" || complain "it may dump core"
	grep -qE '^Max open files +256 +256 ' "/proc/$held/limits" || complain "it may open many files"
	[ "$(readlink "/proc/$held/cwd")" = / ] || complain "it is in $(readlink "/proc/$held/cwd")"
	release
}

# A reader's device, say, is a group's.
has_its_accounts_groups() {
	cp /etc/group /run/group
	trap "cp /run/group /etc/group" EXIT
	printf '%s\n' "readers:x:4711:alice,_certrenew" "others:x:4712:bob,_certrenewal" >> /etc/group
	hold_check
	status_says "$held" Groups "$(id -g _certrenew) 4711"
	release
}

# Another process of the same user, such as the next check, cannot look into it.
is_closed_to_its_own_user() {
	"$1"
	! as_certrenew cat "/proc/$held/environ" > /dev/null || complain "its environment is open"
	! as_certrenew ls "/proc/$held/fd" > /dev/null || complain "its files are open"
	! as_certrenew dd "if=/proc/$held/mem" count=0 || complain "its memory is open"
	release
}

has_a_clean_environment() {
	"$1"
	tr '\0' '\n' < "/proc/$held/environ" | grep -v SAN_OPTIONS= | sort > /run/environment
	printf '%s\n' HOME=/var/lib/certrenew/home LANG=C.UTF-8 PATH=/usr/bin:/bin \
		XDG_CACHE_HOME=/var/cache/certrenew > /run/expected
	same /run/expected /run/environment
	[ "$(tr -d '\0' < "/proc/$helper/environ" | sed 's/[A-Z]*SAN_OPTIONS=.*//')" = "" ] ||
		complain "the helper has an environment"
	release
}

is_given_few_files() {
	"$1"
	for descriptor in 0 1 2; do
		[ "$(what "$held" $descriptor)" = /dev/null ] || complain "$descriptor is not /dev/null"
	done
	case $(what "$held" 3) in socket:*) ;; *) complain "3 is not the channel" ;; esac
	case $(what "$held" 4) in pipe:*) ;; *) complain "4 is not the control pipe" ;; esac
	[ "$2" = 5 ] || [ "$(dirname "$(what "$held" 5)")" = /run/certrenew/lock ] ||
		complain "5 is not the lock"
	# What comes after is what it has opened itself: the log, the card.
	for file in /proc/"$held"/fd/*; do
		[ "${file##*/}" -ge "$2" ] || continue
		opened=$(readlink "$file")
		case $opened in
		socket:* | /var/lib/softhsm/* | /var/lib/certrenew/journal/* | /dev/urandom) ;;
		*) complain "${file##*/} is $opened" ;;
		esac
		[ "$opened" != "$(what "$held" 3)" ] || complain "the channel is there twice"
	done
	release
}

has_left_the_login() {
	"$1"
	pam=$(pgrep -x pamtester)
	[ "$(ps -o sid= -p "$helper")" != "$(ps -o sid= -p "$pam")" ] || complain "the login's session"
	[ "$(ps -o tty= -p "$helper")" = '?' ] || complain "it has a terminal"
	[ "$(ps -o ppid= -p "$helper" | tr -d ' ')" = 1 ] || complain "it is somebody's child"
	[ "$(readlink "/proc/$helper/cwd")" = / ] || complain "it is in a folder"
	! ls -l "/proc/$helper/fd" "/proc/$held/fd" | grep /run/private || complain "it has a file of the host"
	release
}

# The channel's end of renew is renew's alone, so no PIN comes by the helper.
keeps_no_channel() {
	hold_renew
	channel=$(what "$held" 3)
	! ls -l "/proc/$helper/fd" | grep -F "$channel" || complain "it keeps the channel"
	[ "$(ls -l "/proc/$helper/fd" | grep -c 'socket:')" = 1 ] || complain "more than the log's socket"
	release
}

maps_no_vendor_code() {
	"$1"
	! grep -E 'softhsm|p11|crypto|ssl|curl' "/proc/$helper/maps" || complain "the helper has loaded it"
	! grep -E 'softhsm|p11|crypto|ssl|curl|libsystemd' "/proc/$(pgrep -x pamtester)/maps" ||
		complain "the login has loaded it"
	release
}

# --- the PIN -------------------------------------------------------------------------------------

shows_no_pin() {
	hold_renew_with_pin
	for process in "$held" "$helper"; do
		! grep -aF $PIN "/proc/$process/cmdline" "/proc/$process/environ" || complain "$process"
	done
	release
}

forgets_the_pin() {
	# So it would be found.
	PIN=$PIN perl -e '$pin = $ENV{PIN}; sleep' &
	has_pin $! || complain "a PIN is not found where it is"
	kill $!
	hold_renew_with_pin
	! has_pin "$held" || complain "renew remembers the PIN"
	! has_pin "$helper" || complain "the helper has seen the PIN"
	release
}

leaves_no_pin() {
	fresh_login
	typed yes $PIN $PIN | alice_signs_in
	renewed
	! grep -raF $PIN /var/lib/certrenew /var/cache/certrenew /run/certrenew /var/log ||
		complain "the PIN is in a file"
}

# --- the log -------------------------------------------------------------------------------------

serial_on_card() { sed -n "s/.*role=$1 serial=\([0-9A-F]*\) .*/\1/p" "$2"; }

# logs_lines LINE...: these and no others are the helper's, TOKEN standing for the serial number.
logs_lines() {
	settled
	token=$(sed -n 's/^token .*serial=//p' /run/card.before)
	sed -n 's/.*certrenew-helper\[[0-9]*\]: //p' $AUTH_LOG | sed "s/$token/TOKEN/" > /run/lines
	printf '%s\n' "$@" > /run/expected
	same /run/expected /run/lines
	says_not $AUTH_LOG "Alice Chen"
}

# pairs: old and new serial number of both, where a new one was issued.
pairs() {
	for role in encryption signature; do
		old=$(serial_on_card $role /run/card.before)
		new=$(sed -n "s/^[0-9]* issue $role \([0-9A-F]*\) .*/\1/p" $RA_LOG)
		printf '%s' "${separator-}$old>${new:--}"
		separator=" "
	done
}

logs_a_renewal() {
	fresh_login
	typed yes $PIN $PIN | alice_signs_in
	logs_lines "CR102 login for alice: check: token TOKEN: 2 renewable, 0 expired: none" \
		"CR103 login for alice: renew: token TOKEN: 2 of 2 renewed, certificates $(pairs): none"
}

logs_a_no() {
	fresh_login
	typed no | alice_signs_in
	logs_lines "CR102 login for alice: check: token TOKEN: 2 renewable, 0 expired: none" \
		"CR103 login for alice: renew: token TOKEN: 0 of 2 renewed, certificates $(pairs): cancelled"
}

logs_a_refusal() {
	fresh_login
	another_ra --misbehave http-403
	typed yes $PIN $PIN | alice_signs_in
	logs_lines "CR102 login for alice: check: token TOKEN: 2 renewable, 0 expired: none" \
		"CR103 login for alice: renew: token TOKEN: 0 of 2 renewed, certificates $(pairs): ca-denied"
}

logs_that_nothing_is_due() {
	fresh_login --days 200
	alice_signs_in < /dev/null
	logs_lines "CR102 login for alice: check: token TOKEN: 0 renewable, 0 expired: none"
}

logs_that_it_has_expired() {
	fresh_login --days -1
	alice_signs_in < /dev/null
	logs_lines "CR102 login for alice: check: token TOKEN: 0 renewable, 2 expired: none"
}

logs_who_asks() {
	fresh_login
	seat_of 5001
	start_socket
	trap stop_socket EXIT
	exits 1 as_user alice certrenew status
	exits 1 certrenew status
	logs_lines "CR102 status for alice: check: token TOKEN: 2 renewable, 0 expired: none" \
		"CR102 status for root: check: token TOKEN: 2 renewable, 0 expired: none"
}

# A name is no way to write a second line into the log.
keeps_its_lines() {
	prepare_cards
	new_card "$(printf 'Evil\033[2J\nrenewed')" --key ec:P-256
	configure
	log_begin
	typed no | alice_signs_in
	settled
	! grep -aE "^renewed|$(printf '\033')" $AUTH_LOG || complain "the card's name is in the log as it is"
	! grep -aF "$(printf '\033')" $shown || complain "the card's name reaches the terminal as it is"
}

# --- folders and configuration -------------------------------------------------------------------

makes_its_folders() {
	fresh_login
	rm -rf /run/certrenew /var/lib/certrenew /var/cache/certrenew
	typed yes $PIN $PIN | alice_signs_in
	stat -c '%U %a %n' /run/certrenew /run/certrenew/* /var/lib/certrenew /var/lib/certrenew/* \
		/var/lib/certrenew/journal/* /var/cache/certrenew > /run/folders
	journal=$(ls /var/lib/certrenew/journal)
	printf '%s\n' "root 755 /run/certrenew" "_certrenew 700 /run/certrenew/found" \
		"root 700 /run/certrenew/lock" "root 755 /var/lib/certrenew" \
		"_certrenew 700 /var/lib/certrenew/home" "_certrenew 700 /var/lib/certrenew/journal" \
		"_certrenew 700 /var/lib/certrenew/later" "_certrenew 700 /var/lib/certrenew/untold" \
		"_certrenew 700 /var/lib/certrenew/journal/$journal" \
		"_certrenew 700 /var/cache/certrenew" > /run/expected
	same /run/expected /run/folders
	[ "$(stat -c '%U %a' /var/lib/certrenew/journal/*/* | sort -u)" = "_certrenew 600" ] ||
		complain "a journal that others may read"
}

# distrusts ERROR COMMAND...: the configuration, once the command has changed it.
distrusts() {
	fresh_login
	trap "rm -f /etc/certrenew.conf /etc/elsewhere.conf" EXIT
	error=$1
	shift
	"$@"
	exits 3 certrenew status
	says $out "certrenew is not set up correctly on this computer."
	settled
	says $AUTH_LOG "config: /etc/certrenew.conf: $error"
}

is_a_link() {
	mv /etc/certrenew.conf /etc/elsewhere.conf
	ln -s elsewhere.conf /etc/certrenew.conf
}

for program in check renew; do
	promise "$program runs as _certrenew, without a right, a group or a core more" \
		has_no_right hold_$program
	promise "$program is closed to other processes of its user" is_closed_to_its_own_user hold_$program
	promise "$program has four variables in its environment, none of the login's" \
		has_a_clean_environment hold_$program
	promise "beside $program, neither helper nor login has a driver, OpenSSL or libcurl in it" \
		maps_no_vendor_code hold_$program
	promise "the helper of $program has left the login: its session, terminal, files" \
		has_left_the_login hold_$program
done
promise "check has the groups that its account has on this machine" has_its_accounts_groups
promise "check is given the channel and the control pipe, and no other file" \
	is_given_few_files hold_check 5
promise "renew is given the token's lock as well" is_given_few_files hold_renew 6
promise "while renew speaks with the person, the helper has no channel" keeps_no_channel

promise "the PIN is in no command line and no environment" shows_no_pin
promise "between two questions renew has forgotten the PIN; the helper never had it" forgets_the_pin
promise "after a renewal the PIN is in no log, journal or cache" leaves_no_pin

promise "the log says who, which token, which certificates, and how it ended: renewed" logs_a_renewal
promise "... that the person said no" logs_a_no
promise "... that the CA refused" logs_a_refusal
promise "... that nothing was due" logs_that_nothing_is_due
promise "... that something had expired" logs_that_it_has_expired
promise "... whose status it was" logs_who_asks
promise "a card's name cannot forge lines or move the cursor" keeps_its_lines

promise "folders that are missing are made, with their owner and mode" makes_its_folders
promise "a configuration that others may write is refused" \
	distrusts "others than its owner may write it" chmod 666 /etc/certrenew.conf
promise "so is one of another user" \
	distrusts "it belongs to user 5001" chown alice /etc/certrenew.conf
promise "so is a symbolic link" distrusts "this is a symbolic link" is_a_link
promise "so is one that _certrenew may not read" \
	distrusts "user $(id -u _certrenew) may not read it" chmod 600 /etc/certrenew.conf
promised
