#!/bin/sh
# SPDX-License-Identifier: MIT
# check and renew lose no memory, over whole renewals. Runs in the world, in place of the programs.
. tests/world/card.sh
. tests/harness.sh

PROGRAMS=/usr/libexec/certrenew
REPORTS=/var/log/valgrind

# A wrapper with the program's name; what valgrind says goes to a file for each process.
watch_program() {
	mv "$PROGRAMS/$1" "$PROGRAMS/$1.real"
	cat > "$PROGRAMS/$1" <<-WRAPPER
		#!/bin/sh
		exec valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \\
			--errors-for-leak-kinds=definite,indirect,possible --trace-children=no \\
			--log-file=$REPORTS/$1.%p "$PROGRAMS/$1.real" "\$@"
	WRAPPER
	chmod 755 "$PROGRAMS/$1"
}

nothing_reported() {
	for report in "$REPORTS"/*; do
		[ -s "$report" ] || continue
		cat "$report"
		return 1
	done
	[ -n "$(ls "$REPORTS")" ] || complain "valgrind did not run"
}

renews_cleanly() {
	prepare_cards
	new_card Alice $1
	start_ra ${ra_options:-}
	# valgrind's own calls are more than the sandbox permits.
	${speaks:-configure} 's/^\[card\]/&\nsandbox = off/' 's/^timeout = 5s/timeout = 60s/' 's/^timeout = 10s/timeout = 120s/' "$2"
	printf '%s\n' $PIN $PIN | certrenew renew --yes > $out 2>&1 || { cat $out; return 1; }
	says $out "All certificates were renewed."
	exits 0 certrenew status
	stop_ra
	nothing_reported
}

fails_cleanly() {
	prepare_cards
	new_card Alice
	start_ra --misbehave "$1"
	${speaks:-configure} 's/^\[card\]/&\nsandbox = off/' 's/^timeout = 10s/timeout = 120s/'
	printf '%s\n' $PIN $PIN | certrenew renew --yes > $out 2>&1 && complain "it was renewed"
	stop_ra
	nothing_reported
}

install -d -m 1777 $REPORTS
watch_program certrenew-check
watch_program certrenew-renew

promise "an RSA card is renewed without losing memory" renews_cleanly --key=rsa:2048 ""
promise "an EC card is renewed without losing memory" renews_cleanly --key=ec:P-256 ""
promise "so it is with new keys" renews_cleanly --key=ec:P-256 's/^trust/key = new\ntrust/'
promise "so it is when the CA answers garbage" fails_cleanly garbage
promise "so it is when the CA refuses" fails_cleanly http-403
speaks=configure_cmp
promise "by CMP a card is renewed without losing memory" renews_cleanly --key=ec:P-256 ""
ra_options="--confirmation-required --pending 2"
promise "so it is with a proof by decryption, waiting, and a confirmation" \
	renews_cleanly "--key=rsa:2048 --encryption-cannot-sign" \
	's/^trust/encryption_proof = decrypt\ntrust/'
promise "so it is when the CA refuses" fails_cleanly cmp-rejection
promise "so it is when somebody else answers" fails_cleanly cmp-person-signer
promised
