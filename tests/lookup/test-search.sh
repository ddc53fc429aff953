#!/bin/sh
# SPDX-License-Identifier: MIT
# certrenew search: a real slapd, the test world's RFC 4387 store, and directories that misbehave.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh

prepare_cards
start_web
OCSP_PORT=$(free_port)
ca_tells "http://127.0.0.1:$OCSP_PORT/" "http://127.0.0.1:$WEB_PORT/all.crl"
start_responder
start_ra

alice=$(certify "Alice Chen" alice@example.test)
alice_encryption=$(certify "Alice Chen" alice@example.test --role encryption)
alice_old=$(certify "Alice Chen" alice@example.test --not-after $(($(date +%s) - 86400)) \
	--not-before $(($(date +%s) - 864000)))
bob=$(certify "Bob (the *builder*) \\\\ Lin" bob@example.test)
mei=$(certify "陳美玲" mei@example.test)
certify "陳大文 Wen" wen@example.test --not-before $(($(date +%s) + 864000)) > /dev/null
certify "Owen Ho" owen@example.test --role encryption > /dev/null
revoke_certificate "$alice_encryption" keyCompromise
fill_directory
start_directory
configure
configure_directory
cp /etc/certrenew.conf /run/good.conf

# as_person COMMAND...: who has no right of ours.
as_person() { as_user alice env HOME=/home/alice "$@"; }
look() { as_person certrenew search "$@"; }
# set_up [SED EXPRESSION...]
set_up() {
	cp /run/good.conf /etc/certrenew.conf
	for change in "$@"; do sed -i "$change" /etc/certrenew.conf; done
}
serials() { jq_list "$1" | sort | tr '\n' ' '; }
jq_list() { grep -o '"serial_number": "[0-9A-F]*"' "$1" | cut -d'"' -f4; }
finds() {
	wanted=$(printf '%s\n' $1 | sort | tr '\n' ' ')
	shift
	look --json "$@" > $out || :
	[ "$(serials $out)" = "$wanted" ] || { echo "found: $(serials $out)"; echo "wanted: $wanted"; cat $out; return 1; }
}
finds_nothing() {
	exits 1 look "$@"
	says $out "No such certificate is in the directory."
}
fails() {
	sentence=$1
	shift
	exits 3 look "$@"
	says $out "$sentence"
}

# --- finding -------------------------------------------------------------------------------------

