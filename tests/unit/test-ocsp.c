/* SPDX-License-Identifier: MIT */
/* Which OCSP answers are believed. */
#include "helper/ca/ocsp.h"
#include "tests/unit/status-world.h"
#include "tests/unit/unit.h"

/* An answer as it should be; the tests change one thing. */
struct answer {
	X509 *about, *issuer;
	int status, reason;
	int64_t revoked_at, this_update, next_update; /* next_update 0: none */
	X509 *signer;
	EVP_PKEY *key;
	enum { OWN_NONCE, NO_NONCE, OTHER_NONCE } nonce;
	int state;
};

static struct answer usual(void)
{
	return (struct answer){
	    .about = world.certificate,
	    .issuer = world.ca,
	    .status = V_OCSP_CERTSTATUS_GOOD,
	    .this_update = NOW - 60,
	    .next_update = NOW + 3600,
	    .signer = world.responder,
	    .key = world.key,
	};
}

static OCSP_BASICRESP *basic(const struct answer *answer, OCSP_REQUEST *request)
{
	OCSP_BASICRESP *made = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), answer->about, answer->issuer);
	ASN1_TIME *from = ASN1_GENERALIZEDTIME_set(NULL, (time_t)answer->this_update);
	ASN1_TIME *until = answer->next_update == 0
			       ? NULL
			       : ASN1_GENERALIZEDTIME_set(NULL, (time_t)answer->next_update);
	ASN1_TIME *revoked = ASN1_GENERALIZEDTIME_set(NULL, (time_t)answer->revoked_at);

	assert_non_null(
	    OCSP_basic_add1_status(made, id, answer->status, answer->reason, revoked, from, until));
	if (answer->nonce == OWN_NONCE)
		assert_true(OCSP_copy_nonce(made, request) > 0);
	if (answer->nonce == OTHER_NONCE)
		assert_int_equal(OCSP_basic_add1_nonce(made, NULL, 16), 1);
	assert_int_equal(OCSP_basic_sign(made, answer->signer, answer->key, EVP_sha256(), NULL, 0),
			 1);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	ASN1_TIME_free(revoked);
	return made;
}

static unsigned char *encoded(const struct answer *answer, OCSP_REQUEST *request,
			      size_t *ret_length)
{
	OCSP_BASICRESP *made = basic(answer, request);
	OCSP_RESPONSE *response =
	    OCSP_response_create(answer->state, answer->state == 0 ? made : NULL);
	unsigned char *der = NULL;
	int length = i2d_OCSP_RESPONSE(response, &der);

	assert_true(length > 0);
	*ret_length = (size_t)length;
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(made);
	return der;
}

static int judge_into(const struct answer *answer, struct status_answer *ret)
{
	struct ocsp_question question;
	struct failure failure = {.code = FAILURE_NONE};
	unsigned char *der;
	size_t length;
	int r;

	assert_int_equal(ocsp_question_make(world.certificate, world.ca, &question, &failure), 0);
	der = encoded(answer, question.request, &length);
	r = ocsp_judge(der, length, &question, world.ca, NOW, AGE, ret, &failure);
	if (r < 0) {
		assert_int_equal(failure.code, -r);
		assert_string_not_equal(failure.detail, "");
	}
	OPENSSL_free(der);
	ocsp_question_clear(&question);
	return r;
}

static int judge(const struct answer *answer)
{
	struct status_answer ignored;

	return judge_into(answer, &ignored);
}

static void the_three_answers_are_told(void **state)
{
	struct answer answer = usual();
	struct status_answer told;

	(void)state;
	assert_int_equal(judge_into(&answer, &told), 0);
	assert_int_equal(told.status, STATUS_GOOD);
	answer.status = V_OCSP_CERTSTATUS_UNKNOWN;
	assert_int_equal(judge_into(&answer, &told), 0);
	assert_int_equal(told.status, STATUS_UNKNOWN);
	answer.status = V_OCSP_CERTSTATUS_REVOKED;
	answer.revoked_at = NOW - 5 * DAY;
	answer.reason = OCSP_REVOKED_STATUS_KEYCOMPROMISE;
	assert_int_equal(judge_into(&answer, &told), 0);
	assert_int_equal(told.status, STATUS_REVOKED);
	assert_int_equal(told.revoked_at, NOW - 5 * DAY);
	assert_int_equal(told.reason, 1);
	answer.reason = OCSP_REVOKED_STATUS_NOSTATUS;
	assert_int_equal(judge_into(&answer, &told), 0);
	assert_int_equal(told.reason, STATUS_NO_REASON);
}

