# SPDX-License-Identifier: MIT
# Real programs at a terminal: login(1) with its time limit, a login by smartcard, su.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
password="open sesame"
echo "alice:$password" | chpasswd

# stack SERVICE AUTHENTICATION: as Debian's, as far as it matters.
stack() {
	cat > "/etc/pam.d/$1" <<-STACK
		auth     required  $2
		$(profile_lines Account account)
		account  required  pam_unix.so
		$(profile_lines Session session)
		session  required  pam_unix.so
	STACK
}

# login_with SECONDS [OPTION...]: a card that login(1) will find, and how long login(1) gives a
# person for everything.
login_with() {
	sed -i "s/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT $1/" /etc/login.defs
	shift
	fresh_login "$@"
	stack login pam_unix.so
}

# Alice types her password, and then what stdin says.
alice_logs_in() {
	{
		echo 'see "Password: "'
		echo "type \"$password\""
		cat
	} | at_console login alice
}

renews() {
	login_with 60
	alice_logs_in <<-TCL
		see "Your card's certificates expire in 20 days"
		see "Renew now? (yes / no / later) "
		type "yes"
		see "to ask for new certificates."
		see "PIN: "
		type "$PIN"
		see "Step 2 of 4"
		see "once more, to write the new certificates to the card."
		see "PIN: "
		type "$PIN"
		see "Step 4 of 4"
		see "All certificates were renewed. You may remove the card."
		$in_the_shell
	TCL
	renewed
}

echoes_no_pin() {
	renews
	says $shown "yes"
	says_not $shown $PIN
	says_not $shown "$password"
}

leaves_the_terminal_as_it_was() {
	login_with 60
	alice_logs_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		type ""
		see "\$ "
		type "stty -a"
		see " echo "
		see "\$ "
		type "exit"
	TCL
}

answers_no() {
	login_with 60
	alice_logs_in <<-TCL
		see "Renew now?"
		type "no"
		$in_the_shell
	TCL
	says_not $shown "PIN"
	nothing_happened
}

hangs_up() {
	login_with 60
	alice_logs_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		close
		exit 0
	TCL
	settled
	nothing_happened
}

is_not_let_in() {
	login_with 60 --days -1
	sed -i 's/^\[login\]/[login]\nprompt = require/' /etc/certrenew.conf
	! alice_logs_in <<-TCL || complain "it let in"
		see "certificates expired on"
		see "Apply for a new certificate with whoever gave you the card."
	TCL
	says_not $shown "$ "
}

is_silent() {
	fresh_login
	stack "$1" pam_rootok.so
	shift
	at_terminal "$@" <<-TCL
		$in_the_shell
	TCL
	says_not $shown "certificate"
	settled
	[ "$(helper_lines)" = 0 ] || complain "the helper was started"
}

# The helper, which a driver holds up, is nobody's child: login waits for its shell alone.
has_one_child() {
	login_with 60
	sed -i 's/^session  optional/session required pam_env.so envfile=\/etc\/graphical\n&/' /etc/pam.d/login
	echo XDG_SESSION_TYPE=x11 > /etc/graphical
	shim "C_GetSlotList hang 60"
	alice_logs_in <<-TCL
		see "\$ "
		type "ps --ppid \\\$PPID -o stat=,comm= | sed 's/^/child: /'"
		see "child: S"
		see "\$ "
		type "exit"
	TCL
	pgrep certrenew-help > /dev/null || complain "the helper has ended before"
	[ "$(grep -c "^child: " $shown)" = 1 ] || { cat $shown; return 1; }
	settled
}

# --- a host's own time limit ---------------------------------------------------------------------

takes_time_to_answer() {
	login_with 10
	alice_logs_in <<-TCL
		see "Renew now?"
		sleep 11
		type "yes"
		see "PIN: "
		type "$PIN"
		see "PIN: "
		type "$PIN"
		see "All certificates were renewed."
		$in_the_shell
	TCL
	renewed
}

