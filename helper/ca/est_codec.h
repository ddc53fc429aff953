/* SPDX-License-Identifier: MIT */
/*
 * The bodies of EST's messages: base64, certs-only PKCS#7, CSR attributes. Pure, no I/O.
 *
 * Servers differ in the wrapping, so it is read liberally: base64 in lines of any length, with LF
 * or CRLF, or plain DER, whatever the header fields say (RFC 8951 §3 has them ignored). What
 * is inside is read strictly.
 */
#ifndef CERTRENEW_EST_CODEC_H
#define CERTRENEW_EST_CODEC_H

#include <stddef.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "helper/common/failure.h"

/* In one answer; more are refused, as each costs a parse. */
enum { EST_CERTIFICATES_MAX = 32 };

/*
 * DER → base64 in lines of 64 characters, which every server takes. The caller frees *ret with
 * OPENSSL_free; it is NUL-terminated, *ret_length is without the NUL. Returns 0 or
 * -FAILURE_SYSTEM.
 */
int est_encode(const unsigned char *der, size_t length, char **ret, size_t *ret_length,
	       struct failure *failure);

/*
 * A body → DER. The caller frees *ret with OPENSSL_free. Returns 0, -FAILURE_CA_GARBAGE for what
 * is neither base64 nor begins as DER does, -FAILURE_SYSTEM.
 */
int est_decode(const unsigned char *body, size_t length, unsigned char **ret, size_t *ret_length,
	       struct failure *failure);

/*
 * A body with a certs-only CMC Simple PKI Response (RFC 7030 §4.1.3, §4.2.3; RFC 5272 §4.1) → its
 * certificates, at least one, in the order of the message. The caller frees *ret with
 * sk_X509_pop_free(…, X509_free). Returns 0, -FAILURE_CA_GARBAGE or -FAILURE_SYSTEM.
 */
int est_decode_certificates(const unsigned char *body, size_t length, STACK_OF(X509) **ret,
			    struct failure *failure);

/*
 * Which digest the CSR attributes (RFC 7030 §4.5.2, DER without base64) ask for: the first OID
 * that is a signature algorithm of this kind of key with SHA-256, SHA-384 or SHA-512, or one of
 * these digests itself. *ret_nid is NID_undef if there is none; whatever else is asked for is
 * passed over: the CA says no if it must have it. An empty body asks for nothing. Returns 0, or
 * -FAILURE_CA_GARBAGE for what is no CsrAttrs.
 */
int est_wanted_digest(const unsigned char *der, size_t length, const EVP_PKEY *key, int *ret_nid,
		      struct failure *failure);

#endif
