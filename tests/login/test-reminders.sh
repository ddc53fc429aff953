# SPDX-License-Identifier: MIT
# At which logins a person is asked: after each day of [reminder] remind, and not twice.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
later=/var/lib/certrenew/later
DAY=86400

# card_with DAYS [SED EXPRESSION...]: a card of these many days and an hour, so that a moment of so
# many days has not come yet when the test is slow.
card_with() {
	days=$1
	shift
	fresh_login --not-after $(($(date +%s) + days * DAY + 3600))
	configure "$@"
}

reminder() { printf '%s' "1i [reminder]\\n$1"; }

is_asked() {
	typed "${1:-later}" | alice_signs_in
	says $shown "Renew now?"
	goes_on
	settled
}

is_not_asked() {
	typed later | alice_signs_in
	goes_on_silently
	settled
}

# --- after each day ------------------------------------------------------------------------------

is_asked_once() {
	card_with 20
	is_asked "$1"
	is_not_asked
	is_not_asked
	nothing_happened
	says $AUTH_LOG "login for alice: check: token "
	[ "$(grep -c "2 renewable, 0 expired: none" $AUTH_LOG)" = 3 ] || { cat $AUTH_LOG; return 1; }
}

# Between 14 and 7 days: 'later' from before the 14th day is an old word, one from after it is not.
is_asked_at_the_next_day() {
	card_with 13
	is_asked
	put_off_ago $((DAY - 2 * 3600))
	is_not_asked
	put_off_ago $((3 * 3600))
	is_asked
	is_not_asked
}

is_not_asked_before_the_first() {
	card_with 20 "$(reminder 'remind = 10d')"
	is_not_asked
	card_with 9 "$(reminder 'remind = 10d')"
	is_asked
	is_not_asked
}

is_asked_always() {
	card_with "$@"
	is_asked
	is_asked no
	is_asked
}

# --- what is not 'later' -------------------------------------------------------------------------

# Nobody has answered: nobody has put it off.
is_asked_again_without_an_answer() {
	card_with 20
	typed maybe | alice_signs_in
	settled
	[ ! -e $later/5001 ] || complain "something was put off"
	is_asked
}

is_asked_again_after_a_yes_that_failed() {
	card_with 20
	typed yes "" | alice_signs_in
	settled
	is_asked
}

is_asked_about_what_is_unfinished() {
	card_with 20
	typed yes $PIN | alice_signs_in
	settled
	typed later | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	typed later | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
}

