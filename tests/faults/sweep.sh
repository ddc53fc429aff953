# SPDX-License-Identifier: MIT
# Sourced by the sweeps: one point is a renewal in which one thing goes wrong, and a healthy one after
# it, judged by what is promised of every point. A sweep is a script, sweep-NAME.sh, that runs in
# worlds of its own; its second line, '# Shards: N', says into how many parts it is divided:
#
#	. tests/faults/sweep.sh
#	sweep NAME                      once, at the start
#	kind est same ec                makes card, RA and configuration: est|cmp same|new rsa|ec; further
#	                                arguments are sed expressions for the configuration
#	point LABEL FUNCTION [ARG...]   for each point; LABEL names it among the points of its kind
#	swept                           once, at the end: writes the results
#
# FUNCTION finds everything as `kind` made it: an old card, an empty journal, an RA that has issued
# nothing, the shim with nothing but a log. It arranges its fault, runs the first renewal, such as
# `renew $PIN $PIN`, and leaves nothing of its own running. What it prints is that renewal's output,
# by default what tells how many PINs a person typed. Afterwards configuration and shim are restored,
# a healthy renewal is run, and both are judged.
#
# What a sweep may define after sourcing this:
#	typed FILE    how many PINs were typed in the first run, whose output is in FILE
#	heal          undoes the fault where that takes more than the configuration (an RA that was
#	              stopped); $RA_LOG must go on to say what was issued. `stop_ra; start_ra $ra_options`
#	              makes a new one, which has forgotten every request
#	quiet         waits until nothing of the first run is at work any more
#	excused TEXT  whether a violation is what this fault may do; says so of none
#	judge_more    what else is asked of both runs; `wrong TEXT` for each violation
#	ra_more       what the RA is given besides, before `kind`
#
# $calls holds the calls to the driver that check and then renew make in a healthy renewal of this
# kind, a line each as the shim logs them; $ra_options are the RA's. From the environment:
#	EVERY=n       only each nth point
#	SHARD=i/n     only the ith of n parts of them (i from 0), so that n worlds share a sweep
#	ONLY=TEXT     only the points whose kind and label, 'est same ec: LABEL', contain it
#	BUG=FILE      a certrenew-renew that takes the installed one's place
. tests/harness.sh
. tests/world/card.sh

new=/run/faults/new         # what each point begins with, by its place
calls=/run/faults/calls     # of the driver, in a healthy renewal
old_list=/run/faults/old    # the card before any renewal
renewed=/run/faults/renewed # the card after a healthy one
first=/run/faults/first     # what the two runs print
second=/run/faults/second
shim_log=/run/shim.log
journal=/var/lib/certrenew/journal
tokens=/var/lib/softhsm/tokens
ra_options=

sweep() {
	swept_name=$1
	points=0 violations=0 resumed=0 twice=0 seen=0 points_before=0
	every=${EVERY:-1} shard=${SHARD:-0/1}
	: > $RA_LOG
	[ -z "${BUG:-}" ] || install -m 755 "$BUG" /usr/libexec/certrenew/certrenew-renew
}

# --- what a point begins with ------------------------------------------------------------------------

