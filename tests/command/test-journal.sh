# SPDX-License-Identifier: MIT
# Recovery by hand: what `certrenew status` says of a renewal that stopped half-way, and what an
# administrator sees and does of all of them with `certrenew journal`.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
journal=/var/lib/certrenew/journal

# stopped_at RULE...: a renewal that a crash of the driver has ended.
stopped_at() {
	fresh_card
	rm -f $RA_LOG
	start_ra
	trap stop_ra EXIT
	"${configured:-configure}"
	shim "$@"
	renew $PIN $PIN > /run/renew.out 2>&1 && complain "it was not stopped"
	# With a sound driver, and the RA as it was.
	sed -i "s|^module = .*|module = $MODULE|; /^environment = /d; /^sandbox_write = /d" /etc/certrenew.conf
}

states() {
	for role in encryption signature; do
		sed -n 's/^state //p' $journal/*/$role-*.journal 2> /dev/null | grep . || echo none
	done | xargs
}

stands_at() { [ "$(states)" = "$1" ] || complain "the journal stands at $(states), not at $1"; }

# id_of ROLE: of the unfinished one, from the list.
id_of() { certrenew journal list --json | grep '"archived": false' | sed -n "s/.*{\"id\": \"\([0-9a-f]*\)\".*\"role\": \"$1\".*/\1/p"; }
# id_of_damaged: likewise, of the first that cannot be read.
id_of_damaged() { certrenew journal list --json | sed -n 's/.*{"id": "\([0-9a-f]*\)".*"state": "damaged".*/\1/p' | head -n 1; }

json_is_json() {
	"$@" > /run/json || :
	perl -MJSON::PP -e 'local $/; JSON::PP->new->utf8->decode(<STDIN>)' < /run/json ||
		{ cat /run/json; return 1; }
}

# finishes: the next renewal ends it, and nothing is unfinished any more.
finishes() {
	exits 0 renew $PIN $PIN
	stands_at "none none"
	exits 0 certrenew status
	says_not $out "not finished"
	json_is_json certrenew status --json
	says /run/json '"unfinished": []}'
	exits 0 certrenew journal list
	says $out "finished, kept"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	card_proves Alice
}

# --- what the person is told ---------------------------------------------------------------------

# tells RULE STATES WORDS NEXT JSON: of the first that is unfinished.
tells() {
	stopped_at "$1"
	stands_at "$2"
	exits 1 certrenew status
	says $out "A renewal of this card is not finished: 'certrenew renew' goes on."
	says $out "$3"
	says $out "Run 'certrenew renew' with the card in the reader: $4"
	json_is_json certrenew status --json
	says /run/json "$5"
	exits 1 certrenew journal list
	says $out "$3"
	finishes
}

tells_at_agreed() {
	configured=configure_new_keys
	stopped_at "C_GenerateKeyPair#1 after crash"
	stands_at "agreed none"
	exits 1 certrenew status
	says $out "begun, nothing asked for yet"
	says $out "the new certificate is asked for."
	exits 0 certrenew journal show "$(id_of encryption)"
	says $out "a new one"
	says_not $out "New serial number"
	exits 0 renew $PIN $PIN
	stands_at "none none"
}

configure_new_keys() { configure 's/^timeout = 10s/&\nkey = new/'; }

# By CMP a certificate is confirmed before it is written; what was asked for is a whole transaction.
tells_of_cmp() {
	configured=configure_cmp
	stopped_at "C_CreateObject#1 crash"
	stands_at "confirmed confirmed"
	exits 1 certrenew status
	says $out "issued, not on the card yet"
	exits 1 certrenew journal list
	says $out "write it to the card"
	id=$(id_of encryption)
	exits 0 certrenew journal show "$id"
	says $out "office (https://localhost:$RA_PORT/.well-known/cmp)"
	rm -f /run/cmp.pem
	exits 0 certrenew journal export "$id" --request /run/cmp.pem
	says /run/cmp.pem "BEGIN CMP TRANSACTION"
	finishes
}

tells_when_the_ca_wants_time() {
	fresh_card
	start_ra --pending 3600
	trap stop_ra EXIT
	configure
	renew $PIN $PIN > /run/renew.out 2>&1 || :
	stands_at "waiting waiting"
	exits 1 certrenew status
	says $out "the certification authority wants more time"
	says $out "Run 'certrenew renew' with the card in the reader after $(date +%Y)-"
	json_is_json certrenew status --json
	says /run/json '"state": "waiting"'
	says /run/json '"next": "wait"'
	exits 1 certrenew journal list
	says $out "ask again after $(date +%Y)-"
}

tells_of_a_damaged_record() {
	stopped_at "C_CreateObject#1 crash"
	for entry in $journal/*/signature-*.journal; do
		: > "$entry"
	done
	exits 1 certrenew status
	says $out "damaged, cannot be read"
	says $out "Tell your administrator: 'certrenew journal list' says which record cannot be read."
	json_is_json certrenew status --json
	says /run/json '"error": null'
	says /run/json '"state": "damaged"'
}

# Bob's card is in the reader, Alice's has the unfinished renewal.
tells_nobody_else() {
	stopped_at "C_CreateObject#1 crash"
	mv /var/lib/softhsm/tokens /run/alices
	install -d -m 700 -o _certrenew -g _certrenew /var/lib/softhsm/tokens
	new_card Bob --key ec:P-256
	exits 1 certrenew status
	says $out "Card Bob"
	says_not $out "not finished"
	says_not $out "issued"
	exits 1 certrenew journal list
	says $out "issued, not on the card yet"
}

# The journal is renew's alone: check is not the one that reads it.
check_reads_no_record() {
	stopped_at "C_CreateObject#1 crash"
	strace -f -o /run/trace -e trace=openat,execve certrenew status > $out 2>&1 || :
	says $out "issued, not on the card yet"
	checks=$(sed -n 's/^\([0-9]*\) *execve("[^"]*certrenew-check".*/\1/p' /run/trace)
	[ -n "$checks" ] || complain "check was not seen"
	for pid in $checks; do
		! grep "^$pid .*$journal" /run/trace | sed '/execve(/d' | grep . ||
			complain "check looked into the journal"
	done
}

leaves_the_journal_alone() {
	stopped_at "C_CreateObject#1 crash"
	find $journal -printf '%p %m %u %i %T@\n' > /run/before
	exits 1 certrenew status
	exits 1 certrenew journal list
	exits 0 certrenew journal show "$(id_of signature)"
	find $journal -printf '%p %m %u %i %T@\n' > /run/after
	same /run/before /run/after
}

# --- who may -------------------------------------------------------------------------------------

is_for_root_alone() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of signature)
	for wanted in "list" "list --json" "show $id" "export $id /tmp/stolen.pem" "discard $id --yes"; do
		exits 3 as_user alice certrenew journal $wanted
		says $out "Only the administrator may look into the records"
		says_not $out "signature"
	done
	[ ! -e /tmp/stolen.pem ] || complain "exported"
	stands_at "issued issued"
}

