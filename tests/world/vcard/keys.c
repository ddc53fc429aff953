/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/keys.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "tests/world/vcard/tlv.h"

/* Algorithm references, which are each card's own. */
enum {
	ALGORITHM_RSA_PKCS1 = 0x11,
	ALGORITHM_ECDSA = 0x21,
	ALGORITHM_GENERATE_EC = 0xec,
	ALGORITHM_GENERATE_RSA_2048 = 0xf3,
};

enum { TAG_ALGORITHM = 0x80, TAG_PUBLIC_KEY_REFERENCE = 0x83, TAG_PRIVATE_KEY_REFERENCE = 0x84 };

/* ISO 7816-8 table 3: public key data objects. */
enum {
	TAG_PUBLIC_KEY = 0x7f49,
	TAG_RSA_MODULUS = 0x81,
	TAG_RSA_EXPONENT = 0x82,
	TAG_EC_PRIME = 0x81,
	TAG_EC_POINT = 0x86,
};

enum { NUMBER_MAX = 512, PADDING_INDICATOR = 1 };

unsigned keys_choose(struct keys *keys, const struct command *command)
{
	struct tlv found;

	if ((command->p1 & 0x0f) != 1)
		return SW_WRONG_P1P2;
	if (tlv_find(command->data, command->length, TAG_ALGORITHM, &found) == 0 &&
	    found.length == 1)
		keys->algorithm = found.value[0];
	if (tlv_find(command->data, command->length, TAG_PRIVATE_KEY_REFERENCE, &found) < 0 &&
	    tlv_find(command->data, command->length, TAG_PUBLIC_KEY_REFERENCE, &found) < 0)
		return SW_DONE;
	if (found.length != 1 || found.value[0] >= KEYS_MAX)
		return SW_NO_KEY;
	keys->key = found.value[0];
	return SW_DONE;
}

static size_t number(EVP_PKEY *key, const char *name, uint8_t *out)
{
	BIGNUM *value = NULL;
	size_t length = 0;

	if (EVP_PKEY_get_bn_param(key, name, &value) == 1 && BN_num_bytes(value) <= NUMBER_MAX)
		length = (size_t)BN_bn2bin(value, out);
	BN_free(value);
	return length;
}

static EVP_PKEY *generate_rsa(struct response *ret)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	uint8_t inner[2 * NUMBER_MAX], bytes[NUMBER_MAX];
	size_t length;

	if (key == NULL)
		return NULL;
	length = tlv_put(inner, TAG_RSA_MODULUS, bytes, number(key, OSSL_PKEY_PARAM_RSA_N, bytes));
	length += tlv_put(inner + length, TAG_RSA_EXPONENT, bytes,
			  number(key, OSSL_PKEY_PARAM_RSA_E, bytes));
	ret->length = tlv_put(ret->data, TAG_PUBLIC_KEY, inner, length);
	return key;
}

/* The curve comes as its numbers: its prime tells which one it is. */
static const char *curve_of(const struct command *command)
{
	static const char *const curves[] = {"P-256", "P-384"};
	const char *found = NULL;
	struct tlv prime;
	uint8_t bytes[NUMBER_MAX];

	if (tlv_find(command->data, command->length, TAG_EC_PRIME, &prime) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]) && found == NULL; i++) {
		EVP_PKEY *key = EVP_EC_gen(curves[i]);

		if (key != NULL && number(key, OSSL_PKEY_PARAM_EC_P, bytes) == prime.length &&
		    memcmp(bytes, prime.value, prime.length) == 0)
			found = curves[i];
		EVP_PKEY_free(key);
	}
	return found;
}

static EVP_PKEY *generate_ec(const struct command *command, struct response *ret)
{
	const char *curve = curve_of(command);
	EVP_PKEY *key = curve == NULL ? NULL : EVP_EC_gen(curve);
	uint8_t inner[2 * NUMBER_MAX], point[NUMBER_MAX];
	size_t length = 0;

	if (key == NULL || command->length > NUMBER_MAX ||
	    EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point),
					    &length) != 1) {
		EVP_PKEY_free(key);
		return NULL;
	}
	memcpy(inner, command->data, command->length);
	length = command->length + tlv_put(inner + command->length, TAG_EC_POINT, point, length);
	ret->length = tlv_put(ret->data, TAG_PUBLIC_KEY, inner, length);
	return key;
}

unsigned keys_generate(struct keys *keys, const struct command *command, struct response *ret)
{
	EVP_PKEY *key = NULL;

	if (keys->algorithm == ALGORITHM_GENERATE_RSA_2048)
		key = generate_rsa(ret);
	else if (keys->algorithm == ALGORITHM_GENERATE_EC)
		key = generate_ec(command, ret);
	if (key == NULL)
		return SW_NOT_SUPPORTED;
	EVP_PKEY_free(keys->all[keys->key]);
	keys->all[keys->key] = key;
	return SW_DONE;
}

static unsigned sign(EVP_PKEY_CTX *context, uint8_t algorithm, const struct command *command,
		     struct response *ret)
{
	ret->length = sizeof(ret->data);
	if (EVP_PKEY_sign_init(context) != 1 ||
	    (algorithm == ALGORITHM_RSA_PKCS1 &&
	     EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1) ||
	    EVP_PKEY_sign(context, ret->data, &ret->length, command->data, command->length) != 1) {
		ret->length = 0;
		return SW_WRONG_DATA;
	}
	return SW_DONE;
}

static unsigned decipher(EVP_PKEY_CTX *context, const struct command *command, struct response *ret)
{
	ret->length = sizeof(ret->data);
	if (command->length <= PADDING_INDICATOR || EVP_PKEY_decrypt_init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_decrypt(context, ret->data, &ret->length, command->data + PADDING_INDICATOR,
			     command->length - PADDING_INDICATOR) != 1) {
		ret->length = 0;
		return SW_WRONG_DATA;
	}
	return SW_DONE;
}

/* COMPUTE DIGITAL SIGNATURE and DECIPHER (ISO 7816-8 §11). */
unsigned keys_operate(struct keys *keys, const struct command *command, struct response *ret)
{
	EVP_PKEY *key = keys->all[keys->key];
	EVP_PKEY_CTX *context = NULL;
	unsigned status = SW_WRONG_P1P2;

	if (key == NULL)
		return SW_NO_KEY;
	if ((keys->algorithm == ALGORITHM_RSA_PKCS1) != (EVP_PKEY_is_a(key, "RSA") == 1))
		return SW_CONDITIONS;
	context = EVP_PKEY_CTX_new(key, NULL);
	if (command->p1 == 0x9e && command->p2 == 0x9a)
		status = sign(context, keys->algorithm, command, ret);
	else if (command->p1 == 0x80 && command->p2 == 0x86)
		status = decipher(context, command, ret);
	EVP_PKEY_CTX_free(context);
	return status;
}
