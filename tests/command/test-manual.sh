# SPDX-License-Identifier: MIT
# The manual: what it says of commands and options, and by example, is so.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

MAN=packaging/man
CONF_PAGE=/usr/share/man/man5/certrenew.conf.5
prepare_cards
start_ra

# --- commands and options ------------------------------------------------------------------------

# What a text has of the form --word.
options_in() { grep -oE -- '--[a-z]+(-[a-z]+)*' "$@" | sort -u; }
# The manual writes them as Fl -word.
options_of_manual() { grep -oE 'Fl -[a-z]+(-[a-z]+)*' "$1" | sed 's/^Fl /-/' | sort -u; }

commands() { printf '%s\n' status renew search revoke set-phrase journal doctor check-config; }

all_help() {
	certrenew --help
	for command in search revoke journal doctor; do
		certrenew $command --help
	done
}

agrees_on_options() {
	all_help | options_in > /run/help
	options_of_manual $MAN/certrenew.1 > /run/manual
	same /run/help /run/manual
}

agrees_on_the_agent() {
	/usr/libexec/certrenew/certrenew-agent --help | options_in > /run/help
	options_of_manual $MAN/certrenew-agent.1 > /run/manual
	same /run/help /run/manual
}

agrees_on_commands() {
	certrenew --help | sed -n 's/^  \([a-z][a-z-]*\).*/\1/p' | sort -u > /run/help
	commands | sort > /run/commands
	same /run/commands /run/help
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm \([a-z-]*\).*/\1/p' $MAN/certrenew.1 | sort -u > /run/manual
	same /run/commands /run/manual
	sed -n 's/^\.It Cm \([a-z][a-z-]*\).*/\1/p' $MAN/certrenew.1 | sort -u > /run/explained
	same /run/commands /run/explained
}

# 'certrenew WORD' and its options in the README are ones that there are.
agrees_with_the_readme() {
	grep -oE '(^|[`$ ])certrenew (status|renew|search|revoke|set-phrase|journal|doctor|check-config)[^`]*' README.md |
		options_in > /run/options
	all_help | options_in > /run/help
	[ -s /run/options ]
	[ -z "$(comm -23 /run/options /run/help)" ] || { comm -23 /run/options /run/help; return 1; }
	grep -oE '(`|^[$#] )(sudo )?certrenew [a-z][a-z-]+' README.md | awk '{ print $NF }' | sort -u > /run/used
	commands | sort > /run/commands
	[ -s /run/used ]
	[ -z "$(comm -23 /run/used /run/commands)" ] || { comm -23 /run/used /run/commands; return 1; }
}

agrees_on_module_arguments() {
	sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' $MAN/pam_certrenew.8 | sort > /run/manual
	printf '%s\n' conf debug prompt > /run/expected
	same /run/expected /run/manual
	service login prompt=ask conf=/etc/certrenew.conf debug
	fresh_card
	configure
	log_begin
	printf 'no\n' | alice_signs_in
	settled
	says_not $AUTH_LOG "CR601"
}

# --- keys ------------------------------------------------------------------------------------------

# Each key that there is, as SECTION KEY; from the sample, which is made from the parser's table.
keys() {
	awk '/^#?\[/ { gsub(/[#\[\]]/, ""); section = $1 }
		/^#[a-z_]+ =/ { sub(/^#/, "", $1); print section, $1 }' "$CERTRENEW_BUILD/certrenew.conf" | sort
}

# What stands in code in the README, outside of blocks, a line each.
code_of_readme() { perl -0ne 's/^```.*?^```//msg; s/\s+/ /g; print "$1\n" while /`([^`]+)`/g' README.md; }

# The text of manual pages, with what .Ic and .Ql mark, and a bar for each other macro; a line each.
text_of_manual() {
	for page in $MAN/*.[0-9] $CONF_PAGE; do
		sed -E 's/\\\(dq/"/g; s/^\.(Ic|Ql|Cm) //; s/^\..*/|/' "$page" | tr '\n' ' '
		echo
	done
}

# SECTION KEY wherever a section is named before a word.
mentions() { grep -oE '\[[a-z]+( "[a-z]+")?\] [a-z_]+' | sed -E 's/\[([a-z]+)[^]]*\]/\1/' | sort -u; }

