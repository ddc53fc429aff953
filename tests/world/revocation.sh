# SPDX-License-Identifier: MIT
# Sourced in the world, after directory.sh: what there is to revoke, and with which phrase.

PHRASE="blue whale, 1987"

# phrase_for NAME [PHRASE]: the CA knows it under that name.
phrase_for() { printf '%s\t%s\n' "$1" "${2:-$PHRASE}" >> $CA/phrases; }

# begin_revocations [OPTION of test-ra...]: the CA and what tells of it, all of it real; then
# certificates are made with `certify`, and the directory is filled with `tell_people`.
begin_revocations() {
	prepare_cards
	: > $CA/phrases
	: > $RA_LOG
	start_web
	OCSP_PORT=$(free_port)
	ca_tells "http://127.0.0.1:$OCSP_PORT/" "http://127.0.0.1:$WEB_PORT/all.crl"
	start_responder
	start_ra "$@"
	echo $RA_PID > /run/ra.pid
}

# again_ra [OPTION of test-ra...]: another one on the same store, with an empty log. Its process is
# in a file: each promise has a shell of its own.
again_ra() {
	kill "$(cat /run/ra.pid)" 2> /dev/null || :
	: > $RA_LOG
	start_ra "$@"
	echo $RA_PID > /run/ra.pid
}

# configure_revocation [LINE...]: at this RA; with these lines, too.
configure_revocation() {
	printf '%s\n' "[revocation]" "url = https://localhost:$RA_PORT/cmp" \
		"agreement = https://www.example.test/agreement" "timeout = 5s" "$@" >> /etc/certrenew.conf
}

# tell_people [LINE for [revocation]...]: the directory, the responder and the configuration.
tell_people() {
	ask_anew
	fill_directory
	start_directory
	configure
	configure_directory
	configure_revocation "$@"
	cp /etc/certrenew.conf /run/good.conf
}

# What the responder says; it reads its index again at each start.
ask_anew() {
	stop_responder
	start_responder
}

# revoked [HOW]: how often the RA was asked to; tries: how often it was asked at all.
revocations() { grep -c "revoke ${1:-}" $RA_LOG || :; }
requests() { grep -c ' request POST ' $RA_LOG || :; }
in_index() { awk -F'\t' -v serial="$1" '$4 == serial { print $1, $3 }' $CA/index.txt; }

# is_nowhere PHRASE FOLDER...: not in a file under them; the repository may be mounted in one.
is_nowhere() {
	phrase=$1
	shift
	! find "$@" -xdev -type f -exec grep -lF -e "$phrase" {} + | grep . || complain "the phrase is there"
}
