/* SPDX-License-Identifier: MIT */
/* What is kept of a CMP transaction, and what an error message says before anybody believes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "helper/ca/cmp_failure.h"
#include "helper/ca/cmp_transcript.h"

#include <cmocka.h>

/* --- messages, by hand -------------------------------------------------------------------------
 */

struct bytes {
	unsigned char data[2048];
	size_t length;
};

static void add(struct bytes *bytes, const void *more, size_t length)
{
	assert_true(bytes->length + length <= sizeof(bytes->data));
	memcpy(bytes->data + bytes->length, more, length);
	bytes->length += length;
}

static struct bytes element(unsigned char tag, const void *content, size_t length)
{
	unsigned char head[4] = {tag, 0x82, (unsigned char)(length >> 8), (unsigned char)length};
	struct bytes whole = {.length = 0};

	if (length < 128) {
		head[1] = (unsigned char)length;
		add(&whole, head, 2);
	} else {
		add(&whole, head, sizeof(head));
	}
	add(&whole, content, length);
	return whole;
}

static struct bytes wrap(unsigned char tag, const struct bytes *content)
{
	return element(tag, content->data, content->length);
}

/* A PKIMessage with this body (RFC 9810 §5.1): from and to nobody, without protection. */
static struct bytes message(int body_tag, const void *body, size_t length)
{
	static const unsigned char header[] = {0x30, 0x0b, 0x02, 0x01, 0x02, 0xa4, 0x02,
					       0x30, 0x00, 0xa4, 0x02, 0x30, 0x00};
	struct bytes parts = {.length = 0}, tagged;

	tagged = element((unsigned char)(0xa0 | body_tag), body, length);
	add(&parts, header, sizeof(header));
	add(&parts, tagged.data, tagged.length);
	return wrap(0x30, &parts);
}

static const unsigned char no_requests[] = {0x30, 0x00};
/* CertRepMessage { response { { 0, { waiting } } } } */
static const unsigned char waiting[] = {0x30, 0x0c, 0x30, 0x0a, 0x30, 0x08, 0x02,
					0x01, 0x00, 0x30, 0x03, 0x02, 0x01, 0x03};

static struct bytes kur(void)
{
	return message(7, no_requests, sizeof(no_requests));
}

static struct bytes kup(void)
{
	return message(8, waiting, sizeof(waiting));
}

/* PollRepContent { { 0, checkAfter } } */
static struct bytes poll_reply(unsigned char check_after)
{
	const unsigned char body[] = {0x30, 0x08, 0x30, 0x06, 0x02,
				      0x01, 0x00, 0x02, 0x01, check_after};

	return message(26, body, sizeof(body));
}

static OSSL_CMP_MSG *parsed(struct bytes bytes)
{
	const unsigned char *at = bytes.data;
	OSSL_CMP_MSG *result = d2i_OSSL_CMP_MSG(NULL, &at, (long)bytes.length);

	assert_non_null(result);
	assert_ptr_equal(at, bytes.data + bytes.length);
	return result;
}

/* --- the transcript ----------------------------------------------------------------------------
 */

static size_t count_of(const struct bytes *bytes)
{
	struct transcript transcript;
	size_t count;

	transcript_decode(bytes->data, bytes->length, &transcript);
	count = transcript.count;
	transcript_clear(&transcript);
	return count;
}

static struct bytes joined(const struct bytes *parts, size_t count)
{
	struct bytes all = {.length = 0};

	for (size_t i = 0; i < count; i++)
		add(&all, parts[i].data, parts[i].length);
	return all;
}

static void a_transcript_is_a_request_and_its_answers(void **state)
{
	const struct bytes parts[] = {kur(), kup(), poll_reply(5), kup()};

	(void)state;
	for (size_t i = 1; i <= 4; i++) {
		struct bytes all = joined(parts, i);

		assert_int_equal(count_of(&all), i);
	}
}

static void what_is_none_is_an_empty_one(void **state)
{
	const struct bytes backwards[] = {kup(), kur()}, twice[] = {kur(), kur()};
	const struct bytes long_one[] = {kur(), kup(), kup(), kup(), kup()};
	struct bytes cut = kur(), trailing = kur(), all;
	struct transcript transcript = {.count = 3};

	(void)state;
	transcript_decode(NULL, 0, &transcript);
	assert_int_equal(transcript.count, 0);
	cut.length--;
	assert_int_equal(count_of(&cut), 0);
	add(&trailing, "\x30", 1);
	assert_int_equal(count_of(&trailing), 0);
	all = joined(backwards, 2);
	assert_int_equal(count_of(&all), 0);
	all = joined(twice, 2);
	assert_int_equal(count_of(&all), 0);
	all = joined(long_one, 5);
	assert_int_equal(count_of(&all), 0);
	all = element(0x30, "PKCS#10", 7);
	assert_int_equal(count_of(&all), 0);
}

static int add_answer(struct transcript *transcript, struct bytes bytes)
{
	OSSL_CMP_MSG *answer = parsed(bytes);
	int result = transcript_add(transcript, answer, NULL);

	OSSL_CMP_MSG_free(answer);
	return result;
}

static void begin(struct transcript *transcript)
{
	OSSL_CMP_MSG *request = parsed(kur());

	assert_int_equal(transcript_begin(transcript, request, NULL), 0);
	OSSL_CMP_MSG_free(request);
}

static void assert_encodes_to(const struct transcript *transcript, const struct bytes *expected)
{
	unsigned char *bytes = NULL;
	size_t length = 0;

	assert_int_equal(transcript_encode(transcript, &bytes, &length, NULL), 0);
	assert_int_equal(length, expected->length);
	assert_memory_equal(bytes, expected->data, length);
	OPENSSL_free(bytes);
}

