/* SPDX-License-Identifier: MIT */
/* What the CA issued against what was asked for: key, names, purpose, time. */
#include "tests/unit/judge-world.h"

static void a_proper_successor_is_accepted(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	assert_int_equal(judge(&old, &issued), 0);
	old.usage = issued.usage = ENCRYPTS;
	assert_int_equal(judge(&old, &issued), 0);
}

static void another_key_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.key = world.another_key;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_KEY);
}

static void a_new_key_is_accepted_if_it_was_requested(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	old.key = world.another_key; /* judge() requests world.key */
	assert_int_equal(judge(&old, &issued), 0);
}

static void another_subject_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.subject = world.another_subject;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_SUBJECT);
}

static void another_subject_alternative_name_is_refused(void **state)
{
	static const char *const others[] = {
	    NULL,
	    "email:mei@example.org",
	    NAMES ",email:boss@example.org",
	    "email:boss@example.org,DNS:mei.example.org",
	    "URI:mei@example.org,DNS:mei.example.org",
	};
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		issued.names = others[i];
		assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_SUBJECT);
	}
	old.names = NULL;
	issued.names = "email:mei@example.org";
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_SUBJECT);
	issued.names = NULL;
	assert_int_equal(judge(&old, &issued), 0);
}

static void alternative_names_may_come_in_another_order(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.names = "critical,DNS:mei.example.org,email:mei@example.org";
	assert_int_equal(judge(&old, &issued), 0);
}

static void a_changed_purpose_is_refused(void **state)
{
	static const struct {
		const char *old, *issued;
		int result;
	} examples[] = {
	    {SIGNS, ENCRYPTS, -FAILURE_ISSUED_WRONG_USAGE},
	    {ENCRYPTS, SIGNS, -FAILURE_ISSUED_WRONG_USAGE},
	    {ENCRYPTS, "digitalSignature,keyEncipherment", -FAILURE_ISSUED_WRONG_USAGE},
	    {ENCRYPTS, NULL, -FAILURE_ISSUED_WRONG_USAGE},
	    {SIGNS, "digitalSignature", -FAILURE_ISSUED_WRONG_USAGE},
	    {SIGNS, "nonRepudiation", -FAILURE_ISSUED_WRONG_USAGE},
	    {"digitalSignature,keyEncipherment", "digitalSignature", -FAILURE_ISSUED_WRONG_USAGE},
	    {SIGNS, "digitalSignature,nonRepudiation,keyCertSign", -FAILURE_ISSUED_WRONG_USAGE},
	    {SIGNS, "digitalSignature,nonRepudiation,keyEncipherment", 0},
	    {SIGNS, NULL, 0},
	    {NULL, "digitalSignature", 0},
	    {NULL, ENCRYPTS, -FAILURE_ISSUED_WRONG_USAGE},
	    {ENCRYPTS, "keyEncipherment", 0},
	    {ENCRYPTS, "keyAgreement", 0}, /* an RSA key succeeded by an EC one */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct made old = usual(examples[i].old), issued = successor(examples[i].issued);

		assert_int_equal(judge(&old, &issued), examples[i].result);
	}
}

static void a_ca_certificate_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.constraints = "critical,CA:TRUE";
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_USAGE);
}

