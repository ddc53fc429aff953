/* SPDX-License-Identifier: MIT */
/* A CMP message out of an answer of HTTP: a line with the Content-Type, the status, the body. */
#include <stdlib.h>
#include <string.h>

#include "helper/ca/cmp_carry.h"
#include "tests/fuzz/input.h"

static void judge(const struct http_answer *answer)
{
	struct cmp_error error = {.received = false};
	struct failure failure = {.code = FAILURE_NONE};
	OSSL_CMP_CTX *context = OSSL_CMP_CTX_new(NULL, NULL);
	OSSL_CMP_MSG *message = NULL;

	MUST(context != NULL);
	if (cmp_answer_read(answer, "https://ra.example/", 0, &message, &error, &failure) == 0) {
		MUST(message != NULL && memchr(error.words, '\0', sizeof(error.words)) != NULL);
		MUST(cmp_failure(context, &error, true, &failure) < 0);
	}
	MUST(failure.code != FAILURE_NONE && input_is_clean_line(failure.said));
	OSSL_CMP_MSG_free(message);
	OSSL_CMP_CTX_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct http_answer answer = {.status = 200};
	struct cmp_error error;
	char *content_type = input_line(&input);

	strncat(answer.content_type, content_type, sizeof(answer.content_type) - 1);
	answer.status = input_short(&input) % 700;
	answer.body = (unsigned char *)input_text(input.at, input.left);
	answer.length = input.left;
	judge(&answer);
	/* What OpenSSL does not take for a message reaches this one alone. */
	cmp_error_read(answer.body, answer.length, &error);
	MUST(memchr(error.words, '\0', sizeof(error.words)) != NULL);
	free(answer.body);
	free(content_type);
	return 0;
}
