/* SPDX-License-Identifier: MIT */
/* Who asks, and for what: the TLS client's certificate, and the PKCS#10 in a request's body. */
#ifndef CERTRENEW_TESTS_REQUESTER_H
#define CERTRENEW_TESTS_REQUESTER_H

#include <stdbool.h>

#include "tests/world/ra/http.h"

/* A decoded and proven request. Free with requested_free. */
struct requested {
	X509_REQ *pkcs10;
	EVP_PKEY *key;		     /* borrowed from pkcs10 */
	X509_EXTENSIONS *extensions; /* what it asks for; may be NULL */
	unsigned char *der;
	size_t length;
};

/* Each returns whether it is well; if not, *ret has been filled with the refusal. */

/* The client's certificate is there (401), and verifies now, for TLS clients, to the root (403). */
bool requester_is_known(const struct ra *ra, const struct http_request *request,
			struct http_answer *ret);

/* Content type (415), base64 and PKCS#10 (400), proof of possession (400). */
bool requested_parse(const struct ra *ra, const struct http_request *request,
		     struct requested *requested, struct http_answer *ret);
void requested_free(struct requested *requested);

/* Subject and subjectAltName are, to the byte, the client certificate's (RFC 7030 §4.2.2; 403). */
bool requested_is_own(const struct ra *ra, const struct requested *requested, X509 *certificate,
		      struct http_answer *ret);

/* Borrowed; NULL: none asked for. */
X509_EXTENSION *requested_alternative_name(const struct requested *requested);

/* KU_* flags; UINT32_MAX: the request names no usage. */
uint32_t requested_usage(const struct requested *requested);

#endif