by_mail() {
	set_up
	finds "$alice" --email alice@example.test
	finds "$mei" --email mei@example.test
}
by_name() {
	set_up
	finds "$alice" --name "Alice Chen"
	finds "$alice" --name "alice ch"
	finds "$mei" --name 美玲
}
by_status() {
	set_up
	finds "$alice" --email alice@example.test --status valid
	finds "$alice_encryption" --email alice@example.test --status revoked
	finds "$alice_old" --email alice@example.test --status expired
	finds "$alice $alice_encryption $alice_old" --email alice@example.test --status any
}
by_serial() {
	set_up
	finds "$alice_old" --email alice@example.test --status any --serial "$alice_old"
	finds "$alice" --email alice@example.test --status any \
		--serial "$(echo "$alice" | tr 'A-F' 'a-f' | sed 's/../&:/g; s/:$//')"
	finds_nothing --email alice@example.test --serial 0A
	fails "That is not an e-mail address, a name or a serial number" --email a@b --serial 0G
}
tells_apart() {
	set_up
	exits 0 look --email alice@example.test --status any
	for word in "$alice" "$alice_encryption" "$alice_old" signature encryption valid revoked expired; do
		says $out "$word"
	done
	[ "$(wc -l < $out)" = 4 ] || { cat $out; return 1; }
}
# columns_of FILE: where the columns of each line begin on a terminal, each different set once.
columns_of() {
	perl -CS -ne 'my @at; while (/(?:^|  +)(?=\S)/g) { my $before = substr($_, 0, pos);
		$before =~ s/[\x{2e80}-\x{ffef}]/xx/g; push @at, length $before } print "@at\n"' < "$1" | sort -u
}
in_columns() {
	set_up '$a check = off'
	for language in en_GB zh_TW pt_PT; do
		exits 0 as_person env LANG=$language.UTF-8 certrenew search --name wen --status any
		[ "$(wc -l < $out)" = 3 ] || { cat $out; return 1; }
		[ "$(columns_of $out | wc -l)" = 1 ] || { cat $out; columns_of $out; return 1; }
		[ "$(columns_of $out | wc -w)" = 7 ] || { cat $out; columns_of $out; return 1; }
	done
}
details() {
	set_up
	exits 0 look --email alice@example.test
	for word in "Name           Alice Chen" "E-mail         alice@example.test" "Status         valid" \
		"Valid until    2" "Usage          signature" "Serial number  $alice" \
		"Subject        CN=Alice Chen,O=Example Government,C=TW" \
		"Issuer         CN=Example Issuing CA,O=Example Government,C=TW"; do
		says $out "$word"
	done
}
details_of_revoked() {
	set_up
	exits 0 look --email alice@example.test --status revoked
	says $out "Status         revoked on $(date +%F): the card or its key was lost or stolen"
}
json() {
	set_up
	exits 0 look --json --email alice@example.test --status revoked
	for word in '"status": "revoked"' '"reason": "keyCompromise"' '"error": null' '"cut": null'; do
		says $out "$word"
	done
	perl -MJSON::PP -e 'local $/; decode_json(<STDIN>)' < $out
}
saves() {
	set_up
	rm -f /home/alice/found.pem
	exits 0 look --email alice@example.test --status any --save /home/alice/found.pem
	[ "$(grep -c 'BEGIN CERTIFICATE' /home/alice/found.pem)" = 3 ]
	cp /home/alice/found.pem /run/before.pem
	exits 3 look --email mei@example.test --save /home/alice/found.pem
	says $out "The certificates were not saved: /home/alice/found.pem: File exists"
	same /run/before.pem /home/alice/found.pem
}
pages() {
	set_up
	cat > /run/pages.exp <<-'EXPECT'
		set timeout 20
		set stty_init "rows 6 columns 200"
		spawn -noecho setpriv --reuid=alice --regid=alice --init-groups certrenew search --name "Crowd 00"
		expect "More? (Enter: yes, q: no)"
		send "\r"
		expect "More? (Enter: yes, q: no)"
		send "q\r"
		expect "Details of which one?"
		send "3\r"
		expect "Name *Crowd 00002"
		expect eof
		exit [lindex [wait] 3]
	EXPECT
	expect /run/pages.exp > $out || { cat $out; return 1; }
}
misuse() {
	set_up
	for options in "" "--email" "--email a@b --name c" "--email a@b --status gone" "--email a@b more" "--nonsense" \
		"--email a@b --online"; do
		exits 3 look $options
		says $out "Usage: certrenew search"
	done
}

helps() {
	exits 0 look --help
	says $out "Usage: certrenew search"
}

# --- what people type -----------------------------------------------------------------------------

injections() {
	set_up
	for text in '*' '*)(mail=*' 'alice@example.test)(|(mail=*' ')(uid=*))(|(uid=*' 'a*' '\2a' '\' '%2a' \
		'alice@example.test?sub?(mail=*)' '(' ')' '&' '|'; do
		finds_nothing --email "$text" || { echo "for: $text"; return 1; }
	done
	finds_nothing --name 'Alice*Chen'
	finds "$bob" --name '(the *builder*) \'
	finds "$bob" --name '*'
	finds "$bob" --name '*builder*'
}
no_text() {
	set_up
	for text in '' "$(printf 'a\001b')" "$(printf 'a\377b')" "$(printf 'a\nb')" "$(printf '%0300d' 1)"; do
		fails "That is not an e-mail address, a name or a serial number" --email "$text"
	done
}

# --- many ------------------------------------------------------------------------------------------

