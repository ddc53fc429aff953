/* SPDX-License-Identifier: MIT */
/* Keys of a card in use, opened by the code under test and proved by OpenSSL. */
#ifndef CERTRENEW_TESTS_KEY_HOST_H
#define CERTRENEW_TESTS_KEY_HOST_H

#include "tests/unit/card-host.h"

/* In a tree that was built for another place the window is not where it is looked for. */
static inline bool has_window(void)
{
	return access(PATH_WINDOW, R_OK) == 0;
}

static inline struct key_seen look(unsigned char id)
{
	struct key_seen seen = {.present = false};

	assert_int_equal(key_look(card.token, card_certificate(id), &seen, NULL), 0);
	return seen;
}

/* The caller closes it with key_close. */
static inline struct key *opened(unsigned char id)
{
	const struct certificate *one = card_certificate(id);
	struct failure failure = {.code = FAILURE_NONE};
	struct key_seen seen = look(id);
	struct key *key = NULL;

	if (key_open(card.token, &seen, &one->id, card_public(one), &key, &failure) < 0)
		fail_msg("%s", failure.detail);
	assert_non_null(key_evp(key));
	return key;
}

static inline bool signs(EVP_PKEY *key)
{
	static const unsigned char text[] = "a request";
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[1024];
	size_t length = sizeof(signature);
	bool done;

	assert_non_null(context);
	done = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestSign(context, signature, &length, text, sizeof(text)) == 1;
	EVP_MD_CTX_free(context);
	return done;
}

/* The token signs, and OpenSSL alone verifies with the certificate's public key. */
static inline void assert_signs_for(EVP_PKEY *key, EVP_PKEY *public)
{
	static const unsigned char text[] = "a request";
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[1024];
	size_t length = sizeof(signature);

	assert_non_null(context);
	assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(context, signature, &length, text, sizeof(text)), 1);
	assert_int_equal(EVP_MD_CTX_reset(context), 1);
	assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, public), 1);
	assert_int_equal(EVP_DigestVerify(context, signature, length, text, sizeof(text)), 1);
	EVP_MD_CTX_free(context);
}

#endif