names_only_keys() {
	keys > /run/keys
	[ "$(wc -l < /run/keys)" -ge 60 ] || complain "$(cat /run/keys)"
	for text in code_of_readme text_of_manual; do
		$text | mentions | grep -vE '^[a-z]+ sections?$' > /run/mentioned
		[ "$(wc -l < /run/mentioned)" -ge 8 ] || complain "$text: $(cat /run/mentioned)"
		[ -z "$(comm -23 /run/mentioned /run/keys)" ] ||
			complain "$text: there is no key $(comm -23 /run/mentioned /run/keys)" || return 1
	done
	text_of_manual | grep -oE '\[[a-z]+\]' | tr -d '[]' | sort -u > /run/sections
	cut -d ' ' -f 1 /run/keys | sort -u > /run/expected
	[ -z "$(comm -23 /run/sections /run/expected)" ] || complain "$(comm -23 /run/sections /run/expected)"
}

# What the manual marks as a word of the configuration is a key, or a value that the sample names.
marks_only_words_of_the_configuration() {
	sed -nE 's/^\.Ic ([a-z_-]+)( [,.;:]+)?$/\1/p' $MAN/*.[0-9] $CONF_PAGE | sort -u > /run/marked
	[ "$(wc -l < /run/marked)" -ge 20 ] || complain "$(cat /run/marked)"
	while read -r word; do
		grep -qE "(^|[^a-z_-])$word([^a-z_-]|$)" "$CERTRENEW_BUILD/certrenew.conf" ||
			complain "$word is in no configuration" || return 1
	done < /run/marked
}

# accepted KEY = VALUE: in one of the sections that have the key, with what is required there.
accepted() {
	for section in $(awk -v key="$1" '$2 == key { print $1 }' /run/keys); do
		for protocol in est cmp; do
			case $section in
			ca) printf '%s\n' '[ca "x"]' 'url = https://h/' 'trust = /ca.pem' "protocol = $protocol" ;;
			revocation) printf '%s\n' '[revocation]' 'url = https://h/' 'phrase_certificate = /x.pem' ;;
			reminder) printf '%s\n' '[reminder]' 'window = 45d' ;;
			*) echo "[$section]" ;;
			esac | grep -v "^$1 = " > /run/setting.conf
			echo "$*" >> /run/setting.conf
			! certrenew check-config /run/setting.conf > "$out" 2>&1 || return 0
		done
	done
	complain "refused: $* ($(cat "$out"))"
}

# Each `key = value` that is somewhere in a sentence.
says_only_settings_that_are_accepted() {
	keys > /run/keys
	{
		code_of_readme
		sed -nE 's/^\.(Ql|Ic) ([a-z_]+ = .*)/\2/p' $MAN/*.[0-9] $CONF_PAGE | sed -E 's/ [,.;]$//'
	} | sed -E 's/^\[[a-z]+\] //; s/HOST/host.example/; s/PORT/443/' |
		grep -E '^[a-z_]+ = .' | sort -u > /run/settings
	[ "$(wc -l < /run/settings)" -ge 15 ] || complain "$(cat /run/settings)"
	while read -r setting; do
		accepted $setting || return 1
	done < /run/settings
}

# --- examples ------------------------------------------------------------------------------------

# example FILE: the literal one of its EXAMPLES.
example() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh /p' "$1" | sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.B/d;/^\.Ed/d;s/\\(dq/"/g;p}'
}

its_configuration_is_accepted() {
	example $CONF_PAGE > /run/example.conf
	grep -q '^\[ca "office"\]$' /run/example.conf
	exits 0 certrenew check-config /run/example.conf
	says $out "https://ra.example.org/.well-known/est"
}

# Each block of the README that is one.
its_blocks_are_accepted() {
	rm -f /run/block.*
	awk '/^```ini$/ { block++; next } /^```/ { inside = 0 } { if (block > done) inside = 1; done = block }
		inside { print > ("/run/block." block) }' README.md
	[ -s /run/block.1 ] && [ -s /run/block.2 ]
	for block in /run/block.*; do
		exits 0 certrenew check-config "$block"
		says "$out" '[ca "office"]'
	done
}

# As people read it.
agrees_on_defaults() {
	example $CONF_PAGE > /run/example.conf
	certrenew check-config /run/example.conf |
		sed -n 's/^\([a-z_]*\)  *= \(.*\)# default$/\1 = \2/p' | sed 's/ *$//; s/=$/= empty/' > /run/defaults
	[ "$(wc -l < /run/defaults)" -ge 60 ] || complain "$(cat /run/defaults)"
	mandoc -T utf8 $CONF_PAGE | col -b | sed 's/^[ \t]*//' > /run/read
	grep -vxFf /run/read /run/defaults > "$out" || return 0
	complain "the page does not say: $(cat "$out")"
}

