# SPDX-License-Identifier: MIT
# Sourced in the world: cards, the CA, its registration authority, and the configuration.

MODULE=/usr/lib/softhsm/libsofthsm2.so
PIN=123456
CA=/etc/test-ca
RA_LOG=/var/log/ra.log
SHIM_SCRIPT=/etc/certrenew-shim
CARDS_AND_STATE="/var/lib/softhsm/tokens /var/lib/certrenew /run/certrenew /var/cache/certrenew"

as_certrenew() { setpriv --reuid=_certrenew --regid=_certrenew --clear-groups -- "$@"; }

# The token folder of one machine: all its cards are in it, _certrenew's alone.
prepare_cards() {
	# The check of a login that went on may still let go of its card.
	rm -rf $CARDS_AND_STATE || { sleep 2 && rm -rf $CARDS_AND_STATE; }
	install -d -m 700 -o _certrenew -g _certrenew /var/lib/softhsm/tokens
	chmod 711 /var/lib/softhsm
	cat > /etc/softhsm/softhsm2.conf <<-CONF
		directories.tokendir = /var/lib/softhsm/tokens
		objectstore.backend = file
		log.level = ERROR
	CONF
	chmod 644 /etc/softhsm/softhsm2.conf
	chmod 755 /etc/softhsm
	[ -e $CA/trust.pem ] || test-ca init $CA --shared-keys > /dev/null
}

# new_card LABEL [OPTION...]: a card with two certificates, 20 days left unless said otherwise.
new_card() {
	label=$1
	shift
	as_certrenew test-card make --module $MODULE --ca $CA --label "$label" --pin $PIN \
		--so-pin 87654321 "$@" > /dev/null
}

# fresh_card [OPTION...]: the only card, Alice's; with EC keys, which are made faster, unless said
# otherwise.
fresh_card() {
	prepare_cards
	new_card Alice --key ec:P-256 "$@"
}

card_list() { as_certrenew test-card list --module $MODULE --label "$1" --pin $PIN; }
card_proves() { as_certrenew test-card prove --module $MODULE --label "$1" --pin $PIN; }

# start_ra [OPTION...]: on a free port of loopback, which is left in $RA_PORT.
start_ra() {
	rm -f /run/ra.port
	test-ra --ca $CA --port 0 --port-file /run/ra.port --log $RA_LOG "$@" 2> /var/log/ra.err &
	RA_PID=$!
	while [ ! -s /run/ra.port ]; do
		kill -0 $RA_PID || { cat /var/log/ra.err; return 1; }
		sleep 0.02
	done
	RA_PORT=$(cat /run/ra.port)
}

stop_ra() {
	kill "$RA_PID" 2> /dev/null || :
	wait "$RA_PID" 2> /dev/null || :
}

# configure [SED EXPRESSION...]: the configuration for this RA, with changes.
configure() {
	cat > /etc/certrenew.conf <<-CONF
		[login]
		timeout = 5s
		[card]
		module = $MODULE
		[ca "office"]
		url = https://localhost:$RA_PORT/.well-known/est
		trust = $CA/trust.pem
		timeout = 10s
	CONF
	for change in "$@"; do
		sed -i "$change" /etc/certrenew.conf
	done
}

# configure_cmp [SED EXPRESSION...]: likewise, by CMP; `proof` and what else there is to say.
configure_cmp() {
	configure "s,/est$,/cmp," 's/^timeout = 10s/&\nprotocol = cmp/' "$@"
}

# Nothing has happened yet: for the RA, the driver, its rules that act once, and the log.
fresh_logs() {
	rm -rf $RA_LOG /run/shim.log /run/once
	install -m 666 /dev/null /run/shim.log
	install -d -m 777 /run/once
	: > /var/log/auth.log
}

# shim LINE...: the card's driver is the shim, with these rules.
shim() {
	{ echo "module $MODULE"; printf '%s\n' "$@"; } > $SHIM_SCRIPT
	chmod 644 $SHIM_SCRIPT
	grep -q "^module = $MODULE\$" /etc/certrenew.conf || return 0
	sed -i "/^sandbox_write = /d; s|^module = .*|module = /usr/lib/certrenew-tests/shim.so\nenvironment = CERTRENEW_SHIM=$SHIM_SCRIPT\nsandbox_write = /run /var/log|" \
		/etc/certrenew.conf
}

# renew [ANSWER...]: the answers are the PINs, as nothing else is asked.
renew() { printf '%s\n' "$@" | certrenew renew --yes; }

# How often the output asks for a PIN; how many certificates the RA has issued (to a role).
pins_asked() { grep -c "^Enter your card's PIN" "$1" || :; }
issued() { grep -c "issue ${1:-}" $RA_LOG || :; }

# The seat's active session is this uid's, as logind would say it; 0: nobody's. Others who are signed
# in there follow.
seat_of() {
	printf 'IS_SEAT0=1\nCAN_MULTI_SESSION=1\nCAN_TTY=1\nACTIVE=1\nACTIVE_UID=%s\nSESSIONS=1\nUIDS=%s\n' \
		"$1" "$*" > /run/systemd/seats/.seat0
	mv /run/systemd/seats/.seat0 /run/systemd/seats/seat0
}

# The helper's socket without a running systemd.
start_socket() {
	mkdir -p /run/certrenew
	chmod 755 /run/certrenew
	systemd-socket-activate --accept --listen /run/certrenew/socket \
		/usr/libexec/certrenew/certrenew-helper > /dev/null 2>&1 &
	SOCKET_PID=$!
	# Listening, which is later than being there.
	until grep -q '00010000 .* /run/certrenew/socket$' /proc/net/unix; do sleep 0.02; done
	chmod 666 /run/certrenew/socket
}

stop_socket() {
	kill "$SOCKET_PID" 2> /dev/null || :
	wait "$SOCKET_PID" 2> /dev/null || :
	rm -f /run/certrenew/socket
}

as_user() { user=$1; shift; setpriv --reuid="$user" --regid="$user" --init-groups --reset-env -- "$@"; }
