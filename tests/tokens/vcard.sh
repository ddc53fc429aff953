# SPDX-License-Identifier: MIT
# Sourced in the world after tokens.sh: a smartcard behind pcscd and OpenSC. The card is a program
# (tests/world/vcard), its reader vsmartcard's; the rest is what a desktop has.

VCARD=/run/vcard
VCARD_LOG=/var/log/vcard.log
VCARD_PORT=35963 # the first of vpcd's readers, in /etc/reader.conf.d/vpcd
PUK=1234567812345678

MODULE=opensc-pkcs11.so
LABEL="Alice (User PIN)" # OpenSC adds which of a card's PINs the token is for

vcard() { test-vcard tell $VCARD "$@"; }

start_pcscd() {
	mkdir -p /run/pcscd
	pcscd --foreground > /var/log/pcscd.log 2>&1 &
	PCSCD_PID=$!
	within 10 test -S /run/pcscd/pcscd.comm
}

# Out and in again, once the reader has seen it: OpenSC shows its token.
card_is_seen() { test-card list --module "$MODULE" > /dev/null 2>&1; }
card_is_missed() { ! card_is_seen; }

insert() {
	vcard insert
	within 20 card_is_seen
}

eject() {
	vcard eject
	within 20 card_is_missed
}

reader_sees_card() { opensc-tool --list-readers 2> /dev/null | grep -q ' Yes '; }
reader_misses_card() { ! reader_sees_card; }

# new_vcard [OPTION...]: another card, in the reader, with two certificates and their RSA keys.
new_vcard() {
	blank_vcard
	on_token make --ca $CA --initialised "$@" > /dev/null
}

# A card with a PIN and nothing else.
blank_vcard() {
	if [ -s $VCARD.pid ]; then
		kill "$(cat $VCARD.pid)"
		within 20 reader_misses_card
	fi
	rm -f $VCARD $VCARD_LOG
	test-vcard serve $VCARD $VCARD_PORT $VCARD_LOG &
	echo $! > $VCARD.pid # promises are subshells
	within 10 vcard state > /dev/null
	vcard insert
	within 20 reader_sees_card
	pkcs15-init --create-pkcs15 --profile pkcs15+onepin --auth-id 01 --pin $PIN --puk $PUK \
		--label Alice --serial 0123456789abcdef > /dev/null
}

stop_vcard() {
	kill "$(cat $VCARD.pid)" "$PCSCD_PID"
	wait "$PCSCD_PID" || :
}

# How many commands of this kind the card has had: a signature is 2A, a write D6.
commands() { grep -cE "^[0-9A-F]{2}$1" $VCARD_LOG || :; }
# VERIFY without data only asks how many tries are left.
pins_given() { grep -cE "^0020.... [0-9]{2}" $VCARD_LOG || :; }
tries_left() { vcard state | sed 's/.*tries=//'; }

# with_vcard [OPTION...]: another card whose certificates are to be renewed, and an RA.
with_vcard() {
	prepare_cards
	new_vcard "$@"
	with_ra
}

# Under the ids that they had, with the keys that there were.
is_renewed() {
	holds_the_new
	[ "$(sed -n 's/^certificate \(id=[^ ]*\) type=x509 \(role=[a-z]*\) .*/\1 \2/p' /run/after | xargs)" = \
		"id=01 role=signature id=02 role=encryption" ] || complain "$(cat /run/after)"
	[ "$(grep -c '^private-key' /run/after) $(grep -c '^public-key' /run/after)" = "2 2" ] ||
		complain "$(cat /run/after)"
	stop_ra
}

# OpenSC deletes a certificate's file first and its entry in the folder's list afterwards; with the
# one without the other it shows none of the certificates that follow, to us and to everybody.
broken_entry() {
	pkcs15-tool --list-certificates 2> /dev/null |
		perl -00 -ne '/X.509/ && !/Encoded serial/ && /\bID\s+: (\S+)/ && print "$1\n"'
}
