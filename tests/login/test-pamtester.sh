# SPDX-License-Identifier: MIT
# What a login says and asks, to whom, and that it goes on whatever is broken.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra

# --- a renewal -----------------------------------------------------------------------------------

story() {
	cat <<-TEXT
		pamtester: account management done.
		Your card's certificates expire in 20 days, on DATE. They belong to Alice Chen, Example Government.
		Renew now? (yes / no / later) Enter your card's PIN (Alice) to ask for new certificates.
		PIN: Step 1 of 4: preparing the requests on the card. Do not remove the card.
		Step 2 of 4: asking the certification authority. Do not remove the card.
		Enter your card's PIN (Alice) once more, to write the new certificates to the card.
		PIN: Step 3 of 4: writing to the card. Do not remove the card.
		Step 4 of 4: checking what was written. Do not remove the card.
		The encryption certificate was valid until DATE and is now valid until DATE.
		The signature certificate was valid until DATE and is now valid until DATE.
		All certificates were renewed. You may remove the card.
		pamtester: successfully opened a session
	TEXT
}

renews_both() {
	fresh_login "$@"
	typed yes $PIN $PIN | alice_signs_in
	sed -i 's/20[0-9][0-9]-[01][0-9]-[0-3][0-9]/DATE/g' $shown
	story > /run/story
	same /run/story $shown
	renewed
}

says_nothing_after() {
	renews_both
	alice_signs_in < /dev/null
	goes_on_silently
}

renews_for() {
	fresh_login
	typed "$@" $PIN $PIN | alice_signs_in
	goes_on
	renewed
}

declines() {
	fresh_login
	typed "$@" | alice_signs_in
	says $shown "Renew now?"
	says_not $shown "PIN"
	goes_on
	nothing_happened
}

asks_no_fourth_time() {
	declines maybe perhaps "yes please" yes
	[ "$(grep -o "Renew now?" $shown | wc -l)" = 3 ] || complain "not asked three times"
}

cancels_with_pin() {
	fresh_login
	typed yes "$@" | alice_signs_in
	says $shown "PIN: "
	goes_on
	nothing_happened
}

