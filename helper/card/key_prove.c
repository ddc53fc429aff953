/* SPDX-License-Identifier: MIT */
/* Of several private EC keys with one CKA_ID: which is the certificate's? */
#include <string.h>

#include <openssl/ecdsa.h>
#include <openssl/rand.h>

#include "helper/card/key.h"

enum { DIGEST = 32, SIGNATURE_MAX = 256 };

/* r and s side by side (PKCS#11 2.40 §2.3.1) → their DER, which OpenSSL verifies. */
static bool verifies(EVP_PKEY *public, const unsigned char *digest, const unsigned char *raw,
		     size_t length)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, (int)(length / 2), NULL);
	BIGNUM *s = BN_bin2bn(raw + length / 2, (int)(length / 2), NULL);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(public, NULL);
	unsigned char *der = NULL;
	int der_length = 0;
	bool good = false;

	if (signature == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(signature, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		goto out;
	}
	der_length = i2d_ECDSA_SIG(signature, &der);
	good = der_length > 0 && context != NULL && EVP_PKEY_verify_init(context) == 1 &&
	       EVP_PKEY_verify(context, der, (size_t)der_length, digest, DIGEST) == 1;
out:
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(context);
	ECDSA_SIG_free(signature);
	return good;
}

bool key_proves(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public)
{
	CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
	unsigned char digest[DIGEST], signature[SIGNATURE_MAX];
	CK_ULONG length = sizeof(signature);

	if (!EVP_PKEY_is_a(public, "EC") ||
	    object_flag(token, object, CKA_ALWAYS_AUTHENTICATE, false) ||
	    RAND_bytes(digest, sizeof(digest)) != 1 ||
	    token->driver->p11->C_SignInit(token->session, &mechanism, object) != CKR_OK ||
	    token->driver->p11->C_Sign(token->session, digest, sizeof(digest), signature,
				       &length) != CKR_OK)
		return false;
	return verifies(public, digest, signature, length);
}
