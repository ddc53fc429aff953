/* SPDX-License-Identifier: MIT */
/* A revocation list: nothing that its CA did not sign says anything. */
#include "helper/ca/crl.h"
#include "tests/fuzz/input.h"

enum { AGE = 86400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct status_answer answer = {.status = STATUS_NOT_ASKED};
	struct failure failure = {.code = FAILURE_NONE};
	X509_CRL *crl = crl_parse(data, size);
	int r;

	if (crl == NULL)
		return 0;
	r = crl_judge(crl, input_certificate(), input_ca(), INPUT_NOW, AGE, &answer, &failure);
	if (r == 0) {
		MUST(answer.status == STATUS_GOOD || answer.status == STATUS_REVOKED);
		MUST(X509_CRL_verify(crl, X509_get0_pubkey(input_ca())) == 1);
	} else {
		MUST(answer.status == STATUS_NOT_ASKED && r == -(int)failure.code);
	}
	X509_CRL_free(crl);
	return 0;
}
