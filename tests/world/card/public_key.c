/* SPDX-License-Identifier: MIT */
/* A public key as the token's attributes give it → EVP_PKEY. */
#include "tests/world/card/object.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>

static EVP_PKEY *from_parameters(const char *type, OSSL_PARAM_BLD *builder)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY *key = NULL;

	if (context != NULL && parameters != NULL && EVP_PKEY_fromdata_init(context) == 1)
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
	OSSL_PARAM_free(parameters);
	EVP_PKEY_CTX_free(context);
	return key;
}

static EVP_PKEY *rsa_key(const struct bytes *modulus, const struct bytes *exponent)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn(modulus->data, (int)modulus->length, NULL);
	BIGNUM *e = BN_bin2bn(exponent->data, (int)exponent->length, NULL);
	EVP_PKEY *key = NULL;

	if (builder != NULL && n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		key = from_parameters("RSA", builder);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(builder);
	return key;
}

/* CKA_EC_POINT is an OCTET STRING's DER (PKCS#11 2.40 §2.3.3), and on some tokens its content. */
static void unwrap_point(const struct bytes *point, const unsigned char **ret_point, long *ret_size)
{
	const unsigned char *at = point->data;
	int tag = 0;
	int class = 0;
	long length = 0;
	int form = ASN1_get_object(&at, &length, &tag, &class, (long)point->length);

	if (!(form & 0x80) && tag == V_ASN1_OCTET_STRING &&
	    at + length == point->data + point->length) {
		*ret_point = at;
		*ret_size = length;
		return;
	}
	*ret_point = point->data;
	*ret_size = (long)point->length;
}

static EVP_PKEY *ec_key(const struct bytes *curve, const struct bytes *point)
{
	const unsigned char *at = curve->data;
	ASN1_OBJECT *oid = d2i_ASN1_OBJECT(NULL, &at, (long)curve->length);
	const char *name = oid == NULL ? NULL : OBJ_nid2sn(OBJ_obj2nid(oid));
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	const unsigned char *value = NULL;
	long length = 0;
	EVP_PKEY *key = NULL;

	unwrap_point(point, &value, &length);
	if (builder != NULL && name != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, value,
					     (size_t)length) == 1)
		key = from_parameters("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	ASN1_OBJECT_free(oid);
	return key;
}

static EVP_PKEY *ed25519_key(const struct bytes *point)
{
	const unsigned char *value = NULL;
	long length = 0;

	unwrap_point(point, &value, &length);
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, value, (size_t)length);
}

EVP_PKEY *object_public_key(const struct token *token, CK_OBJECT_HANDLE object)
{
	CK_KEY_TYPE type = object_number(token, object, CKA_KEY_TYPE);
	bool rsa = type == CKK_RSA;
	struct bytes first = {0};
	struct bytes second = {0};
	EVP_PKEY *key = NULL;

	if (object_read(token, object, rsa ? CKA_MODULUS : CKA_EC_PARAMS, &first) < 0 ||
	    object_read(token, object, rsa ? CKA_PUBLIC_EXPONENT : CKA_EC_POINT, &second) < 0)
		goto out;
	if (rsa)
		key = rsa_key(&first, &second);
	else if (type == CKK_EC)
		key = ec_key(&first, &second);
	else if (type == CKK_EC_EDWARDS)
		key = ed25519_key(&second);
out:
	bytes_free(&first);
	bytes_free(&second);
	return key;
}
