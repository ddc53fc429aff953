# SPDX-License-Identifier: MIT
# What a card, a CA or a directory calls itself is shown as text, wherever it is shown: it moves no
# cursor, turns no line around, forges no line of ours, and is no markup.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/directory.sh
. tests/world/desktop.sh

prepare_cards
start_ra

# ANSI escapes, a bell, an 8-bit control, an override and an isolate, markup, a line of its own.
hostile="$(printf 'Ev\033[2J\033]0;owned\007\302\2332J\342\200\256il\342\201\246 <b>&amp;<i>\ncertrenew: all is well')"
subject="/C=TW/O=Off$hostile/CN=Alice $hostile"
# OpenSSL reads no name that calls itself UTF-8 and is not; Latin-1 it turns into UTF-8, with all that
# Latin-1 has: 8-bit controls.
latin="/C=TW/O=!$(printf 'Off\2332J\235ice')/CN=!$(printf 'Alic\351\205\033[2J')"
long=/C=TW$(i=0; while [ $i -lt 44 ]; do printf '/OU=!%0240d' $i; i=$((i + 1)); done)/CN=Alice

# is_harmless FILE: UTF-8 in which nothing acts on a terminal, and no line forged. \r is the line
# discipline's, and what clears the line of a step is our own.
is_harmless() {
	perl -e 'undef $/; $_ = <STDIN>; utf8::decode($_) or die "not UTF-8\n"; s/\r\n|\e\[K\r|\r(?=Step)/\n/g;
		/([\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}])/ and
		die sprintf("U+%04X\n", ord $1); /^certrenew: all is well/m and die "a line was forged\n"' < "$1" ||
		{ cat -v "$1"; return 1; }
}

# has_card SUBJECT [LABEL]
has_card() {
	prepare_cards
	new_card "${2:-Alice}" --key ec:P-256 --subject "$1"
	configure
	: > $RA_LOG
	log_begin
}

shows() { is_harmless "$out"; says "$out" "$1"; }

# --- the terminal --------------------------------------------------------------------------------

lists() {
	has_card "$1"
	exits 1 certrenew status
	shows "$2"
	[ "$(wc -l < $out)" -lt 8 ] || { cat $out; complain "more lines than there are certificates"; }
}

lists_for_programs() {
	has_card "$1"
	exits 1 certrenew status --json
	is_harmless $out
	perl -MJSON::PP -e 'undef $/; my $all = decode_json(<STDIN>); @{$all->{certificates}} == 2 or die "not two"' < $out
}

renews_on_a_terminal() {
	has_card "$1"
	at_terminal certrenew renew <<-TCL
		see "Renew now?"
		type yes
		see "PIN: "
		type $PIN
		see "PIN: "
		type $PIN
	TCL
	is_harmless $shown
	says $shown "All certificates were renewed."
	settled
	is_harmless $AUTH_LOG
}

asks_which_card() {
	has_card "$subject" "$(printf 'Ev\033[2J\342\200\256\377il\n3. x')"
	new_card Bob --key ec:P-256 --subject "$latin"
	at_terminal certrenew renew <<-TCL || ended=$?
		see "Which one?"
		type 9
		see "Which one?"
		type 0
		see "Which one?"
		type ""
	TCL
	[ "${ended:-0}" = 1 ] || complain "exit status ${ended:-0}"
	is_harmless $shown
	! grep -q '^3\. x' $shown || complain "a third card was forged"
}

# --- the CA's words ------------------------------------------------------------------------------

refuses_in_its_words() {
	has_card "$subject"
	another_ra --misbehave hostile-words
	exits 3 renew $PIN $PIN
	shows "owned"
	settled
	is_harmless $AUTH_LOG
	says $AUTH_LOG "the CA said"
}

refuses_in_its_words_at_login() {
	has_card "$subject"
	another_ra --misbehave hostile-words
	typed yes $PIN $PIN | alice_signs_in
	is_harmless $shown
	says $shown "owned"
	goes_on
	settled
	is_harmless $AUTH_LOG
}

# --- PAM and the log -----------------------------------------------------------------------------

# What the host was handed, as it was handed: pamtester prints it.
signs_in_with() {
	has_card "$1" "$(printf 'Ev\033[2J\342\200\256il')"
	service login
	typed yes $PIN $PIN | alice_signs_in
	is_harmless $shown
	says $shown "All certificates were renewed."
	goes_on
	settled
	is_harmless $AUTH_LOG
	# A subject is nobody's business who reads the log.
	says_not $AUTH_LOG Alice
}

says_what_expired() {
	prepare_cards
	new_card "$(printf 'Ev\033[2Jil')" --key ec:P-256 --subject "$subject" --days -3
	configure 's/^\[login\]/&\nprompt = require/'
	service login
	log_begin
	alice_signs_in < /dev/null || :
	is_harmless $shown
	settled
	is_harmless $AUTH_LOG
}

# --- the directory -------------------------------------------------------------------------------

# found_by SUBJECT: in an RFC 4387 store.
finds() {
	[ -e /run/person.spki ] || openssl ecparam -genkey -name prime256v1 -noout |
		openssl ec -pubout -outform der -out /run/person.spki 2> /dev/null
	test-ca sign --ca $CA --spki /run/person.spki --subject "$1" --email evil@example.test \
		--out /run/person.der
	another_ra
	printf '[directory]\nurl = https://localhost:%s/certificates/search\n[status]\ncheck = off\n' $RA_PORT \
		>> /etc/certrenew.conf
	for form in "" --json; do
		exits 0 as_user alice certrenew search --email evil@example.test --status any $form
		is_harmless $out
	done
}

# --- the desktop ---------------------------------------------------------------------------------

notifies() {
	has_card "$1"
	desktop dunst gtk-2
	autostart
	bubble "summary="
	# As it was sent, but for a newline, which is a \ and an n.
	bubbles > /run/bubbles
	is_harmless /run/bubbles
	says_not /run/bubbles "\\ncertrenew: all is well"
	[ "$(last_bubble | wc -c)" -lt 4096 ] || complain "the bubble is as long as the name"
	settles
	is_harmless $AUTH_LOG
}

promise "status: a name is text, on its own line" lists "$subject" "can be renewed now"
promise "status: so is one in Latin-1" lists "$latin" "can be renewed now"
promise "status: so is one of 10 kB" lists "$long" "can be renewed now"
for name in subject latin long; do
	eval "promise 'status --json: $name' lists_for_programs \"\$$name\""
	eval "promise 'renew on a terminal, and the log: $name' renews_on_a_terminal \"\$$name\""
	eval "promise 'PAM, and the log: $name' signs_in_with \"\$$name\""
	eval "promise 'search: $name' finds \"\$$name\""
done
promise "a card's label is text where a card is chosen" asks_which_card
promise "an expired certificate's name is text in what ends a login" says_what_expired
promise "the CA's words are text on the terminal and in the log" refuses_in_its_words
promise "the CA's words are text in the login" refuses_in_its_words_at_login
start_x
for name in subject latin long; do
	eval "promise 'a notification: $name' notifies \"\$$name\""
done
promised
