# SPDX-License-Identifier: MIT
# Sourced in the world, after card.sh: the CA's directory (slapd), its OCSP responder (openssl),
# and plain HTTP for its lists.

BASE=dc=example,dc=test
WEB=/run/web
WEB_LOG=/var/log/web.log
LDAP=/run/slapd

# A port of loopback that nobody listens on.
free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

# listens PORT: somebody does.
listens() { ss -Hltn "sport = :$1" | grep -q .; }
is_free() { ! listens "$1"; }

# stop_by FILE PORT: the process that the file names, also from another shell than its parent.
stop_by() {
	kill "$(cat "$1")" 2> /dev/null || :
	within 5 is_free "$2"
}

# --- plain HTTP: /run/web ----------------------------------------------------------------------

start_web() {
	rm -rf $WEB /run/web.port
	mkdir -p $WEB
	: > $WEB_LOG
	test-web $WEB /run/web.port $WEB_LOG &
	WEB_PID=$!
	within 5 test -s /run/web.port
	WEB_PORT=$(cat /run/web.port)
}

# --- what certificates say of their CA -----------------------------------------------------------

# ca_tells OCSP-URL CRL-URL: from now on in each new certificate; the issuer is on the web.
ca_tells() {
	openssl x509 -in $CA/issuing.pem -outform der -out $WEB/issuing.der
	cat > $CA/extensions <<-EXTENSIONS
		authorityInfoAccess OCSP;URI:$1,caIssuers;URI:http://127.0.0.1:$WEB_PORT/issuing.der
		crlDistributionPoints URI:$2
	EXTENSIONS
	chmod 644 $CA/extensions
}

# certify NAME EMAIL [OPTION of test-ca sign...]: its serial number is printed. Recorded and, after
# fill_directory, in the directory.
certify() {
	name=$1 email=$2
	shift 2
	[ -e /run/person.spki ] || openssl ecparam -genkey -name prime256v1 -noout |
		openssl ec -pubout -outform der -out /run/person.spki 2> /dev/null
	test-ca sign --ca $CA --spki /run/person.spki --subject "/C=TW/O=Example Government/CN=$name" \
		--email "$email" --out /run/person.der "$@"
	openssl x509 -inform der -in /run/person.der -noout -serial | cut -d= -f2
}

# --- OCSP: the real responder of openssl -----------------------------------------------------------

# start_responder [OPTION of openssl ocsp...]: on $OCSP_PORT, by the CA's index.
start_responder() {
	OCSP_PORT=${OCSP_PORT:-$(free_port)}
	openssl ocsp -index $CA/index.txt -CA $CA/issuing.pem -rsigner $CA/responder.pem \
		-rkey $CA/responder.key -port $OCSP_PORT -ignore_err "$@" > /var/log/ocsp.log 2>&1 &
	echo $! > /run/ocsp.pid
	within 5 listens $OCSP_PORT
}

stop_responder() { stop_by /run/ocsp.pid $OCSP_PORT; }

# The responder reads its index anew at each start.
revoke_certificate() {
	test-ca revoke --ca $CA --serial "$1" --reason "${2:-keyCompromise}"
	stop_responder
	start_responder
}

# --- LDAP ----------------------------------------------------------------------------------------

# start_directory [LINE of slapd.conf...]: without a size limit unless a line says one; on $LDAP_PORT (ldap:, StartTLS) and $LDAPS_PORT.
start_directory() {
	LDAP_PORT=${LDAP_PORT:-$(free_port)}
	LDAPS_PORT=${LDAPS_PORT:-$(free_port)}
	mkdir -p $LDAP/data
	cat > $LDAP/slapd.conf <<-CONF
		include /etc/ldap/schema/core.schema
		include /etc/ldap/schema/cosine.schema
		include /etc/ldap/schema/inetorgperson.schema
		loglevel 0
		sizelimit unlimited
		modulepath /usr/lib/ldap
		moduleload back_mdb
		TLSCertificateFile ${LDAP_CERT:-$CA/server}.pem
		TLSCertificateKeyFile ${LDAP_CERT:-$CA/server}.key
		TLSCACertificateFile ${LDAP_CERT:-$CA/server}.pem
		$(printf '%s\n' "$@")
		database mdb
		suffix "$BASE"
		rootdn "cn=admin,$BASE"
		directory $LDAP/data
		maxsize 268435456
		index objectClass eq
		index mail,cn eq,sub
	CONF
	slapd -f $LDAP/slapd.conf -h "ldap://127.0.0.1:$LDAP_PORT ldaps://127.0.0.1:$LDAPS_PORT" \
		-d 0 2> /var/log/slapd.log &
	echo $! > /run/slapd.pid
	within 5 listens $LDAP_PORT
}

stop_directory() { stop_by /run/slapd.pid $LDAP_PORT; }

# fill_directory [OPTION of test-ca directory...]: with what was issued; slapd must not run.
fill_directory() {
	rm -rf $LDAP/data
	mkdir -p $LDAP/data
	{
		printf 'dn: %s\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n' $BASE
		test-ca directory --ca $CA --base $BASE "$@"
	} > $LDAP/people.ldif
	start_directory
	stop_directory
	slapadd -q -f $LDAP/slapd.conf -l $LDAP/people.ldif
}

# configure_directory [SED EXPRESSION...]: after `configure`: this directory, and [status].
configure_directory() {
	cat >> /etc/certrenew.conf <<-CONF
		[directory]
		url = ldap://127.0.0.1:$LDAP_PORT
		base = $BASE
		timeout = 5s
		[status]
		timeout = 5s
	CONF
	for change in "$@"; do
		sed -i "$change" /etc/certrenew.conf
	done
}
