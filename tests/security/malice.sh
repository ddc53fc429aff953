# SPDX-License-Identifier: MIT
# Sourced in the world, after card.sh: a hostile driver, and what it may look for.

RESULTS=/var/cache/certrenew/results

# A card, a CA that listens, and a machine with things to be had.
prepare_malice() {
	fresh_card
	rm -f $RA_LOG
	start_ra
	configure
	certrenew status > /dev/null || :
	chmod 755 /home/alice
	for open in /home/alice/open /srv/open /etc/certrenew-open /srv/own /var/lib/certrenew/journal/secret; do
		echo secret > $open
		chmod 644 $open
	done
	chown _certrenew /srv/own /var/lib/certrenew/journal/secret
	chown alice /home/alice/open
	card_list Alice > /run/card.before
	look_at_files > /run/files.before
}

# What is in them, and whose they are, to whom.
look_at_files() {
	sha256sum /srv/* /home/alice/open /var/lib/certrenew/journal/secret
	stat -c '%n %a %U %G %Y' /srv/* /home/alice/open /var/lib/certrenew/journal/secret
	stat -c '%n %a %U %G' /var/lib/certrenew/* /var/cache/certrenew /run/certrenew/found
}

# malice PROGRAM WHEN ATTACK [SED EXPRESSION...]: the driver from now on; $victim runs.
malice() {
	setpriv --reuid=_certrenew --regid=_certrenew --clear-groups sleep 600 &
	victim=$!
	within 5 grep -q sleep /proc/$victim/comm
	trap "kill $victim 2> /dev/null || :" EXIT
	driver="module = /usr/lib/certrenew-tests/malicious.so\\nenvironment = MALICE=$1:$2:$3:$victim:$RA_PORT"
	shift 3
	configure "s|^module = .*|$driver|" "$@"
	rm -f $RESULTS
	: > /var/log/auth.log
}

# struck PROGRAM WHEN ATTACK: the driver did try.
struck() { says $RESULTS "$1 $2 $3: tried"; }

# Neither the process beside it nor a file or the card is any different.
unharmed() {
	says_not $RESULTS gained
	[ "$(cat /proc/$victim/comm 2> /dev/null)" = sleep ] || complain "the victim has ended"
	[ "$(cut -d' ' -f3 /proc/$victim/stat)" = S ] || complain "the victim is stopped"
	grep -q '^Max cpu time *unlimited' /proc/$victim/limits || complain "the victim is limited"
	look_at_files > /run/files.now
	same /run/files.before /run/files.now
	for made in /var/lib/certrenew/journal/forged /tmp/made /var/tmp/made /dev/shm/made /tmp/ran; do
		[ ! -e $made ] || complain "there is $made"
	done
	card_list Alice > /run/card.now
	same /run/card.before /run/card.now
}

# runs PROGRAM: it is started, and ends, whatever comes of it.
runs() {
	if [ "$1" = check ]; then
		certrenew status > $out 2>&1 < /dev/null || :
	else
		certrenew renew --yes > $out 2>&1 < /dev/null || :
	fi
	within 10 sh -c '! pgrep "^certrenew-" > /dev/null'
}