limit_of_ours() {
	set_up 's/^base/limit = 50\nbase/'
	exits 0 look --json --name Crowd
	[ "$(jq_list $out | wc -l)" = 50 ]
	says $out '"cut": "limit"'
	exits 0 look --name Crowd
	says $out "The list is not complete: there are more."
}
all_of_them() {
	set_up 's/^base/limit = 10000\nbase/' 's/^timeout = 5s$/timeout = 60s/' '$a check = off'
	exits 0 look --json --name Crowd
	[ "$(jq_list $out | wc -l)" = 10000 ]
	says $out '"cut": null'
}
limit_of_the_server() {
	set_up 's/^base/limit = 10000\nbase/' '$a check = off'
	stop_directory
	start_directory "sizelimit 100"
	exits 0 look --json --name Crowd
	[ "$(jq_list $out | wc -l)" = 100 ]
	says $out '"cut": "server"'
	exits 0 look --name Crowd
	says $out "The list is not complete: the directory does not give more."
	finds "$mei" --email mei@example.test
	says $out '"cut": null'
	stop_directory
	start_directory
}

# --- servers that misbehave ---------------------------------------------------------------------------

dead() {
	set_up "s,^url = ldap.*,url = ldap://127.0.0.1:$(free_port),"
	fails "The directory cannot be reached." --email alice@example.test
	logs "certrenew-lookup"
}
# silent_port: somebody takes the connection and never says a word; in $SILENT_PORT.
silent_port() {
	perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 9);
		open(P, ">", "/run/silent.new"); print P $l->sockport; close P; rename "/run/silent.new", "/run/silent";
		push @c, $l->accept while 1' &
	SILENT_PID=$!
	within 5 test -s /run/silent
	SILENT_PORT=$(cat /run/silent)
}
hangs() {
	rm -f /run/silent
	silent_port
	for url in ldap ldaps https; do
		set_up "s,^url = ldap.*,url = $url://127.0.0.1:$SILENT_PORT/," '/^\[directory\]/,/^\[status\]/s/^timeout = 5s/timeout = 1s/'
		begun=$(now_ms)
		fails "The directory did not answer in time." --email alice@example.test
		[ $(($(now_ms) - begun)) -lt 5000 ] || complain "it took $(($(now_ms) - begun)) ms"
	done
	kill $SILENT_PID
}
referral_loop() {
	set_up
	stop_directory
	start_directory "referral ldap://127.0.0.1:$LDAP_PORT/"
	sed -i "s/^base = .*/base = dc=elsewhere,dc=test/" /etc/certrenew.conf
	fails "The directory points to another server." --email alice@example.test
	stop_directory
	start_directory
}
referrals_within() {
	set_up
	stop_directory
	cat > /run/referral.ldif <<-LDIF
		dn: ou=loop,$BASE
		objectClass: referral
		objectClass: extensibleObject
		ou: loop
		ref: ldap://127.0.0.1:$LDAP_PORT/$BASE??sub
	LDIF
	slapadd -q -f $LDAP/slapd.conf -l /run/referral.ldif
	start_directory
	finds "$alice" --email alice@example.test
}
wrong_base() {
	set_up "s/^base = .*/base = dc=nowhere/"
	fails "The directory's answer is of no use." --email alice@example.test
}
garbage() {
	rm -f /run/garbage
	perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 9);
		open(P, ">", "/run/garbage.new"); print P $l->sockport; close P; rename "/run/garbage.new", "/run/garbage";
		while ($c = $l->accept) { sysread $c, $b, 9; print $c "\x30\x84\xff\xff\xff\xff" . "garbage" x 99; close $c }' &
	garbage_pid=$!
	within 5 test -s /run/garbage
	set_up "s,^url = ldap.*,url = ldap://127.0.0.1:$(cat /run/garbage),"
	exits 3 look --email alice@example.test
	kill $garbage_pid
}
none_configured() {
	set_up '/^url = ldap/d'
	fails "No directory is configured on this computer." --email alice@example.test
}

# --- TLS ----------------------------------------------------------------------------------------------

