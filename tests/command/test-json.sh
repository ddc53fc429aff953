# SPDX-License-Identifier: MIT
# What fleets go by: --json prints what certrenew(1) lists, whatever happens.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/login/pam.sh

MANUAL=packaging/man/certrenew.1
journal=/var/lib/certrenew/journal
errors=/run/errors

# --- what the manual says ------------------------------------------------------------------------

# members OF N: of the N-th object in 'JSON of OF': a name and a type in each line.
members() {
	awk -v heading=".Ss JSON of $1" -v wanted="$2" '
		/^\.S[sh] / { here = $0 == heading }
		here && /^\.Bl/ { list++ }
		here && list == wanted && sub(/^\.It Ql /, "") { sub(/ , /, "\t"); print }' $MANUAL
}

# The objects that there are.
status_object() { members status 1; }
status_certificate() { members status 2; }
status_unfinished() { members status 3; }
online_object() { members status 1 | grep -v '^unfinished'; }
online_certificate() { members status 4; }
search_object() { members search 1; }
search_certificate() {
	members status 4 | grep -v '^token_serial_number'
	members search 2
}
journal_object() { members journal 1; }
journal_record() { members journal 2; }
journal_certificate() { members journal 3; }
journal_shown() {
	members journal 2
	members journal 4
}
journal_not_shown() { members journal 4; }

# has OBJECT [PATH...]: each object at the path in the output has these members, of these types, and
# no others; at least one is there. What is null on the way is none.
has() {
	"$1" > /run/members
	[ -s /run/members ] || complain "the manual lists nothing"
	shift
	perl -MJSON::PP -MB -e '
		my ($file, @path) = @ARGV;
		open(M, "<", "/run/members"); my %type = map { chomp; split(/\t/, $_, 2) } <M>;
		s/true or false/boolean/ for values %type;
		open(J, "<", $file); my @objects = decode_json(join("", <J>));
		for my $name (@path) {
			@objects = grep { defined } map { ref $_ eq "ARRAY" ? @$_ : $_ } map { $_->{$name} } @objects;
		}
		die "no object at @path" unless @objects;
		sub kind {
			my ($value) = @_;
			return "null" unless defined $value;
			return "boolean" if JSON::PP::is_bool($value);
			return lc ref $value if ref $value;
			return "number" if B::svref_2object(\$value)->FLAGS & (B::SVf_IOK | B::SVf_NOK);
			return $value =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ ? "time" : "text";
		}
		for my $object (@objects) {
			for my $name (sort keys %$object) {
				my $kind = kind($object->{$name});
				$kind = "object" if $kind eq "hash";
				die "$name is not in the manual" unless $type{$name};
				die "$name is $kind, and not $type{$name}" unless grep { $_ eq $kind } split(/ or /, $type{$name});
			}
			for (keys %type) { die "$_ is not there" unless exists $object->{$_} }
		}' "$out" "$@" || { cat "$out"; return 1; }
}

