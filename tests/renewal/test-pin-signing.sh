# SPDX-License-Identifier: MIT
# Keys that want the PIN for each signature (CKA_ALWAYS_AUTHENTICATE): they are given the one of this
# step, once for each, and never again once one was refused.
. tests/harness.sh
. tests/world/card.sh
. tests/renewal/pin.sh

both="--always-authenticate --encryption-always-authenticate"

uses() { grep -cE ' C_(Sign|Decrypt) ' /run/shim.log || :; }

# as_many_logins_as_uses [MINIMUM]: each right, and between the Init and the use.
as_many_logins_as_uses() {
	[ "$(uses)" -ge "${1:-1}" ] || complain "$(uses) uses of the keys"
	[ "$(signing_logins)" = "$(yes 0x0 | head -n "$(uses)" | xargs)" ] ||
		complain "$(uses) uses, but C_Login answered $(signing_logins)"
	grep -E ' C_((Sign|Decrypt)(Init)?|Login context-specific) ' /run/shim.log |
		sed 's/^[0-9]* [0-9]* C_//; s/ .*//; s/Decrypt/Sign/' > /run/order
	yes "$(printf 'SignInit\nLogin\nSign')" | head -n $((3 * $(uses))) > /run/expected
	same /run/expected /run/order
}

# renews [CHANGE...]: with two PINs typed.
renews() {
	exits 0 renew $PIN $PIN
	logs_in "0x0 0x0"
	as_many_logins_as_uses 2
	is_renewed
}

by_est() {
	card=$1
	with_shim
	renews
}

by_cmp() {
	card=$1
	with_shim
	configure_cmp ${2:+"$2"}
	shim "log /run/shim.log"
	renews
}

# A key that follows one that wants the PIN each time is no less careful.
with_new_keys() {
	card=$both
	with_shim
	sed -i 's/^url = .*/&\nkey = new/' /etc/certrenew.conf
	renews
	[ "$(card_list Alice | grep -c '^private-key.*always-authenticate')" -ge 2 ] ||
		{ card_list Alice; return 1; }
}

# Only the keys that want it: the encryption key of this card does not.
not_for_other_keys() {
	card=--always-authenticate
	with_shim
	exits 0 renew $PIN $PIN
	[ "$(signing_logins | wc -w)" -lt "$(uses)" ] || complain "for every use"
	[ "$(signing_logins | wc -w)" -ge 2 ] || complain "for none"
	is_renewed
}

never_on_other_cards() {
	card=
	with_shim
	exits 0 renew $PIN $PIN
	[ -z "$(signing_logins)" ] || complain "$(signing_logins)"
	is_renewed
}

without_reentry() {
	card=$both
	with_shim
	sed -i 's/^module = .*/&\npin_reentry = no/' /etc/certrenew.conf
	exits 0 renew $PIN
	logs_in 0x0
	as_many_logins_as_uses 2
	is_renewed
}

# holds STEP RULE...: with one PIN for all, how often it is in memory once the driver hangs in a step;
# on a card with these $options besides.
holds() {
	card="$both ${options:-}"
	step=$1
	shift
	kept_pin=$PIN
	PIN=73195824
	with_shim "$@"
	sed -i 's/^module = .*/&\npin_reentry = no/' /etc/certrenew.conf
	renew $PIN > /run/renew.out 2>&1 &
	renewing=$!
	within 20 grep -q "$step" /run/renew.out
	within 20 grep -q 'hang' /run/shim.log
	echo $PIN > /run/needle
	test-scan /run/needle "$(pgrep -x certrenew-renew)" | wc -l
	kill -KILL "$(pgrep -x certrenew-renew)"
	wait $renewing || :
	! grep -r $PIN /var/log /var/lib/certrenew /run/certrenew /run/renew.out /run/shim.log ||
		complain "kept"
	PIN=$kept_pin
	stop_ra
}

