# SPDX-License-Identifier: MIT
# Renewal by CMP: confirmed once and before it is written, gone on with by the next run wherever
# this one ended.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/cmp.sh

prepare_cards

# --- confirmation --------------------------------------------------------------------------------

# In the RA's log the confirmation follows the issuance, and in the driver's it precedes the write.
confirms_before_it_writes() {
	with_card
	settings=''
	with_ra --confirmation-required
	is_renewed
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
	[ "$(calls C_Sign)" = 6 ] || complain "C_Sign: $(calls C_Sign)"
	grep -oE "C_(Sign|CreateObject) " /run/shim.log | uniq | xargs > "$out"
	[ "$(cat "$out")" = "C_Sign C_CreateObject" ] || complain "$(cat "$out")"
}

confirms_unasked() {
	with_card
	settings='s/^protocol = cmp/&\nimplicit_confirm = no/'
	with_ra
	is_renewed
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
}

# goes_on_after RULE STATES [RA OPTION...]: the process is gone at this call.
goes_on_after() {
	with_card
	rule=$1 at=$2
	shift 2
	start_ra "$@"
	configure_cmp "${settings:-}"
	shim "$rule"
	exits 3 renew $PIN $PIN
	stands_at "$at"
	card_proves Alice > "$out"
	configure_cmp "${settings:-}"
	exits 0 renew $PIN $PIN
	says "$out" "renewed. You may remove the card."
	is_finished
}

new_key_goes_on_after() {
	settings='s/^timeout = 10s/&\nkey = new/'
	goes_on_after "$@"
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out") $(grep -c ^private-key "$out")" = "2 3" ] ||
		complain "$(cat "$out")"
}

# What the CA issued and was not told of: it is told by the next run, and no other is issued.
confirms_in_the_next_run() {
	goes_on_after "C_Sign#3 crash" "issued none" --confirmation-required
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
}

# The answer to the confirmation is lost: the next run is told that it was confirmed.
is_confirmed_already() {
	with_card
	settings='s/timeout = 10s/timeout = 2s/'
	with_ra --confirmation-required --misbehave cmp-confirm-silent
	exits 3 renew $PIN $PIN
	says "$out" "The certification authority did not answer in time. \
Nothing on the card was changed."
	stands_at "issued issued"
	is_as_before
	is_renewed
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
}

# The CA knows nothing of it any more, and may have taken it back: it is put away, not written.
is_forgotten() {
	with_card
	settings="s/timeout = 10s/timeout = 2s/;$1"
	with_ra --confirmation-required --misbehave cmp-confirm-silent
	exits 3 renew $PIN $PIN
	stop_ra
	rm $RA_LOG
	settings=$1
	with_ra --confirmation-required
	exits 3 renew $PIN $PIN
	says "$out" "The certification authority refused the request. $2"
	ls $journal/*/encryption-*.issued $journal/*/signature-*.issued > "$out"
	stands_at "$3"
	card_proves Alice > "$out"
	is_renewed
	[ "$(grep -c ^private-key /run/after)" = "$4" ] || complain "$(cat /run/after)"
}

# The configuration has changed meanwhile: nothing is written that the CA was not told of.
is_of_another_protocol() {
	with_card
	settings='s/timeout = 10s/timeout = 2s/'
	with_ra --confirmation-required --misbehave cmp-confirm-silent
	exits 3 renew $PIN $PIN
	configure
	exits 3 renew $PIN $PIN
	says "$out" "certrenew is not set up correctly on this computer. Nothing on the card was changed."
	[ "$(pins_asked "$out")" = 0 ] || complain "a PIN was asked for"
	stands_at "issued issued"
	is_as_before
	configure_cmp
	is_renewed
}

# changes_protocol FROM TO: in the middle, with a request that was not answered.
changes_protocol() {
	with_card
	start_ra --misbehave stall
	$1 's/timeout = 10s/timeout = 2s/'
	exits 3 renew $PIN $PIN
	stands_at "requested requested"
	stop_ra
	rm $RA_LOG
	start_ra
	$2
	is_renewed
}

# --- a CA that wants time ------------------------------------------------------------------------

waits_here() {
	with_card
	with_ra --pending 2
	exits 0 renew $PIN $PIN
	says "$out" "Step 2 of 4: waiting for the certification authority."
	is_finished
	[ "$(calls C_Sign)" = 8 ] || complain "C_Sign: $(calls C_Sign)"
}

