/* SPDX-License-Identifier: MIT */
/* Keys as objects of the token: which one is a certificate's, and which CKA_ID is free. */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509.h>

#include "helper/card/certificates.h"
#include "helper/card/key.h"

/* Whether a key object is the one with this public key; a token need not tell of private keys. */
enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };

static enum match match_modulus(const struct token *token, CK_OBJECT_HANDLE object,
				EVP_PKEY *public)
{
	unsigned char *bytes = NULL;
	size_t length = 0;
	BIGNUM *ours = NULL, *theirs = NULL;
	enum match match = MATCH_UNKNOWN;

	if (object_bytes(token, object, CKA_MODULUS, &bytes, &length, NULL) < 0 || length == 0)
		goto out;
	theirs = BN_bin2bn(bytes, (int)length, NULL);
	if (theirs != NULL && EVP_PKEY_get_bn_param(public, OSSL_PKEY_PARAM_RSA_N, &ours) == 1)
		match = BN_cmp(ours, theirs) == 0 ? MATCH_YES : MATCH_NO;
out:
	free(bytes);
	BN_free(ours);
	BN_free(theirs);
	return match;
}

static enum match match_point(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public)
{
	unsigned char *bytes = NULL, *ours = NULL;
	const unsigned char *theirs;
	size_t length = 0, our_length;
	enum match match = MATCH_UNKNOWN;

	if (object_bytes(token, object, CKA_EC_POINT, &bytes, &length, NULL) < 0 || length == 0)
		goto out;
	theirs = bytes;
	object_unwrap_octets(&theirs, &length);
	our_length = EVP_PKEY_get1_encoded_public_key(public, &ours);
	if (our_length > 0)
		match = our_length == length && memcmp(ours, theirs, length) == 0 ? MATCH_YES
										  : MATCH_NO;
out:
	free(bytes);
	OPENSSL_free(ours);
	return match;
}

static enum match match_key(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public)
{
	if (EVP_PKEY_is_a(public, "RSA"))
		return match_modulus(token, object, public);
	if (EVP_PKEY_is_a(public, "EC"))
		return match_point(token, object, public);
	return MATCH_UNKNOWN;
}

static enum match look_at_public(const struct token *token, const struct object_id *id,
				 EVP_PKEY *public, bool *ret_can_verify, int *ret_result,
				 CK_OBJECT_HANDLE *ret_object, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	enum match match = MATCH_UNKNOWN;
	size_t count = 0;

	*ret_result = object_find_by_id(token, CKO_PUBLIC_KEY, id, &objects, &count, failure);
	for (size_t i = 0; *ret_result == 0 && i < count && match != MATCH_YES; i++) {
		match = match_key(token, objects[i], public);
		if (match == MATCH_YES)
			*ret_object = objects[i];
	}
	free(objects);
	if (match == MATCH_YES && ret_can_verify != NULL)
		*ret_can_verify = object_flag(token, *ret_object, CKA_VERIFY, true);
	return match;
}

int key_public_object(const struct token *token, const struct object_id *id, EVP_PKEY *public,
		      CK_OBJECT_HANDLE *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE object = 0;
	int result = 0;

	(void)look_at_public(token, id, public, NULL, &result, &object, failure);
	if (result == 0)
		*ret = object;
	return result;
}

/*
 * A private EC key rarely tells its point. Its public neighbour vouches for one that is alone under
 * its CKA_ID; of several, one has to show that it is the one.
 */
static bool is_the_one(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
		       enum match by_public, size_t count)
{
	enum match match = match_key(token, object, public);

	if (match != MATCH_UNKNOWN)
		return match == MATCH_YES;
	if (by_public == MATCH_NO)
		return false;
	return count == 1 || key_proves(token, object, public);
}

int key_look_by_id(const struct token *token, const struct object_id *id, EVP_PKEY *public,
		   struct key_seen *ret, struct failure *failure)
{
	struct key_seen seen = {.present = false};
	CK_OBJECT_HANDLE *objects = NULL;
	CK_OBJECT_HANDLE neighbour = 0;
	enum match by_public;
	bool can_verify = true;
	size_t count = 0;
	int result = 0;

