/* SPDX-License-Identifier: MIT */
/* Which [ca] section is an issuer's, and which protocols there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "helper/ca/ca.h"
#include "tests/unit/made.h"

#include <cmocka.h>

/* The section's `issuer` that is chosen among these, or NULL. */
static const char *chosen(X509_NAME *issuer, const char *first, const char *second)
{
	struct config_ca cas[] = {{.issuer = (char *)first}, {.issuer = (char *)second}};
	struct config config = {.cas = cas, .ca_count = second == NULL ? 1 : 2};
	const struct config_ca *found = ca_for_issuer(&config, issuer);

	return found == NULL ? NULL : found->issuer;
}

static void expect_same(X509_NAME *issuer, const char *const *spellings, size_t count, bool same)
{
	for (size_t i = 0; i < count; i++)
		if ((chosen(issuer, spellings[i], NULL) != NULL) != same)
			fail_msg("%s", spellings[i]);
}

#define EXPECT(issuer, spellings, same) \
	expect_same(issuer, spellings, sizeof(spellings) / sizeof(spellings[0]), same)

static void one_name_may_be_spelt_in_many_ways(void **state)
{
	static const char *const same[] = {
	    "CN=Office CA,O=Example Government,C=TW",
	    "cn=office ca, o=example government, c=tw",
	    " CN = Office CA , O = Example  Government , C = TW ",
	    "CN=Office\\20CA,O=\\45xample Government,C=TW",
	};
	static const char *const other[] = {
	    "C=TW,O=Example Government,CN=Office CA",
	    "CN=Office CA,O=Example Government",
	    "CN=OfficeCA,O=Example Government,C=TW",
	    "CN=Office CA\\,O=Example Government,C=TW",
	    "/C=TW/O=Example Government/CN=Office CA",
	    "CN=Office CA,O=Example Government,C=TW,",
	    "CN",
	    "\\",
	};
	X509_NAME *issuer = made_name("Example Government", "Office CA");

	(void)state;
	EXPECT(issuer, same, true);
	EXPECT(issuer, other, false);
	X509_NAME_free(issuer);
}

static void special_characters_are_what_they_are(void **state)
{
	static const char *const same[] = {
	    "CN=a\\+b\\=c,O=Example\\, Inc. \\\"\\\\\\\",C=TW",
	    "CN=a\\2Bb=c,O=Example\\2C Inc. \\22\\5C\\22,C=TW",
	};
	static const char *const other[] = {
	    "CN=a+b\\=c,O=Example\\, Inc. \\\"\\\\\\\",C=TW",
	    "CN=a\\+b\\=c,O=Example, Inc. \\\"\\\\\\\",C=TW",
	};
	X509_NAME *issuer = made_name("Example, Inc. \"\\\"", "a+b=c");

	(void)state;
	EXPECT(issuer, same, true);
	EXPECT(issuer, other, false);
	X509_NAME_free(issuer);
}

static void other_scripts_may_be_written_or_escaped(void **state)
{
	static const char *const same[] = {
	    "CN=憑證中心,O=行政院,C=TW",
	    "CN=\\E6\\86\\91\\E8\\AD\\89\\E4\\B8\\AD\\E5\\BF\\83,O=行政院,C=TW",
	};
	X509_NAME *issuer = made_name("行政院", "憑證中心");

	(void)state;
	EXPECT(issuer, same, true);
	X509_NAME_free(issuer);
}

static void a_section_without_issuer_is_for_all_others(void **state)
{
	static const char *const office = "CN=Office CA,O=Example Government,C=TW";
	X509_NAME *issuer = made_name("Example Government", "Office CA");
	X509_NAME *another = made_name("Example Government", "Another CA");

	(void)state;
	assert_string_equal(chosen(issuer, "", office), office);
	assert_string_equal(chosen(issuer, office, ""), office);
	assert_string_equal(chosen(another, office, ""), "");
	assert_string_equal(chosen(another, "", office), "");
	assert_null(chosen(another, office, office));
	X509_NAME_free(issuer);
	X509_NAME_free(another);
}

