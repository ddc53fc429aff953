/* SPDX-License-Identifier: MIT */
/* What a transaction that came to nothing means, and what the CA said about it. */
#ifndef CERTRENEW_CMP_FAILURE_H
#define CERTRENEW_CMP_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/cmp.h>

#include "helper/common/failure.h"

/* An error message (RFC 9810 §5.3.21), as it came, before anybody has verified it. */
struct cmp_error {
	bool received;
	bool is_protected; /* it claims to be */
	char words[512];   /* statusString and errorDetails, joined, neither cleaned nor trusted */
};

/* Reads a PKIMessage's DER. Pure: *ret is all zero for what is no error message. */
void cmp_error_read(const unsigned char *der, size_t length, struct cmp_error *ret);

/*
 * After a failed transaction: empties OpenSSL's error queue into a failure. `error` is the last
 * error message that came; `authentic` says that TLS vouches for the server. Returns
 *   -FAILURE_CA_UNTRUSTED  protection that is missing, wrong, or of somebody who may not speak
 *   -FAILURE_CA_REFUSED    the CA says no, with its words in failure->said
 *   -FAILURE_CA_DENIED     it does not accept who asks
 *   -FAILURE_CA_ERROR      its own trouble
 *   -FAILURE_CARD_ERROR    the key did not sign, or not decrypt what was encrypted to it
 *   -FAILURE_CA_GARBAGE    anything else
 */
int cmp_failure(const OSSL_CMP_CTX *context, const struct cmp_error *error, bool authentic,
		struct failure *failure);

/* Puts the words of the answer's status into failure->said, see said.h. */
void cmp_said(const OSSL_CMP_CTX *context, struct failure *failure);

#endif
