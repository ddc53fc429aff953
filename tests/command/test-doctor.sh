# SPDX-License-Identifier: MIT
# certrenew doctor: a set-up that is sound, and ones that are not; of each it names what is wrong and
# the right mend, and nothing else is called wrong.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh
. tests/world/polkit.sh

prepare_cards
start_ra
module_file=$(find /usr/lib -name pam_certrenew.so -path '*security*')

# sound [SED EXPRESSION...]: all that a renewal needs is there, but for changes in the configuration.
sound() {
	fresh_login
	configure 's/^\[login\]$/&\nservices = login/' "$@"
	start_socket
	trap stop_socket EXIT
}

# examines STATUS [COMMAND...]: the doctor ends with it; the names of its checks are kept.
examines() {
	expected=$1
	shift
	exits "$expected" "$@" /usr/bin/certrenew doctor
	sed -En 's/^(ok|wrong|unchecked) +([^:]*): .*/\2/p' $out | sed 's/^ca .*/ca NAME/' >> /run/names
}

# finds NAME TEXT MEND: this alone is wrong, and so is what to do about it.
finds() {
	examines 1
	grep "^wrong " $out > /run/wrong
	[ "$(wc -l < /run/wrong)" = 1 ] || { cat $out; complain "not one thing is wrong"; }
	says /run/wrong "wrong      $1: "
	says /run/wrong "$2"
	says /run/wrong "$3"
	[ "$(tail -n 1 $out)" = "1 of $(grep -cE '^(ok|wrong|unchecked) ' $out) is wrong." ] ||
		complain "$(tail -n 1 $out)"
}

# finds_too NAME TEXT MEND: this is wrong, and other things with it.
finds_too() {
	examines 1
	grep "^wrong      $1: " $out > /run/wrong || { cat $out; complain "$1 is not wrong"; }
	says /run/wrong "$2"
	says /run/wrong "$3"
}

fine() { grep -q "^ok         $1: " $out || { cat $out; complain "$1 is not ok"; }; }
unchecked() { grep -q "^unchecked  $1: " $out || { cat $out; complain "$1 is not unchecked"; }; }

# --- what is sound -------------------------------------------------------------------------------

is_content() {
	sound
	examines 0
	for name in configuration user programs folders socket access helper driver card issuer journal \
		pcscd "ca office" clock "pam module" "pam services"; do
		fine "$name"
	done
	unchecked agent
	unchecked desktop
	[ "$(tail -n 1 $out)" = "Everything that was checked is in order." ] || complain "$(tail -n 1 $out)"
	says $out "The card Alice shows 2 certificates with their keys."
}

changes_nothing() {
	sound
	certrenew doctor > /dev/null
	untouched
	grep request $RA_LOG > /run/requests
	[ "$(cut -d' ' -f2- /run/requests)" = "request GET /.well-known/est/cacerts 200" ] ||
		complain "$(cat /run/requests)"
}

tells_programs() {
	sound 's/^url = .*/url = https:\/\/localhost:1\/est/'
	exits 1 certrenew doctor --json
	perl -MJSON::PP -e '
		my $all = decode_json(join("", <>));
		my @wrong = grep { $_->{result} eq "wrong" } @{$all->{checks}};
		die "wrong: $all->{wrong}" unless $all->{wrong} == 1 && @wrong == 1;
		die "not the CA" unless $wrong[0]{name} eq "ca office" && $wrong[0]{mend} =~ /firewall/;
		for (@{$all->{checks}}) {
			die "members" unless join(" ", sort keys %$_) eq "found mend name result";
			die "result $_->{result}" unless $_->{result} =~ /^(ok|wrong|unchecked)$/;
			die "mend" if defined $_->{mend} != ($_->{result} eq "wrong");
		}' $out
}

explains_itself() {
	exits 0 certrenew doctor --help
	says $out "Usage: certrenew doctor [--json]"
	exits 3 certrenew doctor everything
	says $out "Usage: certrenew doctor [--json]"
	exits 3 certrenew doctor --mend
}

serves_a_person() {
	sound
	seat_of 5001
	examines 0 as_user alice
	for name in configuration user folders socket access helper driver card issuer "ca office" \
		"pam services"; do
		fine "$name"
	done
	unchecked programs
	unchecked pcscd
}

