/* SPDX-License-Identifier: MIT */
/* EST against the test world's RA, which is built on another TLS stack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "helper/ca/ca.h"
#include "helper/ca/retry_after.h"
#include "helper/common/clock.h"
#include "tests/unit/ra-person.h"

#include <cmocka.h>

static const struct ca_protocol *est;

#define START(...)     ra_host_start(&ra, (const char *const[]){__VA_ARGS__, NULL})
#define START_HONEST() ra_host_start(&ra, (const char *const[]){NULL})

/* --- one renewal, step by step ------------------------------------------------------------- */

struct outcome {
	int result;	  /* of the first step that failed, or of the judgement */
	int64_t retry_in; /* seconds; 0: not told to come back */
	int64_t took;	  /* milliseconds */
	struct failure failure;
};

static struct ca *open_as(const struct ca_identity *identity)
{
	struct ca *ca = NULL;

	assert_int_equal(est->open(&ra.settings, identity, NULL, &ca, NULL), 0);
	return ca;
}

/* What the enrolment's owner does with a certificate: judges it. */
struct judgement {
	X509 *old;
	EVP_PKEY *requested;
};

static int judge(void *context, X509 *issued, STACK_OF(X509) *intermediates,
		 struct failure *failure)
{
	const struct judgement *judgement = context;

	return ca_judge_issued(issued, judgement->old, judgement->requested, ra.trust,
			       intermediates, (int64_t)time(NULL), failure);
}

static struct outcome send_request(struct ca *ca, const unsigned char *request, size_t length,
				   X509 *old, EVP_PKEY *key)
{
	struct outcome outcome = {0};
	struct judgement judgement = {.old = old, .requested = made_public(key)};
	const struct ca_events events = {.context = &judgement, .accept = judge};
	int64_t now = (int64_t)time(NULL), begun = clock_now(), retry_at = 0;

	outcome.result =
	    est->enroll(ca, NULL, request, length, now, &events, &retry_at, &outcome.failure);
	outcome.took = clock_now() - begun;
	if (outcome.result == 0 && retry_at > 0)
		outcome.retry_in = retry_at - now;
	EVP_PKEY_free(judgement.requested);
	return outcome;
}

static struct outcome renew_with(struct ca *ca, X509 *old, EVP_PKEY *key)
{
	struct ca_enrolment enrolment = {.old = old, .key = key};
	struct outcome outcome = {0};
	unsigned char *request = NULL;
	size_t length = 0;

	outcome.result = est->make_request(ca, &enrolment, &request, &length, &outcome.failure);
	if (outcome.result == 0)
		outcome = send_request(ca, request, length, old, key);
	OPENSSL_free(request);
	return outcome;
}

/* A signature certificate, over a connection of its own. */
static struct outcome renew_alone(X509 *certificate, EVP_PKEY *key)
{
	struct ca_identity identity = {.certificate = certificate, .key = key};
	struct ca *ca = open_as(&identity);
	struct outcome outcome = renew_with(ca, certificate, key);

	est->close(ca);
	return outcome;
}

static struct outcome renew(void)
{
	return renew_alone(person.signature, person.signature_key);
}

/* One that the RA has never renewed before, so that 'shorter' is shorter than what we hold. */
static struct outcome renew_newcomer(void)
{
	EVP_PKEY *key = made_key("P-256");
	X509 *certificate = ra_host_certify(&ra, key, "signature");
	struct outcome outcome = renew_alone(certificate, key);

	X509_free(certificate);
	EVP_PKEY_free(key);
	return outcome;
}

/* --- what works ---------------------------------------------------------------------------- */

static void both_certificates_are_renewed_over_one_connection(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca *ca;

	(void)state;
	START_HONEST();
	ca = open_as(&identity);
	assert_int_equal(renew_with(ca, person.encryption, person.encryption_key).result, 0);
	assert_int_equal(renew_with(ca, person.signature, person.signature_key).result, 0);
	est->close(ca);
	assert_int_equal(ra_host_count(&ra, "issue"), 2);
	assert_int_equal(ra_host_count(&ra, "handshake"), 1);
	ra_host_stop(&ra);
}

static void a_server_that_closes_each_time_is_connected_to_again(void **state)
{
	(void)state;
	START("--misbehave", "close-each");
	assert_int_equal(renew().result, 0);
	assert_true(ra_host_count(&ra, "handshake") > 1);
	ra_host_stop(&ra);
}

static void nothing_is_sent_before_the_first_request(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};

	(void)state;
	START_HONEST();
	est->close(open_as(&identity));
	assert_int_equal(ra_host_count(&ra, "handshake"), 0);
	ra_host_stop(&ra);
}

static void a_new_key_is_certified_for_its_role(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca *ca;

	(void)state;
	START("--same-key-refused");
	ca = open_as(&identity);
	assert_int_equal(renew_with(ca, person.encryption, person.fresh_key).result, 0);
	est->close(ca);
	ra_host_stop(&ra);
}

