# SPDX-License-Identifier: MIT
# Sourced by the tests of the PIN: a card behind the shim, and what it was given.

prepare_cards
journal=/var/lib/certrenew/journal
WRONG=999999

# with_shim RULE...: a card with two certificates to renew, made with $card's options; its driver
# notes each call, and may make files in /run/shim.
card=
with_shim() {
	fresh_card $card
	rm -f $RA_LOG /run/shim.log
	rm -rf /run/shim
	install -d -m 777 /run/shim
	install -m 666 /dev/null /run/shim.log
	install -m 666 /dev/null /run/tries
	: > /var/log/auth.log
	start_ra
	configure
	shim "log /run/shim.log" "$@"
	card_list Alice > /run/before
}

# only_notes [RULE...]: from now on the driver does as it should.
only_notes() {
	{ echo "module $MODULE"; echo "log /run/shim.log"; printf '%s\n' "$@"; } > $SHIM_SCRIPT
}

# answers LINE...: to `certrenew renew`, which asks for a yes as well.
answers() { printf '%s\n' "$@" | certrenew renew; }

# Each C_Login's answer: "0xa0 0x0", of the person to the card; those for single signatures.
logins() { sed -n 's/.* C_Login user .* → //p' /run/shim.log | xargs; }
signing_logins() { sed -n 's/.* C_Login context-specific .* → //p' /run/shim.log | xargs; }

# The card was given what was typed, each once.
logs_in() { [ "$(logins)" = "$1" ] || complain "C_Login answered $(logins), not $1"; }

is_as_before() {
	card_list Alice > /run/after
	same /run/before /run/after
}

is_renewed() {
	says "$out" "All certificates were renewed. You may remove the card."
	card_proves Alice > "$out"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	stop_ra
}

# was_not_asked: the RA.
was_not_asked() { [ ! -s $RA_LOG ] || complain "the RA was asked"; }
