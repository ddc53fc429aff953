/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "helper/ca/ca.h"
#include "tests/unit/made.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

#define SIGNS	 "critical,digitalSignature,nonRepudiation"
#define ENCRYPTS "critical,keyEncipherment,dataEncipherment"
#define NAMES	 "email:mei@example.org,DNS:mei.example.org"

static struct {
	char folder[64], root[96], issuing[96], other[96], path[96];
	EVP_PKEY *root_key, *issuing_key, *key, *another_key;
	X509 *root_ca, *issuing_ca, *other_ca;
	STACK_OF(X509) * intermediates;
	X509_NAME *subject, *another_subject;
} world;

static void write_pem(const char *path, X509 *first, X509 *second)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, first), 1);
	if (second != NULL)
		assert_int_equal(PEM_write_X509(file, second), 1);
	fclose(file);
}

/* --- what is compared ---------------------------------------------------------------------- */

static struct made usual(const char *usage)
{
	return (struct made){
	    .key = world.key,
	    .subject = world.subject,
	    .issuer = world.issuing_ca,
	    .issuer_key = world.issuing_key,
	    .not_before = NOW - 700 * DAY,
	    .not_after = NOW + 20 * DAY,
	    .usage = usage,
	    .extended = "clientAuth,emailProtection",
	    .names = NAMES,
	    .constraints = "CA:FALSE",
	};
}

static X509 *old_with(const char *usage)
{
	struct made made = usual(usage);

	return made_certificate(&made);
}

/* A successor that is as it should be; the tests change one thing. */
static struct made successor(const char *usage)
{
	struct made made = usual(usage);

	made.not_before = NOW - 60;
	made.not_after = NOW + 365 * DAY;
	return made;
}

static int judge_by(const struct made *old, const struct made *issued, const char *trust,
		    STACK_OF(X509) * intermediates, struct failure *failure)
{
	X509 *old_certificate = made_certificate(old), *certificate = made_certificate(issued);
	EVP_PKEY *requested = made_public(world.key);
	int r;

	memset(failure, 0, sizeof(*failure));
	r = ca_judge_issued(certificate, old_certificate, requested, trust, intermediates, NOW,
			    failure);
	assert_int_equal(failure->code, -r);
	EVP_PKEY_free(requested);
	X509_free(old_certificate);
	X509_free(certificate);
	return r;
}

static int judge(const struct made *old, const struct made *issued)
{
	struct failure failure;

	return judge_by(old, issued, world.root, world.intermediates, &failure);
}

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
			 -FAILURE_ISSUED_UNTRUSTED);
	assert_non_null(strstr(failure.detail, "not yet valid"));
}

static void one_that_is_over_already_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	old.not_after = NOW - 20 * DAY;
	issued.not_after = NOW - DAY;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_UNTRUSTED);
}

/* --- its issuer ---------------------------------------------------------------------------- */

static int judge_trust(const char *trust, STACK_OF(X509) * intermediates)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);
	struct failure failure;

	return judge_by(&old, &issued, trust, intermediates, &failure);
}

static void its_chain_ends_at_an_anchor(void **state)
{
	(void)state;
	assert_int_equal(judge_trust(world.root, world.intermediates), 0);
	assert_int_equal(judge_trust(world.root, NULL), -FAILURE_ISSUED_UNTRUSTED);
	assert_int_equal(judge_trust(world.other, world.intermediates), -FAILURE_ISSUED_UNTRUSTED);
}

static void an_intermediate_may_be_the_anchor(void **state)
{
	(void)state;
	assert_int_equal(judge_trust(world.issuing, NULL), 0);
	write_pem(world.path, world.other_ca, world.issuing_ca);
	assert_int_equal(judge_trust(world.path, NULL), 0);
}

static void what_the_ra_offers_is_no_anchor(void **state)
{
	STACK_OF(X509) *offered = sk_X509_new_null();

	(void)state;
	sk_X509_push(offered, world.root_ca);
	sk_X509_push(offered, world.issuing_ca);
	assert_int_equal(judge_trust(world.other, offered), -FAILURE_ISSUED_UNTRUSTED);
	sk_X509_free(offered);
}