static void what_signs_in_must_still_sign_in(void **state)
{
	static const struct {
		const char *old, *issued;
		int result;
	} examples[] = {
	    {"clientAuth,emailProtection", "emailProtection", -FAILURE_ISSUED_WRONG_USAGE},
	    {"clientAuth,msSmartcardLogin", "clientAuth", -FAILURE_ISSUED_WRONG_USAGE},
	    {"pkInitClientAuth", "clientAuth", -FAILURE_ISSUED_WRONG_USAGE},
	    {"clientAuth,emailProtection", "clientAuth", 0},
	    {"clientAuth", "anyExtendedKeyUsage", 0},
	    {"clientAuth", NULL, 0},
	    {NULL, "clientAuth", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct made old = usual(SIGNS), issued = successor(SIGNS);

		old.extended = examples[i].old;
		issued.extended = examples[i].issued;
		assert_int_equal(judge(&old, &issued), examples[i].result);
	}
}

static X509 *old_with(const char *usage)
{
	struct made made = usual(usage);

	return made_certificate(&made);
}

static void an_unreadable_extension_is_refused(void **state)
{
	static const int nids[] = {NID_key_usage, NID_ext_key_usage, NID_subject_alt_name,
				   NID_basic_constraints};
	EVP_PKEY *requested = made_public(world.key);
	X509 *old = old_with(ENCRYPTS);

	(void)state;
	for (size_t i = 0; i < sizeof(nids) / sizeof(nids[0]); i++) {
		struct made made = successor(nids[i] == NID_key_usage ? NULL : ENCRYPTS);
		X509 *issued;

		if (nids[i] == NID_ext_key_usage)
			made.extended = NULL;
		if (nids[i] == NID_subject_alt_name)
			made.names = NULL;
		if (nids[i] == NID_basic_constraints)
			made.constraints = NULL;
		issued = made_certificate(&made);
		made_broken_extension(issued, nids[i]);
		made_sign(issued, world.issuing_key);
		assert_true(ca_judge_issued(issued, old, requested, world.root, world.intermediates,
					    NOW, NULL) < 0);
		X509_free(issued);
	}
	X509_free(old);
	EVP_PKEY_free(requested);
}

/* --- its time ------------------------------------------------------------------------------ */

static void it_must_end_later_than_the_old_one(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.not_after = old.not_after - 1;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_SHORTER);
	issued.not_after = old.not_after;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_SHORTER);
	issued.not_after = old.not_after + 1;
	assert_int_equal(judge(&old, &issued), 0);
	issued.not_after = INT64_C(253402300799); /* 99991231235959Z, no expiry */
	assert_int_equal(judge(&old, &issued), 0);
	old.not_after = INT64_C(253402300799);
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_SHORTER);
}

static void a_ca_may_be_five_minutes_ahead_and_no_more(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);
	struct failure failure;

	(void)state;
	issued.not_before = NOW + 300;
	assert_int_equal(judge(&old, &issued), 0);
	issued.not_before = NOW + 301;
	assert_int_equal(judge_by(&old, &issued, world.root, world.intermediates, &failure),
			 -FAILURE_ISSUED_NOT_YET);
	assert_non_null(strstr(failure.detail, "it begins at"));
}

/* Whatever else is wrong with it counts for more. */
static void one_that_begins_later_is_judged_like_any_other(void **state)
{
	struct made old = usual(SIGNS), issued = successor(ENCRYPTS);
	struct failure failure;

	(void)state;
	issued.not_before = NOW + DAY;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_WRONG_USAGE);
	issued = successor(SIGNS);
	issued.not_before = NOW + DAY;
	assert_int_equal(judge_by(&old, &issued, world.root, NULL, &failure),
			 -FAILURE_ISSUED_UNTRUSTED);
}

static void one_that_is_over_already_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	old.not_after = NOW - 20 * DAY;
	issued.not_after = NOW - DAY;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_UNTRUSTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_proper_successor_is_accepted),
	    cmocka_unit_test(another_key_is_refused),
	    cmocka_unit_test(a_new_key_is_accepted_if_it_was_requested),
	    cmocka_unit_test(another_subject_is_refused),
	    cmocka_unit_test(another_subject_alternative_name_is_refused),
	    cmocka_unit_test(alternative_names_may_come_in_another_order),
	    cmocka_unit_test(a_changed_purpose_is_refused),
	    cmocka_unit_test(a_ca_certificate_is_refused),
	    cmocka_unit_test(what_signs_in_must_still_sign_in),
	    cmocka_unit_test(an_unreadable_extension_is_refused),
	    cmocka_unit_test(it_must_end_later_than_the_old_one),
	    cmocka_unit_test(a_ca_may_be_five_minutes_ahead_and_no_more),
	    cmocka_unit_test(one_that_begins_later_is_judged_like_any_other),
	    cmocka_unit_test(one_that_is_over_already_is_refused),
	};

	return cmocka_run_group_tests_name("judge", tests, judge_world_make, judge_world_remove);
}
