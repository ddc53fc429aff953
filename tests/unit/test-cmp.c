/* SPDX-License-Identifier: MIT */
/* CMP against the test world's RA: what is kept, judged and told to the CA, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "helper/ca/ca.h"
#include "helper/ca/cmp_carry.h"
#include "tests/unit/ra-person.h"

#include <cmocka.h>

static const struct ca_protocol *cmp;

static void start(const char *const *arguments)
{
	char *end;

	ra_host_start(&ra, arguments);
	end = strstr(ra.url, "/est");
	memcpy(end, "/cmp", 4);
	ra.settings.protocol = PROTOCOL_CMP;
}

#define START(...)     start((const char *const[]){__VA_ARGS__, NULL})
#define START_HONEST() start((const char *const[]){NULL})

/* --- an owner that takes notes -----------------------------------------------------------------
 */

struct owner {
	int keep_fails_with, accept_fails_with; /* failure codes */

	unsigned char *kept;
	size_t kept_length;
	int keeps, accepts;
	int asked_before_kept, confirmed_before_accepted; /* in the RA's log */
	X509 *issued;
};

static int keep(void *context, const unsigned char *request, size_t length, struct failure *failure)
{
	struct owner *owner = context;

	if (owner->keeps++ == 0)
		owner->asked_before_kept = ra_host_count(&ra, "message");
	if (owner->keep_fails_with != 0)
		return (fail)(failure, (enum failure_code)owner->keep_fails_with, "not kept");
	free(owner->kept);
	owner->kept = malloc(length);
	assert_non_null(owner->kept);
	memcpy(owner->kept, request, length);
	owner->kept_length = length;
	return 0;
}

static int accept_issued(void *context, X509 *issued, STACK_OF(X509) *intermediates,
			 struct failure *failure)
{
	struct owner *owner = context;

	assert_true(sk_X509_num(intermediates) > 0);
	owner->accepts++;
	owner->confirmed_before_accepted = ra_host_count(&ra, "confirm");
	if (owner->accept_fails_with != 0)
		return (fail)(failure, (enum failure_code)owner->accept_fails_with, "not accepted");
	X509_free(owner->issued);
	owner->issued = X509_dup(issued);
	return 0;
}

static void owner_free(struct owner *owner)
{
	free(owner->kept);
	X509_free(owner->issued);
}

struct outcome {
	int result;
	int64_t retry_at;
	struct failure failure;
};

/* Over a connection of its own: nothing is left of an earlier one but what the owner kept. */
static struct outcome renew(struct owner *owner, X509 *old, EVP_PKEY *key)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca_enrolment enrolment = {.old = old, .key = key};
	const struct ca_events events = {owner, keep, accept_issued};
	struct outcome outcome = {.retry_at = -1};
	struct ca *ca = NULL;

	assert_int_equal(cmp->open(&ra.settings, &identity, NULL, &ca, NULL), 0);
	outcome.result =
	    cmp->enroll(ca, &enrolment, owner->kept, owner->kept_length, (int64_t)time(NULL),
			&events, &outcome.retry_at, &outcome.failure);
	cmp->close(ca);
	return outcome;
}

static struct outcome renew_signature(struct owner *owner)
{
	return renew(owner, person.signature, person.signature_key);
}

/* --- the order of things -----------------------------------------------------------------------
 */

