/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "helper/ca/est_codec.h"
#include "tests/unit/made.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

static EVP_PKEY *ec, *rsa;
static X509 *ca;

/* --- base64 -------------------------------------------------------------------------------- */

static void expect_bytes(const char *body, size_t length, const void *bytes, size_t count)
{
	unsigned char *der = NULL;
	size_t got = 0;

	assert_int_equal(est_decode((const unsigned char *)body, length, &der, &got, NULL), 0);
	assert_int_equal(got, count);
	assert_memory_equal(der, bytes, count);
	OPENSSL_free(der);
}

static void a_request_goes_out_in_lines_of_64_characters(void **state)
{
	unsigned char der[100];
	char *text = NULL;
	size_t length = 0;

	(void)state;
	memset(der, 0x30, sizeof(der));
	assert_int_equal(est_encode(der, 48, &text, &length, NULL), 0);
	assert_int_equal(length, 65);
	assert_int_equal(strlen(text), 65);
	assert_int_equal(text[64], '\n');
	OPENSSL_free(text);

	assert_int_equal(est_encode(der, sizeof(der), &text, &length, NULL), 0);
	assert_int_equal(length, 65 + 65 + 9);
	assert_int_equal(text[64], '\n');
	assert_int_equal(text[129], '\n');
	assert_string_equal(text + 130, "MDAwMA==\n");
	expect_bytes(text, length, der, sizeof(der));
	OPENSSL_free(text);
}

static void base64_is_read_however_it_is_wrapped(void **state)
{
	static const char *const wrappings[] = {
	    "MIIBAg==",		"MIIBAg==\n",	 "MIIB\nAg==\n",
	    "MIIB\r\nAg==\r\n", "\r\n MIIBAg==", "M\nI\nI\nB\nA\ng\n=\n=\n",
	    "MIIB\tAg = =",	"  MIIBAg==  ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrappings) / sizeof(wrappings[0]); i++)
		expect_bytes(wrappings[i], strlen(wrappings[i]), "\x30\x82\x01\x02", 4);
}

static void der_is_read_as_it_is(void **state)
{
	(void)state;
	expect_bytes("\x30\x03\x02\x01\x05", 5, "\x30\x03\x02\x01\x05", 5);
}

static void an_empty_body_is_no_bytes(void **state)
{
	unsigned char *der = NULL;
	size_t got = 1;

	(void)state;
	assert_int_equal(est_decode(NULL, 0, &der, &got, NULL), 0);
	assert_int_equal(got, 0);
	OPENSSL_free(der);
}

static void what_is_no_base64_is_garbage(void **state)
{
	static const char *const garbage[] = {
	    "<html><body>Sign in to the network</body></html>",
	    "MII",
	    "MIIBA",
	    "MIIBAg=",
	    "MIIBAg===",
	    "MI=IBAg=",
	    "MIIB====",
	    "====",
	    "=",
	    "MIIB-_g=",
	    "MIIB\001Ag=",
	    "-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n",
	};
	unsigned char *const untouched = (unsigned char *)&ca;
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		unsigned char *der = untouched;
		size_t got = 77;

		assert_int_equal(est_decode((const unsigned char *)garbage[i], strlen(garbage[i]),
					    &der, &got, &failure),
				 -FAILURE_CA_GARBAGE);
		assert_ptr_equal(der, untouched);
		assert_int_equal(got, 77);
	}
}

/* --- certificates -------------------------------------------------------------------------- */

static X509 *end_entity(void)
{
	X509_NAME *name = made_name("Example Government", "Chen Mei-ling");
	struct made made = {.key = ec,
			    .subject = name,
			    .issuer = ca,
			    .issuer_key = rsa,
			    .not_before = NOW,
			    .not_after = NOW + DAY};
	X509 *certificate = made_certificate(&made);

	X509_NAME_free(name);
	return certificate;
}

static size_t certs_only(X509 *const *certificates, int count, unsigned char **ret)
{
	STACK_OF(X509) *stack = sk_X509_new_null();
	CMS_ContentInfo *cms;
	int length;

	for (int i = 0; i < count; i++)
		sk_X509_push(stack, certificates[i]);
	cms = CMS_sign(NULL, NULL, stack, NULL, CMS_PARTIAL | CMS_DETACHED);
	assert_non_null(cms);
	*ret = NULL;
	length = i2d_CMS_ContentInfo(cms, ret);
	assert_true(length > 0);
	CMS_ContentInfo_free(cms);
	sk_X509_free(stack);
	return (size_t)length;
}