keeps_others_from_the_card() {
	sound
	seat_of 5001
	examines 0 as_user bob
	unchecked card
	says $out "You may not use the card from here"
}

# --- the configuration ---------------------------------------------------------------------------

finds_a_wrong_key() {
	sound 's/^timeout = 5s/timeout = soon/'
	finds_too configuration "[login] timeout" "Correct the file, then try 'certrenew check-config'."
	unchecked card
}

finds_an_open_file() {
	sound
	chmod 666 /etc/certrenew.conf
	finds_too configuration "others than its owner may write it" "chmod go-w it"
}

finds_a_closed_file() {
	sound
	chmod 600 /etc/certrenew.conf
	finds_too configuration "The user _certrenew may not read" "'chmod 644 /etc/certrenew.conf'"
}

finds_no_file() {
	sound
	rm /etc/certrenew.conf
	finds_too configuration "there is no such file" "create it"
}

finds_no_ca() {
	sound '/^\[ca "/,$d'
	finds configuration "names no certification authority" 'Add a section [ca "NAME"]'
}

# --- the account ---------------------------------------------------------------------------------

finds_no_user() {
	sound
	sed -i.sound '/^_certrenew:/d' /etc/passwd
	finds_too user "There is no user _certrenew" "'systemd-sysusers'"
	mv /etc/passwd.sound /etc/passwd
}

finds_a_foreign_folder() {
	sound
	certrenew status > /dev/null || :
	chown root:root /var/lib/certrenew/journal
	finds folders "/var/lib/certrenew/journal belongs to user 0" "'systemd-tmpfiles --create'"
}

finds_an_open_folder() {
	sound
	certrenew status > /dev/null || :
	chmod 755 /var/lib/certrenew/untold
	finds folders "/var/lib/certrenew/untold has mode 0755, and not 0700" "'systemd-tmpfiles --create'"
}

finds_closed_programs() {
	sound
	chmod 700 /usr/libexec/certrenew
	status=0
	(finds_too programs "The user _certrenew may not run /usr/libexec/certrenew/certrenew-check" \
		"Install certrenew again") || status=1
	chmod 755 /usr/libexec/certrenew
	return $status
}

# on_a_file_system OPTIONS: the records of renewals are kept there.
on_a_file_system() {
	sound
	certrenew status > /dev/null || :
	mount -t tmpfs -o "$1,mode=0700,uid=$(id -u _certrenew),gid=$(id -g _certrenew)" records /var/lib/certrenew/journal
	trap 'umount /var/lib/certrenew/journal; stop_socket' EXIT
}

finds_a_full_disk() {
	on_a_file_system size=64k
	finds folders "The disk of /var/lib/certrenew/journal is full" "'df -h /var/lib/certrenew/journal'"
}

finds_a_closed_disk() {
	on_a_file_system ro
	finds folders "/var/lib/certrenew/journal can only be read" "Mount its file system for writing."
}

# without FILE COMMAND...: which is missing meanwhile.
without() {
	missing=$1
	shift
	mv "$missing" "$missing.kept"
	trap 'mv "$missing.kept" "$missing"; stop_socket' EXIT
	"$@"
}

finds_no_helper() {
	sound
	without /usr/libexec/certrenew/certrenew-helper \
		finds_too helper "It does not run: /usr/libexec/certrenew/certrenew-helper: No such file" "install certrenew again"
	unchecked card
}

finds_no_helper_behind_the_socket() {
	sound
	seat_of 5001
	without /usr/libexec/certrenew/certrenew-helper examines 1 as_user alice
	says $out "wrong      helper: It does not run: /usr/libexec/certrenew/certrenew-helper ends without a word."
}

# --- the driver and the card ---------------------------------------------------------------------

finds_no_driver() {
	sound "s,^module = .*,module = /usr/lib/card-of-theirs.so,"
	finds_too driver "There is no driver /usr/lib/card-of-theirs.so" "Install the card's driver"
}

finds_no_named_driver() {
	sound "s,^module = .*,module = card-of-theirs.so,"
	finds_too driver "pkcs11/card-of-theirs.so ([card] module = card-of-theirs.so)" "Install the card's driver"
}

