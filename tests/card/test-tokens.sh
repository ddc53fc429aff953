# SPDX-License-Identifier: MIT
# What is on a card, what is wrong with one, which one of several: as status and renew see it.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
RA_PORT=1
configure

# is STATUS STATE DAYS: both certificates of Alice's are in this state, and no others are shown.
is() {
	exits "$1" certrenew status
	says "$out" "Card Alice, serial number $(serial_of Alice)"
	says "$out" "  CERTIFICATE  VALID UNTIL  DAYS LEFT  $(printf "%-${#2}s" STATE)  HOLDER"
	ends=$(card_list Alice | sed -n 's/^certificate .*role=signature .*not-after=\([0-9]*\).*/\1/p' |
		sort -n | tail -n 1)
	for role in encryption signature; do
		row="  $(printf '%-11s  %-11s  %9s  %-5s  ' $role "$(date -d "@$ends" +%Y-%m-%d)" "$3" "$2")"
		says "$out" "${row}Alice Chen"
	done
	[ "$(wc -l < "$out")" = 4 ] || complain "more than two certificates: $(cat "$out")"
}

serial_of() { card_list "$1" | sed -n 's/^token .*serial=//p'; }

# json STATUS PERL: the expression holds for what status --json says, as $_.
json() {
	exits "$1" certrenew status --json
	perl -MJSON::PP -e 'local $/; open(F, "<", shift); $_ = decode_json(<F>);
		my $held = eval(shift); die $@ if $@; exit($held ? 0 : 1)' "$out" "$2" ||
		{ echo "does not hold: $2"; cat "$out"; return 1; }
}

# is_wrong STATUS SENTENCE NEXT CODE: what is said, and by what name.
is_wrong() {
	exits "$1" certrenew status
	says "$out" "$2."
	says "$out" "$3"
	json_error "$1" "$4"
}

json_error() {
	set +e
	certrenew status --json > "$out" 2> /dev/null
	got=$?
	set -e
	[ $got = "$1" ] || complain "exit status $got"
	[ "$(cat "$out")" = "{\"error\": \"$2\", \"certificates\": [], \"unfinished\": []}" ] || { cat "$out"; return 1; }
}

# --- validity ------------------------------------------------------------------------------------

# shows STATUS STATE DAYS NAME OPTION...: a card with these certificates.
shows() {
	wanted=$1 state=$2 days=$3 name=$4
	shift 4
	fresh_card "$@"
	configure
	is "$wanted" "$state" "$days"
	json "$wanted" "@{\$_->{certificates}} == 2 &&
		!grep { \$_->{state} ne '$name' || \$_->{days_left} != $days } @{\$_->{certificates}}"
}

never_ends() {
	fresh_card "$@"
	configure
	is 0 "valid without end" -
	json 0 "!grep { \$_->{state} ne 'unlimited' || defined \$_->{days_left} || defined \$_->{renewable_from} }
		@{\$_->{certificates}}"
}

has_facts() {
	fresh_card --subject '/C=TW/O=範例機關/CN=陳小明 "\ \\'
	configure
	serial=$(serial_of Alice)
	exits 1 certrenew status
	says "$out" '陳小明 " \'
	json 1 "!defined(\$_->{error}) && \$_->{certificates}[0]{role} eq 'encryption' &&
		\$_->{certificates}[1]{role} eq 'signature' &&
		!grep { \$_->{token_serial_number} ne '$serial' || \$_->{token_label} ne 'Alice' ||
			\$_->{issuer} ne 'CN=Example Issuing CA,O=Example Government,C=TW' ||
			\$_->{serial_number} !~ /^[0-9A-F]{2,}\$/ || \$_->{unfinished} ||
			\$_->{not_after} !~ /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\$/ } @{\$_->{certificates}}"
}

follows_the_window() {
	fresh_card --days 100
	configure '1i [reminder]\nwindow = 120d\ncritical = 110d'
	is 1 "expires soon, renew now" 100
	configure '1i [reminder]\nwindow = 120d'
	is 1 "can be renewed now" 100
}

# --- odd contents --------------------------------------------------------------------------------

shows_only_the_two() {
	fresh_card "$@"
	configure
	is 1 "can be renewed now" 20
}

# two_are_due OPTION...: of all that is on the card, these two.
two_are_due() {
	fresh_card "$@"
	configure
	exits 1 certrenew status
	[ "$(grep -c " 20  can be renewed now  .*Alice Chen$" "$out")" = 2 ] || { cat "$out"; return 1; }
	[ "$(wc -l < "$out")" = 4 ] || complain "more than two certificates: $(cat "$out")"
}

# The person's own is renewed; what is not hers to renew stays as it is.
renews_beside_keyless() {
	fresh_card --newer-keyless
	rm -f $RA_LOG
	start_ra
	configure
	card_list Alice | grep Elsewhere > /run/before
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	card_list Alice | grep Elsewhere > /run/after
	same /run/before /run/after
	[ "$(grep -c . /run/after)" = 2 ] || complain "there were not two"
	exits 0 certrenew status
	stop_ra
}

# calls OPTION...: how often the driver is called by a check of such a card.
calls() {
	fresh_card "$@"
	configure
	install -d -o _certrenew /var/log/shim
	rm -f /var/log/shim/calls
	shim "log /var/log/shim/calls"
	certrenew status > "$out" || :
	grep -c . /var/log/shim/calls
}

# Looking for keys takes calls: as many as there are certificates are not made for nothing.
looks_for_no_keys() {
	calls --days 100 "$@" > /run/calls
	! grep -E "C_FindObjectsInit (public|private)-key" /var/log/shim/calls ||
		complain "keys were looked for"
}

has_no_certificate() {
	fresh_card "$@"
	configure
	is_wrong 2 "There is no certificate of a person on the card" "Ask whoever gave you the card." \
		no-certificate
}

has_a_key_of_no_use() {
	fresh_card --roles "" --certify-ed25519
	configure
	exits 1 certrenew status
	says "$out" "  signature "
	start_ra
	configure
	card_list Alice > /run/before
	exits 3 renew $PIN
	says "$out" "This kind of key cannot be renewed. Nothing on the card was changed."
	says "$out" "Ask whoever gave you the card for a renewal."
	card_list Alice > /run/after
	same /run/before /run/after
	stop_ra
}

cleans_its_label() {
	prepare_cards
	new_card "$(printf 'Al\033[31m\002')" --key ec:P-256
	configure
	exits 1 certrenew status
	! grep -q "$(printf '[\033\002]')" "$out" || complain "control characters"
	says "$out" "Card Al"
	json 1 '@{$_->{certificates}} == 2'
}

# --- no card, no driver --------------------------------------------------------------------------

has_no_card() {
	fresh_card
	configure
	shim "$1"
	is_wrong 3 "There is no card in the reader" "Insert your card and try again." no-card
	exits 3 renew $PIN
	says "$out" "There is no card in the reader."
}

is_not_set_up() {
	prepare_cards
	configure
	is_wrong 2 "The card, or its PIN, has not been set up" \
		"Ask whoever gave you the card to set it up." card-uninitialised
}

# has_driver MODULE: one that does not work.
has_driver() {
	fresh_card
	configure "s|^module = .*|module = $1|"
	is_wrong 3 "The card's driver does not work" \
		"Tell your administrator: [card] module in certrenew.conf." driver
	logs "driver: [card] module $1"
}

# answers RULE SENTENCE CODE: the driver does, at each run.
answers() {
	fresh_card
	configure
	shim "$1"
	exits 3 certrenew status
	says "$out" "$2."
	json_error 3 "$3"
}

is_slow() {
	fresh_card
	configure "s/^\[card\]/&\ntimeout = 1s/"
	shim "$1"
	start=$(now_ms)
	exits 3 certrenew status
	[ $(($(now_ms) - start)) -lt 3000 ] || complain "$(($(now_ms) - start)) ms"
	says "$out" "The card or its driver did not answer in time."
	says "$out" "Take the card out, insert it again and try again."
	within 5 sh -c '! pgrep -x certrenew-check > /dev/null'
}

# --- one of several ------------------------------------------------------------------------------

shows_all() {
	fresh_card
	new_card Bob --key ec:P-256 --days 100
	new_card Carol --key ec:P-256 --days -1
	configure
	exits 2 certrenew status
	for card in Alice Bob Carol; do
		says "$out" "Card $card, serial number $(serial_of $card)"
	done
	for state in "can be renewed now" "valid" "expired, apply anew"; do
		[ "$(grep -c "  $state  .*Alice Chen$" "$out")" = 2 ] || complain "not two: $state"
	done
	json 2 '@{$_->{certificates}} == 6'
}

# two_cards: both of the same label, both to be renewed.
two_cards() {
	fresh_card
	new_card Alice --key ec:P-256
	as_certrenew test-card list --module $MODULE --pin $PIN |
		sed -n 's/^token label="Alice" serial=//p' > /run/serials
	rm -f $RA_LOG
	start_ra
	configure
	rm -f /run/answers
	mkfifo /run/answers
}

begin_renewal() {
	certrenew renew --yes < /run/answers > "$out" 2>&1 &
	renewing=$!
	exec 9> /run/answers
	within 10 grep -q "Several cards can be renewed:" "$out"
}

contents() {
	as_certrenew test-card list --module $MODULE --pin $PIN --serial "$1"
}

asks_which() {
	two_cards
	first=$(sed -n 1p /run/serials)
	second=$(sed -n 2p /run/serials)
	contents "$first" > /run/first.before
	contents "$second" > /run/second.before
	begin_renewal
	says "$out" "  Alice (serial number $first)"
	sed -n "s/^ *\([12]\) .*(serial number $second).*/\1/p" "$out" >&9
	printf '%s\n%s\n' $PIN $PIN >&9
	exec 9>&-
	wait $renewing
	says "$out" "All certificates were renewed."
	contents "$first" > /run/first.after
	contents "$second" > /run/second.after
	same /run/first.before /run/first.after
	! cmp -s /run/second.before /run/second.after || complain "the second is as before"
	# Only one is left to be renewed, so nothing is asked.
	exits 0 renew $PIN $PIN
	says_not "$out" "Several cards"
	! contents "$first" | cmp -s - /run/first.before || complain "the first is as before"
	exits 0 certrenew status
	stop_ra
}

# is_no_choice LINE...: one of two cards is meant; these lines don't say which.
is_no_choice() {
	two_cards
	exits 1 renew "$@"
	says "$out" "The renewal was cancelled."
	says_not "$out" "PIN"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	stop_ra
}

renews_the_one_that_is_due() {
	fresh_card --days 100
	new_card Bob --key ec:P-256
	rm -f $RA_LOG
	start_ra
	configure
	exits 0 renew $PIN $PIN
	says "$out" "Enter your card's PIN (Bob)"
	exits 0 certrenew status
	stop_ra
}

# chooses_bob URI: with %s for Bob's serial number.
chooses_bob() {
	fresh_card
	new_card Bob --key ec:P-256
	configure "s/^\[card\]/&\ntoken = $(printf "$1" "$(serial_of Bob)")/"
	exits 1 certrenew status
	says "$out" "Card Bob"
	says_not "$out" "Card Alice"
}

chooses_none() {
	fresh_card
	configure "s/^\[card\]/&\ntoken = pkcs11:token=Somebody/"
	is_wrong 3 "There is no card in the reader" "Insert your card and try again." no-card
}

takes_no_such_uri() {
	fresh_card
	configure "s/^\[card\]/&\ntoken = $1/"
	exits 3 certrenew status
	says "$out" "certrenew is not set up correctly on this computer."
	says "$out" "Tell your administrator: 'certrenew check-config' says what is wrong."
}

# The library that reads it is loaded only then, in the sandbox.
needs_a_library_for_a_uri() {
	fresh_card
	configure
	library=$(echo /usr/lib/*/libp11-kit.so.0)
	trap 'mv /run/hidden $library' EXIT
	mv $library /run/hidden
	exits 1 certrenew status
	configure "s/^\[card\]/&\ntoken = pkcs11:token=Alice/"
	is_wrong 3 "This computer could not do it" "" system
	logs "[card] token: libp11-kit.so.0: cannot open shared object file"
}

is_not_hidden_by() {
	fresh_card
	new_card Bob --key ec:P-256 "$@"
	configure
	is 1 "can be renewed now" 20
}

now=$(date +%s)
other_library=$(ldconfig -p | sed -n 's/.* => \(.*libz\.so\.1\)$/\1/p' | head -n 1)
promise "nothing due: exit status 0" shows 0 "valid" 100 valid --days 100
promise "due: exit status 1" shows 1 "can be renewed now" 20 renewable
promise "two days left are critical" shows 1 "expires soon, renew now" 2 critical --days 2
promise "a minute left is no day" \
	shows 1 "expires soon, renew now" $(((now + 60) / 86400 - now / 86400)) critical \
	--not-after $((now + 60))
promise "expired: exit status 2" shows 2 "expired, apply anew" -3 expired --days -3
promise "not yet valid: nothing due" shows 0 "not yet valid" 20 not-yet-valid --issued-days-ago -5
promise "an end after 2050" \
	shows 0 "valid" $((2600000000 / 86400 - now / 86400)) valid --not-after 2600000000
promise "the end of 9999 is none" never_ends \
	--not-after 253402300799
promise "the window and what is critical are settings" follows_the_window
promise "RSA keys" shows 1 "can be renewed now" 20 renewable --key rsa:2048
promise "names in any script, quoted as JSON wants it" has_facts
promise "a token's label may not drive the terminal" cleans_its_label

promise "a certificate that cannot be parsed does not hide the others" \
	shows_only_the_two --unparsable
promise "a certificate that is not X.509 does not hide the others" shows_only_the_two --non-x509
promise "an Ed25519 key does not hide the others" shows_only_the_two --extra-ed25519
promise "an Ed25519 key's certificate does not hide the others" \
	shows_only_the_two --certify-ed25519
promise "CA certificates are not the person's" shows_only_the_two --ca-certificates
promise "old certificates that were kept are not due" shows_only_the_two --kept-old
promise "certificates without keys do not hide the person's own, though they end later" \
	two_are_due --newer-keyless
promise "... nor from the renewal, which leaves them alone" renews_beside_keyless
promise "where nothing is due, no keys are looked for" looks_for_no_keys
promise "... also beside old certificates that were kept" looks_for_no_keys --kept-old
promise "fifty more certificates without keys are not the person's" \
	shows_only_the_two --extra-certificates 50
promise "all of these at once" shows_only_the_two --unparsable --non-x509 --certify-ed25519 \
	--ca-certificates --kept-old --extra-certificates 50
promise "keys that show without a login" shows_only_the_two --public-private-keys

promise "a card without certificates: exit status 2" has_no_certificate --empty
promise "a card without a PIN and certificates: exit status 2" has_no_certificate --no-pin
promise "a card with CA certificates only" has_no_certificate --roles "" --ca-certificates
promise "a card with a certificate that cannot be parsed only" \
	has_no_certificate --roles "" --unparsable
promise "a card with an Ed25519 certificate only is told that this cannot be renewed" \
	has_a_key_of_no_use

promise "no card in the reader: exit status 3" has_no_card "C_Initialize after removed"
promise "an empty token folder: exit status 2" is_not_set_up
promise "a driver that is missing" has_driver /usr/lib/no-such-driver.so
promise "a driver that is missing from the modules' folder" has_driver no-such-driver.so
promise "a driver that is no PKCS#11 module" has_driver "$other_library"
promise "a driver that is no library" has_driver /etc/passwd
promise "a driver that cannot be initialised" \
	answers "C_Initialize error CKR_GENERAL_ERROR" "The card's driver does not work" driver
promise "a driver that crashes" \
	answers "C_GetSlotList crash" "A part of certrenew ended unexpectedly" crashed
promise "a card that is pulled while it is read" \
	answers "C_FindObjects#1 removed" "The card was removed" card-removed
promise "a card that opens no session" \
	answers "C_OpenSession error CKR_DEVICE_ERROR" \
	"The card or its reader does not answer as it should" card-error
promise "a driver that hangs: the command ends when [card] timeout is over" \
	is_slow "C_GetSlotList hang 60"
promise "a card that hangs: the command ends when [card] timeout is over" \
	is_slow "C_GetAttributeValue hang 60"

promise "status shows all cards; the worst of them makes the exit status" shows_all
promise "renew asks which card, by label and serial number" asks_which
promise "a number that is none of theirs is no choice" is_no_choice 3 0 -1 1
promise "a word is no choice" is_no_choice Alice one 1x 1
promise "nothing is no choice" is_no_choice
promise "a card that is not due is not asked about" renews_the_one_that_is_due
promise "the configuration chooses a card by its label" chooses_bob "pkcs11:token=Bob"
promise "the configuration chooses a card by its serial number" chooses_bob "pkcs11:serial=%s"
promise "the configuration chooses a card that is not there" chooses_none
promise "a URI that is none is an error of the configuration" takes_no_such_uri "pkcs11:token"
promise "a URI that cannot be read is not taken for one that no card fits" needs_a_library_for_a_uri
promise "a card without certificates does not hide the other" is_not_hidden_by --empty
promise "a card that cannot be used does not hide the other" is_not_hidden_by --no-pin
promised
