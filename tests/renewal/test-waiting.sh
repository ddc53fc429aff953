# SPDX-License-Identifier: MIT
# A CA that wants time: a little is waited for, more ends the run, and the next one goes on.
. tests/harness.sh
. tests/world/card.sh
. tests/world/clock.sh

prepare_cards
journal=/var/lib/certrenew/journal

# with_ra TIMEOUT [OPTION...]: a card with two certificates to renew.
with_ra() {
	timeout=$1
	shift
	fresh_card ${card:-}
	rm -f $RA_LOG
	start_ra "$@"
	configure "s/timeout = 10s/timeout = $timeout/"
	card_list Alice > /run/before
}

entry() { cat $journal/*/"$1"-*.journal; }

# retry_at ROLE: when the journal says to come back.
retry_at() { entry "$1" | sed -n 's/^retry-at //p'; }

posts() { grep -c "POST" $RA_LOG || :; }

is_renewed() {
	exits 0 renew "$@"
	says "$out" "renewed. You may remove the card."
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	stop_ra
}

# The card is as before, nothing of ours runs any more, and the sentences say when to come back.
is_waiting() {
	exits 1 renew $PIN
	for role in encryption signature; do
		ready=$(date -d "@$(retry_at $role)" '+%Y-%m-%d %H:%M')
		says "$out" "The certification authority is still working on the $role certificate; \
it can be asked again after $ready."
	done
	says "$out" "Run 'certrenew renew' then, or answer yes at your next login."
	[ "$(pins_asked "$out")" = 1 ] || complain "not one PIN was asked for"
	within 5 sh -c '! pgrep -u _certrenew > /dev/null'
	card_list Alice > /run/after
	same /run/before /run/after
}

# comes_back_in LEAST MOST: seconds from the run's beginning.
comes_back_in() {
	for role in encryption signature; do
		wait=$(($(retry_at $role) - began))
		[ "$wait" -ge "$1" ] && [ "$wait" -le "$2" ] || complain "$role: in $wait seconds"
	done
}

# --- what is waited for --------------------------------------------------------------------------

waits_here() {
	with_ra 10s "$@"
	is_renewed $PIN $PIN
	says "$out" "signature ok"
	[ "$(posts)" -gt 2 ] || complain "nothing had to be waited for"
}

says_that_it_waits() {
	with_ra 10s --pending 1
	exits 0 renew $PIN $PIN
	grep -q "^Step 2 of 4: waiting for the certification authority. Do not remove the card\.$" "$out" ||
		complain "not said: $(cat "$out")"
	stop_ra
}

# The clock was five days ahead when the CA said 'in an hour', and is right now.
clock_was_wrong() {
	with_ra 10s --pending 3600
	clock 432000
	renew $PIN > "$out" 2>&1 || :
	clock 0
	[ "$(retry_at signature)" -gt $(($(date +%s) + 400000)) ] || complain "the clock was right"
	before=$(posts)
	renew $PIN > "$out" 2>&1 || :
	[ "$(posts)" -gt "$before" ] || complain "the CA was not asked"
	[ "$(retry_at signature)" -lt $(($(date +%s) + 4000)) ] || complain "still the wrong time"
	stop_ra
}

# --- what ends the run ---------------------------------------------------------------------------

ends_the_run() {
	with_ra 10s --pending 3600 "$@"
	began=$(date +%s)
	is_waiting
	comes_back_in 3598 3610
	stop_ra
}

# As a fresh run would: with the request as it was, and no more than that.
keeps_the_request_only() {
	with_ra 10s --pending 3600
	is_waiting
	for role in encryption signature; do
		entry $role > /run/entry
		says /run/entry "state waiting"
		says /run/entry "request MII"
		says_not /run/entry "issued"
	done
	stop_ra
}

tells_status_of_it() {
	with_ra 10s --pending 3600
	is_waiting
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	exits 1 certrenew status --json
	says "$out" '"unfinished": true'
	stop_ra
}

# Neither the CA nor the person is asked, and stdin has no answer for either.
asks_nobody_too_early() {
	with_ra 10s --pending 3600
	is_waiting
	asked=$(wc -l < $RA_LOG)
	exits 1 certrenew renew < /dev/null
	says "$out" "The certification authority is still working on the encryption certificate"
	says "$out" "The certification authority is still working on the signature certificate"
	says "$out" "Run 'certrenew renew' then"
	says_not "$out" "PIN"
	says_not "$out" "not finished"
	[ "$(wc -l < $RA_LOG)" = "$asked" ] || complain "the RA was asked"
	stop_ra
}

# This RA answers 202 to every request that it has not seen before: other bytes would wait again.
repeats_the_same_request() {
	with_ra 1s --pending 3
	is_waiting
	entry encryption | grep ^request > /run/encryption
	entry signature | grep ^request > /run/signature
	ready=$(retry_at signature)
	while [ "$(date +%s)" -le "$ready" ]; do sleep 0.1; done
	before=$(posts)
	is_renewed $PIN $PIN
	[ $(($(posts) - before)) = 2 ] || complain "asked $(($(posts) - before)) times"
	for role in encryption signature; do
		cat $journal/*/$role-*.done > /run/entry
		says /run/entry "$(cat /run/$role)"
	done
}

