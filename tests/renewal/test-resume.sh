# SPDX-License-Identifier: MIT
# Whatever ends a renewal, wherever: the card still works, nothing issued is lost or issued twice,
# and the next run goes on where this one stopped.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
journal=/var/lib/certrenew/journal

# with_shim RULE...: a card with two certificates to renew, an RA, and a driver with these rules.
with_shim() {
	fresh_card
	fresh_logs
	start_ra
	configure
	shim "log /run/shim.log" "$@"
	card_list Alice > /run/before
}

sound_driver() { configure "$@"; }

# The states of the unfinished entries, encryption first: "written issued", "none issued".
states() {
	for role in encryption signature; do
		sed -n 's/^state //p' $journal/*/$role-*.journal 2> /dev/null | grep . || echo none
	done | xargs
}

stands_at() { [ "$(states)" = "$1" ] || complain "the journal stands at $(states), not at $1"; }

issued_once() {
	[ "$(issued encryption) $(issued signature)" = "1 1" ] ||
		complain "issued: $(issued encryption) $(issued signature)"
}

# Two certificates and two key pairs, each under its own id.
holds_no_duplicates() {
	card_list Alice > "$out"
	for class in certificate private-key public-key; do
		[ "$(grep "^$class" "$out" | cut -d ' ' -f 2 | sort -u | wc -l)" = 2 ] &&
			[ "$(grep -c "^$class" "$out")" = 2 ] || { cat "$out"; return 1; }
	done
}

card_works() { card_proves Alice > "$out" || { cat "$out"; return 1; }; }

serial_of_card() { card_list Alice | sed -n '1s/.*serial=//p'; }

# finishes ANSWER...: with a sound driver, the next run ends what this one began.
finishes() {
	sound_driver
	exits 0 renew "$@"
	says "$out" "renewed. You may remove the card."
	is_finished
}

is_finished() {
	stands_at "none none"
	ls $journal/*/encryption-*.done $journal/*/signature-*.done > "$out"
	issued_once
	holds_no_duplicates
	card_works
	exits 0 certrenew status
	stop_ra
}

# --- the driver crashes, the card is pulled ------------------------------------------------------

# goes_on_after RULE STATES PINS: the process is gone at this call.
goes_on_after() {
	with_shim "$1"
	exits 3 renew $PIN $PIN
	says "$out" "A part of certrenew ended unexpectedly."
	says "$out" "Try again; if it happens again, tell your administrator: the log says more."
	stands_at "$2"
	card_works
	finishes $PIN $PIN
	[ "$(grep -c . /run/shim.log)" -gt 0 ] || complain "the shim was not used"
}

# removed_at RULE STATES: the card is pulled at this call.
removed_at() {
	with_shim "$1"
	exits 3 renew $PIN $PIN
	says "$out" "he card was removed."
	says "$out" "Insert it again and run 'certrenew renew': it goes on where it stopped."
	stands_at "$2"
	card_works
	finishes $PIN $PIN
}

# Then both are renewed already; what is left is to take the old ones away.
removed_at_the_end() {
	with_shim "C_DestroyObject#1 removed"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	stands_at "verified verified"
	card_works
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	finishes $PIN
}

# --- processes are killed ------------------------------------------------------------------------

# starts_to_write: in the background; the call that writes takes its time.
starts_to_write() {
	with_shim "$1"
	renew $PIN $PIN > /run/renew.out 2>&1 &
	renewing=$!
	within 10 sh -c "grep -q C_Logout /run/shim.log && pgrep -x certrenew-renew > /dev/null"
	within 10 says_writing
}

says_writing() { grep -q "Step 3 of 4" /run/renew.out; }

renew_is_killed() {
	starts_to_write "C_CreateObject#1 hang 60"
	pkill -KILL -x certrenew-renew
	wait $renewing && complain "no failure"
	says /run/renew.out "A part of certrenew ended unexpectedly."
	stands_at "issued issued"
	card_works
	finishes $PIN
}

helper_is_killed() {
	starts_to_write "C_CreateObject#1 delay 1000"
	pkill -KILL -x certrenew-helpe
	wait $renewing
	says /run/renew.out "All certificates were renewed. You may remove the card."
	sound_driver
	is_finished
}

command_is_killed() {
	starts_to_write "C_CreateObject#1 delay 1000"
	pkill -KILL -x certrenew
	within 10 sh -c "! pgrep -x certrenew-renew > /dev/null"
	sound_driver
	is_finished
}

everything_is_told_to_end() {
	starts_to_write "C_CreateObject#1 delay 1000"
	pkill -TERM -x certrenew-renew
	pkill -HUP -x certrenew-renew
	pkill -INT -x certrenew-renew
	wait $renewing
	sound_driver
	is_finished
}

is_not_renewed_twice_at_once() {
	starts_to_write "C_CreateObject#1 delay 2000"
	sound_driver
	exits 3 renew $PIN $PIN
	says "$out" "The card is being renewed already."
	says "$out" "Wait until that has ended."
	says_not "$out" "Enter your card's PIN"
	wait $renewing
	is_finished
}

helper_is_killed_before() {
	with_shim
	mkfifo /run/answers
	renew_from_fifo > "$out" 2>&1 &
	renewing=$!
	exec 9> /run/answers
	within 10 grep -q "Enter your card's PIN" "$out"
	pkill -KILL -x certrenew-helpe
	within 10 sh -c "! pgrep -x certrenew-renew > /dev/null"
	echo $PIN >&9
	exec 9>&-
	wait $renewing && complain "no failure"
	rm /run/answers
	stands_at "none none"
	card_list Alice > /run/after
	same /run/before /run/after
	finishes $PIN $PIN
}

renew_from_fifo() { certrenew renew --yes < /run/answers; }

# --- cards that refuse ---------------------------------------------------------------------------

# A second certificate under the same id is refused: the old one makes room.
makes_room() {
	with_shim "C_CreateObject#1 error CKR_GENERAL_ERROR" "C_CreateObject#3 error CKR_GENERAL_ERROR"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	grep -oE 'C_(CreateObject|SetAttributeValue|DestroyObject)' /run/shim.log | xargs > "$out"
	says "$out" "C_CreateObject C_CreateObject C_SetAttributeValue C_SetAttributeValue \
C_CreateObject C_CreateObject C_SetAttributeValue C_SetAttributeValue C_DestroyObject C_DestroyObject"
	sound_driver
	is_finished
}

# makes_room_again ROLE RULE...: it is pulled, or power fails, when the old one has made room.
goes_on_with_room() {
	states=$1
	shift
	with_shim "$@"
	exits 3 renew $PIN $PIN
	stands_at "$states"
	exits 1 certrenew status
	says "$out" "A renewal of this card is not finished: 'certrenew renew' goes on."
	finishes $PIN
}

# refuses_every_certificate CKR SENTENCE NEXT
refuses_every_certificate() {
	with_shim "C_CreateObject error $1"
	exits 3 renew $PIN $PIN
	says "$out" "$2. The card still signs in; what was issued is kept on this computer."
	says "$out" "$3"
	stands_at "issued issued"
	card_list Alice > /run/after
	same /run/before /run/after
	card_works
	finishes $PIN
}

refuses_the_second_certificate() {
	with_shim "C_CreateObject#2 error CKR_DEVICE_MEMORY" "C_CreateObject#3 error CKR_DEVICE_MEMORY"
	exits 3 renew $PIN $PIN
	says "$out" "The encryption certificate was valid until"
	says "$out" "The signature certificate was not renewed. The card is full. The card still signs in"
	says "$out" "1 of 2 certificates were renewed."
	stands_at "none issued"
	card_works
	grep "id=01" /run/before > /run/expected
	card_list Alice | grep "id=01" > /run/after
	same /run/expected /run/after
	finishes $PIN
}

answers_an_error_and_writes() {
	with_shim "C_CreateObject#1 after error CKR_DEVICE_ERROR"
	exits 0 renew $PIN $PIN
	sound_driver
	is_finished
}

says_written_and_does_not() {
	with_shim "C_CreateObject#1 error CKR_OK"
	exits 3 renew $PIN $PIN
	says "$out" "The encryption certificate was not renewed. \
What was written to the card could not be read back."
	card_works
	finishes $PIN
}

# The card is as it was before, as if what was read back had never left the driver's cache.
forgets_what_was_verified() {
	with_shim "C_DestroyObject#1 crash"
	rm -rf /run/tokens
	cp -a /var/lib/softhsm/tokens /run/tokens
	exits 3 renew $PIN $PIN
	stands_at "verified verified"
	rm -r /var/lib/softhsm/tokens
	cp -a /run/tokens /var/lib/softhsm/tokens
	finishes $PIN
}

keeps_the_old_one() {
	with_shim "C_DestroyObject error CKR_GENERAL_ERROR"
	exits 0 renew $PIN $PIN
	says "$out" "All certificates were renewed."
	stands_at "verified verified"
	logs "the old certificate is still on the card: card-error: C_DestroyObject"
	card_works
	finishes $PIN
}

# --- one of two ----------------------------------------------------------------------------------

# one_is_refused ROLE OTHER: the RA refuses the one, the other is renewed.
one_is_refused() {
	with_shim
	stop_ra
	start_ra --misbehave http-400 --misbehave-only-role "$1"
	sound_driver
	exits 3 renew $PIN $PIN
	says "$out" "The $2 certificate was valid until"
	says "$out" "The $1 certificate was not renewed. The certification authority refused the request."
	says "$out" "The certification authority said: The request was refused: policy 7 forbids it."
	says "$out" "Tell your administrator what it said."
	says "$out" "1 of 2 certificates were renewed. You may remove the card."
	within 5 grep -q "renew: token $(serial_of_card): 1 of 2 renewed" /var/log/auth.log
	stands_at "none none"
	card_works
	exits 1 certrenew status
	stop_ra
	start_ra
	finishes $PIN $PIN
}

# --- new keys ------------------------------------------------------------------------------------

# new_key_goes_on_after RULE STATES
new_key_goes_on_after() {
	with_shim "$1"
	sed -i 's/^timeout = 10s/&\nkey = new/' /etc/certrenew.conf
	exits 3 renew $PIN $PIN
	stands_at "$2"
	card_works
	sound_driver 's/^timeout = 10s/&\nkey = new/'
	exits 0 renew $PIN $PIN
	stands_at "none none"
	issued_once
	card_works
	card_list Alice > "$out"
	# The old encryption key stays, and nothing is left over beside it.
	[ "$(grep -c ^certificate "$out") $(grep -c ^private-key "$out")" = "2 3" ] ||
		{ cat "$out"; return 1; }
	stop_ra
}

# --- the journal ---------------------------------------------------------------------------------

is_private() {
	with_shim "C_CreateObject#1 crash"
	exits 3 renew $PIN $PIN
	find $journal -type d ! -perm 700 > "$out"
	find $journal -type f ! -perm 600 >> "$out"
	find $journal ! -user _certrenew >> "$out"
	[ ! -s "$out" ] || { cat "$out"; return 1; }
	! as_user alice ls $journal || complain "readable"
	finishes $PIN
}

# is_refused_with COMMAND...: of a journal in this state nothing is expected, and nobody is asked.
is_refused_with() {
	with_shim
	sound_driver
	exits 1 certrenew status
	folder=$journal/$(serial_of_card | tr -d '\n' | od -An -v -tx1 | tr -d ' \n')
	install -d -m 700 -o _certrenew -g _certrenew "$folder"
	"$@"
	exits 3 renew $PIN $PIN
	says "$out" "The record of the renewal cannot be kept on this computer. \
Nothing on the card was changed."
	says "$out" "Tell your administrator"
	says_not "$out" "PIN"
	[ ! -s $RA_LOG ] || complain "the RA was asked"
	logs "not renewed: journal: "
	stop_ra
}

others_may_read_it() { chmod 755 $journal; }
others_may_read_the_cards() { chmod 750 "$folder"; }
root_owns_it() { chown root $journal; chmod 777 $journal; }
alice_owns_the_cards() { chown alice "$folder"; }
link_in_its_place() { mv "$folder" /run/elsewhere; ln -s /run/elsewhere "$folder"; }
half_an_entry() {
	printf 'certrenew-journal 1\nstate issued\nrole signature\n' > "$folder/signature-00.journal"
	chown _certrenew "$folder"/*
}

disk_is_full() {
	with_shim
	sound_driver
	exits 1 certrenew status
	mount -t tmpfs -o size=1m,mode=700,uid="$(id -u _certrenew)",gid="$(id -g _certrenew)" \
		full $journal
	dd if=/dev/zero of=$journal/filler bs=4k 2> /dev/null || :
	exits 3 renew $PIN $PIN
	says "$out" "The record of the renewal cannot be kept on this computer."
	says "$out" "Tell your administrator: the disk may be full."
	says_not $RA_LOG simplereenroll
	card_list Alice > /run/after
	same /run/before /run/after
	rm $journal/filler
	finishes $PIN $PIN
	umount $journal
}

# A power cut between 'done' and putting the entry away.
is_put_away() {
	with_shim
	sound_driver
	exits 0 renew $PIN $PIN
	for entry in $journal/*/*.done; do
		mv "$entry" "${entry%-*}.journal"
	done
	stands_at "done done"
	exits 0 renew
	says_not "$out" "not renewed"
	is_finished
}