tls() {
	set_up "s,^url = ldap.*,url = ldaps://localhost:$LDAPS_PORT,"
	finds "$alice" --email alice@example.test
	set_up "s,^url = ldap.*,url = ldap://localhost:$LDAP_PORT\nstarttls = yes,"
	finds "$alice" --email alice@example.test
}
wrong_tls() {
	stop_directory
	for certificate in rogue-server expired-server; do
		LDAP_CERT=$CA/$certificate
		start_directory
		set_up "s,^url = ldap.*,url = ldaps://localhost:$LDAPS_PORT,"
		fails "The server that answered is not the directory." --email alice@example.test
		set_up "s,^url = ldap.*,url = ldap://localhost:$LDAP_PORT\nstarttls = yes,"
		fails "The server that answered is not the directory." --email alice@example.test
		stop_directory
	done
	LDAP_CERT=
	start_directory
}
wrong_name() {
	set_up "s,^url = ldap.*,url = ldaps://other.localhost:$LDAPS_PORT,"
	fails "The server that answered is not the directory." --email alice@example.test
}
persons_ldaprc() {
	set_up
	printf 'URI ldap://127.0.0.1:1\nBASE dc=evil\nSIZELIMIT 1\nTLS_REQCERT never\n' > /home/alice/.ldaprc
	finds "$alice $alice_encryption $alice_old" --email alice@example.test --status any
	rm /home/alice/.ldaprc
}

# --- RFC 4387 -----------------------------------------------------------------------------------------

store() {
	set_up "s,^url = ldap.*,url = https://localhost:$RA_PORT/certificates/search,"
	finds "$alice $alice_encryption $alice_old" --email alice@example.test --status any
	finds "$mei" --email mei@example.test
	finds "$bob" --name 'Bob (the *builder*) \ Lin'
	finds_nothing --email '*'
	finds_nothing --email 'alice@example.test&name=x'
}
old_store() {
	set_up "s,^url = ldap.*,url = https://localhost:$RA_PORT/certificates/old/search,"
	finds "$mei" --email mei@example.test
}
no_store() {
	set_up "s,^url = ldap.*,url = https://localhost:$RA_PORT/.well-known/est/cacerts,"
	fails "The directory's answer is of no use." --email alice@example.test
}
untrusted_store() {
	set_up "s,^url = ldap.*,url = https://localhost:$RA_PORT/certificates/search\ntrust = $CA/rogue-root.pem,"
	fails "The server that answered is not the directory." --email alice@example.test
}

promise "a person's certificates are found by e-mail address" by_mail
promise "by a part of the name, in any case and any script" by_name
promise "and by what they are: valid, revoked, expired" by_status
promise "one of them is found by its serial number, however that is written" by_serial
promise "the columns stand below each other in every language, also with Chinese names" in_columns
promise "several certificates of one person are told apart" tells_apart
promise "one that is found alone is shown with all its details" details
promise "a revoked one says when and why" details_of_revoked
promise "programs get JSON" json
promise "what was found is saved as PEM, and nothing is overwritten" saves
promise "a search that says nothing sensible is told how" misuse
promise "--help helps" helps
promise "what means something in a filter means nothing in a name or an address" injections
promise "what is no line of text is not searched for" no_text
promise "a person's own .ldaprc changes nothing" persons_ldaprc
promise "LDAPS and StartTLS are spoken" tls
promise "a server with a wrong certificate is not asked" wrong_tls
promise "nor one under another name" wrong_name
promise "a directory that is down is said to be" dead
promise "one that hangs is given up in time" hangs
promise "a referral is not followed" referral_loop
promise "nor one among the results, which still count" referrals_within
promise "a base that does not exist is the administrator's matter" wrong_base
promise "garbage is an error" garbage
promise "a computer without a directory says so" none_configured
promise "an RFC 4387 store is searched" store
promise "also one that knows 'email' only" old_store
promise "what is no such store is an error" no_store
promise "a store that is not trusted is not asked" untrusted_store

stop_directory
fill_directory --crowd 10000
start_directory
promise "a list longer than the limit is said to be cut" limit_of_ours
promise "a list that is longer than the screen pages" pages
promise "10,000 results are 10,000 where the limit allows it" all_of_them
promise "a list that the server cut is said to be cut" limit_of_the_server
promised
