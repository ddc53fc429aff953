# SPDX-License-Identifier: MIT
# What no [ca] section renews: nobody is asked about it, and nobody is kept out for it.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/command/desktop.sh

OTHER_CA=/etc/other-ca

# The CA of another office, under another name.
make_other_ca() {
	cp -a $CA $OTHER_CA
	for member in root issuing; do
		for file in $OTHER_CA/rogue-$member.*; do
			cp -a "$file" "$OTHER_CA/$member.${file##*.}"
		done
	done
}

without_ca() { sed -i '/^\[ca "/,$d' /etc/certrenew.conf; }
for_issuer() { echo "issuer = $1" >> /etc/certrenew.conf; }
our_issuer() { for_issuer "CN=Example Issuing CA,O=Example Government,C=TW"; }
another_issuer() { for_issuer "CN=Some Other CA,C=TW"; }
prompt() { sed -i "s/^\[login\]/&\nprompt = $1/" /etc/certrenew.conf; }

# logs_strangers N: so many lines say what is left alone, none says what did not go well.
logs_strangers() {
	settled
	[ "$(grep -c ' CR210 ' $AUTH_LOG || :)" = "$1" ] || { cat $AUTH_LOG; return 1; }
	! grep -E '^<8[0-4]>.*certrenew' $AUTH_LOG || complain "which is more than a notice"
}

# --- no [ca] at all: installed, and not configured -----------------------------------------------

# says_nothing_unconfigured PROMPT [OPTION...]: no program of ours but the helper is started.
says_nothing_unconfigured() {
	word=$1
	shift
	fresh_login "$@"
	without_ca
	prompt "$word"
	typed yes $PIN $PIN | alice_signs_in
	goes_on_silently
	settled
	[ "$(helper_lines)" = 0 ] || { cat $AUTH_LOG; return 1; }
}

installed_file_says_nothing() {
	fresh_login
	sed "s|^#* *module *=.*|module = $MODULE|" "$CERTRENEW_BUILD/certrenew.conf" > /etc/certrenew.conf
	certrenew check-config | grep -q "^module *= $MODULE" || complain "the driver is not the card's"
	typed yes $PIN $PIN | alice_signs_in
	goes_on_silently
	exits 1 certrenew status
}

argument_does_not_help() {
	fresh_login --days -1
	without_ca
	service login prompt=require
	alice_signs_in < /dev/null
	goes_on_silently
}

agent_hears_nothing() {
	at_desktop
	without_ca
	for action in due watch; do
		asks $action
		echo "checked count=0 of=0 expired=0 prompt=off" > /run/expected
		sed 1d $out > /run/rest
		same /run/expected /run/rest
	done
	driver_was_not_loaded
}

# --- [ca] sections, and none of them for this card -------------------------------------------------

says_nothing_of_a_stranger() {
	word=$1
	shift
	fresh_login "$@"
	another_issuer
	prompt "$word"
	typed yes $PIN $PIN | alice_signs_in
	goes_on_silently
	nothing_happened
}

logs_it() {
	says_nothing_of_a_stranger ask --roles signature
	logs_strangers 1
	says $AUTH_LOG "is left alone: no [ca] section is for its issuer, CN=Example Issuing CA,O=Example Government,C=TW"
}

logs_nothing_where_nothing_is_due() {
	fresh_login --days 200
	another_issuer
	alice_signs_in < /dev/null
	goes_on_silently
	logs_strangers 0
}

shows_it_in_status() {
	says_nothing_of_a_stranger ask
	exits 1 certrenew status
	[ "$(grep -c 'can be renewed now' "$out")" = 2 ] || { cat "$out"; return 1; }
}

says_why_when_asked() {
	says_nothing_of_a_stranger ask
	exits 3 renew $PIN $PIN
	says "$out" "No certification authority is configured for this certificate."
}

agent_is_told_why() {
	at_desktop
	another_issuer
	for how in "" fresh; do
		asks due $how
		comes_not certificate
		says $out "checked code=80 count=0 of=0 expired=0"
	done
}

