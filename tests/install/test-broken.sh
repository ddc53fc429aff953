# SPDX-License-Identifier: MIT
# What an administrator breaks, or takes away: people sign in all the same.
# On: console
. tests/install/machine.sh

live_with_certrenew

# as_before: the card is due, and all is configured.
as_before() {
	due_card
	three_lines
	log_begin
}

configuration_is_broken() {
	as_before
	echo "$1" >> /etc/certrenew.conf
	logins_go_on
	logs_trouble "$2"
	nothing_happened
}

configuration_is_gone() {
	as_before
	rm /etc/certrenew.conf
	logins_go_on
	settled
	nothing_happened
}

configuration_is_anybodys() {
	as_before
	chmod 666 /etc/certrenew.conf
	logins_go_on
	logs_trouble "/etc/certrenew.conf"
	chmod 644 /etc/certrenew.conf
	nothing_happened
}

driver_is_missing() {
	as_before
	sed -i 's,^module = .*,module = /usr/lib/nowhere/driver.so,' /etc/certrenew.conf
	logins_go_on
	logs_trouble "/usr/lib/nowhere/driver.so"
	nothing_happened
}

ca_is_missing() {
	as_before
	sed -i 's,^url = .*,url = https://localhost:9/.well-known/est,' /etc/certrenew.conf
	logs_in <<-TCL
		$question
		type yes
		see "PIN: "
		type "$PIN"
		see "certification authority"
		$in_the_shell
	TCL
	settled
	nothing_happened
}

user_is_missing() {
	as_before
	cp -p /etc/passwd /run/passwd
	sed -i '/^_certrenew:/d' /etc/passwd
	logins_go_on
	cat /run/passwd > /etc/passwd
	logs_trouble "_certrenew"
	nothing_happened
}

# gone FILE: and all lines that name it are where they were.
is_gone() {
	as_before
	file=$(echo $1)
	mv "$file" /run/taken
	says /etc/pam.d/common-session pam_certrenew.so
	logins_go_on
	mv /run/taken "$file"
	nothing_happened
}

works_again() {
	as_before
	echo "$renewal_at_login" | logs_in
	settled
	renewed
}

lines_of() { grep -h certrenew /etc/pam.d/* || :; }

half_is_removed() {
	as_before
	dpkg --force-depends --remove certrenew
	logins_go_on
	nothing_happened
	dpkg --install "$DEBS/certrenew.deb"
	works_again
}

is_removed() {
	as_before
	without_network apt-get remove libpam-certrenew certrenew
	[ "$(lines_of)" = "" ] || { lines_of; return 1; }
	[ ! -e /usr/libexec/certrenew ] || complain "the programs are still there"
	[ -d /var/lib/certrenew/journal ] || complain "the journal is gone"
	[ -e /etc/certrenew.conf ] || complain "the configuration is gone"
	logins_go_on
	nothing_happened
}

comes_back() {
	apt_install
	enable
	works_again
}

is_purged() {
	as_before
	without_network apt-get purge libpam-certrenew certrenew
	[ "$(lines_of)" = "" ] || { lines_of; return 1; }
	[ ! -e /etc/certrenew.conf ] || complain "the configuration is still there"
	[ ! -e /var/lib/certrenew ] || complain "the journal is still there"
	! getent passwd _certrenew || complain "the user is still there"
	logins_go_on
}

promise "a key that there is not: logins go on, the log names file and line" \
	configuration_is_broken "nonsense = 1" "/etc/certrenew.conf:6"
promise "a line that is none: logins go on, the log names file and line" \
	configuration_is_broken "what is this" "/etc/certrenew.conf:6"
promise "no configuration file: logins go on" configuration_is_gone
promise "a configuration file that anybody may write: logins go on, and it is not read" \
	configuration_is_anybodys
promise "a missing driver: logins go on, the log names it" driver_is_missing
promise "a CA that does not listen: the person is told, the login goes on" ca_is_missing
promise "a missing user _certrenew: logins go on, the log names it" user_is_missing
promise "a deleted pam_certrenew.so with its PAM lines left: logins go on" \
	is_gone "/usr/lib/*-linux-gnu/security/pam_certrenew.so"
promise "a deleted helper: logins go on" is_gone /usr/libexec/certrenew/certrenew-helper
promise "a deleted check: logins go on" is_gone /usr/libexec/certrenew/certrenew-check
promise "all back in place: the login renews" works_again
promise "certrenew removed by force, libpam-certrenew left: logins go on, and back it works" \
	half_is_removed
promise "apt remove: the PAM lines are gone, the journal is not, logins go on" is_removed
promise "installed and enabled again it works" comes_back
promise "apt purge: configuration, journal and user are gone, logins go on" is_purged
promised
