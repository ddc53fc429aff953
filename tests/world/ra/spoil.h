/* SPDX-License-Identifier: MIT */
/* The misbehaviours that need code: a spoilt certificate, and a spoilt body. */
#ifndef CERTRENEW_TESTS_SPOIL_H
#define CERTRENEW_TESTS_SPOIL_H

#include "tests/world/ra/http.h"

/* What spoil_order replaced, and what holds it. Free with spoilt_free. */
struct spoilt {
	bool is; /* anything at all */
	const struct issue_ca *issuer;
	EVP_PKEY *key;
	X509_NAME *subject;
	X509_EXTENSIONS *extra;
};

/*
 * Changes an honest order into the one that is asked for on the command line. `old_not_after` is
 * when the certificate ends that is being renewed. Returns 0 or -1 with OpenSSL's error.
 */
int spoil_order(const struct ra *ra, const struct misbehave *misbehave, struct issue_order *order,
		int64_t old_not_after, struct spoilt *ret);
void spoilt_free(struct spoilt *spoilt);

/* As http_bytes, with an honest body, or the spoilt one in its place. */
void spoil_body(const struct misbehave *misbehave, struct http_answer *ret, unsigned status,
		const char *type, char *body, size_t length);

#endif