helps() {
	exits 0 certrenew journal --help
	for verb in list show export discard; do
		says $out "certrenew journal $verb"
	done
	exits 0 certrenew --help
	says $out "journal list"
	for wrong in "" "list x" "show" "export 00" "frobnicate" "list --yes" "show 00 --old" "discard" \
		"export 00 --old --new f" "list --frobnicate" "discard 00 --json"; do
		exits 3 certrenew journal $wrong
		says $out "Usage: certrenew journal list"
	done
	exits 3 certrenew journal show 0123abcd
	says $out "there is no such ID"
}

# The records are parsed with no right of root's.
reads_without_roots_rights() {
	stopped_at "C_CreateObject#1 crash"
	for wanted in "list" "show $(id_of signature)" "export $(id_of signature) --new /run/a.pem" \
		"discard $(id_of signature) --yes"; do
		rm -f /run/trace.*
		strace -ff -o /run/trace -e trace=openat,setresuid,capset certrenew journal $wanted > $out 2>&1 || :
		for trace in /run/trace.*; do
			awk '/setresuid\(/ { dropped = 1 } /\.journal"/ && !/O_DIRECTORY/ && !dropped { print; bad = 1 }
				END { exit bad }' "$trace" || complain "read by root: $wanted"
		done
		grep -l setresuid /run/trace.* > /dev/null || complain "not dropped: $wanted"
	done
}

