/* SPDX-License-Identifier: MIT */
/* A PKIMessage's DER (RFC 9810 §5.1): its parts, and a protection that fits what was changed. */
#ifndef CERTRENEW_TESTS_CMP_MESSAGE_H
#define CERTRENEW_TESTS_CMP_MESSAGE_H

#include <openssl/x509.h>

#include "tests/world/ra/der.h"

/* First bytes: context-specific, constructed. */
#define CMP_TAG(number) (0xa0 | (number))

struct cmp_parts {
	struct der message, header, body, protection; /* protection.start NULL: there is none */
	struct der transaction_id, recip_nonce;	      /* likewise */
};

bool cmp_parts_read(const struct der_bytes *message, struct cmp_parts *ret);

/* Free with X509_NAME_free; NULL: the sender has no directoryName. */
X509_NAME *cmp_sender(const struct cmp_parts *parts);

/* How many extraCerts it has. */
int cmp_count_certificates(const struct der_bytes *message);

/* The only request of an ir, cr or kur: its parts, and which proof of possession it has. */
struct cmp_request {
	struct der messages, message, template, popo;
	unsigned char proof; /* popo's tag: 0x80 raVerified, 0xa1 signature, 0xa2 keyEncipherment */
};

bool cmp_request_read(const struct cmp_parts *parts, struct cmp_request *ret);

/* The public key that is asked to be certified; NULL: none. Free with EVP_PKEY_free. */
EVP_PKEY *cmp_request_key(const struct cmp_request *request);

/* Replaces the last of a path of elements (see der_replace), the first of which is the message. */
void cmp_change(struct der_bytes *message, const struct der *path, size_t depth,
		const struct der_bytes *replacement);

/* Signs the message anew, with SHA-256, or leaves it as it is if it has no protection. */
bool cmp_protect(struct der_bytes *message, EVP_PKEY *key);

/* Makes an error message say that the certificate has been confirmed already, and signs it. */
bool cmp_say_confirmed(struct der_bytes *error, EVP_PKEY *signer);

/*
 * Encrypts the certificate of a kup to a key (RFC 9810 §5.2.2, encryptedCert). The message is to be
 * protected again.
 */
bool cmp_encrypt_certificate(struct der_bytes *kup, EVP_PKEY *key);

#endif
