# SPDX-License-Identifier: MIT
# What an administrator finds in the log: numbers that stay, and who is named.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

MAN=packaging/man
prepare_cards
start_ra

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

promise "each line of the log begins with a number of certrenew-helper(8)" finds_a_number_in_the_log
promise "a renewal names nobody in the log" names_nobody
promise "... unless [log] subject = yes" names_people_where_that_is_wanted
promise "a search names nobody in the log" does_not_name_whom_was_searched_for
promise "... unless [log] subject = yes" names_whom_was_searched_for
stop_ra
promised
