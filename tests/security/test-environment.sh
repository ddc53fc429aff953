# SPDX-License-Identifier: MIT
# A person's own environment decides nothing where rights are: not which card, driver, CA, proxy or
# code is used.
. tests/harness.sh
. tests/world/card.sh
. tests/login/pam.sh

prepare_cards
start_ra
EVIL=/home/alice/evil

# Another card, another CA, a proxy and a library, all Alice's; whoever reads or loads them leaves a
# trace.
make_evil() {
	rm -rf $EVIL
	install -d -o alice -g alice -m 755 $EVIL $EVIL/tokens
	echo "directories.tokendir = $EVIL/tokens" > $EVIL/softhsm2.conf
	printf 'openssl_conf = broken\n[broken]\nengines = nowhere\n' > $EVIL/openssl.cnf
	cp $CA/rogue-issuing.pem $EVIL/ca.pem
	printf '__attribute__((constructor)) static void here(void) { fclose(fopen("%s", "a")); }\n' \
		$EVIL/loaded | gcc -include stdio.h -shared -fPIC -x c -o $EVIL/evil.so -
	chmod 777 $EVIL
	: > $EVIL/asked
	socat -u TCP4-LISTEN:3128,bind=127.0.0.1,fork,reuseaddr OPEN:$EVIL/asked,append &
	proxy=$!
	trap 'kill $proxy; touch /run/go' EXIT
	# It listens, and who asks it is known.
	within 10 sh -c "echo hello | socat -u - TCP4:127.0.0.1:3128 2> /dev/null"
	within 10 says $EVIL/asked hello > /dev/null
	: > $EVIL/asked
}

# with_evil COMMAND...: in such an environment.
with_evil() {
	env SOFTHSM2_CONF=$EVIL/softhsm2.conf OPENSC_CONF=$EVIL/opensc.conf P11_KIT_STRICT=yes \
		P11_KIT_SERVER_ADDRESS=unix:path=$EVIL/p11 https_proxy=http://127.0.0.1:3128 \
		HTTPS_PROXY=http://127.0.0.1:3128 all_proxy=http://127.0.0.1:3128 \
		OPENSSL_CONF=$EVIL/openssl.cnf SSL_CERT_FILE=$EVIL/ca.pem SSL_CERT_DIR=$EVIL \
		CERTRENEW_CONF=$EVIL/certrenew.conf HOME=$EVIL XDG_CACHE_HOME=$EVIL \
		NLSPATH=$EVIL/%N LANGUAGE=../../../$EVIL TMPDIR=$EVIL MALLOC_TRACE=$EVIL/trace \
		RES_OPTIONS=debug HOSTALIASES=$EVIL/hosts "$@"
}

fresh() {
	fresh_login
	chmod 1777 /run
	shim "C_SignInit#1 after wait /run/go once /run/held"
	make_evil
}

with_socket() {
	fresh
	seat_of 5001
	start_socket
	trap 'kill $proxy; touch /run/go; stop_socket' EXIT
}

# held_with_evil COMMAND...: a renewal that the driver holds at its first signature.
held_with_evil() {
	rm -f /run/held /run/go /run/typed
	mkfifo -m 666 /run/typed
	(with_evil "$@") < /run/typed > $shown 2>&1 &
	person=$!
	exec 9> /run/typed
	typed ${answer:-} "$PIN" "$PIN" >&9
	within 30 test -e /run/held
}

# has_only PROGRAM NAME...: its environment, which the supervisor made, has these names.
has_only() {
	pid=$(pgrep -x "$1")
	shift
	tr '\0' '\n' < "/proc/$pid/environ" | cut -d= -f1 | sort | xargs > "$out"
	[ "$(cat "$out")" = "$*" ] || complain "it has: $(cat "$out")"
}

nothing_evil_was_used() {
	[ ! -e $EVIL/loaded ] || complain "the person's library was loaded"
	[ ! -s $EVIL/asked ] || complain "the person's proxy was asked"
	[ -z "$(find $EVIL -user _certrenew -o -user root -newer $EVIL/evil.so -type f ! -name asked)" ] ||
		complain "something was left there"
}

goes_its_way() {
	has_only certrenew-renew HOME LANG PATH XDG_CACHE_HOME
	! grep -q -a $EVIL "/proc/$(pgrep -o certrenew-helpe)/environ" || complain "the helper has it"
	touch /run/go
	wait $person
	exec 9>&-
	nothing_evil_was_used
	renewed
}

over_the_socket() {
	with_socket
	held_with_evil setpriv --reuid=alice --regid=alice --clear-groups -- certrenew renew --yes
	goes_its_way
}

at_a_login() {
	fresh
	answer=yes
	held_with_evil pamtester -Itty=/dev/tty1 login alice acct_mgmt open_session
	goes_its_way
}

preloaded_by_a_user() {
	with_socket
	held_with_evil setpriv --reuid=alice --regid=alice --clear-groups -- \
		env LD_PRELOAD=$EVIL/evil.so certrenew renew --yes
	[ -e $EVIL/loaded ] || complain "the person's own program does not load it either"
	[ "$(stat -c %U $EVIL/loaded)" = alice ] || complain "loaded by $(stat -c %U $EVIL/loaded)"
	rm $EVIL/loaded
	goes_its_way
}

promise "over the socket nothing of the person's environment is used" over_the_socket
promise "a person's preloaded library is in the person's own process alone" preloaded_by_a_user
promise "at a login nothing of the host's environment is used" at_a_login
stop_ra
promised
