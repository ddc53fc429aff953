# SPDX-License-Identifier: MIT
# prompt = require on a machine whose PAM configuration is SSSD's, too: its package ends the account
# stage for every local user.
# On: console
. tests/install/machine.sh

live_with_certrenew

# requires [OPTION...]: the card, and what the administrator wants of it.
requires() {
	due_card "$@"
	three_lines
	printf '[login]\nprompt = require\n' >> /etc/certrenew.conf
	log_begin
}

# what_doctor_says TEXT: of the login's services.
what_doctor_says() {
	certrenew doctor > /run/doctor || :
	grep 'pam services' -A 1 /run/doctor > /run/services
	says /run/services "$1"
}

is_turned_away() {
	! logs_in <<-TCL || complain "it let in"
		see "certificates expired on"
		see "Apply for a new certificate with whoever gave you the card."
	TCL
	says_not $shown "$ "
}

stands_first() {
	without_network apt-get install --no-install-recommends libpam-sss
	sed -n '/"Additional" block/,$s/^account.*\(pam_[a-z]*\.so\).*/\1/p' /etc/pam.d/common-account | head -n 2 > /run/order
	printf '%s\n' pam_certrenew.so pam_localuser.so > /run/order.wanted
	same /run/order.wanted /run/order
	[ "$(grep -hc pam_certrenew /etc/pam.d/common-account)" = 1 ] || complain "not once"
	requires
	what_doctor_says "ok         pam services"
}

refuses_the_expired() {
	requires --days -1
	is_turned_away
}

lets_others_in() {
	requires
	logs_in <<-TCL
		$question
		type no
		$in_the_shell
	TCL
}

# By hand, behind what SSSD's package has.
would_not_stand_last() {
	requires --days -1
	cp /etc/pam.d/common-account /run/account
	sed -i '/pam_certrenew/d' /etc/pam.d/common-account
	grep pam_certrenew /run/account >> /etc/pam.d/common-account
	what_doctor_says "login (pam_localuser.so)"
	cp /run/account /etc/pam.d/common-account
	is_turned_away
}

is_taken_back() {
	requires --days -1
	DEBIAN_FRONTEND=noninteractive pam-auth-update --disable certrenew-require
	says_not /etc/pam.d/common-account pam_certrenew
	says /etc/pam.d/common-session pam_certrenew
	what_doctor_says "the account stage of login does not use pam_certrenew"
	DEBIAN_FRONTEND=noninteractive pam-auth-update --enable certrenew-require
	is_turned_away
}

promise "certrenew-require stands before what libpam-sss brings, and doctor is content" stands_first
promise "a local user whose certificates have expired is turned away, and told what to do" refuses_the_expired
promise "one whose certificates are in force is let in" lets_others_in
promise "doctor finds it behind SSSD's lines" would_not_stand_last
promise "it can be disabled and enabled by itself; doctor misses it" is_taken_back
promised
