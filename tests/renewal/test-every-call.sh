# SPDX-License-Identifier: MIT
# One renewal for each call to the driver, which goes wrong there. A sample of the calls, each
# STEPth of them; STEP=1 tries them all. By EST, unless $speaks is configure_cmp.
. tests/harness.sh
. tests/world/card.sh

prepare_cards
tokens=/var/lib/softhsm/tokens
rm -f $RA_LOG
start_ra ${ra_options:-}
${speaks:-configure}

# The card as it is before each renewal, and how many calls check and a whole renewal make of it.
fresh_card
cp -a $tokens /run/tokens
install -m 666 /dev/null /run/shim.log
shim "log /run/shim.log"
renew $PIN $PIN > /run/whole 2>&1
# Three processes make calls: check, renew, and a fresh one that looks; renew makes the most.
calls=$(cut -d ' ' -f 1 /run/shim.log | sort -n | tail -n 1)
reading=$(($(grep -n '^1 ' /run/shim.log | sed -n '2s/:.*//p') - 1))
step=${STEP:-8}

as_new() {
	rm -rf $tokens /var/lib/certrenew/journal
	cp -a /run/tokens $tokens
	: > $RA_LOG
	: > /run/shim.log
}

# The card works, whatever happened, and no PIN was given but those that were typed.
is_unharmed() {
	card_proves Alice > "$out" || { cat "$out"; return 1; }
	[ "$(grep -c C_Login /run/shim.log)" -le 2 ] || complain "a PIN was given too often"
}

is_renewed() {
	${speaks:-configure}
	exits 0 renew $PIN $PIN
	exits 0 certrenew status
	[ "$(issued encryption) $(issued signature)" = "1 1" ] ||
		complain "issued: $(issued encryption) $(issued signature)"
	card_proves Alice > "$out"
	card_list Alice > "$out"
	[ "$(grep -c ^certificate "$out") $(grep -c ^private-key "$out")" = "2 2" ] ||
		{ cat "$out"; return 1; }
	! ls /var/lib/certrenew/journal/*/*.journal 2> /dev/null || complain "not finished"
}

holds() { (set -eu; is_unharmed; is_renewed) > /run/held 2>&1; }

# survives FIRST ACTION: at the FIRST call after what check reads, and each STEPth that follows.
survives() {
	call=$((reading + $1))
	failed=0
	while [ $call -le "$calls" ]; do
		as_new
		shim "log /run/shim.log" "#$call $2"
		renew $PIN $PIN > /run/renew.out 2>&1 || :
		grep "^$call " /run/shim.log > /run/call || :
		set +e
		holds
		held=$?
		set -e
		if [ $held -ne 0 ]; then
			failed=$((failed + 1))
			echo "--- call $call: $(cat /run/call)"
			cut -c 1-150 /run/renew.out /run/held
		fi
		call=$((call + step))
	done
	[ $failed -eq 0 ]
}

promise "a crash at any call" survives 1 "crash"
promise "a crash after any call" survives 3 "after crash"
promise "a card that is pulled at any call" survives 5 "removed"
promise "a card that is pulled after any call" survives 7 "after removed"
promise "an error at any call" survives 2 "error CKR_DEVICE_ERROR"
promise "an error after any call that did its work" survives 4 "after error CKR_GENERAL_ERROR"
promised