# Debian 12's login(1) stops its clock before the account stage, that of util-linux after the
# session is open: so does this host, which would be killed after 10 s.
alice_hurries_in() {
	began=$(now_ms)
	at_terminal perl -e 'alarm 10; exec @ARGV' pamtester -Itty=/dev/tty1 login alice \
		acct_mgmt open_session
	took=$(($(now_ms) - began))
	[ $took -lt 9000 ] || complain "took $took ms"
}

nobody_answers() {
	fresh_login
	alice_hurries_in <<-TCL
		see "Renew now?"
		see "successfully opened a session"
	TCL
	settled
	nothing_happened
}

nobody_gives_the_pin() {
	fresh_login
	alice_hurries_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		see "successfully opened a session"
	TCL
	settled
	nothing_happened
}

# While the CA takes its time the person is let in.
ca_takes_its_time() {
	timeout=$1
	shift
	fresh_login
	another_ra "$@"
	sed -i "s/^timeout = 10s/timeout = $timeout/" /etc/certrenew.conf
	$change
	alice_hurries_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		type "$PIN"
		see "Step 2 of 4"
		see "successfully opened a session"
	TCL
	pgrep -x certrenew-renew > /dev/null || complain "the renewal has ended"
	log_sync
	says $AUTH_LOG "the login's own time limit is near: it goes on"
}

finishes_by_itself() {
	change="sed -i s/^.card./[card]\\npin_reentry=no/ /etc/certrenew.conf"
	ca_takes_its_time 30s --pending 4
	settled
	renewed
	grep "login for alice: renew: token .*: 2 of 2 renewed, .*: none$" $AUTH_LOG
}

keeps_what_is_issued() {
	change=
	ca_takes_its_time 30s --pending 4
	settled
	untouched
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	typed yes $PIN | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	renewed
}

repeats_the_request() {
	change=
	ca_takes_its_time 5s --misbehave stall --misbehave-times 2
	settled
	untouched
	typed yes $PIN $PIN | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	renewed
}

# --- a login by smartcard ------------------------------------------------------------------------

by_smartcard() {
	at_terminal login alice <<-TCL
		see "Smart card found."
		see "Smart card PIN: "
		type "$PIN"
		$1
		$in_the_shell
	TCL
}

renews_the_card_that_signed_in() {
	fresh_login "$@"
	smartcard_login_stack
	by_smartcard "
		see \"Your card's certificates expire in 20 days\"
		see \"Renew now?\"
		type yes
		see \"PIN: \"
		type $PIN
		see \"PIN: \"
		type $PIN
		see \"All certificates were renewed.\"
	"
	renewed
	by_smartcard ""
	[ "$(grep -c certificates $shown)" = 0 ] || { cat $shown; return 1; }
}

promise "login(1) asks, renews both certificates and ends in the person's shell" renews
promise "neither PIN nor password is echoed" echoes_no_pin
promise "the terminal echoes again after a PIN that was not given" leaves_the_terminal_as_it_was
promise "'no' leads to the shell without another word" answers_no
promise "a terminal that is closed at the PIN ends the renewal, and nothing has happened" hangs_up
promise "require: login(1) turns away whose certificates have expired, and says what to do" \
	is_not_let_in
promise "su - says nothing and starts nothing" is_silent su-l su - alice
promise "su says nothing and starts nothing" is_silent su su alice

promise "login(1) has no child but the shell while a helper works" has_one_child

promise "LOGIN_TIMEOUT is login's own matter: a person may take longer to answer" \
	takes_time_to_answer
promise "a host's alarm is near, and nobody answers: the login goes on in time" nobody_answers
promise "so it does when nobody gives the PIN" nobody_gives_the_pin
promise "so it does while a slow CA is asked; the renewal finishes by itself" finishes_by_itself
promise "... up to a second PIN, which the next login asks for" keeps_what_is_issued
promise "... or up to the CA's own time limit; the next login repeats the request" \
	repeats_the_request

promise "a login through pam_pkcs11 renews the card it used, which then signs in again" \
	renews_the_card_that_signed_in
promise "so it does with RSA keys" renews_the_card_that_signed_in --key rsa:2048
promised
