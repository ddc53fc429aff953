/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "helper/ca/request.h"
#include "tests/unit/made.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

static EVP_PKEY *rsa, *p256, *p384;

/* A subject as an old CA wrote it: three kinds of string, two values in one RDN. */
static X509_NAME *odd_subject(void)
{
	static const unsigned char bmp[] = {0x96, 0x73, 0x7f, 0x8e, 0x73, 0xb2}; /* 陳美玲 */
	X509_NAME *name = X509_NAME_new();

	made_name_add(name, "C", V_ASN1_PRINTABLESTRING, "TW");
	made_name_add(name, "O", V_ASN1_T61STRING, "Beh\xf6rde");
	assert_int_equal(X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_BMPSTRING, bmp,
						    sizeof(bmp), -1, 0),
			 1);
	assert_int_equal(X509_NAME_add_entry_by_NID(name, NID_serialNumber, V_ASN1_UTF8STRING,
						    (const unsigned char *)"A123456789", -1, -1,
						    -1),
			 1);
	return name;
}

static X509 *old_certificate(EVP_PKEY *key, X509_NAME *subject)
{
	struct made made = {
	    .key = key,
	    .subject = subject,
	    .not_before = NOW - 700 * DAY,
	    .not_after = NOW + 20 * DAY,
	    .constraints = "CA:FALSE",
	    .usage = "critical,digitalSignature,nonRepudiation",
	    .extended = "clientAuth,emailProtection,msSmartcardLogin",
	    .names = "critical,email:mei@example.org,otherName:msUPN;UTF8:mei@example.org",
	};

	return made_certificate(&made);
}

static X509_REQ *request_for(X509 *old, EVP_PKEY *key, int digest)
{
	unsigned char *der = NULL;
	size_t length = 0;
	X509_REQ *request;

	assert_int_equal(request_make(old, key, digest, &der, &length, NULL), 0);
	request = request_parse(der, length);
	assert_non_null(request);
	OPENSSL_free(der);
	return request;
}

static void the_subject_is_the_old_one_byte_for_byte(void **state)
{
	X509_NAME *subject = odd_subject();
	X509 *old = old_certificate(rsa, subject);
	X509_REQ *request = request_for(old, rsa, NID_undef);
	unsigned char *expected = NULL, *got = NULL;
	int length = i2d_X509_NAME(X509_get_subject_name(old), &expected);

	(void)state;
	assert_true(length > 0);
	assert_int_equal(i2d_X509_NAME(X509_REQ_get_subject_name(request), &got), length);
	assert_memory_equal(got, expected, (size_t)length);
	OPENSSL_free(expected);
	OPENSSL_free(got);
	X509_REQ_free(request);
	X509_free(old);
	X509_NAME_free(subject);
}

static void expect_copied(X509 *old, const STACK_OF(X509_EXTENSION) *extensions, int nid)
{
	unsigned char *expected = NULL, *got = NULL;
	int at = X509v3_get_ext_by_NID(extensions, nid, -1), length;

	assert_true(at >= 0);
	length =
	    i2d_X509_EXTENSION(X509_get_ext(old, X509_get_ext_by_NID(old, nid, -1)), &expected);
	assert_int_equal(i2d_X509_EXTENSION(X509v3_get_ext(extensions, at), &got), length);
	assert_memory_equal(got, expected, (size_t)length);
	OPENSSL_free(expected);
	OPENSSL_free(got);
}

static void names_and_usages_are_copied_and_nothing_else(void **state)
{
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	X509 *old = old_certificate(p256, subject);
	X509_REQ *request = request_for(old, p256, NID_undef);
	STACK_OF(X509_EXTENSION) *extensions = X509_REQ_get_extensions(request);

	(void)state;
	assert_int_equal(sk_X509_EXTENSION_num(extensions), 3);
	expect_copied(old, extensions, NID_subject_alt_name);
	expect_copied(old, extensions, NID_key_usage);
	expect_copied(old, extensions, NID_ext_key_usage);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	X509_REQ_free(request);
	X509_free(old);
	X509_NAME_free(subject);
}

