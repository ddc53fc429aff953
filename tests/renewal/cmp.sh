# SPDX-License-Identifier: MIT
# Sourced, after card.sh: a card that is renewed by CMP, and what came of it.

journal=/var/lib/certrenew/journal
cannot_sign="--key rsa:2048 --encryption-cannot-sign"
decrypts='s/^protocol = cmp/&\nencryption_proof = decrypt/'
trusts_us='s/^protocol = cmp/&\nencryption_proof = ra-verified/'

# with_card [OPTION...]: a card whose certificates are to be renewed.
with_card() {
	fresh_card "$@"
	fresh_logs
	card_list Alice > /run/before
}

# with_ra [OPTION...]: an RA, and this configuration for it; $settings is a sed expression.
with_ra() {
	start_ra "$@"
	configure_cmp "${settings:-}"
	shim "log /run/shim.log"
}

is_renewed() {
	exits 0 renew "${@:-$PIN}" $PIN
	says "$out" "All certificates were renewed. You may remove the card."
	is_finished
}

is_finished() {
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(cat $RA_LOG)"
	stands_at "none none"
	card_list Alice > /run/after
	card_proves Alice > "$out"
	exits 0 certrenew status
	stop_ra
}

is_as_before() {
	card_list Alice > /run/after
	same /run/before /run/after
	card_proves Alice > "$out"
}

calls() { grep -cE "$1 " /run/shim.log || :; }
posts() { grep -c "POST" $RA_LOG || :; }
confirmed() { grep -c "confirm accepted" $RA_LOG || :; }

# The states of the unfinished entries, encryption first.
states() {
	for role in encryption signature; do
		sed -n 's/^state //p' $journal/*/$role-*.journal 2> /dev/null | grep . || echo none
	done | xargs
}
stands_at() { [ "$(states)" = "$1" ] || complain "the journal stands at $(states), not at $1"; }