asks_again_after_a_wrong_pin() {
	fresh_login
	typed yes 654321 $PIN 111111 222222 $PIN | alice_signs_in
	[ "$(grep -c "That PIN was wrong, .*Enter your card's PIN" $shown)" = 3 ] || { cat $shown; return 1; }
	goes_on
	renewed
}

goes_on_with_what_was_issued() {
	fresh_login
	typed yes $PIN | alice_signs_in
	goes_on
	untouched
	typed yes $PIN | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	goes_on
	renewed
}

# --- [login] prompt ------------------------------------------------------------------------------

prompt_in_configuration() { sed -i "s/^\[login\]/[login]\nprompt = $1/" /etc/certrenew.conf; }
prompt_as_argument() { service login "prompt=$1"; }

is_off() {
	fresh_login
	"$1" off
	alice_signs_in < /dev/null
	goes_on_silently
	settled
	says_not $AUTH_LOG "check: token"
}

only_says() {
	fresh_login
	"$1" notice
	typed yes $PIN $PIN | alice_signs_in
	says $shown "Your card's certificates expire in 20 days, on "
	says $shown "Run 'certrenew renew' to renew them."
	says_not $shown "Renew now?"
	goes_on
	nothing_happened
}

asks() {
	fresh_login
	"$1" "$2"
	typed yes $PIN $PIN | alice_signs_in
	goes_on
	renewed
}

argument_wins() {
	fresh_login
	prompt_in_configuration off
	prompt_as_argument ask
	typed no | alice_signs_in
	says $shown "Renew now?"
	prompt_as_argument off
	sed -i 's/^prompt = off/prompt = ask/' /etc/certrenew.conf
	alice_signs_in < /dev/null
	goes_on_silently
}

takes_another_file() {
	fresh_login
	mv /etc/certrenew.conf /etc/elsewhere.conf
	sed -i 's/^\[login\]/[login]\nprompt = notice/' /etc/elsewhere.conf
	service login conf=/etc/elsewhere.conf
	alice_signs_in < /dev/null
	says $shown "Run 'certrenew renew' to renew them."
}

ignores_bad_arguments() {
	fresh_login
	service login prompt=always colour=blue conf=relative.conf
	typed no | alice_signs_in
	says $shown "Renew now?"
	for argument in prompt=always colour=blue conf=relative.conf; do
		says $AUTH_LOG "argument '$argument' ignored: unknown, or a bad value"
	done
}

# --- an expired certificate ----------------------------------------------------------------------

apply_anew="Apply for a new certificate with whoever gave you the card."

is_turned_away() {
	fresh_login --days -1
	"$1" require
	! alice_signs_in < /dev/null || complain "the login went on"
	says $shown "Your card's certificates expired on $(date -d yesterday +%Y-%m-%d)."
	says $shown "$apply_anew"
	says $shown "pamtester: User account has expired"
	says_not $shown "opened a session"
}

hears_of_it() {
	fresh_login --days -1
	alice_signs_in < /dev/null
	says $shown "Your card's certificates expired on "
	says $shown "$apply_anew"
	goes_on
}

# Stacks differ: here an account that has expired does not end the login.
hears_of_it_once() {
	fresh_login --days -1
	prompt_in_configuration require
	sed -i 's/acct_expired=die //' /etc/pam.d/login
	alice_signs_in < /dev/null
	[ "$(grep -c "certificates expired on" $shown)" = 1 ] || { cat $shown; return 1; }
	goes_on
}

one_of_two_is_enough() {
	fresh_login --days -1 --roles signature
	"$1" require
	! alice_signs_in < /dev/null || complain "the login went on"
	says $shown "Your card's certificate expired on "
}

required() {
	fresh_login "$@"
	prompt_in_configuration require
}

is_let_in_with() {
	required --days "$1"
	alice_signs_in < /dev/null
	goes_on
}

is_let_in_without_a_card() {
	required
	prepare_cards
	alice_signs_in < /dev/null
	goes_on_silently
}

is_let_in_while_the_driver() {
	required --days -1
	sed -i 's/^timeout = 5s/timeout = 1s/' /etc/certrenew.conf
	shim "$1"
	alice_signs_in < /dev/null
	goes_on_silently
	settled
}

is_let_in_despite_the_configuration() {
	required --days -1
	echo "nonsense" >> /etc/certrenew.conf
	alice_signs_in < /dev/null
	goes_on_silently
}

# --- whose login, whose card ---------------------------------------------------------------------

# The driver writes down every call: there is none.
driver_is_watched() {
	install -d -o _certrenew /var/log/shim
	rm -f /var/log/shim/calls
	shim "log /var/log/shim/calls"
}

nobody_is_asked() {
	fresh_login
	driver_is_watched
	service "$1"
	sign_in "$@" < /dev/null
	goes_on_silently
	settled
	[ ! -s /var/log/shim/calls ] || complain "the card was looked at"
}

# Not even the helper was started.
costs_nothing() {
	nobody_is_asked "$@"
	[ "$(helper_lines)" = 0 ] || complain "the helper was started"
}

is_asked() {
	fresh_login
	service "$1"
	typed no | sign_in "$@"
	says $shown "Renew now?"
	goes_on
}

names_a_service() {
	fresh_login
	sed -i 's/^\[login\]/[login]\nservices = kiosk/' /etc/certrenew.conf
	service kiosk
	typed no | sign_in kiosk alice -Itty=/dev/tty1
	says $shown "Renew now?"
	alice_signs_in < /dev/null
	goes_on_silently
}

# Two cards are in; the login used the second, which has 10 days left.
speaks_of_the_card_that_was_used() {
	fresh_login
	new_card "Alice's other" --key ec:P-256 --days 10
	typed no | sign_in login alice -E "PKCS11_LOGIN_TOKEN_NAME=Alice's other" "$@"
	says $shown "Your card's certificates expire in 10 days"
	says_not $shown "20 days"
	says_not $shown "Several cards"
}

says_nothing_of_other_cards() {
	fresh_login
	sign_in login alice -Itty=/dev/tty1 -E PKCS11_LOGIN_TOKEN_NAME=Home < /dev/null
	goes_on_silently
}

asks_which_card() {
	fresh_login
	new_card "Alice's other" --key ec:P-256
	serial=$(card_list "Alice's other" | sed -n 's/^token .*serial=//p')
	card_list Alice > /run/card.before
	which=$({ sign_in login alice -Itty=/dev/tty1 < /dev/null; cat $shown; } |
		sed -n "s/^ *\([12]\)  Alice's other (serial number $serial)/\1/p")
	typed 7 "$which" yes $PIN $PIN | alice_signs_in
	renewed "Alice's other"
	untouched
}

# --- hosts ---------------------------------------------------------------------------------------

shows_nothing_silently() {
	fresh_login
	stdbuf -o0 pamtester -Itty=/dev/tty1 login alice 'acct_mgmt(PAM_SILENT)' \
		'open_session(PAM_SILENT)' > $shown 2>&1 < /dev/null
	goes_on_silently
	settled
	is_recorded
	nothing_happened
}

# One message for each certificate, for the desktop's own dialog.
is_recorded() {
	[ "$(stat -c '%U %a' $FOUND)" = "_certrenew 600" ] || { ls -l $FOUND; return 1; }
	[ "$(grep -ac "Alice Chen" $FOUND)" -ge 2 ] || complain "$FOUND holds too little"
}

# The driver hangs, and nobody notices.
returns_at_once() {
	fresh_login
	sed -i 's/^timeout = 5s/timeout = 1s/' /etc/certrenew.conf
	shim "C_GetSlotList hang 60"
	service gdm-password
	began=$(now_ms)
	sign_in gdm-password alice -Itty=:0 < /dev/null
	[ $(($(now_ms) - began)) -lt 900 ] || complain "took $(($(now_ms) - began)) ms"
	goes_on_silently
	settled
}

# pamtester itself starts nothing: systemd-socket-activate does, and not within the login.
leaves_it_to_the_socket() {
	fresh_login
	service gdm-password
	start_socket
	trap stop_socket EXIT
	strace -f -qq -e trace=execve -o /run/trace \
		pamtester -Itty=:0 gdm-password alice acct_mgmt open_session > $shown 2>&1 < /dev/null
	goes_on_silently
	says_not /run/trace certrenew-helper
	within 5 test -s $FOUND
	settled
	is_recorded
	nothing_happened
}

# Listening, but nobody takes a connection any more.
survives_a_full_socket() {
	fresh_login
	service gdm-password
	mkdir -p /run/certrenew
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/run/certrenew/socket"));
		listen(S, 0); socket(C, AF_UNIX, SOCK_STREAM, 0);
		connect(C, sockaddr_un("/run/certrenew/socket")); print "full\n"; close STDOUT; sleep 60' > /run/full &
	trap "kill $!; rm -f /run/certrenew/socket" EXIT
	within 5 test -s /run/full
	sign_in gdm-password alice -Itty=:0 < /dev/null
	goes_on_silently
	within 5 test -s $FOUND
	settled
	nothing_happened
}

# --- the socket, where a login can be talked to --------------------------------------------------

renews_at() {
	typed yes $PIN $PIN | alice_signs_in
	says $shown "All certificates were renewed."
	settled
	renewed
}

is_asked_through_the_socket() {
	fresh_login
	start_socket
	trap stop_socket EXIT
	typed yes $PIN $PIN > /run/typed
	strace -f -qq -e trace=execve -o /run/trace stdbuf -o0 \
		pamtester -Itty=/dev/tty1 login alice acct_mgmt open_session > $shown 2>&1 < /run/typed
	says_not /run/trace certrenew-helper
	says $shown "All certificates were renewed."
	settled
	renewed
}

# Whoever holds it closes each connection, as systemd does with one too many.
starts_its_own_where_refused() {
	fresh_login
	mkdir -p /run/certrenew
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/run/certrenew/socket"));
		listen(S, 9); while (accept(C, S)) { close(C) }' &
	trap "kill $!; rm -f /run/certrenew/socket" EXIT
	within 5 test -S /run/certrenew/socket
	renews_at
}

# A helper that comes when the login has started its own would meet the card's lock.
starts_its_own_in_time() {
	fresh_login
	start_socket
	trap stop_socket EXIT
	kill -STOP $SOCKET_PID
	renews_at
	kill -CONT $SOCKET_PID
	logs "cancelled: the login did not wait"
	settled
	[ "$(grep -c 'login for alice: check' $AUTH_LOG)" = 1 ] || complain "it looked at the card"
}

leaves_it_to_the_desktop() {
	fresh_login
	service "$1"
	service=$1
	shift
	sign_in "$service" alice "$@" < /dev/null
	goes_on_silently
	within 5 test -s $FOUND
	settled
	is_recorded
	nothing_happened
}

# --- what may be broken --------------------------------------------------------------------------

# is_survived TEXT COMMAND...: the command breaks something, and one line of the log says so.
is_survived() {
	trouble=$1
	shift
	fresh_login
	"$@"
	alice_signs_in < /dev/null
	goes_on_silently
	logs_trouble "$trouble"
	says_not $RA_LOG request
}

says_nothing_without_a_card() {
	fresh_login
	shim "C_GetTokenInfo error CKR_TOKEN_NOT_PRESENT"
	alice_signs_in < /dev/null
	goes_on_silently
	logs_no_trouble
}

break_configuration() { sed -i '2a colour = blue' /etc/certrenew.conf; }
open_configuration() {
	trap "chmod 644 /etc/certrenew.conf" EXIT
	chmod 666 /etc/certrenew.conf
}
remove() { trap "mv '$1.away' '$1'" EXIT; mv "$1" "$1.away"; }
remove_account() {
	trap "cp /run/passwd /etc/passwd" EXIT
	cp /etc/passwd /run/passwd
	sed -i /^_certrenew/d /etc/passwd
}
hide_driver() {
	install -d -m 700 /root/driver
	cp $MODULE /root/driver/driver.so
	sed -i 's|^module = .*|module = /root/driver/driver.so|' /etc/certrenew.conf
}

promise "a login renews both certificates, each sentence in its place" renews_both
promise "so it does for RSA keys" renews_both --key rsa:2048
promise "the next login says nothing" says_nothing_after
promise "'y' is a yes" renews_for y
promise "'YES' is a yes, and so it is between blanks" renews_for "  YES  "
promise "what is no answer is asked again" renews_for what "i don't know" yes
promise "'no': the login goes on, card and CA notice nothing" declines no
promise "'later': likewise" declines later
promise "an empty line: likewise" declines ""
promise "the end of input: likewise" declines
promise "three times nonsense: likewise" asks_no_fourth_time
promise "an empty PIN cancels: the login goes on, card and CA notice nothing" cancels_with_pin ""
promise "the end of input instead of a PIN cancels" cancels_with_pin
promise "a PIN of 300 characters is not tried on the card" \
	cancels_with_pin "$(printf '%0300d' 7)"
promise "a wrong PIN is said to be wrong and asked for again" asks_again_after_a_wrong_pin
promise "what was issued and not written is written at the next login, not issued again" \
	goes_on_with_what_was_issued

promise "prompt = off says nothing and reads no card" is_off prompt_in_configuration
promise "prompt=off as an argument: likewise" is_off prompt_as_argument
promise "prompt = notice says so and asks nothing" only_says prompt_in_configuration
promise "prompt=notice as an argument: likewise" only_says prompt_as_argument
promise "prompt = ask offers renewal" asks prompt_in_configuration ask
promise "prompt=ask as an argument: likewise" asks prompt_as_argument ask
promise "prompt = require offers renewal before expiry" asks prompt_in_configuration require
promise "prompt=require as an argument: likewise" asks prompt_as_argument require
promise "the argument is stronger than the configuration" argument_wins
promise "conf= names another configuration" takes_another_file
promise "an argument that is none is logged and changes nothing" ignores_bad_arguments

promise "require: expired certificates end the login, and it is said what to do" \
	is_turned_away prompt_in_configuration
promise "require as an argument: likewise" is_turned_away prompt_as_argument
promise "require: one expired certificate is enough" one_of_two_is_enough prompt_in_configuration
promise "require: certificates that can be renewed let in" is_let_in_with 20
promise "require: valid certificates let in" is_let_in_with 200
promise "require: no card lets in" is_let_in_without_a_card
promise "require: a driver that hangs lets in" \
	is_let_in_while_the_driver "C_GetSlotList hang 60"
promise "require: a driver that crashes lets in" \
	is_let_in_while_the_driver "C_Initialize crash"
promise "require: a driver that answers errors lets in" \
	is_let_in_while_the_driver "C_OpenSession error CKR_GENERAL_ERROR"
promise "require: a broken configuration lets in" is_let_in_despite_the_configuration
promise "without require, an expired certificate is said, and the login goes on" hears_of_it
promise "what the account stage said is not said again by the session" hears_of_it_once

promise "root's login costs nothing" costs_nothing login root -Itty=/dev/tty1
promise "an unknown user's login costs nothing" costs_nothing login nobody-here -Itty=/dev/tty1
promise "a remote login costs nothing" costs_nothing login alice -Itty=/dev/tty1 -Irhost=192.0.2.7
for service in su su-l sudo sudo-i cron atd systemd-user polkit-1 chsh passwd sshd lightdm-greeter; do
	promise "$service costs nothing" costs_nothing $service alice -Itty=/dev/tty1
done
promise "a greeter's own session costs nothing" \
	costs_nothing gdm-password alice -Itty=/dev/tty1 -E XDG_SESSION_CLASS=greeter
promise "a background session costs nothing" \
	costs_nothing login alice -Itty=/dev/tty1 -E XDG_SESSION_CLASS=background
promise "a service that is not in the list reads no card" \
	nobody_is_asked vending-machine alice -Itty=/dev/tty1
promise "a service that [login] services names is served, and only it" names_a_service
promise "a session that is not the seat's reads no card" nobody_is_asked login alice
promise "a pseudo-terminal is not the seat's" nobody_is_asked login alice -Itty=/dev/pts/3
promise "a serial line is not the seat's" nobody_is_asked login alice -Itty=/dev/ttyS0
promise "a virtual console is the seat's" is_asked login alice -Itty=tty2
promise "a session on XDG_SEAT is the seat's" is_asked login alice -E XDG_SEAT=seat0
promise "a session on XDG_VTNR is the seat's" is_asked login alice -E XDG_VTNR=2
promise "a login from localhost is not remote" \
	is_asked login alice -Itty=/dev/tty1 -Irhost=localhost
promise "without a seat, the card that the login used is spoken of" \
	is_asked login alice -E PKCS11_LOGIN_TOKEN_NAME=Alice
promise "of two cards, the one that the login used is spoken of" speaks_of_the_card_that_was_used
promise "so it is at the seat" speaks_of_the_card_that_was_used -Itty=/dev/tty1
promise "of a card that the login did not use nothing is said" says_nothing_of_other_cards
promise "of two cards that could be meant, the person chooses" asks_which_card

promise "PAM_SILENT: nothing is shown, what was found is recorded" shows_nothing_silently
for service in gdm-password gdm-smartcard lightdm sddm; do
	promise "$service: nothing is shown or asked, what was found is recorded" \
		leaves_it_to_the_desktop $service -Itty=:0
done
promise "so it is where XDG_SESSION_TYPE says wayland" \
	leaves_it_to_the_desktop login -Itty=/dev/tty1 -E XDG_SESSION_TYPE=wayland
promise "a graphical login returns at once, also from a driver that hangs" returns_at_once
promise "where systemd holds the socket, a graphical login starts no process" leaves_it_to_the_socket
promise "a socket whose queue is full is no reason to wait" survives_a_full_socket
promise "a login that can be talked to starts no process either, and renews" is_asked_through_the_socket
promise "a socket that closes its connections: the login starts a helper of its own" \
	starts_its_own_where_refused
promise "so it does when the socket is silent, and the late helper looks at no card" \
	starts_its_own_in_time

promise "a reader without a card is no trouble, and nothing is said" says_nothing_without_a_card
promise "a broken configuration: one line in the log, the login goes on" \
	is_survived "/etc/certrenew.conf:3: [login] colour: there is no such key" break_configuration
promise "a configuration that others may write: likewise" \
	is_survived "/etc/certrenew.conf" open_configuration
promise "no certrenew-helper: likewise" \
	is_survived "certrenew-helper" remove /usr/libexec/certrenew/certrenew-helper
promise "no certrenew-check: likewise" \
	is_survived "could not be started" remove /usr/libexec/certrenew/certrenew-check
promise "no certrenew-renew: likewise" \
	is_survived "could not be started" remove /usr/libexec/certrenew/certrenew-renew
promise "no user _certrenew: likewise" is_survived "there is no user _certrenew" remove_account
promise "a driver that cannot be read: likewise" is_survived "driver.so" hide_driver
promise "a driver that is not there: likewise" is_survived "softhsm" remove $MODULE
promised