# It is among the libraries, and not in p11-kit's folder.
finds_a_driver_without_init_args() {
	sound "s,^module = .*,module = libsoftokn3.so,"
	finds_too driver "/libsoftokn3.so is there, and does not load or start" "[card] init_args (NSS does)"
	sed -i "s,^module = .*,module = softhsm-of-ours.so," /etc/certrenew.conf
	finds_too driver "There is no driver" "Install the card's driver"
	install -m 644 $MODULE /usr/lib/softhsm-of-ours.so
	examines 0
	rm /usr/lib/softhsm-of-ours.so
}

# In p11-kit's folder; that there is a sound one among the libraries does not count, and hides no reason.
finds_a_broken_driver() {
	folder=$(pkg-config --variable=p11_module_path p11-kit-1)
	install -m 644 $MODULE /usr/lib/softhsm-of-ours.so
	echo broken > "$folder/softhsm-of-ours.so"
	sound "s,^module = .*,module = softhsm-of-ours.so,"
	finds_too driver "The driver $folder/softhsm-of-ours.so is there, and does not load or start" \
		"it may be no PKCS#11 driver"
	logs "$folder/softhsm-of-ours.so: file too short"
	rm /usr/lib/softhsm-of-ours.so "$folder/softhsm-of-ours.so"
}

# needs_sandbox: a build with sanitizers has none.
needs_sandbox() { [ -z "${SANITIZE:-}" ] || { echo "a build with sanitizers has no sandbox"; exit 77; }; }

# Everybody may read it, but for Landlock.
finds_a_driver_elsewhere() {
	needs_sandbox
	install -m 644 $MODULE /srv/driver.so
	ln -sf /srv/driver.so /usr/lib/linked.so
	sound "s,^module = .*,module = /usr/lib/linked.so,"
	finds_too driver "/usr/lib/linked.so is there, and does not load or start" "sandbox_read"
	sed -i 's,^\[card\],&\nsandbox_read = /srv,' /etc/certrenew.conf
	examines 0
}

finds_a_driver_that_is_forbidden() {
	needs_sandbox
	sound "s,^module = .*,module = /usr/lib/certrenew-tests/malicious.so\nenvironment = MALICE=check:slots:new-process:1:1,"
	finds_too driver "makes a system call that [card] sandbox forbids, and is ended" "permit the call with sandbox_calls"
	says /run/wrong "TPM2_PKCS11_TCTI"
	logs "certrenew-check made the system call"
}

finds_a_kernel_without_landlock() {
	needs_sandbox
	sound
	check=/usr/libexec/certrenew/certrenew-check
	mv $check $check.real
	trap 'mv $check.real $check; stop_socket' EXIT
	printf '#!/bin/sh\nexec /usr/lib/certrenew-tests/test-without landlock_create_ruleset %s.real "$@"\n' $check > $check
	chmod 755 $check
	finds_too driver "the sandbox that [card] sandbox asks for is not to be had on this machine" "'sandbox = off'"
	sed -i 's,^\[card\],&\nsandbox = off,' /etc/certrenew.conf
	examines 0
}

finds_what_is_no_driver() {
	sound "s,^module = .*,module = $(find /usr/lib /lib -name libc.so.6 | head -n 1),"
	finds_too driver "is there, and does not load or start" "it may be no PKCS#11 driver"
}

finds_an_unreadable_driver() {
	install -m 600 $MODULE /usr/lib/closed.so
	sound "s,^module = .*,module = /usr/lib/closed.so,"
	finds_too driver "The user _certrenew may not read the driver" "readable for all"
}

finds_a_crash() {
	sound
	shim "C_GetSlotList crash"
	finds_too driver "crashes" "update the driver"
}

finds_a_hang() {
	sound "s,^module = .*,&\ntimeout = 1s,"
	shim "C_GetSlotList hang 20"
	finds_too driver "does not answer within [card] timeout" "start pcscd anew"
}

finds_no_card() {
	sound
	shim "inserted /run/no-such-card"
	finds_too card "finds no card" "p11-kit knows"
	says /run/wrong "opensc-pkcs11.so"
	finds_too pcscd "It does not run" "'systemctl enable --now pcscd.socket'"
}

finds_another_card() {
	sound "s,^module = .*,&\ntoken = pkcs11:token=Somebody,"
	finds_too card "finds no card that fits [card] token = pkcs11:token=Somebody" "or correct token"
}

