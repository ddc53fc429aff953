/* SPDX-License-Identifier: MIT */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

#include "helper/card/public_key.h"
#include "tests/unit/made.h"

#include "tests/unit/unit.h"

/* What a token may put around or in front of it. */
struct attribute {
	unsigned char bytes[1024];
	size_t length;
};

static X509_PUBKEY *written(EVP_PKEY *key)
{
	X509_PUBKEY *made = NULL;

	assert_int_equal(X509_PUBKEY_set(&made, key), 1);
	return made;
}

static struct attribute modulus_of(EVP_PKEY *key)
{
	struct attribute modulus = {.length = 0};
	BIGNUM *number = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number), 1);
	modulus.length = (size_t)BN_bn2bin(number, modulus.bytes);
	BN_free(number);
	return modulus;
}

static struct attribute point_of(EVP_PKEY *key)
{
	struct attribute point = {.length = 0};

	assert_int_equal(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.bytes,
							 sizeof(point.bytes), &point.length),
			 1);
	return point;
}

static void prefix(struct attribute *attribute, const unsigned char *bytes, size_t length)
{
	memmove(attribute->bytes + length, attribute->bytes, attribute->length);
	memcpy(attribute->bytes, bytes, length);
	attribute->length += length;
}

static bool is(const struct public_key *key, const struct attribute *attribute)
{
	return public_key_is(key, attribute->bytes, attribute->length);
}

static void an_rsa_key_is_told_by_its_modulus(void **state)
{
	EVP_PKEY *rsa = made_key(NULL), *other = made_key(NULL);
	X509_PUBKEY *info = written(rsa);
	const struct public_key key = public_key_of(info);
	struct attribute modulus = modulus_of(rsa), another = modulus_of(other);

	(void)state;
	assert_int_equal(key.telling, CKA_MODULUS);
	assert_true(is(&key, &modulus));
	assert_false(is(&key, &another));
	/* A number's leading zeros are none of it. */
	prefix(&modulus, (const unsigned char[]){0, 0}, 2);
	assert_true(is(&key, &modulus));
	modulus.length--;
	assert_false(is(&key, &modulus));
	X509_PUBKEY_free(info);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(other);
}

static void an_ec_key_is_told_by_its_point_wrapped_or_not(void **state)
{
	EVP_PKEY *ec = made_key("P-256"), *other = made_key("P-256");
	X509_PUBKEY *info = written(ec);
	const struct public_key key = public_key_of(info);
	struct attribute point = point_of(ec), another = point_of(other);

	(void)state;
	assert_int_equal(key.telling, CKA_EC_POINT);
	assert_true(is(&key, &point));
	assert_false(is(&key, &another));
	prefix(&point, (const unsigned char[]){V_ASN1_OCTET_STRING, (unsigned char)point.length},
	       2);
	assert_true(is(&key, &point));
	point.length--;
	assert_false(is(&key, &point));
	X509_PUBKEY_free(info);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(other);
}

static void nothing_tells_a_key_of_another_kind(void **state)
{
	EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	X509_PUBKEY *info = written(ed25519);

	(void)state;
	assert_true(public_key_of(info).telling == CK_UNAVAILABLE_INFORMATION);
	assert_true(public_key_of(NULL).telling == CK_UNAVAILABLE_INFORMATION);
	X509_PUBKEY_free(info);
	EVP_PKEY_free(ed25519);
}

/* Cut anywhere before the modulus ends, and with other things in its place. */
static void an_rsa_key_that_is_not_written_as_one_tells_nothing(void **state)
{
	static const unsigned char wrong[][4] = {
	    {V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED, 2, V_ASN1_OCTET_STRING, 0},
	    {V_ASN1_SET | V_ASN1_CONSTRUCTED, 2, V_ASN1_INTEGER, 0},
	    {V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED, 2, V_ASN1_INTEGER, 1},
	    {V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED, 9, V_ASN1_INTEGER, 0},
	};
	X509_PUBKEY *info = X509_PUBKEY_new();

	(void)state;
	ERR_clear_error();
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		unsigned char *bytes = OPENSSL_memdup(wrong[i], sizeof(wrong[i]));

		assert_int_equal(X509_PUBKEY_set0_param(info, OBJ_nid2obj(NID_rsaEncryption),
							V_ASN1_NULL, NULL, bytes,
							(int)sizeof(wrong[i])),
				 1);
		assert_true(public_key_of(info).telling == CK_UNAVAILABLE_INFORMATION);
		assert_null(public_key_decode(&(struct public_key){.written = info}));
		ERR_clear_error();
	}
	X509_PUBKEY_free(info);
}

static void a_key_is_decoded_as_it_was_written(void **state)
{
	static const char *const curves[] = {NULL, "P-256"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(curves); i++) {
		EVP_PKEY *made = made_key(curves[i]), *decoded;
		X509_PUBKEY *info = written(made);
		const struct public_key key = public_key_of(info);

		decoded = public_key_decode(&key);
		assert_non_null(decoded);
		assert_int_equal(EVP_PKEY_eq(made, decoded), 1);
		EVP_PKEY_free(decoded);
		X509_PUBKEY_free(info);
		EVP_PKEY_free(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_rsa_key_is_told_by_its_modulus),
	    cmocka_unit_test(an_ec_key_is_told_by_its_point_wrapped_or_not),
	    cmocka_unit_test(nothing_tells_a_key_of_another_kind),
	    cmocka_unit_test(an_rsa_key_that_is_not_written_as_one_tells_nothing),
	    cmocka_unit_test(a_key_is_decoded_as_it_was_written),
	};

	return cmocka_run_group_tests_name("public key", tests, NULL, NULL);
}
