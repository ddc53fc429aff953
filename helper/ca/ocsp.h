/* SPDX-License-Identifier: MIT */
/* The Online Certificate Status Protocol (RFC 6960): question and answer. Pure, no I/O. */
#ifndef CERTRENEW_OCSP_H
#define CERTRENEW_OCSP_H

#include <stddef.h>

#include <openssl/ocsp.h>

#include "helper/ca/status.h"

struct ocsp_question {
	OCSP_REQUEST *request; /* with a nonce (§4.4.1) */
	OCSP_CERTID *id;       /* the certificate's, with SHA-1: what every responder knows */
};

/* Returns 0, with *ret that the caller clears, or -FAILURE_SYSTEM. */
int ocsp_question_make(X509 *certificate, X509 *issuer, struct ocsp_question *ret,
		       struct failure *failure);
void ocsp_question_clear(struct ocsp_question *question);

/*
 * Judges an answer in DER, at `now`:
 *  - its signature, by the issuer or by whom the issuer authorised for that (§4.2.2.2). Whether
 *    such a responder's own certificate was revoked is not asked: CAs mark it id-pkix-ocsp-nocheck
 *    or give it a short life;
 *  - that it is about this certificate and no other;
 *  - that it is this question's (its nonce), or, without a nonce, as good responders with prepared
 *    answers give it, that it is fresh in any case: thisUpdate has come, nextUpdate has not
 *    passed, and without a nextUpdate thisUpdate is at most max_age seconds ago, with STATUS_SLACK
 *    at both ends (§4.2.2.1).
 * Returns 0 with *ret GOOD, REVOKED or UNKNOWN, or
 *   -FAILURE_CA_OVERLOADED, -FAILURE_CA_ERROR, -FAILURE_CA_REFUSED: the responder says so;
 *   -FAILURE_CA_UNTRUSTED: the signature or the signer;
 *   -FAILURE_CA_GARBAGE: anything else.
 */
int ocsp_judge(const unsigned char *der, size_t length, const struct ocsp_question *question,
	       X509 *issuer, int64_t now, int64_t max_age, struct status_answer *ret,
	       struct failure *failure);

#endif
