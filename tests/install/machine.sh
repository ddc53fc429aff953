# SPDX-License-Identifier: MIT
# Sourced in a machine (boot.sh) that has certrenew from its packages: people, cards, a CA.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

PASSWORD="open sesame"
KEPT=$CERTRENEW_WORLD/$CERTRENEW_BUILD/install
DEBS=$KEPT/debs

# without_network COMMAND...: apt, from what it was given outside (roots.sh).
without_network() {
	subject=$1
	shift
	DEBIAN_FRONTEND=noninteractive "$subject" -q -y -o Dir::State::lists="$KEPT/lists" \
		-o Dir::Cache::archives="$KEPT/archives" -o APT::Sandbox::User=root \
		-o APT::Keep-Downloaded-Packages=true "$@" > /var/log/apt.out 2>&1 || { cat /var/log/apt.out; return 1; }
}

# apt_install OPTION...: certrenew, as an administrator does it.
apt_install() { without_network apt-get install "$@" "$DEBS/certrenew.deb" "$DEBS/libpam-certrenew.deb"; }

# Without a systemd that has booted: what it would have made, and the system's log.
live_without_systemd() {
	mkdir -p /var/log /run/lock /run/systemd/seats
	: > /var/log/auth.log
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, sockaddr_un("/dev/log")); chmod 0666, "/dev/log";
		open(L, ">>", "/var/log/auth.log"); select(L); $| = 1; print "$m\n" while defined recv(S, $m, 8192, 0)' &
	while [ ! -S /dev/log ]; do sleep 0.01; done
	seat_of 5001
}

people() {
	useradd --create-home --shell /bin/sh --comment 'Alice Chen' --uid 5001 alice
	useradd --create-home --shell /bin/sh --comment 'Bob Lin' --uid 5002 bob
	printf '%s\n' "alice:$PASSWORD" "bob:$PASSWORD" | chpasswd
}

# due_card [OPTION...]: the only card, Alice's, whose certificates have 20 days left; the journal
# is empty.
due_card() {
	fresh_card "$@"
	systemd-tmpfiles --create certrenew.conf
	card_list Alice > /run/card.before
	: > $RA_LOG
}

# What an administrator writes, and no more.
three_lines() {
	cat > /etc/certrenew.conf <<-CONF
		[card]
		module = $MODULE
		[ca "office"]
		url = https://localhost:$RA_PORT/.well-known/est
		trust = $CA/trust.pem
	CONF
}

enable() { DEBIAN_FRONTEND=noninteractive pam-auth-update --enable certrenew certrenew-require; }

# Without a systemd that has booted: certrenew installed and in the PAM lines, cards and a CA.
live_with_certrenew() {
	live_without_systemd
	people
	apt_install
	prepare_cards
	start_ra
	enable
}

# has_left_nothing: after a purge, on a machine that has booted. What apt, dpkg and systemd write down of
# their own work is theirs.
has_left_nothing() {
	{
		pgrep -a certrenew || :
		systemctl list-units --all --no-legend 'certrenew*'
		getent passwd _certrenew || :
		getent group _certrenew || :
		grep -s certrenew /etc/pam.d/* || :
		find / -xdev \( -path "$CERTRENEW_WORLD" -o -path /usr/lib/certrenew-tests -o -path $SHIM_SCRIPT \
			-o -path /var/log -o -path /var/lib/dpkg -o -path /var/cache/apt \) -prune -o -name '*certrenew*' -print
		find /run -name '*certrenew*' ! -path '/run/systemd/*' ! -path '/run/user/*/systemd/*'
	} > /tmp/left
	[ ! -s /tmp/left ] || { cat /tmp/left; return 1; }
}

# --- at a terminal; stdin as at_terminal's --------------------------------------------------------

# Alice at the machine's own console, through login(1).
logs_in() {
	{ echo "see \"Password: \""; echo "type \"$PASSWORD\""; cat; } | at_console login alice
}

# Bob becomes Alice, and knows her password.
becomes_alice() {
	{ echo "see \"Password: \""; echo "type \"$PASSWORD\""; cat; } |
		at_terminal setpriv --reuid=bob --regid=bob --init-groups --reset-env -- su -l alice
}

question='
	see "certificates expire in 20 days"
	see "Renew now? (yes / no / later) "
'
renewal="
	see \"to ask for new certificates.\"
	see \"PIN: \"
	type \"$PIN\"
	see \"once more, to write the new certificates to the card.\"
	see \"PIN: \"
	type \"$PIN\"
	see \"All certificates were renewed. You may remove the card.\"
"
renewal_at_login="
	$question
	type yes
	$renewal
	$in_the_shell
"
# As far as the card is being written.
renewal_up_to_writing="
	$question
	type yes
	see \"PIN: \"
	type \"$PIN\"
	see \"once more, to write\"
	see \"PIN: \"
	type \"$PIN\"
	see \"Step 3 of 4\"
"

# Alice signs in again after a renewal that was cut off.
next_login_finishes() {
	logs_in <<-TCL
		see "The renewal of your card's certificates is not finished."
		see "Renew now?"
		type yes
		see "PIN: "
		type "$PIN"
		see "All certificates were renewed."
		$in_the_shell
	TCL
	settled
}

# logins_go_on: both ways in, at once and without a word of ours.
logins_go_on() {
	began=$(now_ms)
	echo "$in_the_shell" | logs_in
	says_not $shown "certificate"
	echo "$in_the_shell" | becomes_alice
	took=$(($(now_ms) - began))
	says_not $shown "certificate"
	[ $took -lt 10000 ] || complain "took $took ms"
}
