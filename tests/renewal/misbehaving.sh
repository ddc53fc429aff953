# SPDX-License-Identifier: MIT
# Sourced: what is asked of a renewal whose RA misbehaves. $speaks is how it is configured:
# configure, for EST, or configure_cmp; $hurry, a sed expression, gives the RA two seconds.

hurry='s/timeout = 10s/timeout = 2s/'

# with_ra [OPTION...]: a card with two certificates to renew, and an RA that is given 2 seconds.
with_ra() {
	fresh_card ${card:-}
	rm -f $RA_LOG
	: > /var/log/auth.log
	start_ra "$@"
	$speaks "$hurry" "${settings:-}"
}

# is_refused STATUS CODE SENTENCE NEXT: nothing came of it, nothing was harmed, and both was said.
is_refused() {
	card_list Alice > /run/before
	exits "$1" renew $PIN $PIN
	says "$out" "$3. Nothing on the card was changed."
	says "$out" "$4"
	logs "encryption: $2: "
	logs "signature: $2: "
	# The helper writes its line once certrenew-renew, and with it the command, has ended.
	within 5 grep -q "renew for root: renew: token .*: 0 of 2 renewed, .*: $2\$" /var/log/auth.log
	[ "$(pins_asked "$out")" = 1 ] || complain "not one PIN was asked for"
	card_list Alice > /run/after
	same /run/before /run/after
	stop_ra
}

# An honest RA afterwards renews both: nothing that was left behind is in the way.
is_renewed_afterwards() {
	start_ra
	$speaks "${settings:-}"
	is_renewed
}

is_renewed() {
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	[ "$(pins_asked "$out")" = 2 ] || complain "not two PINs were asked for"
	card_proves Alice > "$out"
	exits 0 certrenew status
	stop_ra
}

refuses() {
	with_ra --misbehave "$1"
	shift
	is_refused 3 "$@"
	is_renewed_afterwards
}

# refuses_saying MISBEHAVIOUR WORDS ...: the CA's own words are shown and logged as well.
refuses_saying() {
	with_ra --misbehave "$1"
	words=$2
	shift 2
	is_refused 3 "$@"
	says "$out" "The certification authority said: $words"
	logs "(the CA said: $words)"
	is_renewed_afterwards
}

refuses_silence() {
	with_ra
	stop_ra
	is_refused 3 "$@"
	is_renewed_afterwards
}

# takes_no_longer SECONDS FUNCTION ...
takes_no_longer() {
	most=$1
	shift
	start=$(date +%s)
	"$@"
	[ $(($(date +%s) - start)) -le "$most" ] || complain "took more than $most seconds"
}

reads_little_of() {
	with_ra --misbehave "$1"
	shift
	is_refused 3 "$@"
	# What the loopback device carried in all, both ways: nothing like a gigabyte.
	bytes=$(awk '$1 == "lo:" { print $2 }' /proc/net/dev)
	[ "$bytes" -lt 100000000 ] || complain "$bytes bytes"
	is_renewed_afterwards
}

takes() {
	with_ra --misbehave "$1"
	is_renewed
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
}

tell="Tell your administrator."
for_card="Ask whoever gave you the card for a renewal."
trust="Tell your administrator: [ca] trust and url in certrenew.conf."
again="Run 'certrenew renew' later"
untrusted="The server that answered is not the certification authority"
refused="The certification authority refused the request"
denied="The certification authority does not accept this certificate"
garbage="The answer of the certification authority makes no sense"
silent="The certification authority did not answer in time"
unreachable="The certification authority cannot be reached"
