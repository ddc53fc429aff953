/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_encrypted.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "helper/ca/der.h"

enum { KEY = 32, BLOCK = 16, RSA_MAX = 1024, DER_MAX = 2048 };

/* EncryptedValue's context tags; the others are optional, and left out. */
enum { SYMM_ALG = 1, ENC_SYMM_KEY = 2, KEY_ALG = 3, UNTAGGED = -1 };

struct parts {
	unsigned char key[KEY], iv[BLOCK], value[SECRET_MAX + 2 * BLOCK], wrapped[RSA_MAX];
	int value_length;
	size_t wrapped_length;
};

static bool encrypt_value(struct parts *parts, const struct secret *secret)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int last = 0;
	bool done =
	    context != NULL && RAND_bytes(parts->iv, BLOCK) == 1 &&
	    RAND_priv_bytes(parts->key, KEY) == 1 &&
	    EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), NULL, parts->key, parts->iv) == 1 &&
	    EVP_EncryptUpdate(context, parts->value, &parts->value_length, secret->bytes,
			      (int)secret->length) == 1 &&
	    EVP_EncryptFinal_ex(context, parts->value + parts->value_length, &last) == 1;

	parts->value_length += last;
	EVP_CIPHER_CTX_free(context);
	return done;
}

static bool wrap_key(struct parts *parts, EVP_PKEY *public)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(public, NULL);
	bool done = context != NULL && EVP_PKEY_encrypt_init(context) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;

	parts->wrapped_length = sizeof(parts->wrapped);
	done = done && EVP_PKEY_encrypt(context, parts->wrapped, &parts->wrapped_length, parts->key,
					KEY) == 1;
	EVP_PKEY_CTX_free(context);
	return done;
}

/* --- DER ------------------------------------------------------------------------------------- */

struct bytes {
	unsigned char data[DER_MAX];
	size_t length;
};

/* An implicit tag takes the place of the element's own. Frees `der`; false without one. */
static bool add(struct bytes *to, unsigned char *der, int length, int tag)
{
	bool done = length > 0 && (size_t)length <= DER_MAX - to->length;

	if (done && tag != UNTAGGED)
		der[0] =
		    (unsigned char)(V_ASN1_CONTEXT_SPECIFIC | (der[0] & V_ASN1_CONSTRUCTED) | tag);
	if (done) {
		memcpy(to->data + to->length, der, (size_t)length);
		to->length += (size_t)length;
	}
	OPENSSL_free(der);
	return done;
}

static bool add_algorithm(struct bytes *to, int nid, ASN1_OCTET_STRING *iv, int tag)
{
	X509_ALGOR *algorithm = X509_ALGOR_new();
	unsigned char *der = NULL;
	int length = -1;

	if (algorithm != NULL &&
	    X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid),
			    iv != NULL ? V_ASN1_OCTET_STRING : V_ASN1_NULL, iv) == 1) {
		iv = NULL;
		length = i2d_X509_ALGOR(algorithm, &der);
	}
	ASN1_OCTET_STRING_free(iv);
	X509_ALGOR_free(algorithm);
	return add(to, der, length, tag);
}

static bool add_bits(struct bytes *to, const unsigned char *bytes, size_t count, int tag)
{
	unsigned char *der = NULL;
	int length = der_bit_string(bytes, count, &der);

	return add(to, der, length, tag);
}

static OSSL_CRMF_ENCRYPTEDVALUE *encode(const struct parts *parts)
{
	ASN1_OCTET_STRING *iv = ASN1_OCTET_STRING_new();
	unsigned char whole[DER_MAX + 16], *at = whole;
	const unsigned char *from = whole;
	struct bytes content = {.length = 0};

	if (iv == NULL || ASN1_OCTET_STRING_set(iv, parts->iv, BLOCK) != 1) {
		ASN1_OCTET_STRING_free(iv);
		return NULL;
	}
	if (!add_algorithm(&content, NID_aes_256_cbc, iv, SYMM_ALG) ||
	    !add_bits(&content, parts->wrapped, parts->wrapped_length, ENC_SYMM_KEY) ||
	    !add_algorithm(&content, NID_rsaEncryption, NULL, KEY_ALG) ||
	    !add_bits(&content, parts->value, (size_t)parts->value_length, UNTAGGED))
		return NULL;
	ASN1_put_object(&at, 1, (int)content.length, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	memcpy(at, content.data, content.length);
	at += content.length;
	return d2i_OSSL_CRMF_ENCRYPTEDVALUE(NULL, &from, at - whole);
}

int cmp_encrypt(X509 *recipient, const struct secret *secret, OSSL_CRMF_ENCRYPTEDVALUE **ret,
		struct failure *failure)
{
	EVP_PKEY *public = X509_get0_pubkey(recipient);
	OSSL_CRMF_ENCRYPTEDVALUE *encrypted = NULL;
	struct parts parts = {.value_length = 0};

	if (public == NULL || !EVP_PKEY_is_a(public, "RSA") || EVP_PKEY_get_size(public) > RSA_MAX)
		return fail(failure, FAILURE_CONFIG,
			    "[revocation] phrase_certificate is of no RSA key");
	if (encrypt_value(&parts, secret) && wrap_key(&parts, public))
		encrypted = encode(&parts);
	explicit_bzero(&parts, sizeof(parts));
	if (encrypted == NULL)
		return fail(failure, FAILURE_SYSTEM, "the phrase cannot be encrypted");
	*ret = encrypted;
	return 0;
}
