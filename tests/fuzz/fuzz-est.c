/* SPDX-License-Identifier: MIT */
/* Bodies of EST: base64, PKCS#7 of certificates, CSR attributes. */
#include <string.h>

#include <openssl/crypto.h>

#include "helper/ca/est_codec.h"
#include "tests/fuzz/input.h"

static void base64(const uint8_t *data, size_t size)
{
	unsigned char *der = NULL, *again = NULL;
	size_t length = 0, again_length = 0, text_length = 0;
	struct failure failure = {.code = FAILURE_NONE};
	char *text = NULL;

	if (est_decode(data, size, &der, &length, &failure) < 0) {
		MUST(failure.code == FAILURE_CA_GARBAGE && der == NULL);
		return;
	}
	MUST(length <= size);
	/* Text that begins as a SEQUENCE's first byte does is taken for one. */
	if (length > 0 && der[0] != 0x30) {
		OPENSSL_free(der);
		return;
	}
	MUST(est_encode(der, length, &text, &text_length, &failure) == 0);
	MUST(text_length == strlen(text));
	MUST(est_decode((unsigned char *)text, text_length, &again, &again_length, &failure) == 0);
	MUST(length == again_length && memcmp(der, again, length) == 0);
	OPENSSL_free(text);
	OPENSSL_free(again);
	OPENSSL_free(der);
}

static void certificates(const uint8_t *data, size_t size)
{
	STACK_OF(X509) *found = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	int r = est_decode_certificates(data, size, &found, &failure);

	if (r < 0) {
		MUST(failure.code == FAILURE_CA_GARBAGE && found == NULL);
		return;
	}
	MUST(sk_X509_num(found) >= 1 && sk_X509_num(found) <= EST_CERTIFICATES_MAX);
	sk_X509_pop_free(found, X509_free);
}

static void attributes(const uint8_t *data, size_t size)
{
	EVP_PKEY *key = X509_get0_pubkey(input_certificate());
	int digest = NID_undef;

	if (est_wanted_digest(data, size, key, &digest, NULL) == 0)
		MUST(digest == NID_undef || digest == NID_sha256 || digest == NID_sha384 ||
		     digest == NID_sha512);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	base64(data, size);
	certificates(data, size);
	attributes(data, size);
	return 0;
}
