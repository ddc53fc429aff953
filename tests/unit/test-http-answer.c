/* SPDX-License-Identifier: MIT */
/* What is taken of an answer while it arrives, and what its status means. No network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper/ca/http_receive.h"
#include "helper/ca/http_status.h"
#include "helper/ca/http_url.h"

#include <cmocka.h>

#define NOW INT64_C(1763791200)

/* --- receiving ----------------------------------------------------------------------------- */

static size_t header(struct http_receipt *receipt, const char *line)
{
	char copy[256];
	size_t length = strlen(line);

	/* Not NUL-terminated, as libcurl hands it over. */
	memcpy(copy, line, length);
	memset(copy + length, 'x', sizeof(copy) - length);
	return http_receive_header(copy, 1, length, receipt);
}

static void the_fields_that_matter_are_kept(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {.answer = &answer};

	(void)state;
	assert_int_equal(header(&receipt, "HTTP/1.1 503 Unavailable\r\n"), 26);
	header(&receipt, "content-type:text/plain; charset=utf-8\r\n");
	header(&receipt, "RETRY-AFTER: \t 120\r\n");
	header(&receipt, "Retry-After-All: 7\r\n");
	header(&receipt, "X-Retry-After: 8\r\n");
	header(&receipt, "\r\n");
	assert_string_equal(answer.content_type, "text/plain; charset=utf-8");
	assert_string_equal(answer.retry_after, "120");
}

static void an_interim_answers_fields_don_t_count(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {.answer = &answer};

	(void)state;
	header(&receipt, "HTTP/1.1 103 Early Hints\r\n");
	header(&receipt, "Retry-After: 120\r\n");
	header(&receipt, "Content-Type: text/plain\r\n");
	header(&receipt, "\r\n");
	header(&receipt, "HTTP/1.1 200 OK\r\n");
	assert_string_equal(answer.retry_after, "");
	assert_string_equal(answer.content_type, "");
}

static void an_overlong_field_is_cut(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {.answer = &answer};
	char line[240] = "Retry-After: ";

	(void)state;
	memset(line + strlen(line), '9', 200);
	header(&receipt, line);
	assert_int_equal(strlen(answer.retry_after), sizeof(answer.retry_after) - 1);
}

static void endless_headers_are_broken_off(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {.answer = &answer};
	size_t taken = 0;

	(void)state;
	while (header(&receipt, "X-Again: and again\r\n") > 0)
		assert_true((taken += 20) <= HTTP_HEADERS_MAX);
	assert_int_equal(receipt.verdict, HTTP_TOO_LARGE);
}

static void a_body_of_the_maximum_is_taken_and_not_a_byte_more(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {
	    .answer = &answer, .body_max = HTTP_BODY_MAX, .patience = 60000};
	static char block[4096];

	(void)state;
	memset(block, 'A', sizeof(block));
	for (size_t taken = 0; taken < HTTP_BODY_MAX; taken += sizeof(block))
		assert_int_equal(http_receive_body(block, 1, sizeof(block), &receipt),
				 sizeof(block));
	assert_int_equal(answer.length, HTTP_BODY_MAX);
	assert_int_equal(answer.body[HTTP_BODY_MAX - 1], 'A');
	assert_int_equal(answer.body[HTTP_BODY_MAX], '\0');
	assert_int_equal(http_receive_body(block, 1, 1, &receipt), 0);
	assert_int_equal(receipt.verdict, HTTP_TOO_LARGE);
	http_answer_clear(&answer);
	http_answer_clear(&answer);
}

static void a_body_that_drips_is_broken_off(void **state)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {
	    .answer = &answer, .body_max = HTTP_BODY_MAX, .patience = -1};
	char block[200] = {0};

	(void)state;
	receipt.begun = 1; /* long ago */
	assert_int_equal(http_receive_body(block, 1, sizeof(block), &receipt), 0);
	assert_int_equal(receipt.verdict, HTTP_DRIPS);
	http_answer_clear(&answer);
}

/* --- statuses ------------------------------------------------------------------------------ */

static struct http_answer answered(long status, const char *retry_after, const char *type,
				   const char *body)
{
	struct http_answer answer = {.status = status};

	snprintf(answer.retry_after, sizeof(answer.retry_after), "%s", retry_after);
	snprintf(answer.content_type, sizeof(answer.content_type), "%s", type);
	answer.body = (unsigned char *)body;
	answer.length = strlen(body);
	return answer;
}

