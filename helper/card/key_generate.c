/* SPDX-License-Identifier: MIT */
/* A new key pair, made on the card ([ca] key = new). */
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "helper/card/key.h"

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 4096 };

/* The DER of the curve's name for CKA_EC_PARAMS; P-384 stays P-384, the rest becomes P-256. */
static const unsigned char *curve_of(EVP_PKEY *like, CK_ULONG *ret_length)
{
	static const unsigned char p256[] = {6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
	static const unsigned char p384[] = {6, 5, 0x2B, 0x81, 4, 0, 0x22};
	bool large = EVP_PKEY_get_bits(like) > 256;

	*ret_length = large ? sizeof(p384) : sizeof(p256);
	return large ? p384 : p256;
}

struct pair_template {
	CK_ATTRIBUTE public[10], private[11];
	CK_ULONG public_count, private_count;
};

static void add(CK_ATTRIBUTE *list, CK_ULONG *count, CK_ATTRIBUTE_TYPE type, const void *value,
		size_t length)
{
	list[(*count)++] = (CK_ATTRIBUTE){type, (void *)value, length};
}

static void describe_pair(struct pair_template *pair, const struct object_id *id,
			  const struct object_label *label, enum certificate_role role, bool rsa)
{
	static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE *public = pair->public, *private = pair->private;
	CK_ULONG *publics = &pair->public_count, *privates = &pair->private_count;

	add(public, publics, CKA_TOKEN, &yes, sizeof(yes));
	add(public, publics, CKA_ID, id->bytes, id->length);
	add(public, publics, CKA_LABEL, label->bytes, label->length);
	add(public, publics, CKA_VERIFY, &yes, sizeof(yes));
	add(private, privates, CKA_TOKEN, &yes, sizeof(yes));
	add(private, privates, CKA_PRIVATE, &yes, sizeof(yes));
	add(private, privates, CKA_SENSITIVE, &yes, sizeof(yes));
	add(private, privates, CKA_EXTRACTABLE, &no, sizeof(no));
	add(private, privates, CKA_ID, id->bytes, id->length);
	add(private, privates, CKA_LABEL, label->bytes, label->length);
	/* Both roles sign: a PKCS#10 request is signed by the key that it is for. */
	add(private, privates, CKA_SIGN, &yes, sizeof(yes));
	if (role == ROLE_ENCRYPTION && rsa) {
		add(public, publics, CKA_ENCRYPT, &yes, sizeof(yes));
		add(private, privates, CKA_DECRYPT, &yes, sizeof(yes));
	} else if (role == ROLE_ENCRYPTION) {
		add(private, privates, CKA_DERIVE, &yes, sizeof(yes));
	}
}

static EVP_PKEY *rsa_from(const struct token *token, CK_OBJECT_HANDLE object,
			  struct failure *failure)
{
	unsigned char *n_bytes = NULL, *e_bytes = NULL;
	size_t n_length = 0, e_length = 0;
	BIGNUM *n = NULL, *e = NULL;
	OSSL_PARAM_BLD *builder = NULL;
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY_CTX *context = NULL;
	EVP_PKEY *key = NULL;

	if (object_bytes(token, object, CKA_MODULUS, &n_bytes, &n_length, failure) < 0 ||
	    object_bytes(token, object, CKA_PUBLIC_EXPONENT, &e_bytes, &e_length, failure) < 0)
		goto out;
	n = BN_bin2bn(n_bytes, (int)n_length, NULL);
	e = BN_bin2bn(e_bytes, (int)e_length, NULL);
	builder = OSSL_PARAM_BLD_new();
	context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	if (n == NULL || e == NULL || builder == NULL || context == NULL ||
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		goto out;
	parameters = OSSL_PARAM_BLD_to_param(builder);
	if (parameters != NULL && EVP_PKEY_fromdata_init(context) == 1)
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
out:
	free(n_bytes);
	free(e_bytes);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(builder);
	OSSL_PARAM_free(parameters);
	EVP_PKEY_CTX_free(context);
	return key;
}

static EVP_PKEY *ec_from(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *like,
			 struct failure *failure)
{
	const char *group = EVP_PKEY_get_bits(like) > 256 ? "P-384" : "P-256";
	unsigned char *bytes = NULL;
	const unsigned char *point;
	size_t length = 0;
	EVP_PKEY_CTX *context = NULL;
	EVP_PKEY *key = NULL;
	OSSL_PARAM parameters[3];

	if (object_bytes(token, object, CKA_EC_POINT, &bytes, &length, failure) < 0)
		return NULL;
	point = bytes;
	object_unwrap_octets(&point, &length);
	parameters[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)group, 0);
	parameters[1] =
	    OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, length);
	parameters[2] = OSSL_PARAM_construct_end();
	context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (context != NULL && EVP_PKEY_fromdata_init(context) == 1)
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
	EVP_PKEY_CTX_free(context);
	free(bytes);
	return key;
}