static void who_may_sign(void **state)
{
	struct answer answer = usual();
	X509 *expired = world_certificate("OCSPSigning", world.ca, world.ca_key, NOW - DAY);
	X509 *rogue = world_certificate("OCSPSigning", world.other_ca, world.other_key, NOW + DAY);

	(void)state;
	answer.signer = world.ca;
	answer.key = world.ca_key;
	assert_int_equal(judge(&answer), 0);
	/* The person's own certificate, by the CA, but not for that. */
	answer.signer = world.certificate;
	answer.key = world.key;
	assert_int_equal(judge(&answer), -FAILURE_CA_UNTRUSTED);
	answer.signer = expired;
	assert_int_equal(judge(&answer), -FAILURE_CA_UNTRUSTED);
	answer.signer = rogue;
	assert_int_equal(judge(&answer), -FAILURE_CA_UNTRUSTED);
	/* The CA's name with another key. */
	answer.signer = world.other_ca;
	answer.key = world.other_key;
	assert_int_equal(judge(&answer), -FAILURE_CA_UNTRUSTED);
	X509_free(expired);
	X509_free(rogue);
}

static void it_must_be_about_this_certificate(void **state)
{
	struct answer answer = usual();

	(void)state;
	answer.about = world.other;
	assert_int_equal(judge(&answer), -FAILURE_CA_GARBAGE);
	/* The issuer's name with another key. */
	answer = usual();
	answer.issuer = world.other_ca;
	assert_int_equal(judge(&answer), -FAILURE_CA_UNTRUSTED);
}

static void it_must_be_fresh(void **state)
{
	static const struct {
		int64_t from, until; /* relative to NOW; until 0: none */
		bool fresh;
	} examples[] = {
	    {-3600, 1, true},
	    {-3600, -STATUS_SLACK, true},
	    {-3600, -STATUS_SLACK - 1, false},
	    {STATUS_SLACK, 3600, true},
	    {STATUS_SLACK + 1, 3600, false},
	    {-AGE, 0, true},
	    {-AGE - STATUS_SLACK, 0, true},
	    {-AGE - STATUS_SLACK - 1, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct answer answer = usual();

		answer.this_update = NOW + examples[i].from;
		answer.next_update = examples[i].until == 0 ? 0 : NOW + examples[i].until;
		if (judge(&answer) != (examples[i].fresh ? 0 : -FAILURE_CA_GARBAGE))
			fail_msg("example %zu", i);
	}
}

static void a_nonce_may_be_absent_but_not_another(void **state)
{
	struct answer answer = usual();

	(void)state;
	answer.nonce = NO_NONCE;
	assert_int_equal(judge(&answer), 0);
	answer.nonce = OTHER_NONCE;
	assert_int_equal(judge(&answer), -FAILURE_CA_GARBAGE);
}

static void what_the_responder_says_of_itself(void **state)
{
	static const struct {
		int state;
		enum failure_code code;
	} examples[] = {
	    {OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, FAILURE_CA_REFUSED},
	    {OCSP_RESPONSE_STATUS_INTERNALERROR, FAILURE_CA_ERROR},
	    {OCSP_RESPONSE_STATUS_TRYLATER, FAILURE_CA_OVERLOADED},
	    {OCSP_RESPONSE_STATUS_SIGREQUIRED, FAILURE_CA_REFUSED},
	    {OCSP_RESPONSE_STATUS_UNAUTHORIZED, FAILURE_CA_REFUSED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct answer answer = usual();

		answer.state = examples[i].state;
		assert_int_equal(judge(&answer), -(int)examples[i].code);
	}
}

/* Each byte of a sound answer changed, and each beginning of it: never believed, never a crash. */
static void a_changed_answer_is_not_believed(void **state)
{
	struct answer answer = usual();
	struct status_answer told;
	struct ocsp_question question;
	unsigned char *der;
	size_t length;
	int believed = 0;

	(void)state;
	assert_int_equal(ocsp_question_make(world.certificate, world.ca, &question, NULL), 0);
	answer.status = V_OCSP_CERTSTATUS_REVOKED;
	answer.revoked_at = NOW - DAY;
	answer.reason = OCSP_REVOKED_STATUS_NOSTATUS;
	der = encoded(&answer, question.request, &length);
	for (size_t i = 0; i < length; i++) {
		der[i] ^= 0x01;
		if (ocsp_judge(der, length, &question, world.ca, NOW, AGE, &told, NULL) == 0 &&
		    told.status != STATUS_REVOKED)
			believed++;
		der[i] ^= 0x01;
		assert_int_not_equal(ocsp_judge(der, i, &question, world.ca, NOW, AGE, &told, NULL),
				     0);
	}
	assert_int_equal(believed, 0);
	assert_int_equal(ocsp_judge(NULL, 0, &question, world.ca, NOW, AGE, &told, NULL),
			 -FAILURE_CA_GARBAGE);
	OPENSSL_free(der);
	ocsp_question_clear(&question);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_three_answers_are_told),
	    cmocka_unit_test(who_may_sign),
	    cmocka_unit_test(it_must_be_about_this_certificate),
	    cmocka_unit_test(it_must_be_fresh),
	    cmocka_unit_test(a_nonce_may_be_absent_but_not_another),
	    cmocka_unit_test(what_the_responder_says_of_itself),
	    cmocka_unit_test(a_changed_answer_is_not_believed),
	};

	return cmocka_run_group_tests_name("ocsp", tests, world_make, world_remove);
}
