/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_DER_H
#define CERTRENEW_DER_H

#include <stdbool.h>
#include <stddef.h>

/* What libcrypto keeps to itself of a message is reached by its encoding (X.690). */

struct der_element {
	int tag, class; /* V_ASN1_UNIVERSAL, V_ASN1_CONTEXT_SPECIFIC, … */
	bool constructed;
	const unsigned char *start, *content, *end; /* end is also where the next one begins */
};

/*
 * The element at `at`. False where there is none before `end`, where it reaches beyond it, or is of
 * indefinite length, which is no DER; nothing is left in libcrypto's queue of errors.
 */
bool der_next(const unsigned char *at, const unsigned char *end, struct der_element *ret);

/*
 * A BIT STRING of whole bytes, its zero bits at the end included. Returns the length of *ret, which
 * is freed with OPENSSL_free(), or -1.
 */
int der_bit_string(const unsigned char *bytes, size_t count, unsigned char **ret);

#endif
