# SPDX-License-Identifier: MIT
# In the world: FLEET_CLIENTS machines at once, each with a card, folders and records of its own, and
# certrenew as it is installed; one RA, behind nginx with a rate limit. That days pass is not shown
# here (the simulation does): a machine's agent comes back when certrenew noted that it may, and
# Retry-After is some seconds, of which the longer one ends a run. Writes one line for each check to
# $RESULTS: its name, what was found, the limit, and how the two compare.
set -eu
. tests/world/card.sh

clients=${FLEET_CLIENTS:-200}
fleet=/run/fleet
asked=15 enrolled=4 # requests a second
soon=4 late=40 # Retry-After
port=8443
patience=${FLEET_PATIENCE:-480} # seconds; 200 take about half of it on two idle cores

# result NAME FOUND LIMIT COMPARISON
result() { printf '%s\t%s\t%s\t%s\n' "$@" >> "$RESULTS"; }

# --- the machines --------------------------------------------------------------------------------

# What is a machine's own.
places="/var/lib/softhsm/tokens /var/lib/certrenew /var/cache/certrenew /run/certrenew"

# on N COMMAND...: on machine N, whose folders stand where certrenew looks for them.
on() {
	machine=$1
	shift
	FLEET_MACHINE=$fleet/$machine FLEET_PLACES=$places unshare --mount sh -c '
		for place in $FLEET_PLACES; do
			mount --bind "$FLEET_MACHINE$place" "$place" || exit 9
		done
		[ ! -e "$FLEET_MACHINE/conf" ] || mount --bind "$FLEET_MACHINE/conf" /etc/certrenew.conf || exit 9
		exec "$@"' on "$@"
}

make_machine() {
	for place in $places; do
		install -d "$fleet/$1$place"
	done
	chown _certrenew:_certrenew "$fleet/$1/var/lib/softhsm/tokens"
	chmod 700 "$fleet/$1/var/lib/softhsm/tokens"
	on "$1" setpriv --reuid=_certrenew --regid=_certrenew --clear-groups -- \
		test-card make --module $MODULE --ca $CA --label "Card $1" --pin $PIN --so-pin 87654321 \
		--key ec:P-256 --subject "/C=TW/O=Office/CN=Person $1" > /dev/null
}

# When certrenew may offer it again unasked: what the agent of that machine is told.
may_again() {
	cat "$fleet/$1"/var/lib/certrenew/later/* 2> /dev/null |
		awk '$4 > most { most = $4 } END { print most + 0 }'
}

renew_on() {
	printf '%s\n%s\n' $PIN $PIN | on "$1" certrenew renew --yes >> "$fleet/$1/said" 2>&1
}

# A machine's morning. Each tenth person does not wait for the agent, but asks every few seconds.
live() {
	runs=0
	while [ "$(date +%s)" -lt "$until" ]; do
		runs=$((runs + 1))
		echo $runs > "$fleet/$1/runs"
		! renew_on "$1" || { date +%s > "$fleet/$1/renewed"; return 0; }
		if [ $(($1 % 10)) = 0 ]; then
			sleep 5
			continue
		fi
		again=$(($(may_again "$1") - $(date +%s)))
		[ $again -gt 0 ] || again=1
		sleep $again
	done
}

# --- the RA and what stands before it ---------------------------------------------------------------

start_nginx() {
	sed "s,@ASKED@,$asked,; s,@ENROLLED@,$enrolled,; s,@SOON@,$soon,; s,@LATE@,$late,; s,@PORT@,$port,
		s,@CA@,$CA,; s,@RA@,$RA_PORT," tests/fleet/nginx.conf > $fleet/nginx.conf
	nginx -c $fleet/nginx.conf 2> $fleet/nginx.err &
	nginx=$!
	while [ ! -s $fleet/nginx.pid ]; do
		kill -0 $nginx || { cat $fleet/nginx.err; exit 1; }
		sleep 0.05
	done
}

# --- what came of it --------------------------------------------------------------------------------

# The requests that came before the Retry-After of the same client's last one was over.
too_soon() {
	sort -s -n -k 1,1 $fleet/access.log | awk '{
		client = $0
		sub(/^[^"]*/, "", client)
		begins = $1 - $2
		if (client in not_before && begins < not_before[client] - 0.002) {
			early++
			print client ": " not_before[client] - begins " s too soon: " $0 > "/dev/stderr"
		}
		delete not_before[client]
		if ($4 != "-")
			not_before[client] = $1 + $4
	} END { print early + 0 }'
}

judge() {
	renewed=0 proven=0
	for number in $(seq "$clients"); do
		[ ! -e "$fleet/$number/renewed" ] || renewed=$((renewed + 1))
	done
	for number in $(seq "$clients"); do
		on "$number" setpriv --reuid=_certrenew --regid=_certrenew --clear-groups -- \
			test-card prove --module $MODULE --label "Card $number" --pin $PIN > /dev/null 2>&1 &&
			proven=$((proven + 1))
	done
	issued=$(issued)
	requests=$(wc -l < $fleet/access.log)
	refused=$(awk '$4 != "-"' $fleet/access.log | wc -l)
	result "clients lost" $((clients - renewed)) 0 "=="
	result "cards that do not prove both keys" $((clients - proven)) 0 "=="
	result "certificates issued beyond one for each role" $((issued - 2 * clients)) 0 "=="
	result "requests sooner than their Retry-After" "$(too_soon)" 0 "=="
	runs=$(cat $fleet/*/runs | awk '{ sum += $1 } END { print sum }')
	last=$(cat $fleet/*/renewed | sort -n | tail -n 1)
	printf '%s\t%s\t%s\t%s\t%s\n' "$clients" "$requests" "$refused" "$runs" $((last - began)) > "$TABLE"
	result "requests refused with a Retry-After" "$refused" $((clients / 2)) ">="
}

prepare_cards
mkdir -p $fleet $places
echo "making $clients cards"
for number in $(seq "$clients"); do
	make_machine "$number"
done
start_ra --plain --proxied
start_nginx
RA_PORT=$port
# Each fourth speaks CMP. It says who it is in TLS, too: by that the log tells one from another.
configure_cmp 's/^protocol = cmp/&\ntls_certificate = yes/' 's/^timeout = 10s/timeout = 2m/' \
	"s/^module/timeout = 10m\n&/"
for number in $(seq 4 4 "$clients"); do
	cp /etc/certrenew.conf "$fleet/$number/conf"
done
configure 's/^timeout = 10s/timeout = 2m/' "s/^module/timeout = 10m\n&/"
echo "$clients clients at once"
began=$(date +%s)
until=$((began + patience))
for number in $(seq "$clients"); do
	live "$number" &
	lives="${lives:-} $!"
done
wait $lives
judge
cp $fleet/access.log "$KEPT"
kill $nginx
wait $nginx || :
stop_ra
