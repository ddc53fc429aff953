# SPDX-License-Identifier: MIT
# certrenew doctor: a set-up that is sound, and ones that are not; of each it names what is wrong and
# the right mend, and nothing else is called wrong.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

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

# finds NAME TEXT MEND: this alone is wrong, and so is what to do about it.
finds() {
	exits 1 certrenew doctor
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
	exits 1 certrenew doctor
	grep "^wrong      $1: " $out > /run/wrong || { cat $out; complain "$1 is not wrong"; }
	says /run/wrong "$2"
	says /run/wrong "$3"
}

fine() { grep -q "^ok         $1: " $out || { cat $out; complain "$1 is not ok"; }; }
unchecked() { grep -q "^unchecked  $1: " $out || { cat $out; complain "$1 is not unchecked"; }; }

# --- what is sound -------------------------------------------------------------------------------

is_content() {
	sound
	exits 0 certrenew doctor
	for name in configuration user programs folders socket driver card pcscd "ca office" clock \
		"pam module" "pam services"; do
		fine "$name"
	done
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
	exits 0 as_user alice certrenew doctor
	for name in configuration user folders socket driver card "ca office" "pam services"; do
		fine "$name"
	done
	unchecked programs
	unchecked pcscd
}

keeps_others_from_the_card() {
	sound
	seat_of 5001
	exits 0 as_user bob certrenew doctor
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

# --- the driver and the card ---------------------------------------------------------------------

finds_no_driver() {
	sound "s,^module = .*,module = /usr/lib/card-of-theirs.so,"
	finds_too driver "There is no driver /usr/lib/card-of-theirs.so" "Install the card's driver"
}

finds_no_named_driver() {
	sound "s,^module = .*,module = card-of-theirs.so,"
	finds_too driver "pkcs11/card-of-theirs.so ([card] module = card-of-theirs.so)" "Install the card's driver"
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
	finds_too card "finds no card that fits [card] token = pkcs11:token=Somebody" "Insert the card"
}

# What root sees as a card, SoftHSM shows to others as one that was never set up.
finds_a_closed_card() {
	sound
	chown -R root:root /var/lib/softhsm/tokens/*
	finds card "never set up, or so it looks to the user _certrenew" "SoftHSM: directories.tokendir"
}

finds_an_empty_card() {
	sound
	stop_socket
	prepare_cards
	as_certrenew softhsm2-util --init-token --free --label Empty --pin $PIN --so-pin 87654321 > /dev/null
	start_socket
	finds card "holds no certificate of a person that has its key" "put certificates on it"
}

# pcscd_socket MODE: somebody listens where pcscd would.
pcscd_socket() {
	mkdir -p /run/pcscd
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
	exits 0 certrenew doctor
	says $out "ok         pcscd: It runs, and the user _certrenew reaches it."
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

# A server whose TLS wants a certificate of everybody: the doctor has none.
is_content_with_a_closed_ra() {
	sound
	openssl s_server -accept 127.0.0.1:4433 -cert $CA/server.pem -cert_chain $CA/issuing.pem -key $CA/server.key -CAfile $CA/trust.pem \
		-Verify 1 -www "$1" > /run/closed-ra.log 2>&1 &
	CLOSED=$!
	trap 'kill $CLOSED; stop_socket' EXIT
	within 5 grep -q ACCEPT /run/closed-ra.log
	sed -i 's,^url = .*,url = https://localhost:4433/est,' /etc/certrenew.conf
	exits 0 certrenew doctor
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
	exits 0 certrenew doctor
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
	exits 0 certrenew doctor
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

# A systemd runs, and nothing wants the socket's unit.
finds_a_socket_until_the_next_boot() {
	sound
	mkdir -p /run/systemd/system
	finds socket "will not after the next boot" "'systemctl enable --now certrenew.socket'"
	mkdir -p /etc/systemd/system/sockets.target.wants
	ln -s /usr/lib/systemd/system/certrenew.socket /etc/systemd/system/sockets.target.wants/
	exits 0 certrenew doctor
	rmdir /run/systemd/system
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
	exits 1 as_user alice env DISPLAY=:9 XDG_RUNTIME_DIR=/run/user/5001 \
		dbus-run-session --config-file=/run/bus/session.conf -- \
		env PATH=/run/empty /usr/bin/certrenew doctor
	grep "^wrong " $out > /run/wrong
	says /run/wrong "notifications: No notification server runs in this desktop. Install and start one"
	says /run/wrong "pinentry: There is no program that asks for the PIN in a window. Install one: pinentry-gnome3"
	[ "$(wc -l < /run/wrong)" = 2 ]
}

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
promise "... no driver" finds_no_driver
promise "... no driver of that name in the system's folder" finds_no_named_driver
promise "... a library that is no driver" finds_what_is_no_driver
promise "... a driver that _certrenew may not read" finds_an_unreadable_driver
promise "... a driver that crashes" finds_a_crash
promise "... a driver that hangs" finds_a_hang
promise "... no card, and names the other drivers and pcscd" finds_no_card
promise "... no card that fits" finds_another_card
promise "... a card whose files _certrenew may not read" finds_a_closed_card
promise "... a card without certificates" finds_an_empty_card
promise "... a pcscd that _certrenew may not use" finds_a_closed_pcscd
promise "a pcscd that _certrenew reaches is fine" is_content_with_pcscd
promise "it finds that the CA cannot be reached" finds_no_ra
promise "... that it is another than trust says" finds_another_ra
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
promise "... a desktop without notifications and pinentry" finds_a_bare_desktop
stop_ra
promised