is_wiped_after_the_last_signature() {
	[ "$(holds "Step 1 of 4" "C_Sign#1 hang 60")" -ge 1 ] || complain "not found where it is"
	[ "$(holds "Step 3 of 4" "C_CreateObject#1 hang 60")" = 0 ] || complain "it is still there"
}

# Nor where the step that it was kept for does not come: the card lets nobody write, nothing is due.
is_wiped_without_a_signature() {
	[ "$(holds "Enter your card's PIN" "C_SetAttributeValue error CKR_USER_TYPE_INVALID" \
		"C_Logout hang 60")" = 0 ] || complain "it is still there: read-only"
	options="--private-certificates --days 100"
	[ "$(holds "Enter your card's PIN" "C_Logout hang 60")" = 0 ] ||
		complain "it is still there: nothing due"
}

# refused ANSWER SENTENCE NEXT: by the first key that is used. C_Login#1 is the person's.
refused() {
	card=$both
	with_shim "C_Login#2 error $1"
	exits 3 renew $PIN $PIN
	says "$out" "$2 Nothing on the card was changed."
	says "$out" "$3"
	[ "$(grep -c ' C_Login ' /run/shim.log)" = 2 ] || complain "$(grep ' C_Login ' /run/shim.log)"
	[ "$(uses)" = 0 ] || complain "a key was used"
	is_as_before
	# And nothing of it stays in the way.
	: > /run/shim.log
	only_notes
	exits 0 renew $PIN $PIN
	is_renewed
}

has_another_pin() {
	refused CKR_PIN_INCORRECT "The card took the PIN, but one of its keys did not." \
		"Ask whoever gave you the card whether that key has a PIN of its own."
}

locks() {
	refused CKR_PIN_LOCKED "The card's PIN is locked." \
		"Ask whoever gave you the card to unlock it; then run 'certrenew renew'."
}

# In the middle: what was issued by then is written with the next PIN, and the rest is told.
is_refused_later() {
	card=$both
	with_shim "C_Login#$1 error CKR_PIN_INCORRECT"
	set +e
	renew $PIN $PIN > "$out" 2>&1
	set -e
	says "$out" "one of its keys did not."
	[ "$(signing_logins | tr ' ' '\n' | grep -c 0xa0)" = 1 ] || complain "$(signing_logins)"
	only_notes
	exits 0 renew $PIN $PIN
	card_proves Alice > "$out"
	[ "$(issued encryption) $(issued signature)" = "1 1" ] || complain "issued: $(issued)"
	stop_ra
}

with_a_keypad() {
	card=$both
	with_shim "flags +PROTECTED_AUTHENTICATION_PATH" "keypad-pin $PIN"
	exits 0 renew $WRONG $WRONG
	as_many_logins_as_uses 2
	[ "$(grep -c ' C_Login .* pin NULL' /run/shim.log)" = "$(grep -c ' C_Login ' /run/shim.log)" ] ||
		complain "a PIN from here"
	[ "$(grep -c "keypad (Alice) once more: one of its keys wants it each time it is used" "$out")" = \
		"$(uses)" ] || { cat "$out"; return 1; }
	is_renewed
}

# keypad_ends RULE STATUS SENTENCE: at the first signature.
keypad_ends() {
	card=$both
	with_shim "flags +PROTECTED_AUTHENTICATION_PATH" "keypad-pin $PIN" "C_Login#2 $1"
	sed -i '/timeout = 5s/a question_timeout = 10s' /etc/certrenew.conf
	exits "$2" renew
	says "$out" "$3 Nothing on the card was changed."
	[ "$(grep -c ' C_Login ' /run/shim.log)" -le 2 ] || complain "tried again"
	[ "$(issued)" = 0 ] || complain "issued"
	is_as_before
	stop_ra
}

promise "EST: both keys are given the PIN each time" by_est "$both"
promise "EST: RSA keys as well" by_est "$both --key rsa:2048"
promise "EST: new keys want the PIN each time as the old ones did" with_new_keys
promise "CMP: both keys are given the PIN each time" by_cmp "$both"
promise "CMP: a key that decrypts is given the PIN each time" by_cmp \
	"$both --key rsa:2048 --encryption-cannot-sign" 's/^protocol.*/&\nencryption_proof = decrypt/'
promise "one PIN for all of it ([card] pin_reentry = no)" without_reentry
promise "a key that does not want it each time is not given it each time" not_for_other_keys
promise "a card without such keys is not given it again" never_on_other_cards
promise "the PIN is wiped after the step's last signature" is_wiped_after_the_last_signature
promise "and where no signature follows" is_wiped_without_a_signature
promise "a key that refuses the PIN is not given it again, nor is another" has_another_pin
promise "a PIN that locks there is told as locked" locks
promise "refused at the second signature, the next run goes on" is_refused_later 3
promise "refused at the third signature, the next run goes on" is_refused_later 4
promise "a keypad is used for each signature, and each is announced" with_a_keypad
promise "cancelled at the keypad for a signature, the renewal is cancelled" keypad_ends \
	"error CKR_FUNCTION_CANCELED" 1 "The renewal was cancelled."
promise "a keypad's time-out at a signature is told" keypad_ends "error CKR_FUNCTION_FAILED" 3 \
	"No PIN was entered on the card reader's keypad."
promise "a keypad that never answers at a signature is not waited for for ever" keypad_ends \
	"hang 300" 3 "No PIN was entered on the card reader's keypad."
promised