static void a_slash_at_the_end_of_the_url_does_not_matter(void **state)
{
	(void)state;
	START_HONEST();
	strcat(ra.url, "//");
	assert_int_equal(renew().result, 0);
	ra_host_stop(&ra);
}

static void unusual_wrappings_are_read(void **state)
{
	static const char *const names[] = {
	    "status-201",	 "one-line",  "crlf76",	      "no-transfer-encoding",
	    "bare-content-type", "two-certs", "csrattrs-404", "csrattrs-empty",
	    "redirect-same",	 "forget",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct outcome outcome;

		START("--misbehave", names[i]);
		outcome = renew();
		if (outcome.result != 0)
			fail_msg("%s: %s: %s", names[i], failure_name(outcome.failure.code),
				 outcome.failure.detail);
		ra_host_stop(&ra);
	}
}

/* --- 'come back later' --------------------------------------------------------------------- */

static void come_back_later_is_told_with_its_time(void **state)
{
	static const struct {
		const char *misbehaviour;
		int64_t retry_in;
	} examples[] = {
	    {"retry-garbage", RETRY_AFTER_DEFAULT},  {"retry-none", RETRY_AFTER_DEFAULT},
	    {"retry-negative", RETRY_AFTER_DEFAULT}, {"retry-past", RETRY_AFTER_MIN},
	    {"retry-zero-once", RETRY_AFTER_MIN},    {"retry-huge", RETRY_AFTER_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct outcome outcome;

		START("--misbehave", examples[i].misbehaviour);
		outcome = renew();
		if (outcome.result != 0 || outcome.retry_in != examples[i].retry_in)
			fail_msg("%s: %d, in %lld s", examples[i].misbehaviour, outcome.result,
				 (long long)outcome.retry_in);
		ra_host_stop(&ra);
	}
}

static void a_server_that_is_too_busy_says_when(void **state)
{
	struct outcome outcome;

	(void)state;
	START("--misbehave", "http-503-retry");
	outcome = renew();
	assert_int_equal(outcome.result, -FAILURE_CA_OVERLOADED);
	assert_int_equal(outcome.failure.retry_after, 2);
	ra_host_stop(&ra);
}

/* What it wants is not known, so nothing is signed; it is asked anew. */
static void one_that_is_too_busy_for_its_attributes_wants_something_else(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca_enrolment enrolment = {.old = person.signature, .key = person.signature_key};
	struct failure failure = {.code = FAILURE_NONE};
	unsigned char *request = NULL;
	size_t length = 0;
	struct ca *ca;

	(void)state;
	START("--misbehave", "csrattrs-429-soon", "--misbehave-times", "1");
	ca = open_as(&identity);
	assert_int_equal(est->make_request(ca, &enrolment, &request, &length, &failure),
			 -FAILURE_CA_OVERLOADED);
	assert_int_equal(failure.retry_after, 1);
	assert_null(request);
	assert_int_equal(est->make_request(ca, &enrolment, &request, &length, &failure), 0);
	assert_int_equal(ra_host_count(&ra, "request"), 2);
	OPENSSL_free(request);
	est->close(ca);
	ra_host_stop(&ra);
}

/* The stored bytes suffice: nothing of the first connection is needed, nor the key. */
static void the_stored_request_is_repeated_by_a_later_run(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca_enrolment enrolment = {.old = person.encryption, .key = person.encryption_key};
	unsigned char *request = NULL;
	struct outcome outcome;
	size_t length = 0;
	struct ca *ca;

	(void)state;
	START("--pending", "1", "--retry-after-date");
	ca = open_as(&identity);
	assert_int_equal(est->make_request(ca, &enrolment, &request, &length, NULL), 0);
	outcome = send_request(ca, request, length, enrolment.old, enrolment.key);
	est->close(ca);
	assert_int_equal(outcome.result, 0);
	assert_in_range(outcome.retry_in, 1, 2);

	sleep(2);
	ca = open_as(&identity);
	outcome = send_request(ca, request, length, enrolment.old, enrolment.key);
	assert_int_equal(outcome.result, 0);
	assert_int_equal(outcome.retry_in, 0);
	est->close(ca);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	OPENSSL_free(request);
	ra_host_stop(&ra);
}

static void a_repeated_request_is_the_same_request(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	struct ca_enrolment enrolment = {.old = person.signature, .key = person.signature_key};
	unsigned char *request = NULL;
	size_t length = 0;
	struct ca *ca;

	(void)state;
	START("--misbehave", "half", "--misbehave-times", "1");
	ca = open_as(&identity);
	assert_int_equal(est->make_request(ca, &enrolment, &request, &length, NULL), 0);
	assert_int_equal(send_request(ca, request, length, enrolment.old, enrolment.key).result,
			 -FAILURE_CA_UNREACHABLE);
	assert_int_equal(send_request(ca, request, length, enrolment.old, enrolment.key).result, 0);
	est->close(ca);
	assert_int_equal(ra_host_count(&ra, "issue"), 1);
	OPENSSL_free(request);
	ra_host_stop(&ra);
}

/* --- what is refused ----------------------------------------------------------------------- */

static void every_misbehaviour_has_its_own_failure(void **state)
{
	static const struct {
		const char *misbehaviour;
		enum failure_code code;
		const char *said;
	} examples[] = {
	    {"wrong-key", FAILURE_ISSUED_WRONG_KEY, ""},
	    {"wrong-subject", FAILURE_ISSUED_WRONG_SUBJECT, ""},
	    {"wrong-san", FAILURE_ISSUED_WRONG_SUBJECT, ""},
	    {"wrong-usage", FAILURE_ISSUED_WRONG_USAGE, ""},
	    {"shorter", FAILURE_ISSUED_SHORTER, ""},
	    {"unknown-issuer", FAILURE_ISSUED_UNTRUSTED, ""},
	    {"http-400", FAILURE_CA_REFUSED, "The request was refused: policy 7 forbids it."},
	    {"http-401", FAILURE_CA_DENIED, "Who you are could not be established."},
	    {"http-403", FAILURE_CA_DENIED, "This person may not renew online."},
	    {"http-404", FAILURE_CA_REFUSED, "There is no such service here."},
	    {"http-500", FAILURE_CA_ERROR, "The signing module does not answer."},
	    {"http-503", FAILURE_CA_OVERLOADED, "Closed for maintenance."},
	    {"csrattrs-500", FAILURE_CA_ERROR, "the policy cannot be read"},
	    {"redirect-other", FAILURE_CA_REDIRECT, ""},
	    {"redirect-loop", FAILURE_CA_GARBAGE, ""},
	    {"garbage", FAILURE_CA_GARBAGE, ""},
	    {"garbage-base64", FAILURE_CA_GARBAGE, ""},
	    {"empty", FAILURE_CA_GARBAGE, ""},
	    {"huge", FAILURE_CA_TOO_LARGE, ""},
	    {"drip", FAILURE_CA_TIMEOUT, ""},
	    {"half", FAILURE_CA_UNREACHABLE, ""},
	    {"stall", FAILURE_CA_TIMEOUT, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct outcome outcome;

		START("--misbehave", examples[i].misbehaviour);
		outcome = renew_newcomer();
		if (outcome.result != -(int)examples[i].code ||
		    outcome.failure.code != examples[i].code ||
		    strcmp(outcome.failure.said, examples[i].said) != 0)
			fail_msg("%s: %s: %s (said: %s)", examples[i].misbehaviour,
				 failure_name(outcome.failure.code), outcome.failure.detail,
				 outcome.failure.said);
		assert_true(outcome.took < 4000);
		ra_host_stop(&ra);
	}
}

static void what_is_stored_and_no_request_is_not_sent(void **state)
{
	struct ca_identity identity = {.certificate = person.signature,
				       .key = person.signature_key};
	const struct ca_events none = {.context = NULL};
	int64_t retry_at = 77;
	struct ca *ca;

	(void)state;
	START_HONEST();
	ca = open_as(&identity);
	assert_int_equal(
	    est->enroll(ca, NULL, (const unsigned char *)"\x30\x00", 2, 0, &none, &retry_at, NULL),
	    -FAILURE_JOURNAL);
	assert_int_equal(retry_at, 77);
	est->close(ca);
	assert_int_equal(ra_host_count(&ra, "handshake"), 0);
	ra_host_stop(&ra);
}

static int set_up(void **state)
{
	est = ca_protocol(PROTOCOL_EST);
	return person_make(state);
}

#define TEST(name) cmocka_unit_test_teardown(name, ra_stop_left)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(both_certificates_are_renewed_over_one_connection),
	    TEST(a_server_that_closes_each_time_is_connected_to_again),
	    TEST(nothing_is_sent_before_the_first_request),
	    TEST(a_new_key_is_certified_for_its_role),
	    TEST(a_slash_at_the_end_of_the_url_does_not_matter),
	    TEST(unusual_wrappings_are_read),
	    TEST(come_back_later_is_told_with_its_time),
	    TEST(a_server_that_is_too_busy_says_when),
	    TEST(one_that_is_too_busy_for_its_attributes_wants_something_else),
	    TEST(the_stored_request_is_repeated_by_a_later_run),
	    TEST(a_repeated_request_is_the_same_request),
	    TEST(every_misbehaviour_has_its_own_failure),
	    TEST(what_is_stored_and_no_request_is_not_sent),
	};

	return cmocka_run_group_tests_name("est", tests, set_up, person_remove);
}