is_waiting() {
	exits 1 renew $PIN
	for role in encryption signature; do
		says "$out" "The certification authority is still working on the $role certificate"
	done
	says "$out" "Run 'certrenew renew' then, or answer yes at your next login."
	stands_at "waiting waiting"
	is_as_before
}

# Time passes: the journal is made to say that the moment has come.
comes_back() { sed -i 's/^retry-at .*/retry-at 1000000000/' $journal/*/*.journal; }

# In the same transaction: a new one would have to wait anew.
polls_in_the_next_run() {
	with_card $1
	settings="s/timeout = 10s/timeout = 1s/;$2"
	with_ra --pending 3 $3
	is_waiting
	began=$(posts)
	ready=$(sed -n 's/^retry-at //p' $journal/*/*.journal | sort -n | tail -n 1)
	within 10 sh -c "[ \$(date +%s) -ge $ready ]"
	is_renewed
	[ $(($(posts) - began)) = "$4" ] || complain "asked $(($(posts) - began)) times"
}

waits_again() {
	with_card
	settings=''
	with_ra --pending 3600
	is_waiting
	[ "$(posts)" = 4 ] || complain "asked $(posts) times"
	comes_back
	is_waiting
	[ "$(posts)" = 6 ] || complain "asked $(posts) times"
	stop_ra
}

# The RA was started anew, and remembers no transaction: the run after that begins one.
is_begun_anew() {
	with_card
	settings=''
	with_ra --pending 3600
	is_waiting
	comes_back
	stop_ra
	rm $RA_LOG
	with_ra
	exits 3 renew $PIN $PIN
	says "$out" "The certification authority refused the request."
	stands_at "none none"
	is_renewed
}