# --- show and export ---------------------------------------------------------------------------------

shows_everything_readable() {
	stopped_at "C_CreateObject#2 crash"
	card_list Alice > /run/card.now
	id=$(id_of signature)
	exits 0 certrenew journal show "$id"
	sed -n 's/^old //p' $journal/*/signature-*.journal | base64 -d > /run/old.der
	sed -n 's/^issued //p' $journal/*/signature-*.journal | base64 -d > /run/new.der
	for one in old new; do
		says $out "$(openssl x509 -inform DER -in /run/$one.der -noout -serial | sed 's/serial=//')"
		says $out "$(date -d "$(openssl x509 -inform DER -in /run/$one.der -noout -enddate |
			sed 's/notAfter=//')" +%Y-%m-%d)"
	done
	for word in "CN=Alice Chen" "issued, not on the card yet" \
		"office (https://localhost:$RA_PORT/.well-known/est)" "$journal" "signature"; do
		says $out "$word"
	done
	# A request is no secret, and no sight either.
	for value in $(sed -nE 's/^(request|old|issued) //p' $journal/*/signature-*.journal); do
		says_not $out "$(echo "$value" | cut -c 1-40)"
	done
	json_is_json certrenew journal show "$id" --json
	says /run/json '"state": "issued"'
	json_is_json certrenew journal list --json
	[ "$(grep -c '"archived": false' /run/json)" = 2 ] || { cat /run/json; complain "not two"; }
}

is_same_certificate() {
	openssl x509 -in "$1" -outform DER -out /run/exported.der
	cmp "$2" /run/exported.der
}

exports_each() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of encryption)
	for one in old issued; do
		sed -n "s/^$one //p" $journal/*/encryption-*.journal | base64 -d > /run/$one.der
	done
	rm -f /run/*.pem
	exits 0 certrenew journal export "$id" /run/default.pem
	is_same_certificate /run/default.pem /run/old.der
	exits 0 certrenew journal export "$id" --old /run/old.pem
	is_same_certificate /run/old.pem /run/old.der
	exits 0 certrenew journal export --new "$id" /run/new.pem
	is_same_certificate /run/new.pem /run/issued.der
	exits 0 certrenew journal export "$id" --request /run/request.pem
	openssl req -in /run/request.pem -noout -verify > $out 2>&1
	[ "$(stat -c '%a %U' /run/*.pem | sort -u)" = "600 root" ] || complain "not root's alone"
}

overwrites_nothing() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of encryption)
	echo precious > /run/file.pem
	ln -sf /run/elsewhere.pem /run/link.pem
	rm -f /run/elsewhere.pem
	for path in /run/file.pem /run/link.pem /run /nowhere/x.pem; do
		exits 3 certrenew journal export "$id" $path
		says $out "certrenew: not exported: $path: "
	done
	[ "$(cat /run/file.pem)" = precious ] || complain "overwritten"
	[ ! -e /run/elsewhere.pem ] || complain "a link was followed"
}

leaves_no_empty_file() {
	configured=configure_new_keys
	stopped_at "C_GenerateKeyPair#1 after crash"
	exits 3 certrenew journal export "$(id_of encryption)" --new /run/none.pem
	says $out "This record does not hold that."
	[ ! -e /run/none.pem ] || complain "an empty file"
}

# The card has only the new one; who has mail from before finds the old one here.
keeps_old_encryption_certificates() {
	fresh_card
	card_list Alice | sed -n 's/^certificate.*role=encryption serial=\([0-9A-F]*\) .*/\1/p' > /run/old.serial
	start_ra
	trap stop_ra EXIT
	configure
	exits 0 renew $PIN $PIN
	id=$(certrenew journal list | awk '/encryption/ { print $1 }')
	rm -f /run/kept.pem
	exits 0 certrenew journal export "$id" --old /run/kept.pem
	[ "$(openssl x509 -in /run/kept.pem -noout -serial)" = "serial=$(cat /run/old.serial)" ] ||
		complain "another certificate"
}

# --- discard ---------------------------------------------------------------------------------------

# loses RULE ROLE WORDS: it is said, and what was issued stays in the archive.
loses() {
	stopped_at "$1"
	id=$(id_of "$2")
	cp $journal/*/"$2"-*.journal /run/entry
	exits 0 certrenew journal discard "$id" --yes
	says $out "$3"
	says $out "It was put aside; what it held is kept in the archive."
	logs "the unfinished renewal"
	same /run/entry "$(ls $journal/*/"$2"-*-[0-9]*.*)"
	[ -z "$(id_of "$2")" ] || complain "still unfinished"
	[ "$(stat -c '%U %a' $journal/*/"$2"-*)" = "_certrenew 600" ] || complain "another's file now"
	exits 0 renew $PIN $PIN
	card_proves Alice
}

