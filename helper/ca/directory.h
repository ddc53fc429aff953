/* SPDX-License-Identifier: MIT */
/*
 * The CA's directory: whose certificates there are. ldap.c asks an LDAP server, rfc4387.c a
 * certificate store over HTTPS; which one it is, the address says.
 *
 * What a directory says is not proven by anything: each certificate's own contents are shown, its
 * signature is judged where its status is asked. What a directory cannot do: make us hold more
 * than the query's limit, keep us longer than the configured time, send us to another server, or
 * put anything else than certificates into the result.
 */
#ifndef CERTRENEW_DIRECTORY_H
#define CERTRENEW_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "conf/config.h"
#include "helper/common/failure.h"

enum directory_validity { DIRECTORY_ANY, DIRECTORY_CURRENT, DIRECTORY_EXPIRED };

/* By e-mail address or by name: one of the two is not NULL. */
struct directory_query {
	const char *email; /* the whole address */
	const char *name;  /* LDAP: a part of the name; RFC 4387: the whole, in the same case */
	enum directory_validity validity;
	const ASN1_INTEGER *serial; /* this certificate alone; NULL: all */
	int64_t now;		    /* seconds since the epoch: what `validity` is judged at */
};

enum directory_cut {
	DIRECTORY_WHOLE,
	DIRECTORY_CUT_BY_SERVER, /* it has more, and gives no more */
	DIRECTORY_CUT_BY_LIMIT,	 /* [directory] limit */
};

struct directory_entry {
	X509 *certificate;
	char *email; /* the certificate's own, else the directory's; "" for none */
	char *name;
};

struct directory_result {
	struct directory_entry *entries;
	size_t count;
	size_t unreadable; /* what stood where certificates should, and is none */
	enum directory_cut cut;
};

enum { DIRECTORY_TEXT_MAX = 256 };

/*
 * Searches. `trust` is the PEM file that TLS trusts; NULL: nobody, which only an ldap: address
 * without starttls does with. Certificates of CAs are left out. Returns 0, also for nothing found,
 * with *ret that the caller frees with directory_result_clear, or
 *   -FAILURE_CONFIG         [directory] url, base or trust is of no use;
 *   -FAILURE_PROTOCOL       the query is empty, longer than DIRECTORY_TEXT_MAX, no UTF-8, or has
 *                           control characters;
 *   -FAILURE_CA_UNREACHABLE, -FAILURE_CA_TIMEOUT, -FAILURE_CA_UNTRUSTED, -FAILURE_CA_REDIRECT,
 *   -FAILURE_CA_DENIED, -FAILURE_CA_REFUSED, -FAILURE_CA_OVERLOADED, -FAILURE_CA_ERROR,
 *   -FAILURE_CA_GARBAGE, -FAILURE_CA_TOO_LARGE: what http.h says of them, of the directory;
 *   -FAILURE_SYSTEM.
 */
int directory_search(const struct config_directory *settings, const char *trust,
		     const struct directory_query *query, struct directory_result *ret,
		     struct failure *failure);

/* Frees the contents; safe on a zeroed struct. */
void directory_result_clear(struct directory_result *result);

/* --- for ldap.c and rfc4387.c -------------------------------------------------------------- */

struct directory_find {
	const struct config_directory *settings;
	const char *trust;
	const struct directory_query *query;
	struct directory_result *result;
};

/*
 * Takes one found certificate in DER, with what the directory says of its owner ("" for nothing):
 * into the result if it fits the query. Returns 1 when the limit is reached and one more was
 * found, 0 to go on, -FAILURE_SYSTEM.
 */
int directory_take(struct directory_find *find, const unsigned char *der, size_t length,
		   const char *email, const char *name, struct failure *failure);

int ldap_search(struct directory_find *find, struct failure *failure);
int rfc4387_search(struct directory_find *find, struct failure *failure);

#endif
