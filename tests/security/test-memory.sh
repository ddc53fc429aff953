# SPDX-License-Identifier: MIT
# The PIN is in no process of ours once its step is over: their whole memory is searched for it, in
# UTF-8 and UTF-16, while the driver holds the renewal at a chosen call.
. tests/harness.sh
. tests/world/card.sh
. tests/security/memory.sh

prepare_cards
start_ra

all="certrenew certrenew-helper certrenew-renew"

# renewal [RULE...]: begins at a terminal of its own; what is typed is what goes into /run/typed.
renewal() {
	fresh_card
	configure
	: > /run/screen
	rm -f /run/typed /run/held /run/go
	mkfifo -m 600 /run/typed
	# The driver looks for these as _certrenew.
	chmod 1777 /run
	shim "$@"
	setsid script -q -f -c "certrenew renew --yes" /run/screen < /run/typed > /dev/null 2>&1 &
	screen=$!
	exec 9> /run/typed
	trap 'exec 9>&-; touch /run/go; wait $screen' EXIT
	within 20 grep -q "^PIN:" /run/screen
}

type_pin() { printf '%s\n' "$PIN" >&9; }

pins_wanted() { [ "$(grep -o 'PIN:' /run/screen | wc -l)" -ge "$1" ]; }

is_held() { within 20 test -e /run/held; }

ends_well() {
	touch /run/go
	within 20 grep -q "All certificates were renewed" /run/screen
}

# held_at CALL: the first PIN is given, and the driver holds this call, which follows the login.
held_at() {
	renewal "$1 after wait /run/go once /run/held"
	type_pin
	is_held
	holds_no_pin "$all"
	pins_wanted 2 || type_pin_when_asked
	ends_well
}

type_pin_when_asked() {
	touch /run/go
	within 20 pins_wanted 2
	type_pin
}

# The search itself: while the driver has the PIN in its hands it is found, in one process only.
is_found_where_it_is() {
	renewal "C_Login#1 after wait /run/go once /run/held"
	type_pin
	is_held
	set +e
	# shellcheck disable=SC2046 # these are words
	test-scan /run/needle $(ours) > /run/finds
	found=$?
	set -e
	[ $found = 1 ] || complain "the search found nothing where there is something: $found"
	for pid in $(cut -d : -f 1 /run/finds | sort -u); do readlink "/proc/$pid/exe"; done > "$out"
	[ "$(cat "$out")" = /usr/libexec/certrenew/certrenew-renew ] || { cat "$out" /run/finds; return 1; }
	type_pin_when_asked
	ends_well
}

# finds FORM: in a process that holds the text in this form and no other. (Between zeros each of the two
# UTF-16 would be the other one as well.)
finds() {
	{ printf '#'; printf %s "$PIN" | iconv -f UTF-8 -t "$1"; printf '#'; } > /run/form
	perl -e 'local $/; $held = <STDIN>; open(R, ">", "/run/holds"); close R; sleep 60' < /run/form &
	holder=$!
	trap 'kill $holder; rm -f /run/holds' EXIT
	within 10 test -e /run/holds
	exits 1 test-scan /run/needle $holder
	[ "$(sed 's/^[0-9]*: \([^ ]*\) .*/\1/' $out | sort -u)" = "$1" ] || { cat $out; complain "not found as $1"; }
}

is_gone_before_the_second() {
	renewal
	type_pin
	within 20 pins_wanted 2
	holds_no_pin "$all"
	type_pin
	ends_well
}

is_gone_while_writing() {
	renewal "$1 after wait /run/go once /run/held"
	type_pin
	within 20 pins_wanted 2
	type_pin
	is_held
	holds_no_pin "$all"
	ends_well
}

promise "while the driver is given the PIN, certrenew-renew has it, and no other process" \
	is_found_where_it_is
for form in UTF-8 UTF-16LE UTF-16BE; do
	promise "the search knows it in $form" finds $form
done
promise "nobody has it any more when the card signs the TLS handshake or a request" held_at C_SignInit#1
promise "nor when the second PIN is asked for" is_gone_before_the_second
promise "nor when the new certificate is written" is_gone_while_writing C_CreateObject#1
promise "nor when the old one is removed" is_gone_while_writing C_DestroyObject#1

a_wrong_one_is_gone() {
	renewal
	printf '%s\n' "$PIN" > /run/needle
	right=$PIN
	PIN=Wq7vX93pLm2w
	printf '%s\n' "$PIN" > /run/needle
	type_pin
	within 20 pins_wanted 2
	holds_no_pin "$all"
	PIN=$right
	printf '%s\n' "$PIN" > /run/needle
	type_pin
	within 20 pins_wanted 3
	type_pin
	ends_well
}
promise "nor a wrong one, once the card has refused it" a_wrong_one_is_gone
stop_ra
promised