# What root sees as a card, SoftHSM shows to others as one that was never set up.
finds_a_closed_card() {
	sound
	chown -R root:root /var/lib/softhsm/tokens/*
	finds card "never set up, or so it looks to the user _certrenew" "SoftHSM: directories.tokendir"
}

# with_card OPTION...: Alice's card is made so.
with_card() {
	sound
	stop_socket
	fresh_card "$@"
	start_socket
}

finds_an_empty_card() {
	sound
	stop_socket
	prepare_cards
	as_certrenew softhsm2-util --init-token --free --label Empty --pin $PIN --so-pin 87654321 > /dev/null
	start_socket
	finds card "holds no certificate of a person that has its key" "put certificates on it"
}

finds_an_expired_card() {
	with_card --days -1
	finds card "All certificates of the card Alice (2) have expired." "apply for new ones"
}

finds_a_card_that_hides() {
	with_card --private-certificates
	finds card "shows its certificates only once its PIN was given" "public objects"
}

finds_a_foreign_issuer() {
	sound 's/^\[ca "office"\]$/&\nissuer = CN=Exmaple Issuing CA,O=Example Government,C=TW/'
	issuer=$(openssl x509 -in $CA/issuing.pem -noout -subject -nameopt RFC2253 | sed 's/^subject=//')
	finds issuer "No [ca] section is for the card's certificates of $issuer." "'issuer = $issuer'"
	# As it is written there.
	sed -i "s/^issuer = .*/$(sed -n "s/.*'\(issuer = [^']*\)'.*/\1/p" /run/wrong)/" /etc/certrenew.conf
	examines 0
	printf '%s\n' '[ca "others"]' "url = https://localhost:$RA_PORT/.well-known/est" "trust = $CA/trust.pem" \
		>> /etc/certrenew.conf
	sed -i 's/^issuer = .*/issuer = CN=Other CA/' /etc/certrenew.conf
	examines 0
}

finds_a_damaged_record() {
	sound
	shim "C_CreateObject#1 crash"
	renew $PIN $PIN > /run/renew.out 2>&1 || :
	for entry in /var/lib/certrenew/journal/*/signature-*.journal; do
		: > "$entry"
	done
	finds journal "A record of a renewal cannot be read" "'certrenew journal list'"
}

# pcscd_socket MODE: somebody listens where pcscd would.
pcscd_socket() {
	mkdir -p /run/pcscd
	rm -f /run/pcscd.ready
	perl -MIO::Socket::UNIX -e 'unlink "/run/pcscd/pcscd.comm";
		$s = IO::Socket::UNIX->new(Local => "/run/pcscd/pcscd.comm", Listen => 5) or die $!;
		chmod oct($ARGV[0]), "/run/pcscd/pcscd.comm"; print "\n"; close STDOUT; sleep 60' "$1" > /run/pcscd.ready &
	PCSCD=$!
	trap 'kill $PCSCD; rm -rf /run/pcscd; stop_socket' EXIT
	within 5 test -s /run/pcscd.ready
}

finds_a_closed_pcscd() {
	sound
	shim "inserted /run/no-such-card"
	pcscd_socket 600
	finds_too pcscd "the user _certrenew may not use it" "SocketMode=0666"
}

is_content_with_pcscd() {
	sound
	pcscd_socket 666
	examines 0
	says $out "ok         pcscd: It runs, and the user _certrenew reaches it."
}

# Nobody has told it who _certrenew is.
waits_for_the_user() {
	sound
	sed -i.sound '/^_certrenew:/d' /etc/passwd
	trap 'mv /etc/passwd.sound /etc/passwd; stop_socket' EXIT
	examines 1
	says $out "unchecked  pcscd: It cannot be tried before the things above are in order."
}

# Behind a socket that is open to all.
finds_a_pcscd_that_asks() {
	sound
	shim "inserted /run/no-such-card"
	declare_pcscd_actions
	pcscd_socket 666
	trap 'stop_polkit; kill $PCSCD; rm -rf /run/pcscd $PCSCD_ACTIONS /etc/polkit-1/rules.d/00-none.rules; stop_socket' EXIT
	POLKIT_PID=
	finds_too pcscd "polkit, which it asks who may use it, does not answer" "'systemctl start polkit'"
	mkdir -p /etc/polkit-1/rules.d
	echo 'polkit.addRule(function(action, subject) { if (action.id == "org.debian.pcsc-lite.access_card")
		return polkit.Result.NO; });' > /etc/polkit-1/rules.d/00-none.rules
	start_polkit
	finds_too pcscd "polkit does not let the user _certrenew use it (org.debian.pcsc-lite.access_card)" \
		"polkit-1/rules.d/certrenew.rules"
	says /run/wrong "'journalctl -u pcscd' says 'NOT authorized'"
	stop_polkit
	rm /etc/polkit-1/rules.d/00-none.rules
	start_polkit
	finds_too card "finds no card" "Insert the card"
	fine pcscd
}

# --- the CA and the clock ------------------------------------------------------------------------

finds_no_ra() {
	sound 's/^url = .*/url = https:\/\/localhost:1\/est/'
	finds "ca office" "It cannot be reached: https://localhost:1/est/cacerts" "the firewall, and a proxy"
}

