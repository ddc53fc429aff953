/* SPDX-License-Identifier: MIT */
#include "tests/world/card/proofs.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

enum { DIGEST = 32, PREFIX = 19, SIGNATURE_MAX = 1024, POINT_MAX = 256 };

/* DigestInfo of SHA-256 without the digest (RFC 8017 §9.2). */
static const unsigned char digest_info[PREFIX] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
						  0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
						  0x01, 0x05, 0x00, 0x04, 0x20};

static bool well(const char *what, CK_RV rv)
{
	if (rv != CKR_OK)
		complain_rv(what, rv);
	return rv == CKR_OK;
}

/* Some keys want the PIN between Init and the operation (PKCS#11 2.40, CKU_CONTEXT_SPECIFIC). */
static bool authenticate(struct token *token, CK_OBJECT_HANDLE key, const char *pin)
{
	return !object_flag(token, key, CKA_ALWAYS_AUTHENTICATE) ||
	       token_login(token, CKU_CONTEXT_SPECIFIC, pin) == 0;
}

static bool sign(struct token *token, CK_OBJECT_HANDLE key, const char *pin, CK_MECHANISM_TYPE type,
		 unsigned char *data, size_t length, struct bytes *signature)
{
	CK_MECHANISM mechanism = {type, NULL, 0};
	CK_ULONG size = signature->length;

	if (!well("C_SignInit", token->p11->C_SignInit(token->session, &mechanism, key)) ||
	    !authenticate(token, key, pin) ||
	    !well("C_Sign",
		  token->p11->C_Sign(token->session, data, length, signature->data, &size)))
		return false;
	signature->length = size;
	return true;
}

/* PKCS#11 writes r and s side by side, X.509 as a SEQUENCE (RFC 3279 §2.2.3). Free the DER. */
static struct bytes ecdsa_der(const struct bytes *raw)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	int half = (int)raw->length / 2;
	BIGNUM *r = BN_bin2bn(raw->data, half, NULL);
	BIGNUM *s = BN_bin2bn(raw->data + half, half, NULL);
	struct bytes der = {0};

	if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
		der.length = (size_t)i2d_ECDSA_SIG(signature, &der.data);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(signature);
	return der;
}

static bool verify(EVP_PKEY *key, const unsigned char *digest, const struct bytes *signature)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	bool good =
	    context != NULL && EVP_PKEY_verify_init(context) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
	    EVP_PKEY_verify(context, signature->data, signature->length, digest, DIGEST) == 1;

	EVP_PKEY_CTX_free(context);
	return good;
}

bool prove_signing(struct token *token, CK_OBJECT_HANDLE key, const char *pin, EVP_PKEY *public_key)
{
	unsigned char data[PREFIX + DIGEST];
	unsigned char buffer[SIGNATURE_MAX];
	struct bytes signature = {buffer, sizeof(buffer)};
	struct bytes der;
	bool good;

	memcpy(data, digest_info, PREFIX);
	if (RAND_bytes(data + PREFIX, DIGEST) != 1)
		return false;
	if (EVP_PKEY_is_a(public_key, "RSA"))
		return sign(token, key, pin, CKM_RSA_PKCS, data, sizeof(data), &signature) &&
		       verify(public_key, data + PREFIX, &signature);
	if (!sign(token, key, pin, CKM_ECDSA, data + PREFIX, DIGEST, &signature))
		return false;
	der = ecdsa_der(&signature);
	good = verify(public_key, data + PREFIX, &der);
	OPENSSL_free(der.data);
	return good;
}

bool prove_decryption(struct token *token, CK_OBJECT_HANDLE key, const char *pin,
		      EVP_PKEY *public_key)
{
	CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(public_key, NULL);
	unsigned char plain[DIGEST];
	unsigned char cipher[SIGNATURE_MAX];
	unsigned char back[SIGNATURE_MAX];
	size_t length = sizeof(cipher);
	CK_ULONG back_length = sizeof(back);
	bool made = context != NULL && RAND_bytes(plain, sizeof(plain)) == 1 &&
		    EVP_PKEY_encrypt_init(context) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_encrypt(context, cipher, &length, plain, sizeof(plain)) == 1;

	EVP_PKEY_CTX_free(context);
	return made &&
	       well("C_DecryptInit", token->p11->C_DecryptInit(token->session, &mechanism, key)) &&
	       authenticate(token, key, pin) &&
	       well("C_Decrypt",
		    token->p11->C_Decrypt(token->session, cipher, length, back, &back_length)) &&
	       back_length == sizeof(plain) && memcmp(plain, back, sizeof(plain)) == 0;
}

static bool derive_on_card(struct token *token, CK_OBJECT_HANDLE key, struct bytes *point,
			   struct bytes *ret_secret)
{
	CK_ECDH1_DERIVE_PARAMS parameters = {CKD_NULL, 0, NULL, point->length, point->data};
	CK_MECHANISM mechanism = {CKM_ECDH1_DERIVE, &parameters, sizeof(parameters)};
	CK_OBJECT_CLASS class = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_BBOOL yes = CK_TRUE;
	CK_BBOOL no = CK_FALSE;
	CK_OBJECT_HANDLE secret = CK_INVALID_HANDLE;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},	  {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &no, sizeof(no)},	  {CKA_SENSITIVE, &no, sizeof(no)},
	    {CKA_EXTRACTABLE, &yes, sizeof(yes)},
	};

	return well("C_DeriveKey", token->p11->C_DeriveKey(token->session, &mechanism, key,
							   template, 5, &secret)) &&
	       object_read(token, secret, CKA_VALUE, ret_secret) == 0;
}

bool prove_agreement(struct token *token, CK_OBJECT_HANDLE key, EVP_PKEY *public_key)
{
	char curve[64] = "";
	EVP_PKEY *other = NULL;
	unsigned char buffer[POINT_MAX];
	struct bytes point = {buffer, 0};
	struct bytes secret = {0};
	unsigned char ours[POINT_MAX];
	size_t length = sizeof(ours);
	EVP_PKEY_CTX *context = NULL;
	bool good = false;

	if (EVP_PKEY_get_group_name(public_key, curve, sizeof(curve), NULL) == 1)
		other = EVP_EC_gen(curve);
	if (other == NULL || EVP_PKEY_get_octet_string_param(other, "pub", buffer, sizeof(buffer),
							     &point.length) != 1)
		goto out;
	context = EVP_PKEY_CTX_new(other, NULL);
	good = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
	       EVP_PKEY_derive_set_peer(context, public_key) == 1 &&
	       EVP_PKEY_derive(context, ours, &length) == 1 &&
	       derive_on_card(token, key, &point, &secret) && secret.length == length &&
	       memcmp(ours, secret.data, length) == 0;
out:
	bytes_free(&secret);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(other);
	return good;
}
