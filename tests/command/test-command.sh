# SPDX-License-Identifier: MIT
# The command as root runs it: what it prints where, and its exit status.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra

# at_command [OPTION...]: the card is as the options say, the CA honours requests.
at_command() {
	fresh_login "$@"
	seat_of 0
}

# split STATUS COMMAND...: with this exit status; stdout is in $out, stderr in $errors.
errors=/run/errors
split() {
	wanted=$1
	shift
	got=0
	"$@" > $out 2> $errors || got=$?
	[ $got = "$wanted" ] || { echo "exit status $got instead of $wanted: $*"; cat $out $errors; return 1; }
}

is_empty() { [ ! -s "$1" ] || { cat "$1"; return 1; }; }

# --- usage ---------------------------------------------------------------------------------------

helps() {
	split 0 certrenew "$@"
	is_empty $errors
	for word in "status [--json]" "status --online" "search --email" "  revoke " "renew [--yes]" \
		"renew --desktop" "doctor [--json]" "check-config [FILE]" "Exit status:"; do
		says $out "$word"
	done
}

# helps_with COMMAND OPTION...: each is told.
helps_with() {
	split 0 certrenew "$1" --help
	is_empty $errors
	for word in "$@" --email --serial "Exit status"; do
		says $out "$word"
	done
}

tells_of_phrases() {
	at_command
	split 3 certrenew set-phrase
	is_empty $out
	[ "$(cat $errors)" = "The challenge phrase stays with the certification authority and cannot be set from here: ask whoever gave you the card." ] ||
		complain "$(cat $errors)"
	nothing_happened
}

takes_no_phrase() {
	at_command
	split 3 certrenew set-phrase "blue whale"
	is_empty $out
	says $errors "Usage: certrenew set-phrase"
	nothing_happened
}

tells_version() {
	split 0 certrenew --version
	grep -qE '^certrenew [0-9]+\.[0-9]+\.[0-9]+$' $out || { cat $out; return 1; }
}

is_misused() {
	at_command
	split 3 certrenew "$@"
	is_empty $out
	says $errors "Try 'certrenew --help'."
	nothing_happened
}

# --- status --------------------------------------------------------------------------------------

date_in() { date -d "+$1 days" +%Y-%m-%d; }

serial_of() { card_list "$1" | sed -n 's/^token .*serial=//p'; }

lists_what_is_due() {
	at_command --days 20
	split 1 certrenew status
	says $out "Card Alice, serial number $(serial_of Alice)"
	for role in encryption signature; do
		grep -qE "^  $role +$(date_in 20) +20  can be renewed now +Alice Chen$" $out ||
			{ cat $out; return 1; }
	done
	is_empty $errors
}

# status_is STATUS STATE WORDS [OPTION...]: of both certificates, in the table and in JSON.
status_is() {
	wanted=$1 state=$2 words=$3
	shift 3
	at_command "$@"
	split "$wanted" certrenew status
	[ "$(grep -c "  $words  .*Alice Chen$" $out)" = 2 ] || { cat $out; return 1; }
	split "$wanted" certrenew status --json
	is_empty $errors
	json_says "null $state $state" 'error' 'certificates 0 state' 'certificates 1 state'
}

counts_the_worst() {
	at_command --roles signature --days 200
	new_card Other --key ec:P-256 --days -1
	split 2 certrenew status
	says $out "Card Alice, serial number $(serial_of Alice)"
	says $out "Card Other, serial number $(serial_of Other)"
	split 2 certrenew status --json
	[ "$(grep -c '"state": "expired"' $out) $(grep -c '"state": "valid"' $out)" = "2 1" ] ||
		{ cat $out; return 1; }
}

reads_one_token() {
	at_command --days 200
	new_card Other --key ec:P-256 --days -1
	sed -i 's/^\[card\]/[card]\ntoken = pkcs11:token=Alice/' /etc/certrenew.conf
	split 0 certrenew status
	says_not $out "Other"
}

# status_fails STATUS CODE SENTENCE NEXT COMMAND...: once the command has changed something.
status_fails() {
	wanted=$1 code=$2 sentence=$3 next=$4
	shift 4
	at_command
	"$@"
	split "$wanted" certrenew status
	is_empty $out
	says $errors "$sentence"
	says $errors "$next"
	split "$wanted" certrenew status --json
	json_says "$code" 'error'
	says $errors "$sentence"
}