finds_another_ra() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Other -days 10 \
		-keyout /dev/null -out /etc/other.pem 2> /dev/null
	sound 's,^trust = .*,trust = /etc/other.pem,'
	finds "ca office" "It is not the one that trust vouches for" "Let trust name the CA of its TLS certificate"
}

# with_other_ra CERTIFICATES OPTION...: another one; these are trusted.
with_other_ra() {
	sound
	cat $1 > /etc/trust-of-ours.pem
	shift
	start_ra "$@"
	trap 'stop_ra; stop_socket' EXIT
	configure 's/^\[login\]$/&\nservices = login/' 's,^trust = .*,trust = /etc/trust-of-ours.pem,'
}

# Its TLS is another CA's, which alone is trusted.
finds_a_trust_for_tls_only() {
	with_other_ra $CA/rogue-root.pem --server-cert $CA/rogue-server.pem --server-key $CA/rogue-server.key
	finds "ca office" "its own CAs are not under trust" "Add the CA that issues the cards' certificates"
	cat $CA/issuing.pem >> /etc/trust-of-ours.pem
	examines 0
	[ "$(renew $PIN $PIN > /run/renew.out 2>&1 && issued)" = 2 ] || { cat /run/renew.out; return 1; }
}

is_content_with_a_root() {
	with_other_ra $CA/root.pem
	examines 0
}

finds_no_trust() {
	sound 's,^trust = .*,trust = /etc/nowhere.pem,'
	finds "ca office" "/etc/nowhere.pem: there is no such file" "Correct the file that trust names"
}

finds_a_closed_trust() {
	sound "s,^trust = .*,trust = /etc/closed.pem,"
	install -m 600 $CA/trust.pem /etc/closed.pem
	finds "ca office" "/etc/closed.pem" "Correct the file that trust names"
}

finds_a_wrong_path() {
	sound 's,/est$,/nothing,'
	finds "ca office" "there is no EST at" "Correct the path in url, or protocol."
}

# web_server OPTION...: under the RA's certificate, in its place; it answers everything with a page.
web_server() {
	openssl s_server -accept 127.0.0.1:4433 -cert $CA/server.pem -cert_chain $CA/issuing.pem -key $CA/server.key \
		-www "$@" > /run/web-server.log 2>&1 &
	WEB_SERVER=$!
	trap 'kill $WEB_SERVER; stop_socket' EXIT
	within 5 grep -q ACCEPT /run/web-server.log
	sed -i 's,^url = .*,url = https://localhost:4433/est,' /etc/certrenew.conf
}

finds_what_is_no_est() {
	sound
	web_server
	finds "ca office" "It answers, and not as EST does" "Correct url, or protocol"
}

# A server whose TLS wants a certificate of everybody: the doctor has none.
is_content_with_a_closed_ra() {
	sound
	web_server -CAfile $CA/trust.pem -Verify 1 "$1"
	examines 0
	says $out "ca office: It answers at https://localhost:4433/est, trust vouches for it, and it wants a card's"
	sed -i 's,^trust = .*,trust = /etc/other.pem,' /etc/certrenew.conf
	finds "ca office" "It is not the one that trust vouches for" "Let trust name the CA of its TLS certificate"
}