static CK_ULONG rsa_bits(EVP_PKEY *like)
{
	int bits = EVP_PKEY_get_bits(like);

	return bits < RSA_BITS_MIN   ? RSA_BITS_MIN
	       : bits > RSA_BITS_MAX ? RSA_BITS_MAX
				     : (CK_ULONG)bits;
}

static int generate(struct token *token, EVP_PKEY *like, enum certificate_role role, bool each_time,
		    const struct object_label *label, const struct object_id *id,
		    CK_OBJECT_HANDLE *ret_public, struct failure *failure)
{
	static const unsigned char f4[] = {1, 0, 1};
	static const CK_BBOOL yes = CK_TRUE;
	bool rsa = EVP_PKEY_is_a(like, "RSA");
	CK_MECHANISM mechanism = {rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0};
	struct pair_template pair = {.public_count = 0};
	CK_ULONG bits = rsa_bits(like), curve_length = 0;
	CK_OBJECT_HANDLE private = 0;
	const unsigned char *curve;
	CK_RV rv;

	describe_pair(&pair, id, label, role, rsa);
	if (each_time)
		add(pair.private, &pair.private_count, CKA_ALWAYS_AUTHENTICATE, &yes, sizeof(yes));
	if (rsa) {
		add(pair.public, &pair.public_count, CKA_MODULUS_BITS, &bits, sizeof(bits));
		add(pair.public, &pair.public_count, CKA_PUBLIC_EXPONENT, f4, sizeof(f4));
	} else {
		curve = curve_of(like, &curve_length);
		add(pair.public, &pair.public_count, CKA_EC_PARAMS, curve, curve_length);
	}
	rv = token->driver->p11->C_GenerateKeyPair(token->session, &mechanism, pair.public,
						   pair.public_count, pair.private,
						   pair.private_count, ret_public, &private);
	return rv == CKR_OK ? 0 : driver_failure(rv, "C_GenerateKeyPair", failure);
}

int key_generate(struct token *token, EVP_PKEY *like, enum certificate_role role, bool each_time,
		 const struct object_label *label, const struct object_id *id,
		 EVP_PKEY **ret_public, struct failure *failure)
{
	CK_OBJECT_HANDLE *present = NULL, object = 0;
	size_t count = 0;
	EVP_PKEY *public;
	int result;

	if (!EVP_PKEY_is_a(like, "RSA") && !EVP_PKEY_is_a(like, "EC"))
		return fail(failure, FAILURE_KEY_UNSUPPORTED, "a key of type %s",
			    EVP_PKEY_get0_type_name(like));
	result = object_find_by_id(token, CKO_PUBLIC_KEY, id, &present, &count, failure);
	if (result == 0 && count > 0)
		object = present[0];
	else if (result == 0)
		result = generate(token, like, role, each_time, label, id, &object, failure);
	free(present);
	if (result < 0)
		return result;
	public = EVP_PKEY_is_a(like, "RSA") ? rsa_from(token, object, failure)
					    : ec_from(token, object, like, failure);
	if (public == NULL)
		return fail(failure, FAILURE_CARD_ERROR, "the new public key cannot be read");
	*ret_public = public;
	return 0;
}