static void expect_certificates(const unsigned char *body, size_t length, X509 *const *expected,
				int count)
{
	STACK_OF(X509) *certificates = NULL;

	assert_int_equal(est_decode_certificates(body, length, &certificates, NULL), 0);
	assert_int_equal(sk_X509_num(certificates), count);
	for (int i = 0; i < count; i++)
		assert_int_equal(X509_cmp(sk_X509_value(certificates, i), expected[i]), 0);
	sk_X509_pop_free(certificates, X509_free);
}

static void certificates_come_out_of_der_and_of_base64(void **state)
{
	X509 *certificates[] = {end_entity(), ca};
	unsigned char *der;
	size_t length = certs_only(certificates, 2, &der), text_length;
	char *text = NULL;

	(void)state;
	expect_certificates(der, length, certificates, 2);
	assert_int_equal(est_encode(der, length, &text, &text_length, NULL), 0);
	expect_certificates((unsigned char *)text, text_length, certificates, 2);
	OPENSSL_free(text);
	OPENSSL_free(der);
	X509_free(certificates[0]);
}

static void expect_garbage(const unsigned char *body, size_t length)
{
	STACK_OF(X509) *const untouched = (STACK_OF(X509) *)&ca;
	STACK_OF(X509) *certificates = untouched;
	struct failure failure;

	assert_int_equal(est_decode_certificates(body, length, &certificates, &failure),
			 -FAILURE_CA_GARBAGE);
	assert_ptr_equal(certificates, untouched);
	assert_int_equal(failure.code, FAILURE_CA_GARBAGE);
}

static void an_answer_without_a_certificate_is_garbage(void **state)
{
	unsigned char *der;
	size_t length = certs_only(NULL, 0, &der);

	(void)state;
	expect_garbage(der, length);
	expect_garbage(NULL, 0);
	OPENSSL_free(der);
}

static void too_many_certificates_are_garbage(void **state)
{
	X509 *certificates[EST_CERTIFICATES_MAX + 1];
	STACK_OF(X509) *taken = NULL;
	unsigned char *der;
	size_t length;

	(void)state;
	for (int i = 0; i <= EST_CERTIFICATES_MAX; i++)
		certificates[i] = end_entity();
	length = certs_only(certificates, EST_CERTIFICATES_MAX, &der);
	assert_int_equal(est_decode_certificates(der, length, &taken, NULL), 0);
	assert_int_equal(sk_X509_num(taken), EST_CERTIFICATES_MAX);
	sk_X509_pop_free(taken, X509_free);
	OPENSSL_free(der);
	length = certs_only(certificates, EST_CERTIFICATES_MAX + 1, &der);
	expect_garbage(der, length);
	OPENSSL_free(der);
	for (int i = 0; i <= EST_CERTIFICATES_MAX; i++)
		X509_free(certificates[i]);
}

static void every_cut_and_every_appended_byte_is_garbage(void **state)
{
	X509 *certificate = end_entity();
	unsigned char *der, *longer;
	size_t length = certs_only(&certificate, 1, &der);

	(void)state;
	for (size_t cut = 0; cut < length; cut++)
		expect_garbage(der, cut);
	longer = OPENSSL_malloc(length + 1);
	memcpy(longer, der, length);
	longer[length] = '\n';
	expect_garbage(longer, length + 1);
	OPENSSL_free(longer);
	OPENSSL_free(der);
	X509_free(certificate);
}

static void a_bare_certificate_is_no_answer(void **state)
{
	unsigned char *der = NULL;
	int length = i2d_X509(ca, &der);

	(void)state;
	ERR_clear_error();
	expect_garbage(der, (size_t)length);
	assert_int_equal(ERR_peek_error(), 0);
	OPENSSL_free(der);
}

/* --- CSR attributes ------------------------------------------------------------------------ */

#define OID_SHA256	 "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define OID_SHA384	 "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02"
#define OID_SHA1	 "\x06\x05\x2B\x0E\x03\x02\x1A"
#define OID_SHA256_RSA	 "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B"
#define OID_SHA512_RSA	 "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D"
#define OID_ECDSA_SHA384 "\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03"
#define OID_CHALLENGE	 "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x09\x07"
#define ATTRIBUTE_EC_P384 \
	"\x30\x12\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x31\x07\x06\x05\x2B\x81\x04\x00\x22"