	by_public = look_at_public(token, id, public, &can_verify, &result, &neighbour, failure);
	if (result < 0)
		return result;
	seen.present = by_public == MATCH_YES;
	seen.can_sign = can_verify;
	result = object_find_by_id(token, CKO_PRIVATE_KEY, id, &objects, &count, failure);
	for (size_t i = 0; result == 0 && i < count && seen.private_key == 0; i++) {
		if (!is_the_one(token, objects[i], public, by_public, count))
			continue;
		seen.present = true;
		seen.private_key = objects[i];
		seen.can_sign = object_flag(token, objects[i], CKA_SIGN, true);
	}
	free(objects);
	if (result == 0)
		*ret = seen;
	return result;
}

int key_look(const struct token *token, const struct certificate *certificate, struct key_seen *ret,
	     struct failure *failure)
{
	if (certificate->id.length == 0) {
		*ret = (struct key_seen){.present = false};
		return 0;
	}
	return key_look_by_id(token, &certificate->id, X509_get0_pubkey(certificate->x509), ret,
			      failure);
}

bool key_wants_pin(const struct token *token, CK_OBJECT_HANDLE object)
{
	return object_flag(token, object, CKA_ALWAYS_AUTHENTICATE, false);
}

int key_any_wants_pin(const struct token *token, bool *ret, struct failure *failure)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE *objects = NULL;
	bool wants = false;
	size_t count = 0;
	int result;

	result = object_find(token, &template, 1, &objects, &count, failure);
	for (size_t i = 0; result == 0 && i < count && !wants; i++)
		wants = key_wants_pin(token, objects[i]);
	free(objects);
	if (result == 0)
		*ret = wants;
	return result;
}

int key_fresh_id(const struct token *token, struct object_id *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects;
	size_t count;
	int result;

	/* One byte, since some cards store no more. */
	for (unsigned candidate = 0x10; candidate <= 0xFF; candidate++) {
		unsigned char byte = (unsigned char)candidate;
		CK_ATTRIBUTE template = {CKA_ID, &byte, sizeof(byte)};

		objects = NULL;
		count = 0;
		result = object_find(token, &template, 1, &objects, &count, failure);
		free(objects);
		if (result < 0)
			return result;
		if (count == 0) {
			*ret = (struct object_id){.bytes = {byte}, .length = 1};
			return 0;
		}
	}
	return fail(failure, FAILURE_CARD_FULL, "no CKA_ID is free");
}

/* A key is not destroyed on a guess: its public neighbour vouches for an EC key that is alone under
 * its CKA_ID, and of several the one that has proved to be it. */
static bool may_destroy(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
			size_t count, enum match by_public)
{
	enum match match = match_key(token, object, public);

	return match == MATCH_YES || (match == MATCH_UNKNOWN && by_public == MATCH_YES &&
				      (count == 1 || key_proves(token, object, public)));
}

int key_destroy(struct token *token, const struct object_id *id, EVP_PKEY *public,
		struct failure *failure)
{
	static const CK_OBJECT_CLASS classes[] = {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY};
	CK_OBJECT_HANDLE *objects;
	CK_OBJECT_HANDLE neighbour = 0;
	enum match by_public;
	size_t count;
	int result;
	CK_RV rv;

	by_public = look_at_public(token, id, public, NULL, &result, &neighbour, failure);
	for (size_t c = 0; c < 2 && result == 0; c++) {
		objects = NULL;
		count = 0;
		result = object_find_by_id(token, classes[c], id, &objects, &count, failure);
		for (size_t i = 0; i < count && result == 0; i++) {
			if (!may_destroy(token, objects[i], public, count, by_public))
				continue;
			rv = token->driver->p11->C_DestroyObject(token->session, objects[i]);
			if (rv != CKR_OK)
				result = driver_failure(rv, "C_DestroyObject", failure);
		}
		free(objects);
	}
	return result;
}