# clock_server SECONDS: answers every request with a time that is so far from ours.
clock_server() {
	rm -f /run/clock.port
	perl -MIO::Socket::INET -MPOSIX -e '
		$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5) or die $!;
		open(P, ">", "/run/clock.port"); print P $s->sockport, "\n"; close P;
		while ($c = $s->accept) {
			while (<$c>) { last if /^\r?\n$/ }
			$d = strftime("%a, %d %b %Y %H:%M:%S GMT", gmtime(time + $ARGV[0]));
			print $c "HTTP/1.1 405 No\r\nDate: $d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
			close $c;
		}' -- "$1" &
	CLOCK=$!
	trap 'kill $CLOCK; stop_socket' EXIT
	within 5 test -s /run/clock.port
}

with_clock() {
	sound
	clock_server "$1"
	configure_cmp 's/^\[login\]$/&\nservices = login/' "s,^url = .*,url = http://127.0.0.1:$(cat /run/clock.port)/cmp,"
}

finds_a_slow_clock() {
	with_clock 7230
	finds clock "This computer's clock is 120 minutes behind that of ca office." "'timedatectl set-ntp true'"
}

finds_a_fast_clock() {
	with_clock -7230
	finds clock "This computer's clock is 120 minutes ahead of that of ca office." "'timedatectl set-ntp true'"
}

bears_a_minute() {
	with_clock 60
	examines 0
	fine clock
	fine "ca office"
}

# --- the login -----------------------------------------------------------------------------------

finds_no_module() {
	sound
	mv "$module_file" /run/module
	finds "pam module" "There is no $module_file" "Install libpam-certrenew."
}

brings_module_back() { [ -e "$module_file" ] || cp /run/module "$module_file"; }

finds_no_line() {
	sound
	echo 'session required pam_permit.so' > /etc/pam.d/login
	finds "pam services" "Logins by login do not use pam_certrenew" "'pam-auth-update --enable certrenew'"
}

finds_a_comment() {
	sound
	sed -i 's/^session.*pam_certrenew/# &/' /etc/pam.d/login
	finds "pam services" "Logins by login do not use pam_certrenew" "'pam-auth-update --enable certrenew'"
}

finds_a_wrong_order() {
	sound
	printf '%s\n' 'session optional pam_certrenew.so' '@include common-of-ours' > /etc/pam.d/login
	printf '%s\n' 'session required pam_unix.so' '-session optional pam_systemd.so' > /etc/pam.d/common-of-ours
	finds "pam services" "In login pam_certrenew stands before pam_systemd" "below pam_systemd's"
}

reads_what_is_included() {
	sound
	printf '%s\n' 'account substack common-of-ours' 'session include common-of-ours' > /etc/pam.d/login
	printf '%s\n' '-session optional pam_systemd.so' \
		'session [success=ok default=ignore] \' '  pam_certrenew.so prompt=ask' > /etc/pam.d/common-of-ours
	examines 0
	fine "pam services"
}

finds_no_account_stage() {
	sound 's/^services = login/&\nprompt = require/'
	sed -i '/^account.*pam_certrenew/d' /etc/pam.d/login
	finds "pam services" "the account stage of login does not use pam_certrenew" \
		"'pam-auth-update --enable certrenew-require'"
}

# What SSSD brings to Debian and Fedora; within a substack it ends the substack alone.
finds_a_stage_that_ends_before() {
	for line in 'account sufficient pam_localuser.so' 'account [success=done default=ignore] pam_localuser.so' \
		'account [ignore=ignore default=done] pam_localuser.so' 'account include common-of-ours'; do
		sound 's/^services = login/&\nprompt = require/'
		echo 'account sufficient pam_localuser.so' > /etc/pam.d/common-of-ours
		echo "$line" | cat - /etc/pam.d/login > /run/stack
		cp /run/stack /etc/pam.d/login
		finds "pam services" "comes before pam_certrenew and ends the stage for whom it lets pass: login (pam_localuser.so)." \
			"above that module's"
		stop_socket
	done
	sed -i '1s/.*/account substack common-of-ours/' /etc/pam.d/login
	start_socket
	exits 0 certrenew doctor
}

finds_no_service() {
	sound 's/^services = login/services = their-greeter/'
	finds "pam services" "None of the services in [login] services" "Name there the service"
}