its_stack_lets_alice_in() {
	fresh_login
	{ printf '%s required pam_permit.so\n' auth account session; example $MAN/pam_certrenew.8; } |
		sed 's/pam_systemd.so/pam_permit.so/' > /etc/pam.d/login
	grep -q '^session  optional  pam_certrenew.so$' /etc/pam.d/login
	typed yes $PIN $PIN | alice_signs_in
	goes_on
	settled
	renewed
}

# Each command line of certrenew(1) is taken; what it then needs may not be there.
its_commands_are_taken() {
	fresh_login
	printf phrase > /run/phrase
	cd /run
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl [$#] //p' "$CERTRENEW_WORLD/$MAN/certrenew.1" > /run/lines
	[ "$(wc -l < /run/lines)" -ge 5 ]
	while read -r line; do
		sh -c "$line" > $out 2>&1 < /dev/null || :
		says_not $out "Usage: "
		says_not $out "Try 'certrenew --help'."
	done < /run/lines
}

# The search of certrenew-helper(8), in what the log's lines say behind the program's name.
finds_failures_in_the_log() {
	pattern=$(sed -n "s/^\.Dl \$ journalctl -g '\(.*\)'$/\1/p" $MAN/certrenew-helper.8)
	[ -n "$pattern" ]
	fresh_login
	log_begin
	typed yes $PIN $PIN | alice_signs_in
	settled
	! sed 's/^[^]]*]: //' $AUTH_LOG | grep -E "^$pattern" || complain "nothing failed"
	fresh_login
	stop_ra
	log_begin
	typed yes $PIN $PIN | alice_signs_in
	settled
	sed 's/^[^]]*]: //' $AUTH_LOG | grep -qE "^$pattern" || { cat $AUTH_LOG; return 1; }
}

names_what_is_installed() {
	grep -ohE '/usr/[a-z0-9_./@-]*certrenew[a-z0-9_./@-]*' $MAN/*.[0-9] $CONF_PAGE README.md |
		sort -u > /run/named
	[ "$(wc -l < /run/named)" -ge 4 ]
	while read -r path; do
		[ -e "$path" ] || complain "$path is not there" || return 1
	done < /run/named
}

promise "--help and certrenew(1) list the same options" agrees_on_options
promise "--help and certrenew-agent(1) do" agrees_on_the_agent
promise "--help and certrenew(1) list the same commands" agrees_on_commands
promise "the README uses no command and no option that there is not" agrees_with_the_readme
promise "pam_certrenew(8) lists the module's arguments, and the module takes them" agrees_on_module_arguments
promise "each [section] key that the manual and the README name is one that there is" names_only_keys
promise "what the manual marks as a word of the configuration is one" marks_only_words_of_the_configuration
promise "each 'key = value' in their sentences is accepted" says_only_settings_that_are_accepted
promise "the configurations in the README are accepted" its_blocks_are_accepted
promise "the configuration in certrenew.conf(5) is accepted" its_configuration_is_accepted
promise "certrenew.conf(5) tells the defaults that are in force" agrees_on_defaults
promise "the stack in pam_certrenew(8) lets people in and renews" its_stack_lets_alice_in
promise "the commands in certrenew(1) are taken" its_commands_are_taken
promise "the files of ours that the manual and the README name are there" names_what_is_installed
promise "the search in certrenew-helper(8) finds the renewals that failed" finds_failures_in_the_log
promised