# The card was renewed on another computer while this one's journal had an entry.
is_overtaken() {
	with_shim "C_CreateObject#1 crash"
	exits 3 renew $PIN $PIN
	mv $journal /run/journal-of-here
	sound_driver
	exits 0 renew $PIN $PIN
	card_list Alice > /run/before
	rm -r $journal
	mv /run/journal-of-here $journal
	exits 0 renew
	says "$out" "No certificate has to be renewed now."
	says_not "$out" "PIN"
	stands_at "none none"
	ls $journal/*/encryption-*.issued $journal/*/signature-*.issued > "$out"
	card_list Alice > /run/after
	same /run/before /run/after
	exits 0 certrenew status
	stop_ra
}

# The first certificate that renew reads is no certificate: what was asked for it is not given up.
cannot_be_read() {
	with_shim
	stop_ra
	start_ra --misbehave http-500
	configure
	exits 3 renew $PIN
	stands_at "requested requested"
	shim "program certrenew-renew" "C_GetAttributeValue#1 error CKR_OK"
	exits 3 renew $PIN
	says_not /var/log/auth.log "is put away"
	stands_at "requested requested"
	stop_ra
	start_ra
	finishes $PIN $PIN
}

# are_too_many: entries of other certificates, like the signature certificate's, more than a run takes;
# a card with a certificate that cannot be read may hold them.
are_too_many() {
	fresh_card --unparsable
	fresh_logs
	start_ra --pending 3600
	configure
	exits 1 renew $PIN
	entry=$(ls $journal/*/signature-*.journal)
	for name in $(seq 1 16); do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null \
			-subj "/CN=$name" -outform DER -out /run/old.der 2> /dev/null
		sed "s|^old .*|old $(base64 -w 0 /run/old.der)|" "$entry" > /run/entry
		key=$(openssl x509 -inform DER -in /run/old.der -noout -pubkey |
			openssl pkey -pubin -outform DER | sha256sum | cut -c 1-32)
		install -m 600 -o _certrenew -g _certrenew /run/entry "${entry%/*}/signature-$key.journal"
	done
	exits 1 renew
	says "$out" "still working on the signature certificate"
	[ "$(find $journal -name '*.journal' | wc -l)" = 18 ] || complain "$(ls $journal/*)"
	says_not /var/log/auth.log "is put away"
	stop_ra
}

another_card_is_another_journal() {
	with_shim "C_CreateObject#1 crash"
	exits 3 renew $PIN $PIN
	new_card Bob --key ec:P-256
	sound_driver "s/^\[card\]/&\ntoken = pkcs11:token=Bob/"
	exits 0 renew $PIN $PIN
	card_proves Bob > "$out"
	stands_at "issued issued"
	[ "$(issued)" = 4 ] || complain "issued: $(issued)"
	stop_ra
}

keeps_what_left_the_card() {
	with_shim
	sound_driver
	exits 0 renew $PIN $PIN
	for role in encryption signature; do
		sed -n 's/^old //p' $journal/*/$role-*.done | base64 -d > /run/old.der
		openssl x509 -inform DER -in /run/old.der -noout -serial | sed 's/serial=//' > /run/serial
		says /run/before "role=$role serial=$(cat /run/serial)"
	done
	stop_ra
}

promise "a crash while TLS is set up leaves nothing behind" \
	goes_on_after "C_Sign#1 crash" "none none"
promise "a crash between the two requests keeps the first" \
	goes_on_after "C_Sign#3 crash" "requested none"
promise "a crash once both are issued loses neither" \
	goes_on_after "C_Logout#1 crash" "issued issued"
promise "a crash at the second PIN loses neither" \
	goes_on_after "C_Login#2 crash" "issued issued"
promise "a crash before the first certificate is written" \
	goes_on_after "C_CreateObject#1 crash" "issued issued"
promise "a crash after the first certificate is written" \
	goes_on_after "C_CreateObject#1 after crash" "issued issued"
promise "a crash before the second certificate is written" \
	goes_on_after "C_CreateObject#2 crash" "written issued"
promise "a crash after the second certificate is written" \
	goes_on_after "C_CreateObject#2 after crash" "written issued"
promise "a crash before an old certificate is removed" \
	goes_on_after "C_DestroyObject#1 crash" "verified verified"
promise "a crash after an old certificate is removed" \
	goes_on_after "C_DestroyObject#1 after crash" "verified verified"
promise "a crash before the other old certificate is removed" \
	goes_on_after "C_DestroyObject#2 crash" "none verified"

promise "a card that is pulled while it signs" removed_at "C_Sign#2 removed" "none none"
promise "a card that is pulled while the PIN is given" removed_at "C_Login#2 removed" "issued issued"
promise "a card that is pulled before the first certificate is written" \
	removed_at "C_CreateObject#1 removed" "issued issued"
promise "a card that is pulled when the first certificate is just written" \
	removed_at "C_CreateObject#1 after removed" "issued issued"
promise "a card that is pulled before the second certificate is written" \
	removed_at "C_CreateObject#2 removed" "written issued"
promise "a card that is pulled when only the old ones are to be removed is renewed" \
	removed_at_the_end

promise "certrenew-renew is killed while it writes: the next run goes on" renew_is_killed
promise "the helper is killed during the write: it is finished" helper_is_killed
promise "the command is killed during the write: it is finished" command_is_killed
promise "a write does not end by SIGTERM, SIGHUP or SIGINT" everything_is_told_to_end
promise "the helper is killed before the write: nothing was done" helper_is_killed_before
promise "a card that is being renewed is not renewed by another run" is_not_renewed_twice_at_once

promise "a card that refuses a second certificate under one id: the old one makes room" makes_room
promise "a crash when the old encryption certificate has made room" \
	goes_on_with_room "moved-aside issued" \
	"C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#3 crash"
promise "a crash when the old signature certificate has made room" \
	goes_on_with_room "written moved-aside" \
	"C_CreateObject#2 error CKR_GENERAL_ERROR" "C_SetAttributeValue#3 crash"
promise "a card that is pulled before the old certificate has made room" \
	goes_on_with_room "moved-aside issued" \
	"C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#2 removed"
promise "a card that is pulled when the old certificate has just made room" \
	goes_on_with_room "moved-aside issued" \
	"C_CreateObject#1 error CKR_GENERAL_ERROR" "C_SetAttributeValue#2 after removed"
promise "a card that takes no certificate at all is as it was, the old ones under their ids" \
	refuses_every_certificate CKR_GENERAL_ERROR \
	"The card or its reader does not answer as it should" \
	"Take the card out, insert it again and run 'certrenew renew'."
promise "a card that takes one certificate only has one renewed" refuses_the_second_certificate
promise "an error for a certificate that was written all the same is none" \
	answers_an_error_and_writes
promise "a success for a certificate that was not written is found out, and written next time" \
	says_written_and_does_not
promise "a card that forgets what was verified keeps the old one until it is written again" \
	forgets_what_was_verified
promise "an old certificate that cannot be removed stays until the next run" keeps_the_old_one

promise "the encryption certificate refused, the signature certificate renewed" \
	one_is_refused encryption signature
promise "the signature certificate refused, the encryption certificate renewed" \
	one_is_refused signature encryption

promise "a crash when a new key was made: the next run uses that key" \
	new_key_goes_on_after "C_GenerateKeyPair#1 after crash" "agreed none"
promise "a key that could not be made: its id is not the other key's" \
	new_key_goes_on_after "C_GenerateKeyPair#1 error CKR_DEVICE_ERROR" "agreed none"
promise "a crash before the second key is made" \
	new_key_goes_on_after "C_GenerateKeyPair#2 crash" "requested agreed"
promise "a crash when a new key's certificate is written" \
	new_key_goes_on_after "C_CreateObject#1 after crash" "issued issued"
promise "a crash between an old certificate's end and its key's" \
	new_key_goes_on_after "C_DestroyObject#3 crash" "none verified"

promise "the journal is _certrenew's alone" is_private
promise "a journal that others may read is refused" is_refused_with others_may_read_it
promise "a card's journal that others may read is refused" is_refused_with others_may_read_the_cards
promise "a journal of another owner is refused" is_refused_with root_owns_it
promise "a card's journal of another owner is refused" is_refused_with alice_owns_the_cards
promise "a link in the place of a card's journal is refused" is_refused_with link_in_its_place
promise "half an entry is not taken for none" is_refused_with half_an_entry
promise "a full disk ends the renewal before anything is issued" disk_is_full
promise "an entry that is done is put away by the next run, without a PIN" is_put_away
promise "an entry that another computer's renewal has overtaken is put aside" is_overtaken
promise "an entry whose certificate cannot be read just now is not put aside" cannot_be_read
promise "entries that are more than a run takes stay for the next one" are_too_many
promise "another card has another journal" another_card_is_another_journal
promise "the old certificates are kept in the journal" keeps_what_left_the_card
promised