kind() {
	tell_kind
	kind="$1 $2 $3"
	speaks=configure
	ra_options=
	key=ec:P-256
	[ "$1" = est ] || { speaks=configure_cmp; ra_options=--confirmation-required; }
	ra_options="$ra_options $ra_more"
	[ "$3" = ec ] || key=rsa:2048
	with_key="s/^trust/key = $2\n&/"
	shift 3
	[ -z "${RA_PID:-}" ] || stop_ra
	rm -rf /run/faults
	mkdir -p $new
	fresh_card --key $key ${card_options:-}
	start_ra $ra_options
	$speaks "$with_key" "$@"
	install -m 666 /dev/null $shim_log
	shim "log $shim_log"
	(cd / && cp -a --parents ${tokens#/} ${CA#/}/issued ${CA#/}/index.txt etc/certrenew.conf \
		${SHIM_SCRIPT#/} $new)
	card_list Alice > $old_list
	: > $RA_LOG
	encryption_id=$(sed -n 's/^certificate id=\([^ ]*\) .*role=encryption.*/\1/p' $old_list)
	encryption_key=$(sed -n "s/^private-key id=$encryption_id .* public=\([^ ]*\).*/\1/p" $old_list)
	old_certificates=$(sed -n 's/^certificate .* sha256=\([^ ]*\).*/\1/p' $old_list)
	renew $PIN $PIN > $second || { echo "no healthy renewal: $kind"; cat $second; exit 1; }
	# The look at the card that follows a renewal is no part of it.
	awk '!seen[$2]++ { processes++ } processes <= 2' $shim_log > $calls
	test_card judge > /run/faults/list || { cat /run/faults/list; exit 1; }
	shape /run/faults/list > $renewed
}

tell_kind() {
	[ "$points_before" = $points ] || echo "$kind: $((points - points_before)) points"
	points_before=$points
}

as_new() {
	rm -rf $tokens $CA/issued /var/lib/certrenew/*
	cp -a $new/. /
	: > $RA_LOG
	: > $shim_log
}

# --- what a sweep may say otherwise ------------------------------------------------------------------

typed() { pins_asked "$1"; }
heal() { :; }
excused() { return 1; }
judge_more() { :; }
ra_more=
quiet() { while pgrep -u _certrenew > /dev/null; do sleep 0.02; done; }

test_card() { as_certrenew test-card "$1" --module $MODULE --label Alice --pin $PIN; }

# --- judging -----------------------------------------------------------------------------------------

logins() { grep -c C_Login $shim_log || :; }

# What makes one healthy card different from another: which objects, not whose bytes. A new key's
# CKA_ID is random, and the attributes' digest contains it.
shape() {
	case $kind in *' new '*) hidden='id=[^ ]*' ;; *) hidden='id=none' ;; esac
	sed -E "s/ (serial|sha256|public|not-before|not-after|attributes|$hidden)=?[^ ]*//g" "$1" | sort
}

# Whether what the CA issued to a role is on disk.
is_kept() { grep -qs "^issued " $journal/*/"$1"-*; }

# The fault's place was not reached: a random byte may do that, and many such points try nothing.
not_met() { echo "$kind: $label" >> /run/unmet; }

wrong() { echo "$*" >> /run/faults/wrong; }

# proves WHEN: the card does what it is for, and the old encryption key, which never leaves it, is
# there, whatever certificate it has.
proves() {
	test_card judge > /run/faults/list 2>&1 ||
		wrong "after the $1 run: $(grep -v = /run/faults/list | xargs)"
	grep -q "^private-key .* public=$encryption_key " /run/faults/list ||
		wrong "after the $1 run: the encryption key is gone"
}

# Any certificate for encryption proves the key that is the only one.
proves_quickly() {
	test_card prove > /run/faults/list 2>&1 ||
		wrong "after the $1 run: $(xargs < /run/faults/list)"
}

judge_first() {
	case $kind in *' new '*) proves first ;; *) proves_quickly first ;; esac
	[ "$(logins)" -le "$(typed $first)" ] ||
		wrong "the driver got $(logins) PINs, and $(typed $first) were typed"
	windows=
	for role in encryption signature; do
		[ "$(issued $role)" = 0 ] || is_kept $role || windows="$windows $role"
	done
	unfinished=0
	for file in $journal/*/*.journal; do
		[ ! -e "$file" ] || unfinished=$((unfinished + 1))
	done
}

judge_second() {
	proves second
	[ "$(logins)" = "$(pins_asked $second)" ] ||
		wrong "the driver got $(logins) PINs from the second run, and $(pins_asked $second) were typed"
	shape /run/faults/list > /run/faults/shape
	cmp -s $renewed /run/faults/shape ||
		wrong "the card is not as after a healthy renewal:" "$(diff $renewed /run/faults/shape)"
	for certificate in $old_certificates; do
		! grep -q "^certificate .* sha256=$certificate " /run/faults/list ||
			wrong "an old certificate is still on the card"
	done
	for file in $journal/*/*.journal; do
		[ ! -e "$file" ] || wrong "unfinished: $file"
	done
	judge_issued
	judge_more
}

# Once for each role; a second time only where the first answer was not on disk when the fault came.
judge_issued() {
	again=
	for role in encryption signature; do
		case "$(issued $role) $windows " in
		"1 "*) ;;
		"2 "*" $role "*) again=yes ;;
		*) wrong "issued for $role: $(issued $role)" ;;
		esac
	done
	[ -z "$again" ] || twice=$((twice + 1))
}

# --- points ------------------------------------------------------------------------------------------

is_chosen() {
	case "$kind: $1" in *"${ONLY:-}"*) ;; *) return 1 ;; esac
	seen=$((seen + 1))
	[ $(((seen - 1) % every)) = 0 ] && [ $(((seen - 1) / every % ${shard#*/})) = "${shard%/*}" ]
}

tell_violation() {
	violations=$((violations + 1))
	echo "violation: $swept_name: $kind: $label"
	[ $violations -le 20 ] || return 0
	sed 's/^/	/' /run/faults/wrong
	echo "	to repeat it: ONLY='$kind: $label' sh tests/faults/run.sh $CERTRENEW_BUILD $swept_name"
	echo "	first run:"
	tail -n 4 $first | cut -c 1-150 | sed 's/^/		/'
	echo "	second run:"
	tail -n 4 $second | cut -c 1-150 | sed 's/^/		/'
}

point() {
	label=$1
	shift
	is_chosen "$label" || return 0
	points=$((points + 1))
	as_new
	rm -f /run/faults/wrong
	( "$@" ) > $first 2>&1 < /dev/null || :
	quiet
	judge_first
	cp -a $new/etc/certrenew.conf $new$SHIM_SCRIPT /etc
	heal
	: > $shim_log
	renew $PIN $PIN > $second 2>&1 || wrong "the second run ended with $?"
	quiet
	judge_second
	[ "$unfinished" = 0 ] || resumed=$((resumed + 1))
	[ ! -e /run/faults/wrong ] || excused "$(cat /run/faults/wrong)" || tell_violation
}

# Whether every point kept its promises; $RESULTS, if it is set, gets a line.
swept() {
	tell_kind
	stop_ra
	unmet=$(cat /run/unmet 2> /dev/null | wc -l)
	[ $((unmet * 20)) -le $points ] || {
		violations=$((violations + 1))
		echo "violation: $swept_name: $unmet faults were not met"
	}
	[ -z "${RESULTS:-}" ] || printf '%s\t%s\t%s\t%s\t%s\n' "$swept_name" $points $violations $resumed \
		$twice >> "$RESULTS"
	echo "$swept_name: $points points, $violations violations, $resumed resumed," \
		"$twice issued twice, $unmet not met"
	kept
}

kept() { [ $violations = 0 ] && [ $points -gt 0 ]; }
