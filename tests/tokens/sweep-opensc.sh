# SPDX-License-Identifier: MIT
# The card is pulled at each command that changes it, before it is carried out and before its answer:
# `make sweep-tokens`. EVERY=n: each nth point only.
. tests/harness.sh
. tests/world/card.sh
. tests/tokens/tokens.sh
. tests/tokens/vcard.sh

# pulled_at INS N [answer]: the next run finishes, with every key there and no try lost.
pulled_at() {
	instruction=$1
	shift
	with_vcard
	vcard cut "$1" "$instruction" ${2:-}
	renew $PIN $PIN > "$out" 2>&1 || says "$out" "he card was removed."
	insert
	if [ -n "$(broken_entry)" ]; then
		echo "OpenSC was between a certificate's file and its entry, and shows none of the others"
		exit 77
	fi
	on_token list > "$out"
	grep ^private-key /run/before > /run/expected
	grep ^private-key "$out" > /run/keys
	same /run/expected /run/keys
	says "$out" "role=encryption"
	says "$out" "role=signature"
	exits 0 renew $PIN $PIN
	[ "$(tries_left)" = 3 ] || complain "a try was lost"
	is_renewed
}

# How many commands of this kind a whole renewal sends.
commands_of_renewal() {
	with_vcard
	made=$(commands "$1")
	exits 0 renew $PIN $PIN
	echo $(($(commands "$1") - made)) > /run/commands
	stop_ra
}

start_pcscd
point=0
for instruction in E0 D6 E4; do
	promise "how often a renewal sends $instruction" commands_of_renewal $instruction
	for n in $(seq 1 "$(cat /run/commands)"); do
		point=$((point + 1))
		[ $((point % ${EVERY:-1})) = 0 ] || continue
		promise "pulled before $instruction $n" pulled_at $instruction "$n"
		promise "pulled before the answer to $instruction $n" pulled_at $instruction "$n" answer
	done
done
stop_vcard
promised
