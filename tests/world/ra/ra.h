/* SPDX-License-Identifier: MIT */
/*
 * The test world's registration authority. It speaks HTTPS through libmicrohttpd and GnuTLS, so
 * that the client's OpenSSL meets another TLS stack, and it checks what a strict CA would check:
 * a client that is liberal here would be refused by some real one.
 */
#ifndef CERTRENEW_TESTS_RA_H
#define CERTRENEW_TESTS_RA_H

#include <stdbool.h>

#include "tests/world/ca/issue.h"
#include "tests/world/ra/misbehave.h"

struct store;
struct cmp;
struct wrong_phrase;
struct cmp_signers;

struct ra {
	struct issue_ca ca;
	struct issue_ca rogue; /* an issuer that no client trusts */
	struct store *store;
	struct misbehave misbehave;
	int days;	       /* how long a new certificate is valid */
	int pending;	       /* seconds for which a request is answered with 202 */
	bool retry_after_date; /* Retry-After as a date, not in seconds */
	bool lenient; /* in what EST may differ in: the base64 lines, and how a name is encoded */
	bool same_key_refused; /* a key that has been certified before is not certified again */

	struct cmp *cmp;
	const struct cmp_signers *signers;
	bool confirmation_required; /* no implicitConfirm */
	bool remembers;		    /* a kur that comes again is answered as the first time */
	bool ra_verified;	    /* a request may say that an RA verified its key */

	struct wrong_phrase *wrong_phrases;
	int phrase_tries;   /* wrong ones for one certificate; 0: without end */
	int refused_reason; /* a CRLReason; -1: none */
};

#endif
