/* SPDX-License-Identifier: MIT */
/* Keys as objects of the token: which one is a certificate's, and which CKA_ID is free. */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509.h>

#include "helper/card/certificates.h"
#include "helper/card/key.h"

/* Whether a key object is the one with this public key; a token need not tell of private keys. The
 * functions below return it, or a failure of the driver. */
enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };

static int match_modulus(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
			 struct failure *failure)
{
	unsigned char *bytes = NULL;
	size_t length = 0;
	BIGNUM *ours = NULL, *theirs = NULL;
	int match, result;

	result = object_bytes_if_told(token, object, CKA_MODULUS, &bytes, &length, failure);
	match = result < 0 ? result : MATCH_UNKNOWN;
	if (length == 0)
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

static int match_point(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
		       struct failure *failure)
{
	unsigned char *bytes = NULL, *ours = NULL;
	const unsigned char *theirs;
	size_t length = 0, our_length;
	int match, result;

	result = object_bytes_if_told(token, object, CKA_EC_POINT, &bytes, &length, failure);
	match = result < 0 ? result : MATCH_UNKNOWN;
	if (length == 0)
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

static int match_key(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
		     struct failure *failure)
{
	if (EVP_PKEY_is_a(public, "RSA"))
		return match_modulus(token, object, public, failure);
	if (EVP_PKEY_is_a(public, "EC"))
		return match_point(token, object, public, failure);
	return MATCH_UNKNOWN;
}

/* What a private key does not tell, drivers refuse in many ways. */
static int match_private(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public)
{
	int match = match_key(token, object, public, NULL);

	return match < 0 ? MATCH_UNKNOWN : match;
}

/* A public key can be read: where the driver fails, nobody may go on as if it had said nothing. */
static int look_at_public(const struct token *token, const struct object_id *id, EVP_PKEY *public,
			  CK_OBJECT_HANDLE *ret_object, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	int match = MATCH_UNKNOWN, result;
	size_t count = 0;

	result = object_find_by_id(token, CKO_PUBLIC_KEY, id, &objects, &count, failure);
	if (result < 0)
		return result;
	for (size_t i = 0; i < count && match >= 0 && match != MATCH_YES; i++) {
		match = match_key(token, objects[i], public, failure);
		if (match == MATCH_YES)
			*ret_object = objects[i];
	}
	free(objects);
	return match;
}

int key_public_object(const struct token *token, const struct object_id *id, EVP_PKEY *public,
		      CK_OBJECT_HANDLE *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE object = 0;
	int match = look_at_public(token, id, public, &object, failure);

	if (match < 0)
		return match;
	*ret = object;
	return 0;
}

/*
 * A private EC key rarely tells its point. Its public neighbour vouches for one that is alone under
 * its CKA_ID; of several, one has to show that it is the one.
 */
static bool is_the_one(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
		       int by_public, size_t count)
{
	int match = match_private(token, object, public);

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
	CK_OBJECT_HANDLE *objects = NULL, neighbour = 0;
	size_t count = 0;
	int by_public, result;

	by_public = look_at_public(token, id, public, &neighbour, failure);
	if (by_public < 0)
		return by_public;
	seen.present = by_public == MATCH_YES;
	seen.can_sign = !seen.present || object_flag(token, neighbour, CKA_VERIFY, true);
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

static bool is_among(const struct object_id *id, const struct object_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (object_id_equal(id, &ids[i]))
			return true;
	return false;
}

int key_fresh_id(const struct token *token, const struct object_id *promised, size_t promised_count,
		 struct object_id *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects;
	size_t count;
	int result;

	/* One byte, since some cards store no more. */
	for (unsigned candidate = 0x10; candidate <= 0xFF; candidate++) {
		struct object_id id = {.bytes = {(unsigned char)candidate}, .length = 1};
		CK_ATTRIBUTE template = {CKA_ID, id.bytes, id.length};

		if (is_among(&id, promised, promised_count))
			continue;
		objects = NULL;
		count = 0;
		result = object_find(token, &template, 1, &objects, &count, failure);
		free(objects);
		if (result < 0)
			return result;
		if (count == 0) {
			*ret = id;
			return 0;
		}
	}
	return fail(failure, FAILURE_CARD_FULL, "no CKA_ID is free");
}

/* A key is not destroyed on a guess: its public neighbour vouches for an EC key that is alone under
 * its CKA_ID, and of several the one that has proved to be it. */
static bool may_destroy(const struct token *token, CK_OBJECT_HANDLE object, EVP_PKEY *public,
			int match, size_t count, int by_public)
{
	return match == MATCH_YES || (match == MATCH_UNKNOWN && by_public == MATCH_YES &&
				      (count == 1 || key_proves(token, object, public)));
}

static int destroy_class(struct token *token, CK_OBJECT_CLASS class, const struct object_id *id,
			 EVP_PKEY *public, int by_public, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int match, result;
	CK_RV rv;

	result = object_find_by_id(token, class, id, &objects, &count, failure);
	for (size_t i = 0; i < count && result == 0; i++) {
		match = class == CKO_PRIVATE_KEY ? match_private(token, objects[i], public)
						 : match_key(token, objects[i], public, failure);
		if (match < 0)
			result = match;
		else if (may_destroy(token, objects[i], public, match, count, by_public)) {
			rv = token->driver->p11->C_DestroyObject(token->session, objects[i]);
			result = rv == CKR_OK ? 0 : driver_failure(rv, "C_DestroyObject", failure);
		}
	}
	free(objects);
	return result;
}

/* The private key first: without its public neighbour nobody could vouch for it any more. */
int key_destroy(struct token *token, const struct object_id *id, EVP_PKEY *public,
		struct failure *failure)
{
	CK_OBJECT_HANDLE neighbour = 0;
	int by_public, result;

	by_public = look_at_public(token, id, public, &neighbour, failure);
	if (by_public < 0)
		return by_public;
	result = destroy_class(token, CKO_PRIVATE_KEY, id, public, by_public, failure);
	return result < 0 ? result
			  : destroy_class(token, CKO_PUBLIC_KEY, id, public, by_public, failure);
}