# keeps_what_the_card_needs STATE TEXT RULE...: without the record nobody would know which key the old
# certificate belongs to, or nobody would have it.
keeps_what_the_card_needs() {
	state=$1 text=$2
	shift 2
	stopped_at "$@"
	stands_at "$state issued"
	id=$(id_of encryption)
	exits 3 certrenew journal discard "$id" --yes
	says $out "$text"
	finishes
}

asks_first() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of signature)
	exits 1 certrenew journal discard "$id" < /dev/null
	says $out "A certificate was issued that is not on the card"
	says $out "Nothing was changed."
	at_terminal certrenew journal discard "$id" <<-'TCL' > /run/no || :
		see "Discard it? (yes / no) "
		type no
		see "Nothing was changed."
	TCL
	stands_at "issued issued"
	says $shown "Nothing was changed."
	at_terminal certrenew journal discard "$id" <<-'TCL'
		see "it will not be written"
		see "Discard it? (yes / no) "
		type yes
		see "It was put aside"
	TCL
	stands_at "issued none"
}

# While a renewal writes, and while the question is open.
waits_for_no_renewal() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of signature)
	shim "C_CreateObject#1 delay 2500"
	renew $PIN $PIN > /run/renew.out 2>&1 &
	renewing=$!
	within 10 grep -q "Step 1 of 2" /run/renew.out
	exits 3 certrenew journal discard "$id" --yes
	says $out "The card is being renewed already."
	wait $renewing
	stands_at "none none"
}

notices_a_change() {
	stopped_at "C_CreateObject#1 crash"
	id=$(id_of signature)
	cat > /run/finish <<-SH
		printf '%s\n' $PIN $PIN | certrenew renew --yes > /run/renew.out 2>&1
		while pgrep -x certrenew-helpe > /dev/null; do sleep 0.02; done
	SH
	at_terminal certrenew journal discard "$id" <<-'TCL' || :
		see "Discard it? (yes / no) "
		exec sh /run/finish
		type yes
		see "The record has changed meanwhile."
	TCL
	says $shown "The record has changed meanwhile."
	says /run/renew.out "All certificates were renewed."
	stands_at "none none"
}