# Time passes: the journal is made to say that the moment has come.
comes_back() { sed -i 's/^retry-at .*/retry-at 1000000000/' $journal/*/*.journal; }

asks_before_it_goes_on() {
	with_ra 10s --pending 3600
	is_waiting
	comes_back
	exits 1 sh -c 'echo later | certrenew renew'
	says "$out" "The renewal of your card's certificates is not finished."
	says_not "$out" "PIN"
	stop_ra
}

waits_again() {
	with_ra 10s --pending 3600
	is_waiting
	comes_back
	is_waiting
	[ "$(issued)" = 0 ] || complain "issued: $(issued)"
	[ "$(posts)" = 4 ] || complain "asked $(posts) times"
	stop_ra
}

# The CA's mind has changed: the request is forgotten, the next run makes a new one.
is_refused_later() {
	with_ra 10s --pending 3600
	is_waiting
	comes_back
	stop_ra
	start_ra --misbehave http-403
	configure
	exits 3 renew $PIN
	says "$out" "The certification authority does not accept this certificate."
	! ls $journal/*/*.journal || complain "a refused request is kept"
	stop_ra
	rm $RA_LOG
	start_ra
	configure
	is_renewed $PIN $PIN
}

one_waits_the_other_is_renewed() {
	with_ra 10s --misbehave retry-huge --misbehave-only-role signature
	exits 1 renew $PIN $PIN
	says "$out" "The encryption certificate was valid until"
	says "$out" "The certification authority is still working on the signature certificate"
	says "$out" "1 of 2 certificates were renewed. You may remove the card."
	card_proves Alice > "$out"
	ls $journal/*/encryption-*.done $journal/*/signature-*.journal > "$out"
	stop_ra
	comes_back
	start_ra
	configure
	is_renewed $PIN $PIN
}

# --- a server that is too busy ---------------------------------------------------------------------

# is_left_alone REQUESTS: a run by hand asks neither the server nor for a PIN; so far it was asked for
# so much.
is_left_alone() {
	[ "$(posts)" = "$1" ] || complain "asked $(posts) times"
	asked=$(wc -l < $RA_LOG)
	exits 1 certrenew renew < /dev/null
	says "$out" "The certification authority is still working on the encryption certificate"
	says "$out" "The certification authority is still working on the signature certificate"
	says_not "$out" "PIN"
	[ "$(wc -l < $RA_LOG)" = "$asked" ] || complain "the RA was asked"
	stop_ra
}

# too_busy CONFIGURE REQUESTS RA_OPTION...: for an hour; then both are renewed, with one request each.
too_busy() {
	configures=$1 requests=$2
	shift 2
	with_ra 10s "$@"
	$configures
	began=$(date +%s)
	is_waiting
	comes_back_in 3598 3900
	is_left_alone "$requests"
	comes_back
	rm $RA_LOG
	start_ra
	$configures
	is_renewed $PIN $PIN
}

# And until the moment that is noted for the certificate's last days, too.
too_busy_in_the_last_days() {
	card="--days 2"
	with_ra 10s --misbehave http-503-hour
	$1
	is_waiting
	is_left_alone 1
}

