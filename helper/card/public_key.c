/* SPDX-License-Identifier: MIT */
#include "helper/card/public_key.h"

#include <string.h>

#include <openssl/err.h>

#include "helper/card/object.h"

static void skip_zeros(const unsigned char **bytes, size_t *length)
{
	for (; *length > 0 && **bytes == 0; (*length)--)
		(*bytes)++;
}

/* The content of the element of this kind at *at, which begins a content of `room` bytes. */
static bool enter(const unsigned char **at, long room, int wanted, long *ret_length)
{
	int tag = 0, class = 0;

	return (ASN1_get_object(at, ret_length, &tag, &class, room) & 0x80) == 0 && tag == wanted &&
	       class == V_ASN1_UNIVERSAL;
}

/* RSAPublicKey: a sequence that begins with the modulus (RFC 8017 §A.1.1). */
static bool find_modulus(const unsigned char *bytes, int room, struct public_key *key)
{
	const unsigned char *at = bytes;
	long length = 0;
	bool found;

	ERR_set_mark();
	found = enter(&at, room, V_ASN1_SEQUENCE, &length) &&
		enter(&at, length, V_ASN1_INTEGER, &length);
	ERR_pop_to_mark();
	if (!found)
		return false;
	key->bytes = at;
	key->length = (size_t)length;
	skip_zeros(&key->bytes, &key->length);
	return true;
}

struct public_key public_key_of(const X509_PUBKEY *written)
{
	struct public_key key = {.written = written, .telling = CK_UNAVAILABLE_INFORMATION};
	ASN1_OBJECT *algorithm = NULL;
	const unsigned char *bytes = NULL;
	int length = 0;

	if (written == NULL ||
	    X509_PUBKEY_get0_param(&algorithm, &bytes, &length, NULL, written) != 1)
		return key;
	switch (OBJ_obj2nid(algorithm)) {
	case NID_rsaEncryption:
		if (find_modulus(bytes, length, &key))
			key.telling = CKA_MODULUS;
		break;
	case NID_X9_62_id_ecPublicKey:
		key.telling = CKA_EC_POINT;
		key.bytes = bytes;
		key.length = (size_t)length;
		break;
	default:
		break;
	}
	return key;
}

bool public_key_is(const struct public_key *key, const unsigned char *bytes, size_t length)
{
	if (key->telling == CKA_MODULUS)
		skip_zeros(&bytes, &length);
	else
		object_unwrap_octets(&bytes, &length);
	return key->length == length && memcmp(key->bytes, bytes, length) == 0;
}

EVP_PKEY *public_key_decode(const struct public_key *key)
{
	unsigned char *der = NULL;
	const unsigned char *at;
	int length = key->written == NULL ? 0 : i2d_X509_PUBKEY(key->written, &der);
	EVP_PKEY *decoded = NULL;

	at = der;
	if (length > 0)
		decoded = d2i_PUBKEY(NULL, &at, length);
	OPENSSL_free(der);
	return decoded;
}