discards_nothing_archived() {
	stopped_at "C_CreateObject#1 crash"
	exits 0 renew $PIN
	id=$(certrenew journal list | awk '/encryption/ { print $1 }')
	exits 3 certrenew journal discard "$id" --yes
	says $out "This record is in the archive already"
	ls $journal/*/encryption-*.done > $out
}

# --- records that are not what they should be ----------------------------------------------------

# damaged_by COMMAND...: the signature's entry is in $entry.
damaged_by() {
	stopped_at "C_CreateObject#1 crash"
	entry=$(ls $journal/*/signature-*.journal)
	"$@"
	exits 2 timeout 20 certrenew journal list
	says $out "damaged, cannot be read"
	says $out "look into it, or discard it"
	says $out "issued, not on the card yet"
	json_is_json certrenew journal list --json
	id=$(id_of_damaged)
	exits 2 timeout 20 certrenew journal show "$id"
	says $out "'certrenew journal discard $id' puts it aside."
	says_not $out "root:"
	exits 3 timeout 20 certrenew journal export "$id" /run/damaged.pem
	[ ! -e /run/damaged.pem ] || complain "exported"
	exits 0 timeout 20 certrenew journal discard "$id" --yes
	says $out "Nobody can read it."
	ls $journal/*/signature-*.damaged > $out
	exits 1 certrenew journal list
	exits 0 renew $PIN $PIN
	card_proves Alice
}

cut_short() { truncate -s 300 "$entry"; }
empty() { : > "$entry"; }
of_bytes() { head -c 4000 /dev/urandom > "$entry"; }
huge() { truncate -s 2G "$entry"; }
a_link() { rm "$entry"; ln -s /etc/shadow "$entry"; }
a_pipe() { rm "$entry"; mkfifo "$entry"; chown _certrenew "$entry"; }
of_alice() { chown alice "$entry"; }
for_everybody() { chmod 666 "$entry"; }
a_folder() { rm "$entry"; install -d -o _certrenew -m 700 "$entry"; }

# misplaced_by COMMAND...: there is nothing that could be discarded.
misplaced_by() {
	stopped_at "C_CreateObject#1 crash"
	folder=$(ls -d $journal/*)
	"$@"
	exits 2 timeout 20 certrenew journal list
	id=$(id_of_damaged)
	exits 3 timeout 20 certrenew journal discard "$id" --yes
	says $out "there are only folders of cards, which belong to _certrenew alone"
	exits 2 timeout 20 certrenew journal show "$id"
	says_not $out "root:"
}

folder_of_alice() { chown alice "$folder"; }
folder_for_all() { chmod 755 "$folder"; }
folder_link() { mv "$folder" /run/moved; ln -s /run/moved "$folder"; }
another_folder() { install -d -m 700 -o _certrenew "$journal/"'x; $(id) [31m'; }
a_file() { install -m 600 -o _certrenew /dev/null $journal/filler; }

refuses_a_journal_for_all() {
	stopped_at "C_CreateObject#1 crash"
	chmod 755 $journal
	exits 3 certrenew journal list
	says $out "must be a folder of user"
	chmod 700 $journal
	mv $journal /run/journal-elsewhere
	ln -s /run/journal-elsewhere $journal
	exits 3 certrenew journal list
	rm $journal
	exits 0 certrenew journal list
	says $out "There is no record of a renewal."
}

has_no_control_characters() {
	stopped_at "C_CreateObject#1 crash"
	another_folder
	mv "$(ls $journal/*/signature-*.journal)" "$(ls -d $journal/[0-9]*)/$(printf 'a\033]0;x\007\nforged').journal"
	certrenew journal list > $out 2>&1 || :
	certrenew journal show "$(certrenew journal list --json | sed -n 's/.*"id": "\([0-9a-f]*\)".*forged.*/\1/p')" >> $out 2>&1 || :
	! grep -q "$(printf '[\033\007]')" $out || complain "control characters"
	! grep -q '^forged' $out || complain "a line of its own"
	json_is_json certrenew journal list --json
}

speaks() {
	stopped_at "C_CreateObject#1 crash"
	exits 1 env LANG=$1 certrenew status
	says $out "$2"
	exits 1 env LANG=$1 certrenew journal list
	says $out "$2"
	exits 0 env LANG=$1 certrenew journal show "$(id_of signature)"
	says $out "$2"
}

