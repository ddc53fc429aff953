/* SPDX-License-Identifier: MIT */
/*
 * What was said in one transaction, as far as it takes to go on with it: our request, and after it
 * the CA's answers. Pure, no I/O.
 *
 * OpenSSL 3.0 keeps a transaction in memory only. But a new OSSL_CMP_CTX that is given the same
 * transactionID, and hears the same answers again, stands where the old one stood: so these
 * messages in the journal are all that a later run needs to poll, or to confirm.
 */
#ifndef CERTRENEW_CMP_TRANSCRIPT_H
#define CERTRENEW_CMP_TRANSCRIPT_H

#include <stddef.h>

#include <openssl/cmp.h>

#include "helper/common/failure.h"

/* kur; kup 'waiting'; the last pollRep; kup with the certificate */
enum { TRANSCRIPT_MESSAGES = 4, TRANSCRIPT_MAX = 256 * 1024 };

struct transcript {
	OSSL_CMP_MSG *messages[TRANSCRIPT_MESSAGES];
	size_t count;
};

/*
 * Reads what transcript_encode made. Nothing, or anything else, is an empty transcript: there is
 * no transaction to go on with.
 */
void transcript_decode(const unsigned char *bytes, size_t length, struct transcript *ret);

/*
 * The messages' DER, one after the other. The caller frees *ret with OPENSSL_free. Returns 0,
 * -FAILURE_CA_TOO_LARGE beyond TRANSCRIPT_MAX, or -FAILURE_SYSTEM.
 */
int transcript_encode(const struct transcript *transcript, unsigned char **ret, size_t *ret_length,
		      struct failure *failure);

/* Begins with this request, which is copied; forgets what was there. 0 or -FAILURE_SYSTEM. */
int transcript_begin(struct transcript *transcript, const OSSL_CMP_MSG *request,
		     struct failure *failure);

/*
 * Adds an answer, which is copied: one that a transaction is gone on with (kup, pollRep); any other
 * is passed over. Of several pollRep only the last is kept. 0, -FAILURE_CA_GARBAGE for answers
 * without end, or -FAILURE_SYSTEM.
 */
int transcript_add(struct transcript *transcript, const OSSL_CMP_MSG *answer,
		   struct failure *failure);

/*
 * The nonce that an answer to our request must repeat (senderNonce, RFC 9810 §5.1.1), for which
 * OpenSSL has no accessor. The caller frees it; NULL: there is none, or no memory.
 */
ASN1_OCTET_STRING *transcript_nonce(const struct transcript *transcript);

void transcript_clear(struct transcript *transcript);

#endif