static void without_a_section_there_is_no_ca(void **state)
{
	X509_NAME *issuer = made_name("Example Government", "Office CA");
	struct config config = {0};

	(void)state;
	assert_null(ca_for_issuer(&config, issuer));
	X509_NAME_free(issuer);
}

static int supports(enum config_protocol protocol, enum config_proof proof,
		    enum certificate_role role, bool can_sign)
{
	struct config_ca settings = {.protocol = protocol, .encryption_proof = proof};
	EVP_PKEY *key = made_key("P-256");
	int result = ca_protocol(protocol)->supports(&settings, role, key, can_sign, NULL);

	EVP_PKEY_free(key);
	return result;
}

static void est_needs_a_key_that_signs(void **state)
{
	(void)state;
	assert_int_equal(supports(PROTOCOL_EST, PROOF_SIGNATURE, ROLE_SIGNATURE, true), 0);
	assert_int_equal(supports(PROTOCOL_EST, PROOF_SIGNATURE, ROLE_ENCRYPTION, true), 0);
	assert_int_equal(supports(PROTOCOL_EST, PROOF_SIGNATURE, ROLE_SIGNATURE, false),
			 -FAILURE_KEY_CANNOT_SIGN);
	assert_int_equal(supports(PROTOCOL_EST, PROOF_SIGNATURE, ROLE_ENCRYPTION, false),
			 -FAILURE_KEY_CANNOT_SIGN);
	ca_protocol(PROTOCOL_EST)->close(NULL);
}

static void cmp_proves_an_encryption_key_as_it_is_told(void **state)
{
	(void)state;
	assert_int_equal(supports(PROTOCOL_CMP, PROOF_SIGNATURE, ROLE_ENCRYPTION, false),
			 -FAILURE_KEY_CANNOT_SIGN);
	assert_int_equal(supports(PROTOCOL_CMP, PROOF_RA_VERIFIED, ROLE_ENCRYPTION, false), 0);
	assert_int_equal(supports(PROTOCOL_CMP, PROOF_DECRYPT, ROLE_ENCRYPTION, false),
			 -FAILURE_KEY_UNSUPPORTED); /* an EC key */
	/* A signature key signs, whatever encryption keys do. */
	assert_int_equal(supports(PROTOCOL_CMP, PROOF_DECRYPT, ROLE_SIGNATURE, true), 0);
	assert_int_equal(supports(PROTOCOL_CMP, PROOF_DECRYPT, ROLE_SIGNATURE, false),
			 -FAILURE_KEY_CANNOT_SIGN);
	ca_protocol(PROTOCOL_CMP)->close(NULL);
}

static void cmp_decrypts_with_rsa(void **state)
{
	struct config_ca settings = {.encryption_proof = PROOF_DECRYPT};
	EVP_PKEY *key = made_key(NULL);

	(void)state;
	assert_int_equal(
	    ca_protocol(PROTOCOL_CMP)->supports(&settings, ROLE_ENCRYPTION, key, false, NULL), 0);
	EVP_PKEY_free(key);
}

static void what_this_build_does_not_speak_is_null(void **state)
{
	(void)state;
	assert_null(ca_protocol((enum config_protocol)4711));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_name_may_be_spelt_in_many_ways),
	    cmocka_unit_test(special_characters_are_what_they_are),
	    cmocka_unit_test(other_scripts_may_be_written_or_escaped),
	    cmocka_unit_test(a_section_without_issuer_is_for_all_others),
	    cmocka_unit_test(without_a_section_there_is_no_ca),
	    cmocka_unit_test(est_needs_a_key_that_signs),
	    cmocka_unit_test(cmp_proves_an_encryption_key_as_it_is_told),
	    cmocka_unit_test(cmp_decrypts_with_rsa),
	    cmocka_unit_test(what_this_build_does_not_speak_is_null),
	};

	return cmocka_run_group_tests_name("ca", tests, NULL, NULL);
}