static void a_foreign_signature_is_refused(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);

	(void)state;
	issued.issuer_key = world.another_key; /* under the right issuer's name */
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_UNTRUSTED);
	issued.issuer = NULL; /* self-signed */
	issued.issuer_key = NULL;
	assert_int_equal(judge(&old, &issued), -FAILURE_ISSUED_UNTRUSTED);
}

static void write_text(const char *text)
{
	FILE *file = fopen(world.path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void trust_that_cannot_be_read_is_the_configurations_failure(void **state)
{
	struct made old = usual(SIGNS), issued = successor(SIGNS);
	struct failure failure;

	(void)state;
	assert_int_equal(judge_trust("/nonexistent/ca.pem", NULL), -FAILURE_CONFIG);
	assert_int_equal(judge_trust(world.folder, NULL), -FAILURE_CONFIG);
	write_text("");
	assert_int_equal(judge_trust(world.path, NULL), -FAILURE_CONFIG);
	write_text("no certificate here\n");
	assert_int_equal(judge_trust(world.path, NULL), -FAILURE_CONFIG);
	write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
	assert_int_equal(judge_by(&old, &issued, world.path, NULL, &failure), -FAILURE_CONFIG);
	assert_non_null(strstr(failure.detail, world.path));
}

static void trust_behind_a_link_or_a_fifo_is_refused_without_waiting(void **state)
{
	(void)state;
	unlink(world.path);
	assert_int_equal(symlink(world.root, world.path), 0);
	assert_int_equal(judge_trust(world.path, world.intermediates), -FAILURE_CONFIG);
	unlink(world.path);
	assert_int_equal(mkfifo(world.path, 0600), 0);
	assert_int_equal(judge_trust(world.path, world.intermediates), -FAILURE_CONFIG);
	unlink(world.path);
}

static int set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(world.folder, sizeof(world.folder), "%s/test-judge-XXXXXX",
		 tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
	if (mkdtemp(world.folder) == NULL)
		return -1;
	snprintf(world.root, sizeof(world.root), "%s/root.pem", world.folder);
	snprintf(world.issuing, sizeof(world.issuing), "%s/issuing.pem", world.folder);
	snprintf(world.other, sizeof(world.other), "%s/other.pem", world.folder);
	snprintf(world.path, sizeof(world.path), "%s/trust.pem", world.folder);
	world.root_key = made_key("P-256");
	world.issuing_key = made_key("P-256");
	world.key = made_key("P-256");
	world.another_key = made_key("P-256");
	world.root_ca = made_ca(world.root_key, "Root", NULL, NULL, NOW);
	world.issuing_ca =
	    made_ca(world.issuing_key, "Issuing", world.root_ca, world.root_key, NOW);
	world.other_ca = made_ca(world.another_key, "Other", NULL, NULL, NOW);
	world.intermediates = sk_X509_new_null();
	sk_X509_push(world.intermediates, world.issuing_ca);
	world.subject = made_name("Example Government", "Chen Mei-ling");
	world.another_subject = made_name("Example Government", "Chen Mei-lin");
	write_pem(world.root, world.root_ca, NULL);
	write_pem(world.issuing, world.issuing_ca, NULL);
	write_pem(world.other, world.other_ca, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(world.root);
	unlink(world.issuing);
	unlink(world.other);
	unlink(world.path);
	rmdir(world.folder);
	sk_X509_free(world.intermediates);
	X509_free(world.root_ca);
	X509_free(world.issuing_ca);
	X509_free(world.other_ca);
	EVP_PKEY_free(world.root_key);
	EVP_PKEY_free(world.issuing_key);
	EVP_PKEY_free(world.key);
	EVP_PKEY_free(world.another_key);
	X509_NAME_free(world.subject);
	X509_NAME_free(world.another_subject);
	return 0;
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
	    cmocka_unit_test(one_that_is_over_already_is_refused),
	    cmocka_unit_test(its_chain_ends_at_an_anchor),
	    cmocka_unit_test(an_intermediate_may_be_the_anchor),
	    cmocka_unit_test(what_the_ra_offers_is_no_anchor),
	    cmocka_unit_test(a_foreign_signature_is_refused),
	    cmocka_unit_test(trust_that_cannot_be_read_is_the_configurations_failure),
	    cmocka_unit_test(trust_behind_a_link_or_a_fifo_is_refused_without_waiting),
	};

	return cmocka_run_group_tests_name("judge", tests, set_up, tear_down);
}