static void expect_digest(const char *content, size_t length, const EVP_PKEY *key, int digest)
{
	unsigned char der[128];
	int nid = -1;

	assert_true(length < 127);
	der[0] = 0x30;
	der[1] = (unsigned char)length;
	memcpy(der + 2, content, length);
	assert_int_equal(est_wanted_digest(der, length + 2, key, &nid, NULL), 0);
	assert_int_equal(nid, digest);
}

#define EXPECT_DIGEST(content, key, digest) expect_digest(content, sizeof(content) - 1, key, digest)

static void csrattrs_name_the_digest(void **state)
{
	int nid = -1;

	(void)state;
	EXPECT_DIGEST(OID_SHA384, ec, NID_sha384);
	EXPECT_DIGEST(OID_SHA384, rsa, NID_sha384);
	EXPECT_DIGEST(OID_SHA256_RSA OID_ECDSA_SHA384, rsa, NID_sha256);
	EXPECT_DIGEST(OID_SHA256_RSA OID_ECDSA_SHA384, ec, NID_sha384);
	EXPECT_DIGEST(OID_SHA512_RSA, rsa, NID_sha512);
	/* RFC 7030 §4.5.2's example, in essence */
	EXPECT_DIGEST(OID_CHALLENGE ATTRIBUTE_EC_P384 OID_ECDSA_SHA384, ec, NID_sha384);
	EXPECT_DIGEST("", ec, NID_undef);
	assert_int_equal(est_wanted_digest(NULL, 0, ec, &nid, NULL), 0);
	assert_int_equal(nid, NID_undef);
}

static void csrattrs_of_another_kind_of_key_or_a_weak_digest_don_t_count(void **state)
{
	(void)state;
	EXPECT_DIGEST(OID_SHA512_RSA, ec, NID_undef);
	EXPECT_DIGEST(OID_ECDSA_SHA384, rsa, NID_undef);
	EXPECT_DIGEST(OID_SHA1, rsa, NID_undef);
	EXPECT_DIGEST(OID_SHA1 OID_SHA256, rsa, NID_sha256);
	EXPECT_DIGEST(OID_CHALLENGE, rsa, NID_undef);
}

static void malformed_csrattrs_are_garbage(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} examples[] = {
	    {"\x30", 1},
	    {"\x30\x05", 2},
	    {"\x31\x00", 2},
	    {"\x30\x00\x00", 3},
	    {"\x30\x80\x00\x00", 4},
	    {"\x30\x02\x06\x00", 4},
	    {"\x30\x03\x06\x02\x2A", 5},
	    {"\x30\x02\x05\x00", 4},
	    {"\x30\x84\x7F\xFF\xFF\xFF", 6},
	    {"\x30\x06\x30\x84\xFF\xFF\xFF\xFF", 8},
	    {"\x30\x04\x30\x80\x00\x00", 6},
	    {"<html>", 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		int nid = 4711;

		assert_int_equal(est_wanted_digest((const unsigned char *)examples[i].bytes,
						   examples[i].length, ec, &nid, NULL),
				 -FAILURE_CA_GARBAGE);
		assert_int_equal(nid, 4711);
	}
}

static int set_up(void **state)
{
	(void)state;
	ec = made_key("P-256");
	rsa = made_key(NULL);
	ca = made_ca(rsa, "Root", NULL, NULL, NOW);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	X509_free(ca);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_goes_out_in_lines_of_64_characters),
	    cmocka_unit_test(base64_is_read_however_it_is_wrapped),
	    cmocka_unit_test(der_is_read_as_it_is),
	    cmocka_unit_test(an_empty_body_is_no_bytes),
	    cmocka_unit_test(what_is_no_base64_is_garbage),
	    cmocka_unit_test(certificates_come_out_of_der_and_of_base64),
	    cmocka_unit_test(an_answer_without_a_certificate_is_garbage),
	    cmocka_unit_test(too_many_certificates_are_garbage),
	    cmocka_unit_test(every_cut_and_every_appended_byte_is_garbage),
	    cmocka_unit_test(a_bare_certificate_is_no_answer),
	    cmocka_unit_test(csrattrs_name_the_digest),
	    cmocka_unit_test(csrattrs_of_another_kind_of_key_or_a_weak_digest_don_t_count),
	    cmocka_unit_test(malformed_csrattrs_are_garbage),
	};

	return cmocka_run_group_tests_name("est-codec", tests, set_up, tear_down);
}
