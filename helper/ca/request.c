/* SPDX-License-Identifier: MIT */
#include "helper/ca/request.h"

#include <stdbool.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "helper/ca/openssl_errors.h"

static const int copied_extensions[] = {NID_subject_alt_name, NID_key_usage, NID_ext_key_usage};

static bool copy_extensions(X509_REQ *request, X509 *old)
{
	STACK_OF(X509_EXTENSION) *extensions = sk_X509_EXTENSION_new_null();
	bool copied = extensions != NULL;

	for (size_t i = 0; copied && i < sizeof(copied_extensions) / sizeof(int); i++) {
		int at = X509_get_ext_by_NID(old, copied_extensions[i], -1);
		X509_EXTENSION *copy;

		if (at < 0)
			continue;
		copy = X509_EXTENSION_dup(X509_get_ext(old, at));
		copied = copy != NULL && sk_X509_EXTENSION_push(extensions, copy) > 0;
		if (!copied)
			X509_EXTENSION_free(copy);
	}
	if (copied && sk_X509_EXTENSION_num(extensions) > 0)
		copied = X509_REQ_add_extensions(request, extensions) == 1;
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return copied;
}

static const EVP_MD *choose_digest(const EVP_PKEY *key, int nid)
{
	int bits = EVP_PKEY_is_a(key, "EC") ? EVP_PKEY_get_bits(key) : 0;

	if (nid == NID_sha512 || (nid == NID_undef && bits > 384))
		return EVP_sha512();
	if (nid == NID_sha384 || (nid == NID_undef && bits > 256))
		return EVP_sha384();
	return EVP_sha256();
}

/*
 * A token may sign with another key than the one it shows; the CA would only say 'no'. Decoded
 * anew, so that neither the key nor the signature is the card's own word.
 */
static bool verifies(const unsigned char *der, size_t length)
{
	X509_REQ *request = request_parse(der, length);
	EVP_PKEY *public = request == NULL ? NULL : X509_REQ_get0_pubkey(request);
	bool good = public != NULL && X509_REQ_verify(request, public) == 1;

	X509_REQ_free(request);
	return good;
}

static int fail_with_reasons(struct failure *failure, enum failure_code code, const char *what)
{
	char reasons[256];

	openssl_errors(reasons, sizeof(reasons));
	return fail(failure, code, "%s: %s", what, reasons);
}

int request_make(X509 *old, EVP_PKEY *key, int digest_nid, unsigned char **ret, size_t *ret_length,
		 struct failure *failure)
{
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;
	int length, r = 0;

	ERR_clear_error();
	if (request == NULL || X509_REQ_set_version(request, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(request, X509_get_subject_name(old)) != 1 ||
	    X509_REQ_set_pubkey(request, key) != 1 || !copy_extensions(request, old)) {
		r = fail_with_reasons(failure, FAILURE_SYSTEM, "the request cannot be made");
		goto out;
	}
	if (X509_REQ_sign(request, key, choose_digest(key, digest_nid)) <= 0) {
		r = fail_with_reasons(failure, FAILURE_CARD_ERROR,
				      "the key does not sign the request");
		goto out;
	}
	length = i2d_X509_REQ(request, &der);
	if (length <= 0) {
		r = fail_with_reasons(failure, FAILURE_SYSTEM, "the request cannot be encoded");
		goto out;
	}
	if (!verifies(der, (size_t)length)) {
		r = fail_with_reasons(failure, FAILURE_CARD_ERROR,
				      "the request's signature is not that of its key");
		goto out;
	}
	*ret = der;
	*ret_length = (size_t)length;
	der = NULL;
out:
	OPENSSL_free(der);
	X509_REQ_free(request);
	return r;
}

X509_REQ *request_parse(const unsigned char *der, size_t length)
{
	const unsigned char *at = der;
	X509_REQ *request;

	ERR_set_mark();
	request = d2i_X509_REQ(NULL, &at, (long)length);
	ERR_pop_to_mark();
	if (request != NULL && at != der + length) {
		X509_REQ_free(request);
		request = NULL;
	}
	return request;
}