# The CA wants an hour; a login in that time could only hear that it is not ready yet.
is_asked_when_the_ca_is_ready() {
	another_ra --pending 3600
	card_with 20
	typed yes $PIN | alice_signs_in
	says $shown "is still working on the signature certificate"
	settled
	is_not_asked
	sed -i "1i [reminder]\nremind = always" /etc/certrenew.conf
	is_not_asked
	sed -i "s/[0-9]*$/$(($(date +%s) - 1))/" $later/5001
	sed -i 's/^retry-at .*/retry-at 1000000000/' /var/lib/certrenew/journal/*/*.journal
	typed later | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
}

# What waits for nobody but the person is not hidden by what waits for the CA.
is_asked_about_the_one_that_does_not_wait() {
	another_ra --misbehave retry-huge --misbehave-only-role signature
	card_with 20
	typed yes $PIN | alice_signs_in
	settled
	typed later | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
	typed yes $PIN | alice_signs_in
	says $shown "is still working on the signature certificate"
	settled
	is_not_asked
}

# noted N: of each certificate that the CA could not take it, N times; until when is left in $until.
noted() {
	[ "$(cut -d ' ' -f 5 $later/5001 | xargs)" = "$1 $1" ] || { cat $later/5001; return 1; }
	until=$(cut -d ' ' -f 4 $later/5001 | sort -n | tail -n 1)
}

back_off_is_over() { sed -i "s/[0-9]* \([0-9]*\)$/$(($(date +%s) - 1)) \1/" $later/5001; }

# fails_for SAYS: a yes that the CA cannot take, after which it is left alone, by whom nobody asks.
fails_for() {
	typed yes $PIN | alice_signs_in
	says $shown "$1"
	settled
	noted 1
	[ $until -ge $(($(date +%s) + 240)) ] && [ $until -le $(($(date +%s) + 450)) ] ||
		complain "left alone until $until"
	is_not_asked
	back_off_is_over
	typed yes $PIN | alice_signs_in
	says $shown "$1"
	settled
	noted 2
	[ $until -gt $(($(date +%s) + 540)) ] || complain "left alone until $until"
	is_not_asked
}

# The renewal of a person who comes on their own is tried, and one that ends well is the end of it.
leaves_a_busy_ca_alone() {
	another_ra --misbehave http-503
	card_with 20
	fails_for "The certification authority is too busy."
	before=$(grep -c POST $RA_LOG)
	typed yes $PIN > /run/typed
	seat_of 5001
	start_socket
	exits 3 as_user alice certrenew renew < /run/typed
	stop_socket
	[ "$(grep -c POST $RA_LOG)" -gt "$before" ] || complain "the CA was not asked"
	noted 3
	stop_ra
	another_ra
	back_off_is_over
	typed yes $PIN $PIN | alice_signs_in
	settled
	renewed
	[ ! -s $later/5001 ] || { cat $later/5001; complain "something is noted still"; }
}

leaves_an_absent_ca_alone() {
	another_ra
	card_with 20
	stop_ra
	fails_for "The certification authority cannot be reached."
}

is_asked_in_the_last_days_all_the_same() {
	another_ra --misbehave http-503
	card_with 2
	typed yes $PIN | alice_signs_in
	says $shown "The certification authority is too busy."
	settled
	noted 1
	is_asked_unfinished
}

is_asked_unfinished() {
	typed later | alice_signs_in
	says $shown "The renewal of your card's certificates is not finished."
}

# Nobody could show it, so the next login does.
is_asked_again_where_it_was_not_shown() {
	card_with 20
	service gdm-password
	sign_in gdm-password alice -Itty=:0 < /dev/null
	settled
	[ ! -e $later/5001 ] || complain "something was put off"
	is_asked
}

# --- notice --------------------------------------------------------------------------------------

notes_what_it_said() {
	card_with 20
	sed -i 's/^\[login\]/&\nprompt = notice/' /etc/certrenew.conf
	alice_signs_in < /dev/null
	says $shown "Your card's certificates expire in 20 days"
	settled
	is_not_asked
	put_off_ago $((20 * DAY))
	alice_signs_in < /dev/null
	says $shown "Your card's certificates expire in 20 days"
}

# --- whose, which --------------------------------------------------------------------------------

is_bobs_own() {
	card_with 20
	is_asked
	typed later | sign_in login bob -Itty=/dev/tty1
	says $shown "Renew now?"
	settled
	is_not_asked
	[ "$(ls $later | tr '\n' ' ')" = "5001 5002 " ] || { ls $later; return 1; }
	[ "$(stat -c '%U %a' $later/5001)" = "_certrenew 600" ] || complain "others may read it"
}

# Of two cards the one that was put off is silent, and nobody is asked which.
is_asked_about_the_other_card() {
	card_with 20
	is_asked
	new_card "Alice's other" --key ec:P-256 --days 10
	typed later | alice_signs_in
	says $shown "Your card's certificates expire in 10 days"
	says_not $shown "Several cards"
	settled
	is_not_asked
}

stops_when_renewed_elsewhere() {
	card_with 20
	is_asked
	put_off_ago $((20 * DAY))
	typed $PIN $PIN | certrenew renew --yes > $out 2>&1
	settled
	is_not_asked
}

is_renewed_by_command() {
	card_with 20
	is_asked
	renew $PIN $PIN > $out 2>&1
	says $out "All certificates were renewed."
}

# `certrenew renew` asks whoever calls it, and takes a no for one.
counts_for_the_command() {
	card_with 20
	seat_of 5001
	start_socket
	trap stop_socket EXIT
	typed later > /run/typed
	exits 1 as_user alice certrenew renew < /run/typed
	settled
	is_not_asked
}

# --- spread --------------------------------------------------------------------------------------

# Somewhere within 20 days, the same each time: the window of 30 is open for 29 days, or for none.
spreads_the_first() {
	card_with 5 "$(reminder 'spread = 20d')"
	is_asked
	card_with 29 "$(reminder 'spread = 26d')"
	alice_signs_in < /dev/null
	first=$(grep -c "Renew now" $shown || :)
	settled
	rm -rf $later
	alice_signs_in < /dev/null
	[ "$(grep -c "Renew now" $shown || :)" = "$first" ] || complain "it is not stable"
	sed -i 's/^spread = .*/spread = 0/' /etc/certrenew.conf
	is_asked
}