# A card of which something else is still valid is told of as before.
agent_knows_the_rest() {
	at_desktop --roles signature --days 200
	as_certrenew test-card make --module $MODULE --ca $OTHER_CA --label Alice --pin $PIN --initialised \
		--key ec:P-256 --roles encryption --days 20 > /dev/null
	our_issuer
	asks due
	[ "$(listed "state=2 ")" = 1 ] || { cat $out; return 1; }
	says $out "checked code=80 count=0 of=1 expired=0"
	says $out "again-at="
}

# --- beside what we renew ----------------------------------------------------------------------------

# with_private_card [OPTION...]: of Alice's own, beside the office's.
with_private_card() {
	as_certrenew test-card make --module $MODULE --ca $OTHER_CA --label Private --pin $PIN \
		--so-pin 87654321 --key ec:P-256 "$@" > /dev/null
	our_issuer
}

asks_about_the_offices() {
	fresh_login
	with_private_card
	typed yes $PIN $PIN | alice_signs_in
	says $shown "Your card's certificates expire in 20 days"
	says_not $shown "Private"
	goes_on
	renewed
	logs_strangers 2
}

lets_in_with() {
	fresh_login --days 200
	with_private_card --days -3
	prompt require
	alice_signs_in < /dev/null
	goes_on_silently
}

keeps_out_with_ours() {
	fresh_login --days -3
	with_private_card
	prompt require
	! alice_signs_in < /dev/null || complain "it let in"
	says $shown "Your card's certificates expired on"
}

# One card, two issuers.
asks_about_one_of_two() {
	fresh_login --roles signature
	as_certrenew test-card make --module $MODULE --ca $OTHER_CA --label Alice --pin $PIN --initialised \
		--key ec:P-256 --roles encryption --days 10 > /dev/null
	our_issuer
	card_list Alice | grep role=encryption > /run/other
	typed yes $PIN $PIN | alice_signs_in
	says $shown "Your card's certificate expires in 20 days"
	says $shown "The certificate was renewed."
	goes_on
	card_list Alice | grep role=encryption > /run/other.now
	same /run/other /run/other.now
	[ "$(issued encryption) $(issued signature)" = "0 1" ] || complain "issued: $(cat $RA_LOG)"
	log_begin
	alice_signs_in < /dev/null
	goes_on_silently
	exits 1 certrenew status
}

# What was begun before the configuration changed is gone on with.
finishes_what_was_begun() {
	fresh_login
	shim "C_CreateObject#1 crash"
	renew $PIN $PIN > /dev/null 2>&1 || :
	configure
	another_issuer
	typed yes $PIN | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	goes_on
	renewed
}

prepare_cards
make_other_ca
start_ra

promise "without a [ca] section a login says nothing and reads no card" says_nothing_unconfigured ask
promise "... whatever prompt says" says_nothing_unconfigured notice
promise "... and require keeps nobody out for an expired card" says_nothing_unconfigured require --days -1
promise "... also where the module's line says so" argument_does_not_help
promise "... so does a login with the file that is installed; status shows the card" \
	installed_file_says_nothing
promise "... and the desktop's agent hears of nothing" agent_hears_nothing

promise "a certificate whose issuer has no [ca] section is not asked about" says_nothing_of_a_stranger ask
promise "... nor said to expire" says_nothing_of_a_stranger notice
promise "... nor to have expired" says_nothing_of_a_stranger ask --days -3
promise "... and expired it keeps nobody out" says_nothing_of_a_stranger require --days -3
promise "... one line of the log names the issuer" logs_it
promise "... none does while nothing is due" logs_nothing_where_nothing_is_due
promise "... status shows it" shows_it_in_status
promise "... and who asks for the renewal is told why not" says_why_when_asked
promise "... on the desktop, too" agent_is_told_why
promise "... where what else is on the card is told as before" agent_knows_the_rest

promise "of a private card beside the office's nobody is asked, nor which of them" asks_about_the_offices
promise "... and expired it keeps nobody out" lets_in_with
promise "... while the office's does" keeps_out_with_ours
promise "of one card's two issuers only the certificate is asked about that we renew" \
	asks_about_one_of_two
promise "a renewal that was begun goes on, whatever the sections say by now" finishes_what_was_begun
stop_ra
promised