promise "stopped before anything was asked for, status says so" tells_at_agreed
promise "stopped between the two requests" tells "C_Sign#3 crash" "requested none" \
	"asked for, no answer yet" "the same request is sent again." '"next": "ask-again"'
promise "the CA wants more time: until when" tells_when_the_ca_wants_time
promise "stopped before the card was written to" tells "C_CreateObject#1 crash" "issued issued" \
	"issued, not on the card yet" "what was issued is written to the card." '"next": "write"'
promise "stopped before the second certificate was written" tells "C_CreateObject#2 crash" \
	"written issued" "on the card, not checked yet" "what was written is checked." '"next": "check"'
promise "stopped before the old certificates were removed" tells "C_DestroyObject#1 crash" \
	"verified verified" "on the card, with the old one beside it" \
	"the old certificate is removed from the card." '"next": "remove-old"'
promise "stopped once what CMP issued was confirmed" tells_of_cmp
promise "a damaged record is said to be one, and whom to tell" tells_of_a_damaged_record
promise "status tells of the cards that are there alone" tells_nobody_else
promise "status has renew read the journal, not check" check_reads_no_record
promise "looking changes nothing" leaves_the_journal_alone

promise "journal is for root alone" is_for_root_alone
promise "journal helps, and refuses what makes no sense" helps
promise "the records are read without root's rights" reads_without_roots_rights

promise "show tells everything that can be read, and no more" shows_everything_readable
promise "export writes the old and the new certificate and the request" exports_each
promise "export overwrites nothing and follows no link" overwrites_nothing
promise "export of what is not there leaves no file" leaves_no_empty_file
promise "an old encryption certificate that left the card is found in the archive" \
	keeps_old_encryption_certificates

promise "discard of what was issued says so and keeps it" loses "C_CreateObject#1 crash" \
	signature "A certificate was issued that is not on the card: it will not be written"
promise "discard of what was asked for" loses "C_Sign#3 crash" encryption \
	"The certification authority may have issued the certificate already"
promise "discard of what is on the card" loses "C_CreateObject#2 crash" encryption \
	"The new certificate is on the card. The old one stays there beside it."
promise "discard refuses what alone says where the old certificate is" keeps_what_the_card_needs \
	moved-aside "The card's old certificate has been moved aside, and only this record says where." \
	"C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#2 crash"
promise "discard refuses what alone has the old certificate" keeps_what_the_card_needs \
	taken-off "its old certificate was taken off, and only this record has it." \
	"room 2" "C_DestroyObject#1 crash"
promise "discard asks first, and takes only a yes" asks_first
promise "discard does nothing while the card is being renewed" waits_for_no_renewal
promise "discard notices that the renewal went on while it asked" notices_a_change
promise "what is in the archive cannot be discarded" discards_nothing_archived

promise "a record that is cut short: listed as damaged, and put aside" damaged_by cut_short
promise "an empty one" damaged_by empty
promise "one of random bytes" damaged_by of_bytes
promise "one of two gigabytes" damaged_by huge
promise "a symbolic link in its place" damaged_by a_link
promise "a pipe in its place" damaged_by a_pipe
promise "a folder in its place" damaged_by a_folder
promise "one of another user" damaged_by of_alice
promise "one that everybody may write" damaged_by for_everybody
promise "a card's folder of another user is for the administrator to look into" \
	misplaced_by folder_of_alice
promise "one that others may read" misplaced_by folder_for_all
promise "a link in its place" misplaced_by folder_link
promise "a folder that is no card's" misplaced_by another_folder
promise "a file among the folders" misplaced_by a_file
promise "a journal that is not _certrenew's alone is refused, and none is no error" \
	refuses_a_journal_for_all
promise "names in the journal reach no terminal as they are" has_no_control_characters

promise "all of it in Chinese" speaks zh_TW.UTF-8 "已簽發，尚未寫入卡片"
promise "and in Portuguese" speaks pt_PT.UTF-8 "emitido, ainda não está no cartão"
promised
