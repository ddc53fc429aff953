/* SPDX-License-Identifier: MIT */
/* What the CA issued against the anchors that the configuration names. */
#include "tests/unit/judge-world.h"

static int judge_trust(const char *trust, STACK_OF(X509) *intermediates)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_chain_ends_at_an_anchor),
	    cmocka_unit_test(an_intermediate_may_be_the_anchor),
	    cmocka_unit_test(what_the_ra_offers_is_no_anchor),
	    cmocka_unit_test(a_foreign_signature_is_refused),
	    cmocka_unit_test(trust_that_cannot_be_read_is_the_configurations_failure),
	    cmocka_unit_test(trust_behind_a_link_or_a_fifo_is_refused_without_waiting),
	};

	return cmocka_run_group_tests_name("judge-chain", tests, judge_world_make,
					   judge_world_remove);
}
