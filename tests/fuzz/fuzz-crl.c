/* SPDX-License-Identifier: MIT */
/* A revocation list: nothing that its CA did not sign says anything. */
#include "helper/ca/crl.h"
#include "tests/fuzz/input.h"

enum { AGE = 86400 };

static void judge(X509_CRL *crl, X509 *ca)
{
	struct status_answer answer = {.status = STATUS_NOT_ASKED};
	struct failure failure = {.code = FAILURE_NONE};
	int r = crl_judge(crl, input_certificate(), ca, INPUT_NOW, AGE, &answer, &failure);

	if (r == 0) {
		MUST(answer.status == STATUS_GOOD || answer.status == STATUS_REVOKED);
		MUST(X509_CRL_verify(crl, X509_get0_pubkey(ca)) == 1);
	} else {
		MUST(answer.status == STATUS_NOT_ASKED && r == -(int)failure.code);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	X509_CRL *crl = crl_parse(data, size);

	if (crl == NULL)
		return 0;
	judge(crl, input_ca());
	/* What the CA itself could have written. */
	if (X509_CRL_sign(crl, input_signing_key(), EVP_sha256()) > 0)
		judge(crl, input_signing_ca());
	X509_CRL_free(crl);
	return 0;
}
