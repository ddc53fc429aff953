/* SPDX-License-Identifier: MIT */
/*
 * What a CA issued, as it stands and signed by the CA of `trust`: nothing goes on the card that is
 * for another key or person, or ends no later. A byte of what is put right beforehand, the DER.
 */
#include <string.h>

#include <openssl/pem.h>

#include "helper/ca/ca.h"
#include "tests/fuzz/input.h"

enum { OWN_KEY = 1, OWN_SUBJECT = 2, OWN_ISSUER = 4, OWN_END = 8, LATER = 300 * 86400 };

/* With the signing CA alone in it. */
static const char *trust(void)
{
	static char path[128];
	BIO *memory;
	char *pem;
	long length;

	if (path[0] == '\0') {
		memory = BIO_new(BIO_s_mem());
		MUST(memory != NULL && PEM_write_bio_X509(memory, input_signing_ca()) == 1);
		length = BIO_get_mem_data(memory, &pem);
		snprintf(path, sizeof(path), "%s", input_file("input", pem, (size_t)length));
		BIO_free(memory);
	}
	return path;
}

static void judge(X509 *issued)
{
	EVP_PKEY *own = X509_get0_pubkey(input_certificate());
	struct failure failure = {.code = FAILURE_NONE};
	int r =
	    ca_judge_issued(issued, input_certificate(), own, trust(), NULL, INPUT_NOW, &failure);

	if (r < 0) {
		MUST(r == -(int)failure.code && input_is_clean(failure.detail));
		return;
	}
	MUST(X509_verify(issued, input_signing_key()) == 1);
	MUST(EVP_PKEY_eq(X509_get0_pubkey(issued), own) == 1);
	MUST(X509_NAME_cmp(X509_get_subject_name(issued),
			   X509_get_subject_name(input_certificate())) == 0);
	MUST(ASN1_TIME_compare(X509_get0_notAfter(issued),
			       X509_get0_notAfter(input_certificate())) > 0);
}

static bool put_right(X509 *issued, uint8_t what)
{
	X509 *old = input_certificate();

	return ((what & OWN_KEY) == 0 || X509_set_pubkey(issued, X509_get0_pubkey(old)) == 1) &&
	       ((what & OWN_SUBJECT) == 0 ||
		X509_set_subject_name(issued, X509_get_subject_name(old)) == 1) &&
	       ((what & OWN_ISSUER) == 0 ||
		X509_set_issuer_name(issued, X509_get_issuer_name(old)) == 1) &&
	       ((what & OWN_END) == 0 ||
		ASN1_TIME_set(X509_getm_notAfter(issued), (time_t)INPUT_NOW + LATER) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	uint8_t what = input_byte(&input);
	const unsigned char *at = input.at;
	X509 *issued = d2i_X509(NULL, &at, (long)input.left);

	if (issued == NULL)
		return 0;
	judge(issued);
	if (put_right(issued, what) && X509_sign(issued, input_signing_key(), EVP_sha256()) > 0)
		judge(issued);
	X509_free(issued);
	return 0;
}