# Nothing is signed that it might not want: but TLS, once for each connection.
signs_nothing_for() {
	with_ra 10s --misbehave csrattrs-429
	install -m 666 /dev/null /run/shim.log
	shim "log /run/shim.log"
	is_waiting
	[ "$(grep -c "C_Sign " /run/shim.log)" = 1 ] || complain "$(grep "C_Sign" /run/shim.log)"
	for role in encryption signature; do
		says_not $journal/*/$role-*.journal "request "
	done
	stop_ra
}

too_busy_for_a_second() {
	with_ra 10s --misbehave csrattrs-429-soon --misbehave-times 1
	exits 0 renew $PIN $PIN
	says "$out" "Step 1 of 4: waiting for the certification authority."
	[ "$(posts)" = 2 ] || complain "asked $(posts) times"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice > "$out"
	stop_ra
}

# As its kind is chosen before the CA is asked, the key waits with it, and is the one that is used.
makes_one_key() {
	with_ra 10s --misbehave csrattrs-429
	configure "s/^timeout = 10s/&\nkey = new/"
	is_waiting_with_a_key
	stop_ra
	comes_back
	start_ra
	configure "s/^timeout = 10s/&\nkey = new/"
	is_renewed $PIN $PIN
	card_list Alice > "$out"
	[ "$(grep -c ^private-key "$out")" = 3 ] || complain "$(cat "$out")"
}

is_waiting_with_a_key() {
	exits 1 renew $PIN
	says "$out" "The certification authority is still working on the signature certificate"
	card_proves Alice
}

# --- odd forms of Retry-After ---------------------------------------------------------------------

# comes_back_for MISBEHAVIOUR LEAST MOST
comes_back_for() {
	with_ra 2s --misbehave "$1"
	began=$(date +%s)
	is_waiting
	comes_back_in "$2" "$3"
	stop_ra
}

does_not_hammer() {
	comes_back_for retry-past 1 8
	[ "$(posts)" -le 6 ] || complain "asked $(posts) times within two times two seconds"
}

# Within a few seconds for each of two requests: after 1, 2, 4 seconds.
asks_less_and_less_often() {
	with_ra 5s --misbehave retry-zero
	is_waiting
	[ "$(posts)" -le 6 ] || complain "asked $(posts) times"
	stop_ra
}

# In half of the day that is left: that is soon enough to ask again.
is_critical() {
	card="--days 1"
	comes_back_for "$1" 43100 43210
}

promise "a few seconds are waited for in the run" waits_here --pending 2
promise "a date a few seconds ahead is waited for in the run" \
	waits_here --pending 2 --retry-after-date
promise "HTTP 503 with Retry-After is waited for in the run" waits_here --misbehave http-503-retry
promise "Retry-After: 0 is not asked again at once, but in the run" \
	waits_here --misbehave retry-zero-once
promise "it is said that the CA is waited for" says_that_it_waits

promise "an hour ends the run: exit status 1, when to come back, the card as before" ends_the_run
promise "a date in an hour ends the run likewise" ends_the_run --retry-after-date
promise "the journal then holds the request, and nothing issued" keeps_the_request_only
promise "status tells of the unfinished renewal" tells_status_of_it
promise "a run before the time asks neither the CA nor for a PIN, and says so" \
	asks_nobody_too_early
promise "a run after the time asks whether to go on" asks_before_it_goes_on
promise "a run after the time repeats the same request; one certificate is issued for each role" \
	repeats_the_same_request
promise "a CA that wants still more time is asked once in each run" waits_again
promise "a CA that refuses at last is believed, and a new request may be made" is_refused_later
promise "one certificate that waits does not hold up the other" one_waits_the_other_is_renewed

promise "HTTP 503 with an hour ends the run; neither certificate is asked for by hand before" \
	too_busy configure 1 --misbehave http-503-hour
promise "CMP: likewise" too_busy configure_cmp 1 --misbehave http-503-hour
promise "HTTP 429 at what comes before the request: likewise, and nothing was posted" \
	too_busy configure 0 --misbehave csrattrs-429
promise "nor is anything signed for it" signs_nothing_for
promise "key = new: one new key for each certificate all the same" makes_one_key
promise "in the certificate's last days, too: EST" too_busy_in_the_last_days configure
promise "in the certificate's last days, too: CMP" too_busy_in_the_last_days configure_cmp
promise "HTTP 429 at what comes before the request is waited for in the run, if it is a second" \
	too_busy_for_a_second

promise "thirty years: the CA is asked again when the last days of the certificate begin" \
	comes_back_for retry-huge 1468700 1468810
promise "a date in a thousand years likewise" comes_back_for retry-millennium 1468700 1468810
promise "thirty years, in the certificate's last days: in half of what is left" \
	is_critical retry-huge
promise "of two times in two fields the last one counts" comes_back_for retry-twice 86390 86410
promise "a CA that says 'at once' again and again is asked less and less often" \
	asks_less_and_less_often
promise "a Retry-After that makes no sense is taken for a minute" \
	comes_back_for retry-garbage 59 66
promise "no Retry-After is taken for a minute" comes_back_for retry-none 59 66
promise "a negative Retry-After is taken for a minute" comes_back_for retry-negative 59 66
promise "a time in the past is not asked again at once" does_not_hammer
promise "a time that a clock noted which was days ahead holds nobody up" clock_was_wrong
promised
