# SPDX-License-Identifier: MIT
# Debian packages, three lines of configuration, pam-auth-update: what a person sees then.
# On: console
. tests/install/machine.sh

live_without_systemd
people

# The stacks' files as they are, and what they call.
lines_of() { grep -h certrenew /etc/pam.d/* || :; }

is_installed() {
	apt_install
	prepare_cards
	for program in /usr/bin/certrenew /usr/libexec/certrenew/* /usr/lib/*/security/pam_certrenew.so; do
		ldd $program > /run/libraries
		says_not /run/libraries "not found"
	done
	certrenew --version
}

changes_no_login() {
	[ "$(lines_of)" = "" ] || { lines_of; return 1; }
	due_card
	three_lines
	logins_go_on
	nothing_happened
}

# The forbidden is logged, in complain mode; but what is denied by name is denied there, too.
forbids_nothing() {
	profiles=/etc/apparmor.d/certrenew
	[ "$(grep -c '^profile .* flags=(complain) {$' $profiles)" = "$(grep -c '^profile ' $profiles)" ]
	! grep -E '^ *(audit )?deny ' $profiles
}

is_enabled() {
	DEBIAN_FRONTEND=noninteractive pam-auth-update --enable certrenew
	says_not /etc/pam.d/common-account certrenew
	enable
	says /etc/pam.d/common-account "[success=ok acct_expired=die default=ignore]	pam_certrenew.so"
	sed -n '/pam_systemd.so/,/pam_certrenew.so/p' /etc/pam.d/common-session > /run/order
	says /run/order pam_systemd.so
	says /run/order "optional	pam_certrenew.so"
	says_not /etc/pam.d/common-session-noninteractive certrenew
}

is_found_in_order() {
	certrenew check-config > /run/in-force
	says /run/in-force "# /etc/certrenew.conf:2"
}

renews_at_login() {
	due_card
	echo "$renewal_at_login" | logs_in
	settled
	renewed
}

asks_no_second_time() { logins_go_on; }

renews_after_su() {
	due_card
	start_socket
	trap stop_socket EXIT
	becomes_alice <<-TCL
		see "\$ "
		type "certrenew renew"
		$question
		type yes
		$renewal
		$in_the_shell
	TCL
	[ "$(grep -c "Renew now?" $shown)" = 1 ] || complain "asked twice"
	settled
	renewed
}

renews_rsa() {
	due_card --key rsa:2048
	echo "$renewal_at_login" | logs_in
	settled
	renewed
}

promise "apt installs it and what it needs" is_installed
start_ra
promise "installing alone changes no login" changes_no_login
promise "its AppArmor profiles forbid nothing" forbids_nothing
promise "pam-auth-update --enable: in session, after pam_systemd; and in account, if wanted" is_enabled
promise "three lines are a configuration" is_found_in_order
promise "login asks, takes the PIN, and the new certificates are on the card" renews_at_login
promise "the next logins say nothing more" asks_no_second_time
promise "su -l asks nothing; 'certrenew renew' in its shell renews" renews_after_su
promise "a card with RSA keys is renewed as well" renews_rsa
promised
