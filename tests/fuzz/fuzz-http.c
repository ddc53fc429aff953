/* SPDX-License-Identifier: MIT */
/*
 * An answer of HTTP as libcurl hands it over: the status, then fields, a line each, an empty line,
 * and the body in pieces. What is kept is bounded, and what is said of it clean.
 */
#include <stdlib.h>
#include <string.h>

#include "helper/ca/http_receive.h"
#include "helper/ca/http_status.h"
#include "helper/ca/retry_after.h"
#include "tests/fuzz/input.h"

enum { BODY_MAX = 512 };

static void receive(struct input *input, struct http_receipt *receipt)
{
	size_t length, piece = 1 + input_byte(input);
	const uint8_t *bytes;
	char *line;

	do {
		line = input_line(input);
		length = strlen(line);
		(void)http_receive_header(line, 1, length, receipt);
		free(line);
	} while (length > 0 && receipt->verdict == HTTP_GOES_ON);
	while (input->left > 0 && receipt->verdict == HTTP_GOES_ON) {
		bytes = input_bytes(input, piece, &length);
		(void)http_receive_body((char *)(uintptr_t)bytes, 1, length, receipt);
	}
}

static void must_be_bounded(const struct http_answer *answer)
{
	MUST(memchr(answer->content_type, '\0', sizeof(answer->content_type)) != NULL);
	MUST(memchr(answer->retry_after, '\0', sizeof(answer->retry_after)) != NULL);
	MUST(answer->length <= BODY_MAX);
	MUST((answer->body == NULL) == (answer->length == 0));
	MUST(answer->body == NULL || answer->body[answer->length] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct http_answer answer = {.status = input_short(&input) % 700};
	struct http_receipt receipt = {
	    .answer = &answer, .body_max = BODY_MAX, .patience = 1000000};
	struct failure failure = {.code = FAILURE_NONE};
	int64_t retry_at = -1;

	receive(&input, &receipt);
	must_be_bounded(&answer);
	if (http_status(&answer, "https://ra.example/", INPUT_NOW, &retry_at, &failure) == 0)
		MUST(retry_at == 0 || (retry_at >= INPUT_NOW + RETRY_AFTER_MIN &&
				       retry_at <= INPUT_NOW + RETRY_AFTER_MAX));
	MUST(input_is_clean_line(failure.said) && input_is_clean_line(failure.detail));
	free(answer.body);
	return 0;
}
