# SPDX-License-Identifier: MIT
# At a login, too, the PIN is in no process once its step is over, the host's included: login(1), where
# the module runs and misc_conv asks. And in none of those that revoke, or set a challenge phrase.
. tests/harness.sh
. tests/world/card.sh
. tests/world/directory.sh
. tests/world/revocation.sh
. tests/login/pam.sh
. tests/security/memory.sh

RULE="C_SignInit#1 after wait /run/go once /run/held"

# hold_signature: the driver holds the first signature, which follows the PIN, until the promise ends.
hold_signature() {
	rm -f /run/held /run/go
	chmod 1777 /run
	shim "$RULE"
	trap 'touch /run/go' EXIT
}

# What the terminal's other side runs while the driver holds it: $1 is there, and nobody has the PIN.
cat > /run/look.sh <<-'LOOK'
	. tests/harness.sh
	. tests/security/memory.sh
	trap 'touch /run/go' EXIT
	within 20 test -e /run/held
	holds_no_pin "certrenew-helper certrenew-renew"
	! has_pin "$(pgrep -x login)" || { cat /run/finds; complain "login has it"; }
	test-scan /run/needle "$(pgrep -x login)"
LOOK

is_not_in_the_host() {
	fresh_login
	hold_signature
	at_console login alice <<-SCENE
		see "Renew now?"
		type yes
		see "PIN:"
		type $PIN
		if {[catch {exec sh -eu /run/look.sh} looked]} { puts \$looked; fail "the PIN is there" }
		see "PIN:"
		type $PIN
		see "All certificates were renewed."
		$in_the_shell
	SCENE
	renewed
}

# as_alice LINES COMMAND...: what she types goes ahead; held with the PIN given.
held_as_alice() {
	printf '%b' "$1" > /run/typed
	shift
	hold_signature
	as_user alice env HOME=/home/alice "$@" < /run/typed > $out 2>&1 &
	person=$!
	within 20 test -e /run/held
	rm /run/typed
	holds_no_pin "certrenew-helper certrenew-lookup certrenew-renew"
	touch /run/go
	ended=0
	wait $person || ended=$?
	[ $ended = 0 ] || { cat $out; complain "it ended with $ended"; }
}

sets_phrase() {
	cp /run/good.conf /etc/certrenew.conf
	held_as_alice "fin whale, 1999\nfin whale, 1999\n$PIN\n" certrenew set-phrase
	says $out "The certification authority has taken the challenge phrase."
}

revokes() {
	cp /run/good.conf /etc/certrenew.conf
	serial=$(certrenew status --json | sed -n '/"role": "signature"/s/.*"serial_number": "\([0-9A-F]*\)".*/\1/p')
	held_as_alice "$PIN\n" certrenew revoke --card --accept-agreement --serial "$serial" \
		--reason keyCompromise
	says $out "was revoked"
}

test-ca init $CA --shared-keys --rsa > /dev/null
begin_revocations
promise "at a login neither ours nor the host has it when the card signs" is_not_in_the_host
seat_of 5001
start_socket
rm -rf /var/lib/softhsm/tokens/*
new_card Alice --key ec:P-256
tell_people "reference = subject" "phrase_certificate = $CA/issuing.pem"
promise "nobody has it when a new challenge phrase is signed for" sets_phrase
promise "nor when a card revokes its certificate" revokes
promised
