# SPDX-License-Identifier: MIT
# Sourced in the world after card.sh: what is the same for tokens of every kind. A kind says where
# its token is by MODULE, LABEL, INIT_ARGS and ENVIRONMENT, the last two as in [card].

INIT_ARGS=
ENVIRONMENT=
SANDBOX_WRITE=
TABLE=$CERTRENEW_BUILD/log/tokens.tsv
journal=/var/lib/certrenew/journal

# on_token COMMAND [OPTION...]: of test-card.
on_token() {
	on=$1
	shift
	as_certrenew env $ENVIRONMENT test-card "$on" --module "$MODULE" --label "$LABEL" \
		${INIT_ARGS:+--init-args "$INIT_ARGS"} --pin $PIN "$@"
}

# configure_token [SED EXPRESSION...]: the configuration that an administrator would write.
configure_token() {
	configure "s|^module = .*|&\ntoken = pkcs11:token=$(echo "$LABEL" | sed 's/ /%20/g')|" "$@"
	[ -z "$INIT_ARGS" ] || sed -i "s|^module = .*|&\ninit_args = $INIT_ARGS|" /etc/certrenew.conf
	[ -z "$SANDBOX_WRITE" ] || sed -i "s|^module = .*|&\nsandbox_write = $SANDBOX_WRITE|" /etc/certrenew.conf
	[ -z "$ENVIRONMENT" ] || sed -i "s|^module = .*|&\nenvironment = $ENVIRONMENT|" /etc/certrenew.conf
}

# An RA, and what was on the token before: with_ra [SED EXPRESSION...]
with_ra() {
	rm -rf $RA_LOG $journal
	start_ra
	configure_token "$@"
	on_token list > /run/before
}

# Both are new, each under one id with its key, and each was issued once.
holds_the_new() {
	on_token list > /run/after
	[ "$(sed -n 's/^certificate id=\([^ ]*\) .*/\1/p' /run/after | sort -u | wc -l)" = 2 ] &&
		[ "$(grep -c ^certificate /run/after)" = 2 ] || complain "$(cat /run/after)"
	grep ^certificate /run/before | sed 's/.* sha256=\([^ ]*\).*/\1/' > /run/old
	! grep -F -f /run/old /run/after || complain "an old certificate is there"
	on_token prove > "$out" || { cat "$out"; return 1; }
	[ "$(issued encryption) $(issued signature)" = "1 1" ] ||
		complain "issued: $(issued encryption) $(issued signature)"
	[ -z "$(ls $journal/*/*.journal 2> /dev/null)" ] || complain "the journal is not finished"
	exits 0 certrenew status
}

# --- what a token can do ---------------------------------------------------------------------------

# ability NAME: yes, no, or the driver's answer.
ability() { sed -n "s/^$1 //p" /run/abilities; }

# measure NAME NOTES: a line of the table; what was tried is in /run/abilities.
measure() {
	on_token abilities --ca $CA > /run/abilities 2> /run/abilities.err
	notes=$2
	[ "$(ability twice)" = yes ] || notes="one certificate for each id${notes:+; $notes}"
	{
		printf '%s' "$1"
		for column in driver version read sign new-key write move remove; do
			printf '\t%s' "$(ability $column)"
		done
		printf '\t%s\n' "$notes"
	} >> "$TABLE"
	for column in read sign; do
		[ "$(ability $column)" = yes ] || { cat /run/abilities /run/abilities.err; return 1; }
	done
}