static void every_status_has_its_meaning(void **state)
{
	static const struct {
		long status;
		const char *retry_after;
		int result;
		int64_t retry_in; /* 0: content, or not said */
	} examples[] = {
	    {200, "", 0, 0},
	    {201, "", 0, 0},
	    {202, "", 0, 60},
	    {202, "7200", 0, 7200},
	    {503, "10", -FAILURE_CA_OVERLOADED, 10},
	    {503, "garbage", -FAILURE_CA_OVERLOADED, 60},
	    {429, "10", -FAILURE_CA_OVERLOADED, 10},
	    {429, "Sat, 22 Nov 2025 06:20:00 GMT", -FAILURE_CA_OVERLOADED, 1200},
	    {503, "", -FAILURE_CA_OVERLOADED, 0},
	    {429, "", -FAILURE_CA_OVERLOADED, 0},
	    {401, "", -FAILURE_CA_DENIED, 0},
	    {403, "", -FAILURE_CA_DENIED, 0},
	    {400, "", -FAILURE_CA_REFUSED, 0},
	    {404, "10", -FAILURE_CA_REFUSED, 0},
	    {499, "", -FAILURE_CA_REFUSED, 0},
	    {408, "", -FAILURE_CA_ERROR, 0},
	    {421, "", -FAILURE_CA_ERROR, 0},
	    {425, "10", -FAILURE_CA_ERROR, 0},
	    {500, "10", -FAILURE_CA_ERROR, 0},
	    {599, "", -FAILURE_CA_ERROR, 0},
	    {100, "", -FAILURE_CA_GARBAGE, 0},
	    {204, "", -FAILURE_CA_GARBAGE, 0},
	    {304, "", -FAILURE_CA_GARBAGE, 0},
	    {303, "", -FAILURE_CA_GARBAGE, 0},
	    {600, "", -FAILURE_CA_GARBAGE, 0},
	    {0, "", -FAILURE_CA_GARBAGE, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct http_answer answer =
		    answered(examples[i].status, examples[i].retry_after, "", "");
		struct failure failure = {.retry_after = 77};
		int64_t retry_at = -1;
		int64_t expected = examples[i].result < 0      ? -1
				   : examples[i].retry_in == 0 ? 0
							       : NOW + examples[i].retry_in;

		assert_int_equal(http_status(&answer, "https://ra", NOW, &retry_at, &failure),
				 examples[i].result);
		assert_int_equal(retry_at, expected);
		if (examples[i].result < 0)
			assert_int_equal(failure.retry_after, examples[i].retry_in);
	}
}

static const char *said(const char *type, const char *body)
{
	static struct failure failure;
	struct http_answer answer = answered(400, "", type, body);
	int64_t retry_at;

	http_status(&answer, "https://ra", NOW, &retry_at, &failure);
	return failure.said;
}

static void only_plain_text_is_the_cas_own_words(void **state)
{
	(void)state;
	assert_string_equal(said("text/plain", "No."), "No.");
	assert_string_equal(said("Text/Plain; charset=utf-8", "No."), "No.");
	assert_string_equal(said("text/plain ;charset=utf-8", "No."), "No.");
	assert_string_equal(said("text/html", "<p>No.</p>"), "");
	assert_string_equal(said("text/plainer", "No."), "");
	assert_string_equal(said("", "No."), "");
}

static void the_cas_words_are_cleaned_and_cut(void **state)
{
	char body[3000];
	const char *cut;

	(void)state;
	assert_string_equal(said("text/plain", "  Policy\r\n\r\n\t7\n forbids it.\r\n"),
			    "Policy 7 forbids it.");
	assert_string_equal(said("text/plain", "\x1b[31mred"), "\xEF\xBF\xBD[31mred");
	assert_string_equal(said("text/plain", "\xE2\x80\xAEreversed"), "\xEF\xBF\xBDreversed");
	assert_string_equal(said("text/plain", "\xE4\xB8\xAD\xE6\x96\x87"),
			    "\xE4\xB8\xAD\xE6\x96\x87");
	memset(body, 0, sizeof(body));
	for (size_t i = 0; i + 3 < sizeof(body); i += 3)
		memcpy(body + i, "\xE4\xB8\xAD", 3);
	cut = said("text/plain", body);
	assert_int_equal(strlen(cut), 498); /* at a character's border */
}

/* --- addresses ----------------------------------------------------------------------------- */

static void an_origin_is_scheme_host_and_port(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} examples[] = {
	    {"https://ra.example/est", "https://ra.example/other?x", true},
	    {"https://ra.example/est", "https://RA.Example:443/", true},
	    {"https://ra.example:8443/", "https://ra.example:8443/est", true},
	    {"https://[::1]:8443/", "https://[::1]:8443/est", true},
	    {"http://ra.example/", "http://ra.example:80/crl", true},
	    {"http://ra.example:443/", "https://ra.example/", false},
	    {"https://ra.example/", "http://ra.example/", false},
	    {"https://ra.example/", "http://ra.example:443/", false},
	    {"https://ra.example/", "https://ra.example:8443/", false},
	    {"https://ra.example/", "https://ra.example.org/", false},
	    {"https://ra.example/", "https://www.ra.example/", false},
	    {"https://ra.example/", "https://me@ra.example/", false},
	    {"https://ra.example/", "https://ra.example@evil.example/", false},
	    {"https://ra.example/", "https://ra.example\\@evil.example/", false},
	    {"http://ra.example/", "http://ra.example:80/cmp", true},
	    {"http://ra.example/", "https://ra.example/", false},
	    {"https://ra.example/", "/est", false},
	    {"https://ra.example/", "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		if (http_url_same_origin(examples[i].a, examples[i].b) != examples[i].same)
			fail_msg("%s and %s", examples[i].a, examples[i].b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_fields_that_matter_are_kept),
	    cmocka_unit_test(an_interim_answers_fields_don_t_count),
	    cmocka_unit_test(an_overlong_field_is_cut),
	    cmocka_unit_test(endless_headers_are_broken_off),
	    cmocka_unit_test(a_body_of_the_maximum_is_taken_and_not_a_byte_more),
	    cmocka_unit_test(a_body_that_drips_is_broken_off),
	    cmocka_unit_test(every_status_has_its_meaning),
	    cmocka_unit_test(only_plain_text_is_the_cas_own_words),
	    cmocka_unit_test(the_cas_words_are_cleaned_and_cut),
	    cmocka_unit_test(an_origin_is_scheme_host_and_port),
	};

	return cmocka_run_group_tests_name("http-answer", tests, NULL, NULL);
}