static void a_bare_certificate_makes_a_bare_request(void **state)
{
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	struct made made = {
	    .key = p256, .subject = subject, .not_before = NOW, .not_after = NOW + DAY};
	X509 *old = made_certificate(&made);
	X509_REQ *request = request_for(old, p256, NID_undef);

	(void)state;
	assert_int_equal(X509_REQ_get_attr_count(request), 0);
	assert_int_equal(X509_REQ_get_version(request), X509_REQ_VERSION_1);
	X509_REQ_free(request);
	X509_free(old);
	X509_NAME_free(subject);
}

static void the_request_is_for_the_given_key_and_signed_by_it(void **state)
{
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	X509 *old = old_certificate(rsa, subject);
	X509_REQ *request = request_for(old, p384, NID_undef);

	(void)state;
	assert_int_equal(EVP_PKEY_eq(X509_REQ_get0_pubkey(request), p384), 1);
	assert_int_equal(X509_REQ_verify(request, p384), 1);
	X509_REQ_free(request);
	X509_free(old);
	X509_NAME_free(subject);
}

static void the_digest_is_the_csrattrs_or_suits_the_key(void **state)
{
	const struct {
		EVP_PKEY *key;
		int asked, expected;
	} examples[] = {
	    {rsa, NID_undef, NID_sha256WithRSAEncryption},
	    {rsa, NID_sha256, NID_sha256WithRSAEncryption},
	    {rsa, NID_sha384, NID_sha384WithRSAEncryption},
	    {rsa, NID_sha512, NID_sha512WithRSAEncryption},
	    {p256, NID_undef, NID_ecdsa_with_SHA256},
	    {p256, NID_sha512, NID_ecdsa_with_SHA512},
	    {p384, NID_undef, NID_ecdsa_with_SHA384},
	    {p384, NID_sha256, NID_ecdsa_with_SHA256},
	};
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	X509 *old = old_certificate(rsa, subject);

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		X509_REQ *request = request_for(old, examples[i].key, examples[i].asked);

		assert_int_equal(X509_REQ_get_signature_nid(request), examples[i].expected);
		X509_REQ_free(request);
	}
	X509_free(old);
	X509_NAME_free(subject);
}

static void a_key_that_does_not_sign_is_the_cards_failure(void **state)
{
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	X509 *old = old_certificate(p256, subject);
	unsigned char untouched, *der = &untouched;
	EVP_PKEY *public = made_public(p256);
	struct failure failure;
	size_t length = 77;

	(void)state;
	assert_int_equal(request_make(old, public, NID_undef, &der, &length, &failure),
			 -FAILURE_CARD_ERROR);
	assert_non_null(strstr(failure.detail, "does not sign"));
	assert_ptr_equal(der, &untouched);
	assert_int_equal(length, 77);
	assert_int_equal(ERR_peek_error(), 0);
	EVP_PKEY_free(public);
	X509_free(old);
	X509_NAME_free(subject);
}

static void what_is_stored_is_parsed_whole_or_not_at_all(void **state)
{
	X509_NAME *subject = made_name("Example Government", "Chen Mei-ling");
	X509 *old = old_certificate(p256, subject);
	unsigned char *der = NULL, *longer;
	size_t length = 0;

	(void)state;
	assert_int_equal(request_make(old, p256, NID_undef, &der, &length, NULL), 0);
	for (size_t cut = 0; cut < length; cut++)
		assert_null(request_parse(der, cut));
	longer = OPENSSL_malloc(length + 1);
	memcpy(longer, der, length);
	longer[length] = 0;
	assert_null(request_parse(longer, length + 1));
	OPENSSL_free(longer);
	OPENSSL_free(der);
	X509_free(old);
	X509_NAME_free(subject);
}

static int set_up(void **state)
{
	(void)state;
	rsa = made_key(NULL);
	p256 = made_key("P-256");
	p384 = made_key("P-384");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(p256);
	EVP_PKEY_free(p384);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_subject_is_the_old_one_byte_for_byte),
	    cmocka_unit_test(names_and_usages_are_copied_and_nothing_else),
	    cmocka_unit_test(a_bare_certificate_makes_a_bare_request),
	    cmocka_unit_test(the_request_is_for_the_given_key_and_signed_by_it),
	    cmocka_unit_test(the_digest_is_the_csrattrs_or_suits_the_key),
	    cmocka_unit_test(a_key_that_does_not_sign_is_the_cards_failure),
	    cmocka_unit_test(what_is_stored_is_parsed_whole_or_not_at_all),
	};

	return cmocka_run_group_tests_name("request", tests, set_up, tear_down);
}