# The words of a member that has only some, wherever it is, are in the manual's part on JSON.
says_only_words_of_the_manual() {
	sed -n '/^\.Ss JSON$/,/^\.Sh /p' $MANUAL > /run/section
	perl -MJSON::PP -e '
		my %has_words = map { $_ => 1 } qw(role state next status cut);
		sub words {
			my ($at) = @_;
			return map { words($_) } @$at if ref $at eq "ARRAY";
			return unless ref $at eq "HASH";
			return map { $has_words{$_} ? $at->{$_} // () : words($at->{$_}) } keys %$at;
		}
		open(J, "<", $ARGV[0]); my $all = decode_json(join("", <J>));
		open(S, "<", "/run/section"); my $manual = join("", <S>);
		for my $word (words($all)) {
			die "$word is not in the manual" unless $manual =~ /^\.Ql .*(?<!\S)\Q$word\E(?!\S)/m;
		}' "$out"
}

# Also those that no test meets.
knows_every_state() {
	sed -n '/^\.Ss JSON$/,/^\.Sh /p' $MANUAL > /run/section
	grep -ohE '"[a-z-]+"' helper/common/journal_state.c | tr -d '"' | sort -u > /run/words
	sed -n '/^static const char \*state_name/,/^}/p' helper/command/status.c | grep -ohE '"[a-z-]+"' |
		tr -d '"' >> /run/words
	[ "$(wc -l < /run/words)" -ge 20 ] || complain "$(cat /run/words)"
	while read -r word; do
		grep -qE "^\.Ql (.* )?$word( |\$)" /run/section || complain "$word is not in the manual" || return 1
	done < /run/words
}

# prints STATUS COMMAND...: the exit status; what is on standard output is in $out, the rest apart.
prints() {
	wanted=$1 got=0
	shift
	"$@" > "$out" 2> $errors || got=$?
	[ $got = "$wanted" ] || { echo "exit status $got instead of $wanted: $*"; cat "$out" $errors; return 1; }
}

# fails_in_json ERROR OBJECT COMMAND...: with exit status 3, and in words, too.
fails_in_json() {
	error=$1 object=$2
	shift 2
	prints 3 "$@" --json
	has "$object"
	says "$out" "{\"error\": \"$error\""
	[ -s $errors ] || complain "nothing is on standard error"
}

# --- status --------------------------------------------------------------------------------------

has_its_form() {
	fresh_login
	prints 1 certrenew status --json
	has status_object
	has status_certificate certificates
	says_only_words_of_the_manual
}

has_its_form_without_a_card() {
	prepare_cards
	configure 's/^\[card\]$/&\ntoken = pkcs11:token=Nobody/'
	fails_in_json no-card status_object certrenew status
	fails_in_json no-card online_object certrenew status --online
}

half_way() {
	fresh_login
	shim "C_CreateObject#1 crash"
	renew $PIN $PIN > /dev/null 2>&1 || :
	configure
}

has_its_form_half_way() {
	half_way
	prints 1 certrenew status --json
	has status_object
	has status_unfinished unfinished
	says_only_words_of_the_manual
}

has_its_form_online() {
	fresh_login
	printf '[status]\ncheck = off\n' >> /etc/certrenew.conf
	prints 1 certrenew status --online --json
	has online_object
	has online_certificate certificates
	says_only_words_of_the_manual
}

break_configuration() { echo "colour = blue" >> /etc/certrenew.conf; }

# Where systemd does not listen, and where the program is gone.
has_no_helper() {
	fresh_login
	[ ! -e /run/certrenew/socket ] || complain "there is a socket"
	fails_in_json no-helper status_object as_user alice certrenew status
	fails_in_json no-helper online_object as_user alice certrenew status --online
	says $errors "systemctl enable --now certrenew.socket"
	trap "mv /run/helper /usr/libexec/certrenew/certrenew-helper" EXIT
	mv /usr/libexec/certrenew/certrenew-helper /run/helper
	fails_in_json no-helper status_object certrenew status
	fails_in_json no-helper online_object certrenew status --online
}

has_a_broken_configuration() {
	fresh_login
	break_configuration
	fails_in_json config status_object certrenew status
	fails_in_json config online_object certrenew status --online
	says $errors "[ca \"office\"] colour: there is no such key"
	fails_in_json config search_object certrenew search --email alice@example.test
}

# --- search --------------------------------------------------------------------------------------

with_directory() {
	prepare_cards
	certify "Alice Chen" alice@example.test > /dev/null
	revoked=$(certify "Bob Lin" bob@example.test)
	certify "Bob Lin" bob@example.test --not-after $(($(date +%s) - 86400)) \
		--not-before $(($(date +%s) - 864000)) > /dev/null
	test-ca revoke --ca $CA --serial "$revoked" --reason keyCompromise
	test-ca list --ca $CA --out $WEB/all.crl
	fill_directory
	start_directory
	trap stop_directory EXIT
	configure
	configure_directory "$@" 's/^\[status\]$/&\ncheck = crl/'
	rm -rf /root/.cache/certrenew
}

searches() {
	with_directory
	for person in alice bob; do
		prints 0 certrenew search --email $person@example.test --status any --json
		has search_object
		has search_certificate certificates
		says_only_words_of_the_manual
	done
	says "$out" '"status": "revoked"'
	says "$out" '"reason": "keyCompromise"'
	says "$out" '"status": "expired"'
}

finds_nobody() {
	with_directory
	prints 1 certrenew search --email nobody@example.test --json
	has search_object
	says "$out" '"certificates": []'
}

is_cut() {
	with_directory 's/^base = .*/&\nlimit = 1/'
	prints 0 certrenew search --name o --status any --json
	has search_object
	says "$out" '"cut": "limit"'
	says_only_words_of_the_manual
}

cannot_search() {
	configure
	fails_in_json config search_object certrenew search --email alice@example.test
	printf '%s\n' '[directory]' 'url = https://localhost:1/certificates' >> /etc/certrenew.conf
	fails_in_json ca-unreachable search_object certrenew search --email alice@example.test
	fails_in_json protocol search_object certrenew search --email alice@example.test --serial xyz
}

# --- journal -------------------------------------------------------------------------------------

id_of() { perl -MJSON::PP -e 'print decode_json(join("", <STDIN>))->{records}[0]{id}' < "$out"; }

lists() {
	prints "$1" certrenew journal list --json
	has journal_object
	has journal_record records
	says_only_words_of_the_manual
}

# shows STATUS: the first one of the list.
shows() {
	prints "$1" certrenew journal show "$(id_of)" --json
	has journal_shown
	says_only_words_of_the_manual
}

journal_half_way() {
	half_way
	lists 1
	has journal_certificate records old
	has journal_certificate records new
	shows 0
	has journal_certificate old
}

journal_of_what_is_done() {
	fresh_login
	renew $PIN $PIN > /dev/null
	lists 0
	says "$out" '"archived": true'
	shows 0
}

journal_of_one_that_waits() {
	fresh_login
	another_ra --pending 7200
	renew $PIN $PIN > /dev/null 2>&1 || :
	lists 1
	says "$out" '"retry_at": "2'
}

journal_that_is_damaged() {
	half_way
	for file in $journal/*/*.journal; do echo garbage > "$file"; done
	lists 2
	says "$out" '"state": "damaged"'
	shows 2
}

journal_without_records() {
	fresh_login
	prints 0 certrenew journal list --json
	has journal_object
	says "$out" '{"error": null, "records": [], "complete": true}'
}

journal_is_not_shown() {
	half_way
	fails_in_json refused journal_object as_user alice certrenew journal list
	fails_in_json refused journal_not_shown as_user alice certrenew journal show 00
	fails_in_json journal journal_not_shown certrenew journal show nobody
	mv $journal /run/journal.kept
	ln -s /run/journal.kept $journal
	fails_in_json journal journal_object certrenew journal list
	rm $journal
	mv /run/journal.kept $journal
}

# --- doctor --------------------------------------------------------------------------------------

is_json() { perl -MJSON::PP -e 'decode_json(join("", <STDIN>))' < "$out"; }

doctor_always_answers() {
	fresh_login
	break_configuration
	certrenew doctor --json > "$out" 2> $errors || :
	is_json
	rm -f /etc/certrenew.conf
	as_user alice certrenew doctor --json > "$out" 2> $errors || :
	is_json
}

# What is documented as an answer without JSON.
is_misused() {
	for line in "status --json x" "status --online --json --email a" "search --json" "journal list x --json" \
		"journal show --json" "doctor --json x"; do
		prints 3 certrenew $line
		[ ! -s "$out" ] || complain "on standard output: $line"
		[ -s $errors ] || complain "not a word: $line"
	done
}

prepare_cards
start_ra
start_web
ca_tells http://127.0.0.1:1/ "http://127.0.0.1:$WEB_PORT/all.crl"

promise "status --json has the members and types that the manual lists" has_its_form
promise "... also for a renewal that stopped half-way" has_its_form_half_way
promise "... every state and every next step that there is, too" knows_every_state
promise "... also with --online" has_its_form_online
promise "... also without a card" has_its_form_without_a_card
promise "... also without the helper, or its socket" has_no_helper
promise "... also with a broken configuration, as search --json has" has_a_broken_configuration
promise "search --json has the members and types that the manual lists" searches
promise "... also where nobody is found" finds_nobody
promise "... also where the list is cut" is_cut
promise "... also where nothing can be searched" cannot_search
promise "journal list and show --json have those that the manual lists: half-way" journal_half_way
promise "... of what is finished" journal_of_what_is_done
promise "... of what waits for the CA" journal_of_one_that_waits
promise "... of what is damaged" journal_that_is_damaged
promise "... without any record" journal_without_records
promise "... where nothing may or can be shown" journal_is_not_shown
promise "doctor --json is JSON, whatever is broken" doctor_always_answers
promise "a command line that is not understood is answered on standard error alone" is_misused
stop_ra
promised
