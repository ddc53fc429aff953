# SPDX-License-Identifier: MIT
# What fleets go by: the JSON of status, the numbers in the log, and who is named there.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

MAN=packaging/man
prepare_cards
start_ra

# --- JSON ----------------------------------------------------------------------------------------

# members N: of the N-th object in 'JSON of status': a name and a type in each line.
members() {
	sed -n '/^\.Ss JSON of status/,/^\.Sh /p' $MAN/certrenew.1 |
		awk -v wanted="$1" '/^\.Bl/ { list++ } list == wanted && sub(/^\.It Ql /, "") { sub(/ , /, "\t"); print }'
}

# is_as_the_manual_says N PATH: each object at PATH in the output has these members, of these types,
# and no others; at least one object is there.
is_as_the_manual_says() {
	members "$1" > /run/members
	[ -s /run/members ]
	perl -MJSON::PP -MB -e '
		my ($file, $where) = @ARGV;
		open(M, "<", "/run/members"); my %type = map { chomp; split(/\t/, $_, 2) } <M>;
		open(J, "<", $file); my $all = decode_json(join("", <J>));
		my @objects = $where eq "" ? ($all) : @{$all->{$where}};
		die "no object at $where" unless @objects;
		sub kind {
			my ($value) = @_;
			return "null" unless defined $value;
			return "array" if ref $value eq "ARRAY";
			return "true or false" if JSON::PP::is_bool($value);
			return "number" if B::svref_2object(\$value)->FLAGS & (B::SVf_IOK | B::SVf_NOK);
			return $value =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ ? "time" : "text";
		}
		for my $object (@objects) {
			for my $name (sort keys %$object) {
				my $kind = kind($object->{$name});
				die "$name is not in the manual" unless $type{$name};
				die "$name is $kind, and not $type{$name}"
					unless $type{$name} eq $kind || grep { $_ eq $kind } split(/ or /, $type{$name});
			}
			for (keys %type) { die "$_ is not there" unless exists $object->{$_} }
		}' "$out" "$2"
}

# The words of a member that has only some.
says_only_words_of_the_manual() {
	sed -n '/^\.Ss JSON of status/,/^\.Sh /p' $MAN/certrenew.1 > /run/section
	perl -MJSON::PP -e '
		open(J, "<", $ARGV[0]); my $all = decode_json(join("", <J>));
		open(S, "<", "/run/section"); my $manual = join("", <S>);
		for my $word (map { ($_->{role}, $_->{state}, $_->{next} // ()) }
				@{$all->{certificates}}, @{$all->{unfinished}}) {
			die "$word is not in the manual" unless $manual =~ /^\.Ql .*\b\Q$word\E\b/m;
		}' "$out"
}

has_its_form() {
	fresh_login
	exits 1 certrenew status --json
	is_as_the_manual_says 1 ""
	is_as_the_manual_says 2 certificates
	says_only_words_of_the_manual
}

has_its_form_without_a_card() {
	prepare_cards
	configure 's/^\[card\]$/&\ntoken = pkcs11:token=Nobody/'
	got=0
	certrenew status --json > $out 2> /dev/null || got=$?
	[ $got = 3 ]
	is_as_the_manual_says 1 ""
	says $out '"error": "no-card"'
}

has_its_form_half_way() {
	fresh_login
	shim "C_CreateObject#1 crash"
	renew $PIN $PIN > /dev/null 2>&1 || :
	configure
	exits 1 certrenew status --json
	is_as_the_manual_says 1 ""
	is_as_the_manual_says 3 unfinished
	says_only_words_of_the_manual
}

has_its_form_online() {
	fresh_login
	printf '[status]\ncheck = off\n' >> /etc/certrenew.conf
	got=0
	certrenew status --online --json > $out 2> $out.errors || got=$?
	members 4 > /run/members
	is_as_the_manual_says 4 certificates
}

# --- the log -------------------------------------------------------------------------------------

finds_a_number_in_the_log() {
	fresh_login
	log_begin
	exits 1 certrenew status
	settled
	says $AUTH_LOG "CR102 status for root: check: "
	for number in $(grep -oE ' CR[0-9]{3} ' $AUTH_LOG | sort -u); do
		says $MAN/certrenew-helper.8 ".It $number ,"
	done
}

# --- who is named in the log ---------------------------------------------------------------------

names_nobody() {
	fresh_login
	log_begin
	renew $PIN $PIN > /dev/null
	settled
	says $AUTH_LOG "CR301 signature certificate "
	says_not $AUTH_LOG "Alice Chen"
}

names_people_where_that_is_wanted() {
	fresh_login
	printf '[log]\nsubject = yes\n' >> /etc/certrenew.conf
	log_begin
	renew $PIN $PIN > /dev/null
	settled
	says $AUTH_LOG ", of CN=Alice Chen,OU=Ministry of Examples,O=Example Government,C=TW: done"
}

# A certificate store's address holds whom the search was for.
search_for_alice() {
	configure
	printf '%s\n' '[directory]' 'url = https://localhost:1/certificates' "$@" >> /etc/certrenew.conf
	log_begin
	exits 3 certrenew search --email alice@example.test
	settled
	says $AUTH_LOG "CR401 search: ca-unreachable: https://localhost:1/certificates?"
}

does_not_name_whom_was_searched_for() {
	search_for_alice
	says_not $AUTH_LOG "uri="
}

names_whom_was_searched_for() {
	search_for_alice '[log]' 'subject = yes'
	says $AUTH_LOG "?uri=%61%6C%69%63%65%40" # alice@
}

promise "status --json has the members and types that the manual lists" has_its_form
promise "... also without a card" has_its_form_without_a_card
promise "... also for a renewal that stopped half-way" has_its_form_half_way
promise "... also with --online" has_its_form_online
promise "each line of the log begins with a number of certrenew-helper(8)" finds_a_number_in_the_log
promise "a renewal names nobody in the log" names_nobody
promise "... unless [log] subject = yes" names_people_where_that_is_wanted
promise "a search names nobody in the log" does_not_name_whom_was_searched_for
promise "... unless [log] subject = yes" names_whom_was_searched_for
stop_ra
promised
