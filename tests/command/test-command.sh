# SPDX-License-Identifier: MIT
# The command: what it prints, what it exits with, and what it does without a terminal.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
start_ra

with_card() {
	fresh_card "$@"
	configure
	: > $RA_LOG
}

helps() {
	exits 0 certrenew --help
	says $out "status [--json]"
	exits 0 certrenew --version
	says $out "certrenew "
}

is_misused() {
	exits 3 certrenew "$@"
	says $out "Try 'certrenew --help'."
}

has_status() {
	wanted=$1 state=$2
	shift 2
	with_card "$@"
	exits "$wanted" certrenew status
	says $out "$state"
	exits "$wanted" certrenew status --json
	perl -MJSON::PP -e '$j = decode_json(join "", <>); die unless @{$j->{certificates}} == 2 && !defined $j->{error};
		for (@{$j->{certificates}}) { die unless $_->{subject} =~ /Alice Chen/ && $_->{not_after} =~ /Z$/ }' $out
}

has_no_card() {
	with_card
	configure '/^module/a token = pkcs11:token=Nobody'
	exits 3 certrenew status
	says $out "There is no card in the reader."
	says $out "Insert your card and try again."
	certrenew status --json > $out 2> /dev/null || :
	says $out '"error": "no-card"'
}

has_a_blank_card() {
	prepare_cards
	configure
	exits 2 certrenew status
	says $out "The card, or its PIN, has not been set up."
}

prints_errors_apart() {
	prepare_cards
	configure
	certrenew status > $out 2> /dev/null || :
	[ ! -s $out ] || complain "an error on standard output"
}

shows_configuration() {
	with_card
	exits 0 certrenew check-config
	says $out "/etc/certrenew.conf:2"
	printf '[login]\ntimeout = soon\n' > /run/wrong.conf
	exits 3 certrenew check-config /run/wrong.conf
	says $out "/run/wrong.conf:2: [login] timeout"
	printf '[login]\ncolour = red\n' > /run/wrong.conf
	exits 3 certrenew check-config /run/wrong.conf
	says $out "/run/wrong.conf:2: [login] colour"
	cp /etc/certrenew.conf /run/open.conf
	chmod 666 /run/open.conf
	exits 3 certrenew check-config /run/open.conf
	says $out "others than its owner may write it"
}

comes_too_early() {
	with_card --days 200
	exits 0 certrenew renew
	says $out "that is possible from $(date -d '+170 days' +%Y-%m-%d) on."
	says_not $RA_LOG request
}

comes_too_late() {
	with_card --days -3
	exits 2 certrenew renew
	says $out "Your card's certificates expired on $(date -d '-3 days' +%Y-%m-%d)."
	says $out "Apply for a new certificate"
}

has_no_ca() {
	with_card
	printf '[card]\nmodule = %s\n' $MODULE > /etc/certrenew.conf
	exits 3 certrenew renew
	says $out "Your card's certificates expire in 20 days"
	says $out "No certification authority is configured for this certificate."
}

renews_from_a_pipe() {
	with_card
	printf '%s\n' yes $PIN $PIN > /run/answers
	exits 0 sh -c 'certrenew renew < /run/answers'
	says $out "Step 4 of 4: checking what was written. Do not remove the card."
	says $out "The signature certificate was valid until $(date -d '+20 days' +%Y-%m-%d) and is now valid until"
	card_proves Alice
}

hears_nothing() {
	with_card
	card_list Alice > /run/before
	exits 1 sh -c 'certrenew renew < /dev/null'
	says $out "The renewal was cancelled. Nothing on the card was changed."
	card_list Alice > /run/after
	same /run/before /run/after
}

# On a terminal: the PIN is not echoed, and a step takes the line of the step before it.
renews_on_a_terminal() {
	with_card
	cat > /run/scene <<-TCL
		log_user 0
		set timeout 30
		log_file -a -noappend /run/shown
		spawn -noecho certrenew renew
		expect "later) "; send "yes\r"
		expect "PIN: "; send "$PIN\r"
		expect "once more"; expect "PIN: "; send "$PIN\r"
		expect eof
		exit [lindex [wait] 3]
	TCL
	rm -f /run/shown
	expect /run/scene
	says /run/shown "All certificates were renewed."
	says_not /run/shown $PIN
	grep -q "$(printf 'Step 3 of 4.*\rStep 4 of 4')" /run/shown || complain "the steps take several lines"
}

promise "--help and --version answer" helps
promise "no command at all is told so" is_misused
promise "an unknown command is told so" is_misused rebew
promise "an unknown option is told so" is_misused status --jason
promise "an option of another command is told so" is_misused renew --json
promise "status exits 0 when nothing is due" has_status 0 "valid" --days 200
promise "status exits 1 when something is due" has_status 1 "can be renewed now"
promise "status exits 1 when something is due soon" has_status 1 "expires soon, renew now" --days 2
promise "status exits 2 when something has expired" has_status 2 "expired, apply anew" --days -3
promise "status exits 3 without a card, and says so in JSON too" has_no_card
promise "status exits 2 with a card that was never set up" has_a_blank_card
promise "errors go to standard error" prints_errors_apart
promise "check-config says what is in force and what is wrong, with file, line and key" shows_configuration
promise "renew before the window says from which day on" comes_too_early
promise "renew after the end says to apply anew" comes_too_late
promise "renew without a CA says what is missing" has_no_ca
promise "renew takes its answers from a pipe" renews_from_a_pipe
promise "renew without answers changes nothing" hears_nothing
promise "on a terminal the PIN is not echoed and the steps share a line" renews_on_a_terminal
promised