static void of_several_delays_the_last_is_kept(void **state)
{
	const struct bytes parts[] = {kur(), kup(), poll_reply(7)};
	struct bytes expected = joined(parts, 3);
	struct transcript transcript = {.count = 0};

	(void)state;
	begin(&transcript);
	assert_int_equal(add_answer(&transcript, kup()), 0);
	for (unsigned char i = 1; i <= 7; i++)
		assert_int_equal(add_answer(&transcript, poll_reply(i)), 0);
	assert_encodes_to(&transcript, &expected);
	transcript_clear(&transcript);
}

static void what_ends_a_transaction_is_not_kept(void **state)
{
	static const unsigned char rejected[] = {0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02};
	static const unsigned char nothing[] = {0x05, 0x00};
	struct transcript transcript = {.count = 0};
	struct bytes expected = kur();

	(void)state;
	assert_int_equal(add_answer(&transcript, kup()), 0); /* an answer to nothing */
	assert_int_equal(transcript.count, 0);
	begin(&transcript);
	assert_int_equal(add_answer(&transcript, message(23, rejected, sizeof(rejected))), 0);
	assert_int_equal(add_answer(&transcript, message(19, nothing, sizeof(nothing))), 0);
	assert_encodes_to(&transcript, &expected);
	transcript_clear(&transcript);
}

static void answers_without_end_are_refused(void **state)
{
	struct transcript transcript = {.count = 0};

	(void)state;
	begin(&transcript);
	for (int i = 1; i < TRANSCRIPT_MESSAGES; i++)
		assert_int_equal(add_answer(&transcript, kup()), 0);
	assert_int_equal(add_answer(&transcript, kup()), -FAILURE_CA_GARBAGE);
	begin(&transcript);
	assert_int_equal(transcript.count, 1);
	transcript_clear(&transcript);
}

/* --- error messages ----------------------------------------------------------------------------
 */

/* PKIStatusInfo { rejection, statusString }, errorCode, errorDetails */
static struct bytes error_body(const char *status, const char *details)
{
	struct bytes text = element(0x0c, status, strlen(status)), texts = wrap(0x30, &text);
	struct bytes info = {.length = 0}, content = {.length = 0}, wrapped;

	add(&info, "\x02\x01\x02", 3);
	add(&info, texts.data, texts.length);
	wrapped = wrap(0x30, &info);
	add(&content, wrapped.data, wrapped.length);
	add(&content, "\x02\x01\x2a", 3);
	text = element(0x0c, details, strlen(details));
	texts = wrap(0x30, &text);
	add(&content, texts.data, texts.length);
	return wrap(0x30, &content);
}

static void an_error_says_all_its_texts(void **state)
{
	struct bytes body = error_body("not today", "policy 7"),
		     whole = message(23, body.data, body.length);
	struct cmp_error error;

	(void)state;
	cmp_error_read(whole.data, whole.length, &error);
	assert_true(error.received);
	assert_false(error.is_protected);
	assert_string_equal(error.words, "not today; policy 7");
}

static void an_error_with_a_protection_claims_to_be_protected(void **state)
{
	static const unsigned char protection[] = {0xa0, 0x04, 0x03, 0x02, 0x00, 0x2a};
	struct bytes body = error_body("no", "never"), whole = message(23, body.data, body.length),
		     content = {.length = 0};
	struct cmp_error error;

	(void)state;
	add(&content, whole.data + 2, whole.length - 2);
	add(&content, protection, sizeof(protection));
	whole = wrap(0x30, &content);
	cmp_error_read(whole.data, whole.length, &error);
	assert_true(error.received && error.is_protected);
}

static void an_error_of_many_words_is_cut(void **state)
{
	char many[1200];
	struct cmp_error error;
	struct bytes body, whole;

	(void)state;
	memset(many, 'x', sizeof(many));
	many[sizeof(many) - 1] = '\0';
	body = error_body(many, "the end");
	whole = message(23, body.data, body.length);
	cmp_error_read(whole.data, whole.length, &error);
	assert_true(error.received);
	assert_int_equal(strlen(error.words), sizeof(error.words) - 1);
}

static void what_is_no_error_says_nothing(void **state)
{
	struct bytes body = error_body("not today", "policy 7"),
		     whole = message(23, body.data, body.length), other = kup();
	struct cmp_error error;

	(void)state;
	cmp_error_read(other.data, other.length, &error);
	assert_false(error.received);
	cmp_error_read(NULL, 0, &error);
	assert_false(error.received);
	/* Cut anywhere, it is read within its bounds; nested without end, to a depth. */
	for (size_t length = 0; length < whole.length; length++) {
		unsigned char *copy = malloc(length + 1);

		assert_non_null(copy);
		memcpy(copy, whole.data, length);
		cmp_error_read(copy, length, &error);
		free(copy);
	}
	body.length = 0;
	for (int i = 0; i < 500; i++)
		add(&body, "\x30\x80", 2);
	whole = message(23, body.data, body.length);
	cmp_error_read(whole.data, whole.length, &error);
	assert_string_equal(error.words, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_transcript_is_a_request_and_its_answers),
	    cmocka_unit_test(what_is_none_is_an_empty_one),
	    cmocka_unit_test(of_several_delays_the_last_is_kept),
	    cmocka_unit_test(what_ends_a_transaction_is_not_kept),
	    cmocka_unit_test(answers_without_end_are_refused),
	    cmocka_unit_test(an_error_says_all_its_texts),
	    cmocka_unit_test(an_error_with_a_protection_claims_to_be_protected),
	    cmocka_unit_test(an_error_of_many_words_is_cut),
	    cmocka_unit_test(what_is_no_error_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