# --- the socket and the desktop ------------------------------------------------------------------

finds_no_socket() {
	sound
	stop_socket
	finds socket "Nobody listens on /run/certrenew/socket" "'systemctl enable --now certrenew.socket'"
}

finds_a_dead_socket() {
	sound
	kill "$SOCKET_PID"
	wait "$SOCKET_PID" || :
	[ -S /run/certrenew/socket ]
	finds socket "Nobody listens on /run/certrenew/socket" "'systemctl enable --now certrenew.socket'"
}

finds_no_group() {
	sound 's/^\[login\]$/[access]\nallow = group:smartcrad\n&/'
	finds access "[access] allow = group:smartcrad, and there is no such group" "Name the group"
}

finds_no_seats() {
	sound
	mv /run/systemd/seats /run/systemd/no-seats
	trap 'mv /run/systemd/no-seats /run/systemd/seats; stop_socket' EXIT
	finds access "no systemd-logind runs" "Start systemd-logind"
}

# A systemd runs, and nothing wants the socket's unit.
finds_a_socket_until_the_next_boot() {
	sound
	mkdir -p /run/systemd/system
	finds socket "will not after the next boot" "'systemctl enable --now certrenew.socket'"
	mkdir -p /etc/systemd/system/sockets.target.wants
	ln -s /usr/lib/systemd/system/certrenew.socket /etc/systemd/system/sockets.target.wants/
	examines 0
	rmdir /run/systemd/system
}

# People sign in by a display manager, too.
finds_no_agent() {
	sound 's/^services = login/& gdm-fingerprint/'
	service gdm-fingerprint
	examines 0
	fine agent
	without /usr/libexec/certrenew/certrenew-agent \
		finds agent "There is no /usr/libexec/certrenew/certrenew-agent, so nobody who signs in at the desktop (gdm-fingerprint)" \
		"Install certrenew-agent."
}

finds_no_autostart() {
	sound 's/^services = login/& gdm-fingerprint/'
	service gdm-fingerprint
	without /etc/xdg/autostart/certrenew-agent.desktop \
		finds agent "There is no /etc/xdg/autostart/certrenew-agent.desktop" "Install certrenew-agent."
	echo 'session required pam_permit.so' > /etc/pam.d/gdm-fingerprint
	finds "pam services" "Logins by gdm-fingerprint do not use pam_certrenew" "'pam-auth-update"
	unchecked agent
}

# In a session bus of her own, on which nobody shows notifications, with nothing in her PATH.
finds_a_bare_desktop() {
	sound
	seat_of 5001
	install -d -m 700 -o alice -g alice /run/user/5001
	mkdir -p /run/empty /run/bus
	cat > /run/bus/session.conf <<-CONF
		<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
		<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow own="*"/></policy>
		</busconfig>
	CONF
	examines 1 as_user alice env DISPLAY=:9 XDG_RUNTIME_DIR=/run/user/5001 \
		dbus-run-session --config-file=/run/bus/session.conf -- \
		env PATH=/run/empty
	grep "^wrong " $out > /run/wrong
	says /run/wrong "notifications: No notification server runs in this desktop. Install and start one"
	says /run/wrong "pinentry: There is no program that asks for the PIN in a window. Install one: pinentry-gnome3"
	[ "$(wc -l < /run/wrong)" = 2 ]
}

# What all the promises have seen, and certrenew(1).
is_in_the_manual() {
	sort -u /run/names > /run/seen
	sed -n '/^\.Ss Checks of doctor/,/^\.Ss JSON/s/^\.It Ql //p' packaging/man/certrenew.1 |
		sed 's/ Ar / /' | sort -u > /run/listed
	same /run/listed /run/seen
}

