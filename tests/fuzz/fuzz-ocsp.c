/* SPDX-License-Identifier: MIT */
/* A responder's answer about one certificate: nothing that its CA did not sign is an answer. */
#include "helper/ca/ocsp.h"
#include "tests/fuzz/input.h"

enum { AGE = 86400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ocsp_question question;
	struct status_answer answer = {.status = STATUS_NOT_ASKED};
	struct failure failure = {.code = FAILURE_NONE};
	int r;

	if (question.request == NULL)
		MUST(ocsp_question_make(input_certificate(), input_ca(), &question, NULL) == 0);
	r = ocsp_judge(data, size, &question, input_ca(), INPUT_NOW, AGE, &answer, &failure);
	if (r == 0) {
		MUST(answer.status == STATUS_GOOD || answer.status == STATUS_REVOKED ||
		     answer.status == STATUS_UNKNOWN);
	} else {
		MUST(answer.status == STATUS_NOT_ASKED && r == -(int)failure.code);
		MUST(input_is_clean(failure.detail));
	}
	return 0;
}
