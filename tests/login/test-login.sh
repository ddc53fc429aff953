# SPDX-License-Identifier: MIT
# Real programs at a terminal: login(1) with its time limit, a login by smartcard, su.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
password="open sesame"
echo "alice:$password" | chpasswd

# stack SERVICE AUTHENTICATION: as Debian's, as far as it matters. pam_env stands for pam_systemd,
# which says so of a virtual console.
stack() {
	echo XDG_SEAT=seat0 > /etc/seat
	cat > "/etc/pam.d/$1" <<-STACK
		auth     required  $2
		$(profile_lines Account account)
		account  required  pam_unix.so
		session  required  pam_env.so envfile=/etc/seat
		$(profile_lines Session session)
		session  required  pam_unix.so
	STACK
}

# at_console [OPTION...]: login(1) asks for the password; a person has 60 s for everything.
at_console() {
	fresh_login "$@"
	stack login pam_unix.so
	sed -i 's/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT 60/' /etc/login.defs
}

# Alice types her password, and then what stdin says.
alice_logs_in() {
	{
		echo 'see "Password: "'
		echo "type \"$password\""
		cat
	} | at_terminal login alice
}

in_the_shell='
	see "$ "
	type "echo it is `id -un`"
	see "it is alice"
	see "$ "
	type "exit"
'

renews() {
	at_console
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
	at_console
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
	at_console
	alice_logs_in <<-TCL
		see "Renew now?"
		type "no"
		$in_the_shell
	TCL
	says_not $shown "PIN"
	nothing_happened
}

hangs_up() {
	at_console
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
	at_console --days -1
	sed -i 's/^\[login\]/[login]\nprompt = require/' /etc/certrenew.conf
	# Where the seat is known before the session is opened.
	stack login pam_unix.so
	sed -i '/^auth/a auth required pam_env.so envfile=/etc/seat' /etc/pam.d/login
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

# --- login's own time limit ----------------------------------------------------------------------

# A person has 10 s from the beginning, then login(1) would end.
at_impatient_console() {
	at_console "$@"
	sed -i 's/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT 10/' /etc/login.defs
	began=$(now_ms)
}

let_in_in_time() {
	took=$(($(now_ms) - began))
	[ $took -lt 10000 ] || complain "took $took ms"
	says_not $shown "Login timed out"
}

nobody_answers() {
	at_impatient_console
	alice_logs_in <<-TCL
		see "Renew now?"
		$in_the_shell
	TCL
	let_in_in_time
	settled
	nothing_happened
}

nobody_gives_the_pin() {
	at_impatient_console
	alice_logs_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		see "\$ "
		type "stty -a"
		see " echo "
		see "\$ "
		type "exit"
	TCL
	let_in_in_time
	settled
	nothing_happened
}

# The alarm would ring while the shell runs.
session_lasts() {
	at_impatient_console
	alice_logs_in <<-TCL
		see "Renew now?"
		type "later"
		see "\$ "
		type "sleep 10; echo still \`id -un\`"
		see "still alice"
		see "\$ "
		type "exit"
	TCL
}

# While the CA takes its time the person is let in, and login waits for one child, the shell.
person_is_let_in() {
	alice_logs_in <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		type "$PIN"
		see "Step 2 of 4"
		see "\$ "
		type "ps --ppid \\\$PPID -o stat=,comm= | sed 's/^/child: /'"
		see "child: S"
		see "sh\r"
		see "\$ "
		type "exit"
	TCL
	let_in_in_time
	[ "$(grep -c "^child: " $shown)" = 1 ] || { cat $shown; return 1; }
	log_sync
	says $AUTH_LOG "the login's own time limit is near"
}

# login has ended with its shell; what it began goes on.
renewal_is_left_running() { pgrep '^certrenew-renew' > /dev/null || complain "no renewal runs"; }

at_console_with_ra() {
	timeout=$1
	shift
	at_impatient_console
	another_ra "$@"
	sed -i "s/^timeout = 10s/timeout = $timeout/" /etc/certrenew.conf
}

finishes_by_itself() {
	at_console_with_ra 30s --pending 9
	sed -i 's/^\[card\]/[card]\npin_reentry = no/' /etc/certrenew.conf
	person_is_let_in
	renewal_is_left_running
	settled
	renewed
	logged_end none
}

logged_end() {
	says $AUTH_LOG "login for alice: renew: token "
	grep 'login for alice: renew: token ' $AUTH_LOG | grep -q ": $1\$" || complain "not $1"
}

keeps_what_is_issued() {
	at_console_with_ra 30s --pending 9
	person_is_let_in
	renewal_is_left_running
	settled
	untouched
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
	alice_logs_in <<-TCL
		see "The renewal of your card's certificates is not finished."
		see "Renew now?"
		type "yes"
		see "to write the new certificates to the card."
		see "PIN: "
		type "$PIN"
		see "All certificates were renewed."
		$in_the_shell
	TCL
	renewed
}

repeats_the_request() {
	at_console_with_ra 9s --misbehave stall
	person_is_let_in
	within 30 nothing_of_ours_runs
	settled
	untouched
	stop_ra
	trap - EXIT
	another_ra
	stack login pam_unix.so
	alice_logs_in <<-TCL
		see "The renewal of your card's certificates is not finished."
		see "Renew now?"
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

promise "LOGIN_TIMEOUT 10, and nobody answers: the login goes on in time" nobody_answers
promise "LOGIN_TIMEOUT 10, and nobody gives the PIN: the login goes on in time, and echoes" \
	nobody_gives_the_pin
promise "LOGIN_TIMEOUT does not end a session that has begun" session_lasts
promise "LOGIN_TIMEOUT 10 and a slow CA: the renewal finishes without the login" finishes_by_itself
promise "so it does up to the second PIN; the next login asks for that and writes" \
	keeps_what_is_issued
promise "LOGIN_TIMEOUT 10 and a CA that never answers: the next login repeats the request" \
	repeats_the_request

promise "a login through pam_pkcs11 renews the card it used, which then signs in again" \
	renews_the_card_that_signed_in
promise "so it does with RSA keys" renews_the_card_that_signed_in --key rsa:2048
promised
