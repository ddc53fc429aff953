/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <openssl/err.h>

#include "helper/card/usage.h"
#include "tests/unit/made.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

static EVP_PKEY *key;
static X509_NAME *subject;

static X509 *certificate_with(const char *usage, const char *constraints)
{
	struct made made = {
	    .key = key,
	    .subject = subject,
	    .not_before = NOW,
	    .not_after = NOW + DAY,
	    .usage = usage,
	    .constraints = constraints,
	};

	return made_certificate(&made);
}

static void key_usage_tells_signature_from_encryption(void **state)
{
	static const struct {
		const char *usage;
		enum certificate_role role;
	} examples[] = {
	    {"digitalSignature", ROLE_SIGNATURE},
	    {"critical,nonRepudiation", ROLE_SIGNATURE},
	    {"digitalSignature,keyEncipherment", ROLE_SIGNATURE},
	    {NULL, ROLE_SIGNATURE},
	    {"keyEncipherment", ROLE_ENCRYPTION},
	    {"critical,dataEncipherment", ROLE_ENCRYPTION},
	    {"keyAgreement", ROLE_ENCRYPTION},
	    {"keyAgreement,decipherOnly", ROLE_ENCRYPTION},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		X509 *certificate = certificate_with(examples[i].usage, NULL);

		assert_int_equal(usage_role(certificate), examples[i].role);
		X509_free(certificate);
	}
}

static void another_broken_extension_does_not_change_the_role(void **state)
{
	X509 *certificate = certificate_with("digitalSignature", NULL);

	(void)state;
	made_broken_extension(certificate, NID_ext_key_usage);
	made_broken_extension(certificate, NID_basic_constraints);
	made_sign(certificate, key);
	assert_int_equal(usage_role(certificate), ROLE_SIGNATURE);
	assert_false(usage_is_ca(certificate));
	X509_free(certificate);
}

static void an_unreadable_key_usage_is_not_an_absent_one(void **state)
{
	X509 *certificate = certificate_with(NULL, NULL);

	(void)state;
	made_broken_extension(certificate, NID_key_usage);
	made_sign(certificate, key);
	assert_int_equal(usage_role(certificate), ROLE_ENCRYPTION);
	X509_free(certificate);
}

static void a_ca_is_told_by_constraints_or_key_usage(void **state)
{
	static const struct {
		const char *usage, *constraints;
		bool is_ca;
	} examples[] = {
	    {"keyCertSign", "CA:TRUE", true},
	    {"digitalSignature", "CA:TRUE", true},
	    {NULL, "CA:TRUE,pathlen:0", true},
	    {"digitalSignature,keyCertSign", NULL, true},
	    {"digitalSignature", "CA:FALSE", false},
	    {"digitalSignature,cRLSign", NULL, false},
	    {NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		X509 *certificate = certificate_with(examples[i].usage, examples[i].constraints);

		assert_int_equal(usage_is_ca(certificate), examples[i].is_ca);
		X509_free(certificate);
	}
}

static void dates_are_read_in_both_forms_and_to_the_end_of_time(void **state)
{
	/* UTCTime ends with 2049, GeneralizedTime with 9999 (RFC 5280 §4.1.2.5). */
	static const int64_t dates[] = {
	    INT64_C(-631152000),  0, NOW, INT64_C(2524607999), INT64_C(2524608000),
	    INT64_C(253402300799)};

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		struct made made = {
		    .key = key, .subject = subject, .not_before = dates[0], .not_after = dates[i]};
		X509 *certificate = made_certificate(&made);
		int64_t not_before, not_after;

		assert_int_equal(usage_dates(certificate, &not_before, &not_after), 0);
		assert_int_equal(not_before, dates[0]);
		assert_int_equal(not_after, dates[i]);
		X509_free(certificate);
	}
}

static void a_date_that_cannot_be_read_leaves_the_outputs_alone(void **state)
{
	X509 *certificate = certificate_with(NULL, NULL);
	int64_t not_before = 1, not_after = 2;

	(void)state;
	assert_int_equal(ASN1_STRING_set(X509_getm_notAfter(certificate), "269999999999Z", -1), 1);
	assert_int_equal(usage_dates(certificate, &not_before, &not_after), -1);
	assert_int_equal(not_before, 1);
	assert_int_equal(not_after, 2);
	X509_free(certificate);
}

static void nothing_is_left_in_the_error_queue(void **state)
{
	X509 *certificate = certificate_with(NULL, NULL);

	(void)state;
	made_broken_extension(certificate, NID_key_usage);
	made_broken_extension(certificate, NID_basic_constraints);
	ERR_clear_error();
	usage_role(certificate);
	usage_is_ca(certificate);
	assert_int_equal(ERR_peek_error(), 0);
	X509_free(certificate);
}

static int set_up(void **state)
{
	(void)state;
	key = made_key("P-256");
	subject = made_name("Example Government", "Chen Mei-ling");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	X509_NAME_free(subject);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(key_usage_tells_signature_from_encryption),
	    cmocka_unit_test(another_broken_extension_does_not_change_the_role),
	    cmocka_unit_test(an_unreadable_key_usage_is_not_an_absent_one),
	    cmocka_unit_test(a_ca_is_told_by_constraints_or_key_usage),
	    cmocka_unit_test(dates_are_read_in_both_forms_and_to_the_end_of_time),
	    cmocka_unit_test(a_date_that_cannot_be_read_leaves_the_outputs_alone),
	    cmocka_unit_test(nothing_is_left_in_the_error_queue),
	};

	return cmocka_run_group_tests_name("usage", tests, set_up, tear_down);
}
