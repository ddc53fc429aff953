/* SPDX-License-Identifier: MIT */
/*
 * A public key as it is written, and what tells it from others: the modulus of an RSA key, the
 * point of an EC key. Comparing needs no EVP_PKEY, which takes OpenSSL several times as long to
 * make as a certificate to parse.
 */
#ifndef CERTRENEW_PUBLIC_KEY_H
#define CERTRENEW_PUBLIC_KEY_H

#include <stdbool.h>

#include <openssl/x509.h>

#include "helper/card/driver.h"

struct public_key {
	const X509_PUBKEY *written;
	/* CKA_MODULUS, CKA_EC_POINT; CK_UNAVAILABLE_INFORMATION: another kind, or none. */
	CK_ATTRIBUTE_TYPE telling;
	const unsigned char *bytes; /* of `written`; a modulus without leading zeros */
	size_t length;
};

/* `written` (NULL: none) is borrowed. */
struct public_key public_key_of(const X509_PUBKEY *written);

/* Whether an object whose attribute `telling` is this has the same key. */
bool public_key_is(const struct public_key *key, const unsigned char *bytes, size_t length);

/* For whoever has to compute with it; NULL if it cannot be decoded. The caller frees it. */
EVP_PKEY *public_key_decode(const struct public_key *key);

#endif