empty_card() { fresh_card --empty; }
blank_card() { prepare_cards; }
no_card() { shim "C_GetTokenInfo error CKR_TOKEN_NOT_PRESENT"; }
no_such_token() { sed -i '/^module/a token = pkcs11:token=Nobody' /etc/certrenew.conf; }
no_driver() { sed -i 's|^module = .*|module = /nowhere.so|' /etc/certrenew.conf; }
bad_configuration() { echo "colour = blue" >> /etc/certrenew.conf; }
open_configuration() {
	trap "chmod 644 /etc/certrenew.conf" EXIT
	chmod 666 /etc/certrenew.conf
}
no_helper() {
	trap "mv /run/helper /usr/libexec/certrenew/certrenew-helper" EXIT
	mv /usr/libexec/certrenew/certrenew-helper /run/helper
}
driver_crashes() { shim "C_GetSlotList crash"; }
driver_hangs() {
	sed -i 's/^\[card\]/[card]\ntimeout = 1s/' /etc/certrenew.conf
	shim "C_GetSlotList hang 60"
}

# --- JSON ----------------------------------------------------------------------------------------

# json_says TEXT PATH...: the members of $out at the paths, as perl's own parser reads them.
json_says() {
	expected=$1
	shift
	said_json=$(perl -MJSON::PP -e '
		$all = decode_json(do { local (@ARGV, $/) = (shift); <> });
		for (@ARGV) {
			$at = $all;
			$at = ref $at eq "ARRAY" ? $at->[$_] : $at->{$_} for split;
			push @found, $at // "null";
		}
		binmode STDOUT, ":utf8";
		print "@found";
	' $out "$@")
	[ "$said_json" = "$expected" ] || { cat $out; complain "not '$expected' but '$said_json'"; }
}

is_whole_in_json() {
	at_command --not-after 1900000000
	serial=$(sed -n 's/.*role=signature serial=\([0-9A-F]*\).*/\1/p' /run/card.before)
	split 0 certrenew status --json
	json_says "signature 2030-03-17T17:46:40Z 2030-02-15T17:46:40Z $serial" \
		'certificates 1 role' 'certificates 1 not_after' 'certificates 1 renewable_from' \
		'certificates 1 serial_number'
	json_says "CN=Alice Chen,OU=Ministry of Examples,O=Example Government,C=TW" \
		'certificates 0 subject'
	json_says "CN=Example Issuing CA,O=Example Government,C=TW" 'certificates 0 issuer'
	json_says "Alice $(serial_of Alice) 0" 'certificates 0 token_label' \
		'certificates 0 token_serial_number' 'certificates 0 unfinished'
}

# Whatever a card calls itself, the JSON stays JSON, and the table a table.
survives_a_name() {
	prepare_cards
	new_card "$1" --key ec:P-256 --subject "/C=TW/O=Example Government/CN=$1"
	configure
	split 1 certrenew status --json
	json_says "$1" 'certificates 0 token_label'
	split 1 certrenew status
	says $out "$1"
}

# --- check-config --------------------------------------------------------------------------------

shows_the_configuration() {
	at_command
	split 0 certrenew check-config
	is_empty $errors
	grep -qE '^timeout += 5s +# /etc/certrenew.conf:2$' $out || { cat $out; return 1; }
	grep -qE '^prompt += ask +# default$' $out || { cat $out; return 1; }
	says $out '[ca "office"] # /etc/certrenew.conf:5'
}

# What it prints is a configuration itself, with the same meaning.
prints_what_can_be_read() {
	at_command
	certrenew check-config > /run/printed.conf
	split 0 certrenew check-config /run/printed.conf
	sed 's/ *#.*//' /run/printed.conf > /run/one
	sed 's/ *#.*//' $out > /run/other
	same /run/one /run/other
}

# finds FILE'S-TEXT ERROR
finds() {
	printf '%b' "$1" > /run/wrong.conf
	split 3 certrenew check-config /run/wrong.conf
	is_empty $out
	says $errors "/run/wrong.conf:$2"
	[ "$(wc -l < $errors)" = 1 ] || complain "more than one line"
}

refuses_what_others_may_write() {
	at_command
	cp /etc/certrenew.conf /run/open.conf
	chmod 666 /run/open.conf
	split 3 certrenew check-config /run/open.conf
	says $errors "/run/open.conf: others than its owner may write it"
	split 3 certrenew check-config /run/no-such.conf
	says $errors "/run/no-such.conf"
}

knows_defaults() {
	at_command
	mv /etc/certrenew.conf /run/away.conf
	split 0 certrenew check-config
	says $out "there is no configuration file, the defaults are in force"
	says $out "no certificate can be renewed"
}

needs_no_right() {
	at_command
	split 0 as_user alice certrenew check-config
	says $out "/etc/certrenew.conf:2"
}

# --- renew ---------------------------------------------------------------------------------------

renews_from_a_pipe() {
	at_command
	typed yes $PIN $PIN > /run/typed
	split 0 certrenew renew < /run/typed
	says $out "Your card's certificates expire in 20 days"
	says $out "Step 4 of 4: checking what was written. Do not remove the card."
	says $out "The signature certificate was valid until $(date_in 20) and is now valid until $(date_in 365)."
	says $out "All certificates were renewed. You may remove the card."
	! grep -q "$(printf '\r')" $out || complain "a carriage return"
	says_not $out $PIN
	renewed
}

is_not_asked_whether() {
	at_command
	typed $PIN $PIN > /run/typed
	split 0 certrenew renew --yes < /run/typed
	says_not $out "certificates expire in 20 days"
	renewed
}

renews_on_a_terminal() {
	at_command
	at_terminal certrenew renew <<-TCL
		see "Your card's certificates expire in 20 days"
		see "Renew now? (yes / no / later) "
		type "yes"
		see "PIN: "
		type "$PIN"
		see "once more"
		see "PIN: "
		type "$PIN"
		see "All certificates were renewed."
	TCL
	says_not $shown $PIN
	# A step takes the line of the step before it.
	grep -q "$(printf '^Step 1 of 4.*\rStep 2 of 4')" $shown || { cat -v $shown; return 1; }
	grep -q "$(printf '^Step 3 of 4.*\rStep 4 of 4')" $shown || { cat -v $shown; return 1; }
	renewed
}

# The questions are still the terminal's.
prints_steps_elsewhere() {
	at_command
	at_terminal sh -c 'certrenew renew > /run/elsewhere' <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		type "$PIN"
		see "PIN: "
		type "$PIN"
	TCL
	says /run/elsewhere "Step 4 of 4: checking what was written. Do not remove the card."
	! grep -q "$(printf '\r')" /run/elsewhere || complain "a carriage return"
	says_not $shown $PIN
	renewed
}

asks_again_on_a_terminal() {
	at_command
	at_terminal certrenew renew <<-TCL
		see "Renew now?"
		type "what?"
		see "Renew now?"
		type "y"
		see "PIN: "
		type "000000"
		see "That PIN was wrong"
		see "PIN: "
		type "$PIN"
		see "once more"
		see "PIN: "
		type "$PIN"
		see "All certificates were renewed."
	TCL
	renewed
}

# The terminal is as it was, the card's lock is free.
is_interrupted() {
	at_command
	at_terminal sh -c 'trap : INT; certrenew renew; stty -a' <<-TCL
		see "Renew now?"
		type "yes"
		see "PIN: "
		# Between the prompt and the reading, readpassphrase(3) does not notice a signal.
		set timeout 2
		for {set tries 0} {\$tries < 10} {incr tries} {
			send "\x03"
			expect -ex " echo " break timeout {}
		}
		if {\$tries == 10} { puts "it does not end"; exit 1 }
		set timeout 30
	TCL
	settled
	nothing_happened
	typed $PIN $PIN > /run/typed
	split 0 certrenew renew --yes < /run/typed
}

# leaves_alone STATUS SENTENCE COMMAND...
leaves_alone() {
	wanted=$1 sentence=$2
	shift 2
	at_command
	split "$wanted" "$@"
	cat $errors >> $out
	says $out "$sentence"
	nothing_happened
}

comes_too_early() {
	at_command --days 200
	split 0 certrenew renew < /dev/null
	cat $errors >> $out
	says $out "No certificate has to be renewed now; that is possible from $(date_in 170) on."
	nothing_happened
}

comes_too_late() {
	at_command --days -3
	split 2 certrenew renew < /dev/null
	says $errors "Your card's certificates expired on $(date_in -3)."
	says $errors "Apply for a new certificate with whoever gave you the card."
	nothing_happened
}

has_no_ca() {
	at_command
	sed -i '/^\[ca "/,$d' /etc/certrenew.conf
	split 3 certrenew renew < /dev/null
	says $out "Your card's certificates expire in 20 days"
	says $errors "No certification authority is configured for this certificate."
	says $errors "Tell your administrator: a [ca] section in certrenew.conf."
	nothing_happened
}

renew_fails() {
	sentence=$1
	shift
	at_command
	"$@"
	split 3 certrenew renew --yes < /dev/null
	says $errors "$sentence"
	says_not $RA_LOG request
}

renews_half() {
	at_command
	another_ra --misbehave http-403 --misbehave-only-role signature
	typed $PIN $PIN > /run/typed
	split 3 certrenew renew --yes < /run/typed
	says $out "The encryption certificate was valid until"
	says $errors "The signature certificate was not renewed. \
The certification authority does not accept this certificate."
	says $errors "The certification authority said: This person may not renew online."
	says $out "1 of 2 certificates were renewed."
	card_proves Alice
}

# Of two cards the second is chosen; the first is as before.
chooses() {
	at_command
	new_card Other --key ec:P-256
	card_list Alice > /run/card.before
	split 1 certrenew renew < /dev/null
	which=$(sed -n "s/^ *\([12]\)  Other (serial number $(serial_of Other))/\1/p" $out)
	typed nonsense 3 "$which" yes $PIN $PIN > /run/typed
	split 0 certrenew renew < /run/typed
	renewed Other
	untouched
}

promise "search --help tells its options and exit statuses" helps_with search --name --status --save --json
promise "so does revoke --help" helps_with revoke --name --reason --phrase-fd --accept-agreement --wait
promise "--help and -h tell the commands and the exit statuses" helps --help
promise "--version tells the version" tells_version
promise "set-phrase says whom to ask, where the CA takes no phrase" tells_of_phrases
promise "set-phrase takes no phrase on the command line" takes_no_phrase
promise "no command: exit status 3, and where to look" is_misused
promise "an unknown command: likewise" is_misused rebew
promise "an unknown option: likewise" is_misused status --jason
promise "too many arguments: likewise" is_misused renew Alice
promise "two configurations to check: likewise" is_misused check-config one two
promise "--json is status's" is_misused renew --json
promise "--yes is renew's" is_misused status --yes

promise "status lists card, certificates, dates and days left" lists_what_is_due
promise "status exits 0 when nothing is due" status_is 0 valid valid --days 200
promise "status exits 1 when something can be renewed" status_is 1 renewable "can be renewed now"
promise "status exits 1 when something expires soon" \
	status_is 1 critical "expires soon, renew now" --days 2
promise "status exits 2 when something has expired" \
	status_is 2 expired "expired, apply anew" --days -3
promise "status exits 0 for certificates without end" \
	status_is 0 unlimited "valid without end" --not-after 253402300799
promise "of several cards the worst counts, and each is listed" counts_the_worst
promise "[card] token narrows it to one" reads_one_token
promise "status exits 2 with a card without certificates" \
	status_fails 2 no-certificate "There is no certificate of a person on the card." \
	"Ask whoever gave you the card." empty_card
promise "status exits 2 with a card that was never set up" \
	status_fails 2 card-uninitialised "The card, or its PIN, has not been set up." \
	"Ask whoever gave you the card to set it up." blank_card
promise "status exits 3 without a card" \
	status_fails 3 no-card "There is no card in the reader." "Insert your card" no_card
promise "status exits 3 without the card that [card] token names" \
	status_fails 3 no-card "There is no card in the reader." "Insert your card" no_such_token
promise "status exits 3 without a driver" \
	status_fails 3 driver "The card's driver does not work." "[card] module" no_driver
promise "status exits 3 when the driver crashes" \
	status_fails 3 crashed "A part of certrenew ended unexpectedly." "the log says more" \
	driver_crashes
promise "status exits 3 when the driver hangs, after [card] timeout" \
	status_fails 3 timeout "The card or its driver did not answer in time." \
	"Take the card out" driver_hangs
promise "status exits 3 with a wrong configuration" \
	status_fails 3 config "certrenew is not set up correctly on this computer." \
	"'certrenew check-config' says what is wrong" bad_configuration
promise "status exits 3 with a configuration that others may write" \
	status_fails 3 config "certrenew is not set up correctly on this computer." \
	"'certrenew check-config' says what is wrong" open_configuration
promise "JSON has the whole of it, in UTC" is_whole_in_json
promise "a card's name with quotes and backslashes is JSON all the same" \
	survives_a_name 'a"b\c\u0041'
promise "a card's name in Chinese is JSON, and a name in the table" survives_a_name 陳小姐的卡

promise "check-config shows what is in force, and where it was set" shows_the_configuration
promise "what check-config prints is a configuration with the same meaning" prints_what_can_be_read
promise "a bad value: file, line, section and key" \
	finds '[login]\ntimeout = soon\n' '2: [login] timeout: '
promise "an unknown key: likewise, and the section's keys" \
	finds '[card]\n\n\ncolour = red\n' '4: [card] colour: there is no such key; this section'
promise "an unknown section: likewise" finds '[colours]\n' '1: [colours] is unknown'
promise "a key of a CA: with the CA's name" \
	finds '[ca "office"]\ntrust = /etc/ca.pem\nurl = http://ra.example\n' '3: [ca "office"] url: '
promise "a line that is none" finds '[login]\nask me\n' "2: [login]: 'ask me' is neither"
promise "a file that others may write, or that is not there, is an error" \
	refuses_what_others_may_write
promise "without the usual file the defaults are shown" knows_defaults
promise "check-config needs no right" needs_no_right

promise "renew takes its answers from a pipe, and prints a line for each step" renews_from_a_pipe
promise "renew --yes does not ask whether to" is_not_asked_whether
promise "on a terminal the PIN is not echoed, and a step rewrites the line of the one before" \
	renews_on_a_terminal
promise "with stdout elsewhere the steps are lines there, the questions are the terminal's" \
	prints_steps_elsewhere
promise "on a terminal nonsense and a wrong PIN are asked again" asks_again_on_a_terminal
promise "Ctrl-C at the PIN ends it, and the terminal echoes again" is_interrupted
promise "'no' leaves everything alone: exit status 1" \
	leaves_alone 1 "The renewal was cancelled. Nothing on the card was changed." \
	sh -c 'echo no | certrenew renew'
promise "so does the end of input" \
	leaves_alone 1 "The renewal was cancelled. Nothing on the card was changed." \
	sh -c 'certrenew renew < /dev/null'
promise "so does a closed stdin" \
	leaves_alone 1 "The renewal was cancelled. Nothing on the card was changed." \
	sh -c 'timeout 5 certrenew renew <&-'
promise "so does an empty PIN" \
	leaves_alone 1 "The renewal was cancelled. Nothing on the card was changed." \
	sh -c 'echo | certrenew renew --yes'
promise "renew before the window: exit status 0, and from which day on" comes_too_early
promise "renew after the end: exit status 2, and to apply anew" comes_too_late
promise "renew without a [ca] section says what expires and what is missing" has_no_ca
promise "renew without a card: exit status 3" renew_fails "There is no card in the reader." no_card
promise "renew with a card without certificates: exit status 3" \
	renew_fails "There is no certificate of a person on the card." empty_card
promise "renew when the driver crashes: exit status 3" \
	renew_fails "A part of certrenew ended unexpectedly." driver_crashes
promise "renew with a wrong configuration: exit status 3" \
	renew_fails "certrenew is not set up correctly on this computer." bad_configuration
promise "without its helper the command says so" \
	renew_fails "the helper cannot be reached: /usr/libexec/certrenew/certrenew-helper: No such file" \
	no_helper
promise "one of two certificates renewed: exit status 3, and both is said" renews_half
promise "of two cards to be renewed, the person chooses" chooses
promised
