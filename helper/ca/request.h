/* SPDX-License-Identifier: MIT */
/* The PKCS#10 request for a certificate's successor (RFC 2986). */
#ifndef CERTRENEW_REQUEST_H
#define CERTRENEW_REQUEST_H

#include <stddef.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "helper/common/failure.h"

/*
 * Makes a request for a successor of `old`, for the key `key` (private), with one signature.
 * The subject and the subjectAltName are the old certificate's bytes, not rebuilt: a CA compares
 * them (RFC 7030 §4.2.2). keyUsage and extendedKeyUsage are copied too: with a new key they are
 * how an RA can tell which of a person's certificates this succeeds.
 *
 * `digest_nid` is NID_sha256, NID_sha384 or NID_sha512, or NID_undef for what suits the key:
 * SHA-256, but SHA-384 for EC keys over 256 bits and SHA-512 over 384.
 *
 * The caller frees *ret (DER) with OPENSSL_free. Returns 0, -FAILURE_CARD_ERROR if the key does
 * not sign (OpenSSL's reasons are in the detail) or its signature is not the key's, or
 * -FAILURE_SYSTEM.
 */
int request_make(X509 *old, EVP_PKEY *key, int digest_nid, unsigned char **ret, size_t *ret_length,
		 struct failure *failure);

/* A stored request → its parsed form, which the caller frees with X509_REQ_free; or NULL. */
X509_REQ *request_parse(const unsigned char *der, size_t length);

#endif