# comes_back_in LEAST MOST RA_OPTION...: seconds from now, asked so many times at the most.
comes_back_in() {
	least=$1 most=$2
	shift 2
	with_card
	settings='s/timeout = 10s/timeout = 3s/'
	with_ra --pending 3600 "$@"
	is_waiting
	wait=$(($(sed -n 's/^retry-at //p' $journal/*/signature-*.journal) - $(date +%s)))
	[ $wait -ge "$least" ] && [ $wait -le "$most" ] || complain "in $wait seconds"
	[ "$(posts)" -le 8 ] || complain "asked $(posts) times"
	stop_ra
}

# Somebody before the CA says no, and the certificate is there: neither lost nor asked for again.
is_turned_away_once() {
	with_card
	settings=''
	with_ra --confirmation-required --misbehave cmp-confirm-404-once
	exits 3 renew $PIN
	says "$out" "The certification authority has a problem. Nothing on the card was changed."
	stands_at "issued issued"
	is_as_before
	is_renewed
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
}

# And again: then it is put away, and the run after asks anew.
is_turned_away_twice() {
	with_card
	settings=''
	with_ra --confirmation-required --misbehave cmp-confirm-404
	exits 3 renew $PIN
	stands_at "issued issued"
	exits 3 renew $PIN
	says "$out" "The certification authority refused the request."
	ls $journal/*/encryption-*.issued $journal/*/signature-*.issued > "$out"
	stands_at "none none"
	stop_ra
	rm $RA_LOG
	with_ra
	is_renewed
}

# What was issued is lost on the way. It is asked for by the same request, in the same transaction.
is_asked_again() {
	with_card
	settings='s/timeout = 10s/timeout = 2s/'
	with_ra --misbehave stall --misbehave-times 2 $1
	exits 3 renew $PIN
	stands_at "requested requested"
	is_as_before
	exits 0 renew $PIN $PIN
	says "$out" "An earlier request for the encryption certificate was not answered, so the \
certification authority was asked again.$3"
	logs "signature: asked before, and not answered: $2"
	card_proves Alice > "$out"
	stands_at "none none"
	stop_ra
}

is_heard_at_last() {
	is_asked_again --remembers "the same request was sent again" ""
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(cat $RA_LOG)"
}

is_issued_twice() {
	is_asked_again "" "a new request was made" \
		" It may have issued a certificate that never arrived."
	[ "$(issued encryption) $(issued signature)" = "2 2" ] || complain "issued: $(cat $RA_LOG)"
}

# HTTP 503 with Retry-After in seconds is waited for in the run.
busy_for_a_moment() {
	with_card
	settings=''
	with_ra --remembers --misbehave http-503-retry --misbehave-times 1
	exits 0 renew $PIN $PIN
	says "$out" "Step 2 of 4: waiting for the certification authority."
	is_finished
}

# A gateway is too busy for the confirmation: what was issued waits, and is confirmed in an hour.
too_busy_to_be_told() {
	with_card
	settings=''
	with_ra --confirmation-required --misbehave cmp-confirm-503 \
		--misbehave-only-role encryption
	exits 1 renew $PIN
	stands_at "issued agreed"
	is_as_before
	asked=$(posts)
	exits 1 certrenew renew < /dev/null
	says_not "$out" "PIN"
	[ "$(posts)" = "$asked" ] || complain "the RA was asked"
	comes_back
	is_renewed
	[ "$(confirmed)" = 2 ] || complain "confirmed: $(confirmed)"
}

asks_nobody_too_early() {
	with_card
	settings=''
	with_ra --pending 3600
	is_waiting
	asked=$(posts)
	exits 1 certrenew renew < /dev/null
	says "$out" "still working on the encryption certificate"
	says_not "$out" "PIN"
	[ "$(posts)" = "$asked" ] || complain "the RA was asked"
	stop_ra
}

promise "a CA that wants a confirmation has it before anything is written: six signatures" \
	confirms_before_it_writes
promise "implicit_confirm = no: the CA is not asked to be spared it" confirms_unasked
promise "a crash between issued and confirmed: the next run confirms, and nothing is issued twice" \
	confirms_in_the_next_run
promise "a crash once the first is confirmed keeps it" \
	goes_on_after "C_Sign#4 crash" "confirmed none" --confirmation-required
promise "a crash where no confirmation was asked for keeps what was issued" \
	goes_on_after "C_Sign#3 crash" "confirmed none"
promise "a crash once both are confirmed loses neither" \
	goes_on_after "C_Logout#1 crash" "confirmed confirmed" --confirmation-required
promise "a crash after the first certificate is written" \
	goes_on_after "C_CreateObject#1 after crash" "confirmed confirmed"
promise "key = new: a crash when the key was made: the next run uses that key" \
	new_key_goes_on_after "C_GenerateKeyPair#1 after crash" "agreed none"
promise "key = new: a crash between issued and confirmed" \
	new_key_goes_on_after "C_Sign#3 crash" "issued none" --confirmation-required
promise "a confirmation that was lost on the way back is found out by the next run" \
	is_confirmed_already
promise "what the CA was not told of, and forgot, is put away and asked for anew" \
	is_forgotten "" "Nothing on the card was changed." "none none" 2
promise "key = new: and so, for the same new keys" \
	is_forgotten 's/^protocol = cmp/&\nkey = new/' "The card still signs in." "agreed agreed" 3
promise "what CMP issued is not written once the configuration says EST, before it is confirmed" \
	is_of_another_protocol

promise "a request by CMP that was not answered is no obstacle to EST" \
	changes_protocol configure_cmp configure
promise "a request by EST that was not answered is no obstacle to CMP" \
	changes_protocol configure configure_cmp

promise "a few seconds are waited for in the run" waits_here
promise "more ends the run, and the next one goes on in the same transaction" \
	polls_in_the_next_run "" "" "" 2
promise "and so with a confirmation" polls_in_the_next_run "" "" --confirmation-required 4
promise "and so with a proof by decryption" \
	polls_in_the_next_run "$cannot_sign" "$decrypts" "" 2
promise "a CA that wants still more time is asked once in each run" waits_again
promise "a CA that has forgotten the transaction is asked in another one by the run after" \
	is_begun_anew
promise "a run before the time asks neither the CA nor for a PIN" asks_nobody_too_early
promise "a server that is too busy for a moment is waited for in the run" busy_for_a_moment
promise "one that is too busy for the confirmation is not asked before it said" too_busy_to_be_told
promise "an answer that was lost is asked for by the same request: issued once" is_heard_at_last
promise "and where the CA takes no request twice, by a new one, and that is said" is_issued_twice
promise "a gateway that turns a confirmation away takes nothing: the next run confirms" \
	is_turned_away_once
promise "one that does so twice: what was issued is put away, and asked for anew" \
	is_turned_away_twice
promise "checkAfter 0 is no reason to ask without a pause" \
	comes_back_in -3 4 --misbehave cmp-check-after-zero
promise "checkAfter in thirty years: asked again when the last days of the certificate begin" \
	comes_back_in 1468700 1468810 --misbehave cmp-check-after-long
promised
