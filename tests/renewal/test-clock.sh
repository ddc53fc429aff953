# SPDX-License-Identifier: MIT
# The computer's clock is wrong, and is set right, or the other way round: between two runs and within
# one. Nothing is lost, and nobody is asked more than once in a run.
. tests/harness.sh
. tests/world/card.sh
. tests/world/clock.sh

prepare_cards
journal=/var/lib/certrenew/journal

# with_ra [OPTION...]: and a card with two certificates to renew.
with_ra() {
	clock 0
	fresh_card
	rm -f $RA_LOG
	start_ra "$@"
	${speaks:-configure}
}

posts() { grep -c "POST" $RA_LOG || :; }
retry_at() { cat $journal/*/"$1"-*.journal | sed -n 's/^retry-at //p'; }

is_waiting() {
	before=$(posts)
	exits 1 renew $PIN
	says "$out" "The certification authority is still working on the signature certificate"
	[ $(($(posts) - before)) = "$1" ] || complain "asked $(($(posts) - before)) times"
	card_proves Alice > "$out"
}

is_renewed() {
	exits 0 renew "$@"
	is_finished
}

is_finished() {
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(cat $RA_LOG)"
	card_proves Alice > "$out"
	! ls $journal/*/*.journal 2> /dev/null || complain "not finished"
	exits 0 certrenew status
	stop_ra
}

# --- between two runs ------------------------------------------------------------------------------

# It was noted that the CA will be ready in a day and an hour, when that was in an hour.
was_ahead() {
	with_ra --pending 3600
	clock 86400
	is_waiting 2
	clock 0
	is_waiting 2
	wait=$(($(retry_at signature) - $(date +%s)))
	[ $wait -gt 0 ] && [ $wait -le 3602 ] || complain "asked again in $wait seconds"
	is_waiting 0
	stop_ra
}

is_set_forward() {
	with_ra --pending 3600
	is_waiting 2
	clock 7200
	is_waiting 2
	is_waiting 0
	stop_ra
}

# --- within one ------------------------------------------------------------------------------------

waits_in() { grep -q "waiting for the certification authority" "$1"; }

# jumps SECONDS: while the CA is waited for.
jumps() {
	with_ra --pending 3
	renew $PIN $PIN > /run/jumps 2>&1 &
	renewing=$!
	within 10 waits_in /run/jumps
	clock "$1"
	wait $renewing && ended=0 || ended=$?
	[ "$(posts)" -le 8 ] || complain "asked $(posts) times"
}

jumps_forward() {
	jumps 86400
	[ $ended = 0 ] || { cat /run/jumps; return 1; }
	is_finished
}

jumps_back() {
	jumps -7200
	[ $ended != 0 ] || { is_finished; return; }
	clock 0
	is_renewed $PIN $PIN
}

# --- a certificate that begins later than it is here -----------------------------------------------

# It is kept, the old ones stay, and once the clock is right the CA is not asked any more.
is_behind() {
	with_ra "$@"
	clock -7200
	card_list Alice > /run/before
	exits 3 renew $PIN
	says "$out" "The new certificate is not valid yet and was not written. Nothing on the card was changed."
	says "$out" "Check this computer's clock, then run 'certrenew renew': it goes on where it stopped."
	card_list Alice > /run/after
	same /run/before /run/after
	exits 3 certrenew renew --yes < /dev/null
	says_not "$out" "PIN"
	before=$(posts)
	clock 0
	exits 0 renew $PIN
	[ "$(posts)" = "$before" ] || complain "the CA was asked again"
	is_finished
}

is_behind_by_cmp() {
	speaks=configure_cmp
	is_behind --confirmation-required
	[ "$(grep -c "confirm accepted" $RA_LOG)" = 2 ] || complain "$(cat $RA_LOG)"
}

promise "a clock that was ahead: what was noted then keeps nobody waiting" was_ahead
promise "a clock that is set forward: the CA is asked once, and says that it is too early" is_set_forward
promise "a clock that jumps forward while the CA is waited for" jumps_forward
promise "a clock that jumps back while the CA is waited for" jumps_back
promise "a clock that is behind: what is not valid yet is kept, and written once it is" is_behind
promise "a clock that is behind, by CMP: and the CA is told at once that it arrived" is_behind_by_cmp
promised