: > /run/names
chmod 666 /run/names
promise "of a sound set-up it says that everything is in order" is_content
promise "it leaves the card and the CA alone" changes_nothing
promise "--json says the same to programs" tells_programs
promise "--help says what it does, and what it does not know is refused" explains_itself
promise "an ordinary user sees what is theirs to see" serves_a_person
promise "... and not a card that is another's" keeps_others_from_the_card
promise "it finds a wrong value in the configuration" finds_a_wrong_key
promise "... a configuration that others may write" finds_an_open_file
promise "... one that _certrenew may not read" finds_a_closed_file
promise "... none" finds_no_file
promise "... one without a CA" finds_no_ca
promise "... no user _certrenew" finds_no_user
promise "... a folder that belongs to another" finds_a_foreign_folder
promise "... a folder that others may read" finds_an_open_folder
promise "... programs that _certrenew may not run" finds_closed_programs
promise "... a disk that is full" finds_a_full_disk
promise "... one that cannot be written" finds_a_closed_disk
promise "... no helper" finds_no_helper
promise "... likewise, for who meets it behind the socket" finds_no_helper_behind_the_socket
promise "... no driver" finds_no_driver
promise "... no driver of that name in the system's folder" finds_no_named_driver
promise "... a driver that wants init_args, and is found as a library" finds_a_driver_without_init_args
promise "... a driver that is broken, and the log says so" finds_a_broken_driver
promise "... a driver whose file the sandbox does not let it read" finds_a_driver_elsewhere
promise "... a driver that makes a forbidden call" finds_a_driver_that_is_forbidden
promise "... a kernel without Landlock" finds_a_kernel_without_landlock
promise "... a library that is no driver" finds_what_is_no_driver
promise "... a driver that _certrenew may not read" finds_an_unreadable_driver
promise "... a driver that crashes" finds_a_crash
promise "... a driver that hangs" finds_a_hang
promise "... no card, and names the other drivers and pcscd" finds_no_card
promise "... no card that fits" finds_another_card
promise "... a card whose files _certrenew may not read" finds_a_closed_card
promise "... a card without certificates" finds_an_empty_card
promise "... a card whose certificates have all expired" finds_an_expired_card
promise "... a card that hides its certificates" finds_a_card_that_hides
promise "... certificates of an issuer that no [ca] section is for" finds_a_foreign_issuer
promise "... a record of a renewal that is damaged" finds_a_damaged_record
promise "... a pcscd that _certrenew may not use" finds_a_closed_pcscd
promise "a pcscd that _certrenew reaches is fine" is_content_with_pcscd
promise "without the user it says what has to come first" waits_for_the_user
promise "it finds a pcscd that polkit keeps from _certrenew" finds_a_pcscd_that_asks
promise "it finds that the CA cannot be reached" finds_no_ra
promise "... that it is another than trust says" finds_another_ra
promise "... that trust is for its TLS, and not for what it issues" finds_a_trust_for_tls_only
promise "a trust that names the root alone is fine" is_content_with_a_root
promise "it finds an answer that is not EST" finds_what_is_no_est
promise "... that trust names no file" finds_no_trust
promise "... that _certrenew may not read trust's file" finds_a_closed_trust
promise "... that there is no EST at the address" finds_a_wrong_path
promise "a CA that wants a certificate in TLS is fine (TLS 1.3), if it is whom trust names" \
	is_content_with_a_closed_ra -tls1_3
promise "... likewise (TLS 1.2)" is_content_with_a_closed_ra -tls1_2
promise "it finds a clock that is behind" finds_a_slow_clock
promise "... a clock that is ahead" finds_a_fast_clock
promise "a minute between two clocks is fine" bears_a_minute
promise "it finds that the PAM module is missing" finds_no_module
brings_module_back
promise "... that a service does not use it" finds_no_line
promise "... that its line is a comment" finds_a_comment
promise "... that it stands before pam_systemd" finds_a_wrong_order
promise "a module in what a service includes counts" reads_what_is_included
promise "it finds that prompt = require has no account stage" finds_no_account_stage
promise "... that another module ends the account stage before it" finds_a_stage_that_ends_before
promise "... that no service is there" finds_no_service
promise "... that nobody listens on the socket" finds_no_socket
promise "... likewise, where the socket's file is still there" finds_a_dead_socket
promise "... that the socket is gone after the next boot" finds_a_socket_until_the_next_boot
promise "... that [access] allow names no group" finds_no_group
promise "... that nobody says who is at the seat" finds_no_seats
promise "... a display manager, and no agent" finds_no_agent
promise "... an agent that no desktop starts" finds_no_autostart
promise "... a desktop without notifications and pinentry" finds_a_bare_desktop
promise "certrenew(1) lists each check" is_in_the_manual
stop_ra
promised
