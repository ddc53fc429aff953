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
	for word in "status [--json]" "renew [--yes]" "check-config [FILE]" "Exit status:"; do
		says $out "$word"
	done
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

lists_what_is_due() {
	at_command --days 20
	split 1 certrenew status
	serial=$(card_list Alice | sed -n 's/^token .*serial=//p')
	says $out "Card Alice, serial number $serial"
	for role in encryption signature; do
		grep -qE "^  $role +$(date_in 20) +20  can be renewed now +Alice Chen$" $out ||
			{ cat $out; return 1; }
	done
	is_empty $errors
}

# status_is STATUS WORDS [OPTION...]: the table says so of a card that was made with the options.
status_is() {
	wanted=$1 words=$2
	shift 2
	at_command "$@"
	split "$wanted" certrenew status
	[ "$(grep -c "$words" $out)" = 2 ] || { cat $out; return 1; }
}

counts_the_worst() {
	at_command --roles signature --days 200
	new_card Other --key ec:P-256 --days -1
	split 2 certrenew status
	says $out "Card Alice"
	says $out "Card Other"
}

# fails_with STATUS SENTENCE NEXT COMMAND...: after the command changed something.
status_fails() {
	wanted=$1 sentence=$2 next=$3
	shift 3
	at_command
	"$@"
	split "$wanted" certrenew status
	is_empty $out
	says $errors "$sentence"
	says $errors "$next"
	split "$wanted" certrenew status --json
	read_json '$_->{error}' > /run/code
	[ "$(cat /run/code)" != null ] || complain "no error in JSON"
	says $errors "$sentence"
}

empty_card() { fresh_card --empty; }
no_card() { shim "C_GetTokenInfo error CKR_TOKEN_NOT_PRESENT"; }
no_driver() { sed -i 's|^module = .*|module = /nowhere.so|' /etc/certrenew.conf; }
bad_configuration() { echo "colour = blue" >> /etc/certrenew.conf; }
crash() { shim "C_GetSlotList crash"; }
hang() {
	sed -i 's/^\[card\]/[card]\ntimeout = 1s/' /etc/certrenew.conf
	shim "C_GetSlotList hang 60"
}

# --- JSON ----------------------------------------------------------------------------------------

# read_json EXPRESSION: of what is in $out, as perl's own parser reads it.
read_json() {
	perl -MJSON::PP -0777 -ne '
		$_ = decode_json($_);
		print defined $_ ? "$_\n" : "null\n" for eval $ARGV[0] // die;
		BEGIN { $expression = shift; $ARGV[0] = $ARGV[0] }
	' "$@"
}

promised