static void a_request_is_kept_before_it_is_sent(void **state)
{
	struct owner owner = {0};

	(void)state;
	START_HONEST();
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(owner.asked_before_kept, 0);
	assert_int_equal(owner.accepts, 1);
	assert_int_equal(X509_check_private_key(owner.issued, person.signature_key), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void what_cannot_be_kept_is_not_sent(void **state)
{
	struct owner owner = {.keep_fails_with = FAILURE_JOURNAL};
	struct outcome outcome;

	(void)state;
	START_HONEST();
	outcome = renew_signature(&owner);
	assert_int_equal(outcome.result, -FAILURE_JOURNAL);
	assert_int_equal(outcome.failure.code, FAILURE_JOURNAL);
	assert_int_equal(outcome.retry_at, -1);
	assert_int_equal(ra_host_count(&ra, "message"), 0);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void a_certificate_is_accepted_before_it_is_confirmed(void **state)
{
	struct owner owner = {0};

	(void)state;
	START("--confirmation-required");
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(owner.confirmed_before_accepted, 0);
	assert_int_equal(ra_host_count(&ra, "confirm"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void what_the_owner_does_not_accept_is_handed_on(void **state)
{
	struct owner owner = {.accept_fails_with = FAILURE_ISSUED_SHORTER};
	struct outcome outcome;

	(void)state;
	START("--confirmation-required");
	outcome = renew_signature(&owner);
	assert_int_equal(outcome.result, -FAILURE_ISSUED_SHORTER);
	assert_int_equal(outcome.failure.code, FAILURE_ISSUED_SHORTER);
	assert_int_equal(ra_host_count(&ra, "confirm"), 1); /* 'rejected' */
	owner_free(&owner);
	ra_host_stop(&ra);
}

/* --- going on ----------------------------------------------------------------------------------
 */

static void a_ca_that_wants_time_is_asked_again_in_the_same_transaction(void **state)
{
	struct owner owner = {0};
	struct outcome outcome;
	int asked;

	(void)state;
	START("--pending", "2", "--confirmation-required");
	outcome = renew(&owner, person.encryption, person.encryption_key);
	assert_int_equal(outcome.result, 0);
	assert_in_range(outcome.retry_at - time(NULL), 0, 2);
	assert_int_equal(owner.accepts, 0);
	asked = ra_host_count(&ra, "message"); /* kur, pollReq */
	assert_int_equal(asked, 2);

	sleep(3);
	outcome = renew(&owner, person.encryption, person.encryption_key);
	assert_int_equal(outcome.result, 0);
	assert_int_equal(outcome.retry_at, 0);
	assert_int_equal(owner.accepts, 1);
	assert_int_equal(ra_host_count(&ra, "message"), asked + 2); /* pollReq, certConf */
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void a_confirmation_that_was_not_heard_of_is_repeated(void **state)
{
	struct owner owner = {0};
	struct outcome outcome;

	(void)state;
	START("--confirmation-required", "--misbehave", "cmp-confirm-silent");
	outcome = renew_signature(&owner);
	assert_int_equal(outcome.result, -FAILURE_CA_TIMEOUT);
	assert_int_equal(owner.accepts, 1);

	outcome = renew_signature(&owner);
	assert_int_equal(outcome.result, 0);
	assert_int_equal(owner.accepts, 2);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	assert_int_equal(ra_host_count(&ra, "confirm"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

/* The RA has issued, and its answer is lost. */
static struct owner unheard(void)
{
	struct owner owner = {0};

	assert_int_equal(renew_signature(&owner).result, -FAILURE_CA_TIMEOUT);
	assert_int_equal(owner.keeps, 1);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	return owner;
}

static void a_request_that_was_not_answered_is_repeated(void **state)
{
	unsigned char first[256];
	struct owner owner;

	(void)state;
	START("--remembers", "--confirmation-required", "--misbehave", "stall", "--misbehave-times",
	      "1");
	owner = unheard();
	memcpy(first, owner.kept, sizeof(first));
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(owner.accepts, 1);
	assert_memory_equal(first, owner.kept, sizeof(first));
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	assert_int_equal(ra_host_count(&ra, "confirm"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void and_made_anew_where_the_ca_takes_no_repetition(void **state)
{
	unsigned char first[256];
	struct owner owner;

	(void)state;
	START("--misbehave", "stall", "--misbehave-times", "1");
	owner = unheard();
	memcpy(first, owner.kept, sizeof(first));
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(owner.accepts, 1);
	assert_memory_not_equal(first, owner.kept, sizeof(first));
	assert_int_equal(ra_host_count(&ra, "issue"), 2);
	owner_free(&owner);
	ra_host_stop(&ra);
}

/* The repetition is not given up for a CA that is not there. */
static void what_is_not_heard_twice_is_repeated_a_third_time(void **state)
{
	struct owner owner;

	(void)state;
	START("--remembers", "--misbehave", "stall", "--misbehave-times", "2");
	owner = unheard();
	assert_int_equal(renew_signature(&owner).result, -FAILURE_CA_TIMEOUT);
	assert_int_equal(owner.keeps, 1);
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void a_confirmation_that_a_gateway_turns_away_is_repeated(void **state)
{
	struct owner owner = {0};

	(void)state;
	START("--confirmation-required", "--misbehave", "cmp-confirm-404-once");
	assert_int_equal(renew_signature(&owner).result, -FAILURE_CA_ERROR);
	assert_int_equal(owner.accepts, 1);
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	assert_int_equal(ra_host_count(&ra, "confirm"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void one_that_is_turned_away_twice_is_refused(void **state)
{
	struct owner owner = {0};

	(void)state;
	START("--confirmation-required", "--misbehave", "cmp-confirm-404");
	assert_int_equal(renew_signature(&owner).result, -FAILURE_CA_ERROR);
	assert_int_equal(renew_signature(&owner).result, -FAILURE_CA_REFUSED);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void what_was_kept_and_changed_is_not_believed(void **state)
{
	struct owner owner = {0};
	struct outcome outcome;

	(void)state;
	START("--pending", "3600");
	assert_int_equal(renew_signature(&owner).result, 0);
	/* In the signature of the last answer, or what comes with it. */
	owner.kept[owner.kept_length - 1] ^= 1;
	outcome = renew_signature(&owner);
	assert_int_equal(outcome.result, -FAILURE_CA_UNTRUSTED);
	owner_free(&owner);
	ra_host_stop(&ra);
}

static void what_was_kept_and_is_no_transaction_is_begun_anew(void **state)
{
	struct owner owner = {.kept = (unsigned char *)strdup("PKCS#10"), .kept_length = 7};

	(void)state;
	START_HONEST();
	assert_int_equal(renew_signature(&owner).result, 0);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	owner_free(&owner);
	ra_host_stop(&ra);
}

/* --- a server that is too busy ------------------------------------------------------------------
 */

#define NOW INT64_C(1763791200) /* Sat, 22 Nov 2025 06:00:00 GMT */

static void a_server_that_is_too_busy_says_when(void **state)
{
	static const struct {
		long status;
		const char *retry_after;
		long seconds;
	} examples[] = {
	    {503, "40", 40},
	    {429, "40", 40},
	    {503, "Sat, 22 Nov 2025 06:20:00 GMT", 1200},
	    {503, "Sat, 22 Nov 2025 05:59:59 GMT", 1},
	    {503, "", 0},
	    {202, "Sat, 22 Nov 2025 06:20:00 GMT", 1200},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct http_answer answer = {.status = examples[i].status};
		struct failure failure = {.code = FAILURE_NONE};
		struct cmp_error error;
		OSSL_CMP_MSG *message = NULL;

		strcpy(answer.retry_after, examples[i].retry_after);
		assert_int_equal(
		    cmp_answer_read(&answer, "https://ra", NOW, &message, &error, &failure),
		    -FAILURE_CA_OVERLOADED);
		assert_null(message);
		assert_int_equal(failure.retry_after, examples[i].seconds);
	}
}

static int set_up(void **state)
{
	cmp = ca_protocol(PROTOCOL_CMP);
	return person_make(state);
}

#define TEST(name) cmocka_unit_test_teardown(name, ra_stop_left)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_request_is_kept_before_it_is_sent),
	    TEST(what_cannot_be_kept_is_not_sent),
	    TEST(a_certificate_is_accepted_before_it_is_confirmed),
	    TEST(what_the_owner_does_not_accept_is_handed_on),
	    TEST(a_ca_that_wants_time_is_asked_again_in_the_same_transaction),
	    TEST(a_confirmation_that_was_not_heard_of_is_repeated),
	    TEST(a_request_that_was_not_answered_is_repeated),
	    TEST(and_made_anew_where_the_ca_takes_no_repetition),
	    TEST(what_is_not_heard_twice_is_repeated_a_third_time),
	    TEST(a_confirmation_that_a_gateway_turns_away_is_repeated),
	    TEST(one_that_is_turned_away_twice_is_refused),
	    TEST(what_was_kept_and_changed_is_not_believed),
	    TEST(what_was_kept_and_is_no_transaction_is_begun_anew),
	    TEST(a_server_that_is_too_busy_says_when),
	};

	return cmocka_run_group_tests(tests, set_up, person_remove);
}
