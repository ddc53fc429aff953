/* SPDX-License-Identifier: MIT */
/* A web form's answer to a revocation: only the words of success are a success. */
#include <stdlib.h>
#include <string.h>

#include "helper/ca/revocation.h"
#include "tests/fuzz/input.h"

static char wrong_phrase[] = "wrong phrase", already[] = "already revoked", unknown[] = "not found",
	    limited[] = "too many", refused[] = "not permitted", success[] = "has been revoked",
	    url[] = "https://ra.example/revoke";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct config_revocation config = {
	    .url = url,
	    .form.success = success,
	    .signs = {wrong_phrase, already, unknown, limited, refused},
	};
	struct input input = {data, size};
	struct failure failure = {.code = FAILURE_NONE};
	struct http_answer answer = {.status = input_short(&input) % 700};
	bool plain = (input_byte(&input) & 1) != 0;
	int r;

	if (plain)
		strcpy(answer.content_type, "text/plain; charset=utf-8");
	answer.length = input.left;
	if (input.left > 0)
		answer.body = (unsigned char *)input_text(input.at, input.left);
	r = revocation_form_judge(&config, &answer, &failure);
	if (r == 0)
		MUST((answer.status == 200 || answer.status == 201) &&
		     memmem(answer.body, answer.length, success, strlen(success)) != NULL);
	else
		MUST(r == -(int)failure.code && input_is_clean_line(failure.said));
	free(answer.body);
	return 0;
}
