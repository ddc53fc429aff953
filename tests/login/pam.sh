# SPDX-License-Identifier: MIT
# Sourced in the world, after card.sh: its own /etc/pam.d, and people who sign in through it.
. tests/world/smartcard_login.sh

AUTH_LOG=/var/log/auth.log
FOUND=/run/certrenew/found/5001

shown=/run/shown

# service NAME [ARGUMENT...]: a PAM service that lets everybody in, with what certrenew's profile
# adds to it; the module gets the arguments.
service() {
	name=$1
	shift
	cat > "/etc/pam.d/$name" <<-STACK
		auth     required  pam_permit.so
		$(profile_lines Account account) $*
		account  required  pam_permit.so
		$(profile_lines Session session) $*
		session  required  pam_permit.so
	STACK
}

# fresh_login [OPTION...]: the only card is Alice's, the CA honours requests, the logs are empty.
fresh_login() {
	fresh_card "$@"
	card_list Alice > /run/card.before
	configure
	service login
	: > $RA_LOG
	log_begin
}

# another_ra OPTION...: instead of the script's own one, until the promise ends.
another_ra() {
	start_ra "$@"
	trap stop_ra EXIT
	configure
}

# --- signing in ----------------------------------------------------------------------------------

# typed [LINE...]: what a person types.
typed() { [ $# -eq 0 ] || printf '%s\n' "$@"; }

# sign_in SERVICE USER [OPTION...]: account and session, as login and display managers do it.
# What is typed comes from stdin; what is shown is in $shown, in its order.
sign_in() {
	service=$1 user=$2
	shift 2
	stdbuf -o0 pamtester "$@" "$service" "$user" acct_mgmt open_session > $shown 2>&1
}

# Alice, at the seat's console.
alice_signs_in() { sign_in login alice -Itty=/dev/tty1 "$@"; }

# What expect sees and types once Alice's shell is there.
in_the_shell='
	see "$ "
	type "echo it is `id -un`"
	see "it is alice"
	see "$ "
	type "exit"
'

# The login goes on, and not a word is said.
goes_on_silently() {
	printf '%s\n' "pamtester: account management done." \
		"pamtester: successfully opened a session" > /run/silence
	same /run/silence $shown
}

goes_on() { says $shown "pamtester: successfully opened a session"; }

# at_terminal COMMAND...: on a terminal of its own. Stdin is what happens there, in Tcl:
# `see TEXT`, `type TEXT`. What was seen is in $shown.
at_terminal() {
	cat > /run/scene.what <<-'TCL'
		log_user 0
		set timeout 20
		proc fail {why} {
			puts $why
			exec kill -KILL [exp_pid]
			exit 1
		}
		proc see {text} {
			expect {
				-ex $text {}
				timeout { fail "not seen in time: $text" }
				eof { fail "ended before: $text" }
			}
		}
		proc type {text} { send -- "$text\r" }
		log_file -a -noappend /run/shown
		spawn -noecho {*}$argv
	TCL
	cat >> /run/scene.what
	cat >> /run/scene.what <<-'TCL'
		expect {
			eof {}
			timeout { fail "it does not end" }
		}
		exit [lindex [wait] 3]
	TCL
	expect /run/scene.what "$@" || { status=$?; cat $shown; return $status; }
}

# at_console COMMAND...: likewise, on a terminal that is called /dev/tty1: a virtual console.
at_console() {
	ended=0
	[ -e /dev/tty1 ] || : > /dev/tty1
	at_terminal sh -c 'mount --bind "$(tty)" /dev/tty1; exec "$@" < /dev/tty1 > /dev/tty1 2>&1' \
		console "$@" || ended=$?
	umount --lazy /dev/tty1
	return $ended
}

# put_off_ago SECONDS: as if these had passed since Alice said so.
put_off_ago() {
	awk -v ago="$1" '{ $2 -= ago; print }' /var/lib/certrenew/later/5001 > /run/later
	cat /run/later > /var/lib/certrenew/later/5001
}

# --- what came of it -----------------------------------------------------------------------------

# Each role's certificate is on the card as the RA issued it, alone, and fits a key that works.
renewed() {
	card_list "${1:-Alice}" > /run/card.now
	for role in encryption signature; do
		serial=$(sed -n "s/^[0-9]* issue $role \([0-9A-F]*\) .*/\1/p" $RA_LOG)
		[ -n "$serial" ] || complain "the RA issued nothing for $role"
		says /run/card.now "role=$role serial=$serial "
	done
	[ "$(grep -c '^certificate' /run/card.now)" = 2 ] || complain "not two certificates"
	card_proves "${1:-Alice}"
	[ "$(issued)" = 2 ] || complain "issued: $(issued)"
}

untouched() {
	card_list Alice > /run/card.now
	same /run/card.before /run/card.now
}

# Neither card nor CA has noticed anything.
nothing_happened() {
	untouched
	says_not $RA_LOG request
}

# --- the log -------------------------------------------------------------------------------------

# The log's reader is a process of its own: what comes before the mark has arrived with it.
log_sync() {
	mark="mark $$.$(date +%s%N)"
	logger "$mark"
	until grep -qF "$mark" $AUTH_LOG; do sleep 0.01; done
}

log_begin() {
	log_sync
	: > $AUTH_LOG
}

nothing_of_ours_runs() { ! pgrep '^certrenew-' > /dev/null; }

# Every process of ours has ended, and what they logged has arrived.
settled() {
	within 30 nothing_of_ours_runs || { ps axf; return 1; }
	log_sync
}

# logs_trouble TEXT: one line that is more than information, and it holds the text. What the
# account and the session stage both met is counted once.
logs_trouble() {
	settled
	grep -E '^<8[0-5]>.*certrenew' $AUTH_LOG |
		sed 's/^<[0-9]*>.\{16\}//; s/\[[0-9]*\]//; s/(login:[a-z]*)//' | sort -u > /run/trouble
	says /run/trouble "$1"
	[ "$(wc -l < /run/trouble)" = 1 ] || { cat /run/trouble; complain "more than one line"; }
}

logs_no_trouble() {
	settled
	! grep -E '^<8[0-5]>.*certrenew' $AUTH_LOG || complain "which is more than information"
}

helper_lines() { grep -c ' certrenew-helper\[' $AUTH_LOG || :; }
