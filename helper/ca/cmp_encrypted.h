/* SPDX-License-Identifier: MIT */
/* A secret in an EncryptedValue (RFC 4211 §2.1), which OpenSSL reads and does not make. */
#ifndef CERTRENEW_CMP_ENCRYPTED_H
#define CERTRENEW_CMP_ENCRYPTED_H

#include <openssl/crmf.h>
#include <openssl/x509.h>

#include "helper/common/failure.h"
#include "helper/common/secret.h"

/*
 * Encrypts by AES-256-CBC with a key of its own, and that by RSA (PKCS #1 v1.5, which is all that
 * an EncryptedValue's receivers know) to the certificate. The caller frees *ret. Returns 0,
 * -FAILURE_CONFIG for a certificate that is not RSA's, or -FAILURE_SYSTEM.
 */
int cmp_encrypt(X509 *recipient, const struct secret *secret, OSSL_CRMF_ENCRYPTEDVALUE **ret,
		struct failure *failure);

#endif