# --- damage --------------------------------------------------------------------------------------

# survives COMMAND: the login goes on and asks, with one line in the log, and goes on as before.
survives() {
	card_with 20
	is_asked
	log_begin
	"$@"
	is_asked
	logs_trouble "put off"
	log_begin
	is_not_asked
	logs_no_trouble
}

damage() { echo "not a line of it" > $later/5001; }
give_away() { chown alice $later/5001; }
link_away() { mv $later/5001 /run/moved; ln -s /run/moved $later/5001; }
make_a_folder_open() { chmod 755 $later; }

cannot_note_it() {
	card_with 20
	is_asked
	make_a_folder_open
	log_begin
	is_asked
	is_asked
	settled
	says $AUTH_LOG "must be a folder of user"
}

promise "'later': asked at this login, and not at the next ones" is_asked_once later
promise "so it is after a 'no'" is_asked_once no
promise "asked again at the first login after the next day has come, once" is_asked_at_the_next_day
promise "before the first day of the list nothing is asked, though the window is open" \
	is_not_asked_before_the_first
promise "within critical every login asks" is_asked_always 2
promise "remind = always: every login asks" is_asked_always 20 "$(reminder 'remind = always')"
promise "who leaves the question unanswered is asked again" is_asked_again_without_an_answer
promise "a yes that fails puts nothing off" is_asked_again_after_a_yes_that_failed
promise "an unfinished renewal is asked about at every login" is_asked_about_what_is_unfinished
promise "what the CA is still working on is asked about once it is to be ready" \
	is_asked_when_the_ca_is_ready
promise "what is issued and not written yet does not wait for the other certificate" \
	is_asked_about_the_one_that_does_not_wait
promise "a CA that is too busy is left alone for 5 minutes, then 10, but not by who asks for it" \
	leaves_a_busy_ca_alone
promise "so is one that cannot be reached" leaves_an_absent_ca_alone
promise "in the last days it is asked about all the same" is_asked_in_the_last_days_all_the_same
promise "a login that shows nothing puts nothing off" is_asked_again_where_it_was_not_shown
promise "prompt = notice says it once for each day" notes_what_it_said
promise "bob's 'later' is not alice's" is_bobs_own
promise "'later' is one card's: another is asked about, alone" is_asked_about_the_other_card
promise "a card that was renewed elsewhere is not spoken of" stops_when_renewed_elsewhere
promise "what was put off, a person who wants to can renew" is_renewed_by_command
promise "'later' to the command counts at the login" counts_for_the_command
promise "spread: the first reminder is delayed, the same for this person and card each time" \
	spreads_the_first
promise "a damaged file: one line in the log, the login asks" survives damage
promise "somebody else's file: likewise" survives give_away
promise "a symbolic link: likewise" survives link_away
promise "a folder that others may enter is not used, and the login asks" cannot_note_it
promised
