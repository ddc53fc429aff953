/* SPDX-License-Identifier: MIT */
/* Keys as objects of the token: which one is a certificate's, and which CKA_ID is free. */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "helper/card/certificates.h"
#include "helper/card/key.h"
#include "helper/card/public_key.h"

/* Whether a key object is the one with this public key; a token need not tell of private keys. The
 * functions below return it, or a failure of the driver. */
enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };

static int same_key(const struct public_key *public, const unsigned char *bytes, size_t length)
{
	if (length == 0)
		return MATCH_UNKNOWN;
	return public_key_is(public, bytes, length) ? MATCH_YES : MATCH_NO;
}

static int match_key(const struct token *token, CK_OBJECT_HANDLE object,
		     const struct public_key *public, struct failure *failure)
{
	unsigned char *bytes = NULL;
	size_t length = 0;
	int match;

	if (public->telling == CK_UNAVAILABLE_INFORMATION)
		return MATCH_UNKNOWN;
	match = object_bytes_if_told(token, object, public->telling, &bytes, &length, failure);
	if (match == 0)
		match = same_key(public, bytes, length);
	free(bytes);
	return match;
}

/* What a private key does not tell, drivers refuse in many ways. */
static int match_private(const struct token *token, CK_OBJECT_HANDLE object,
			 const struct public_key *public)
{
	int match = match_key(token, object, public, NULL);

	return match < 0 ? MATCH_UNKNOWN : match;
}

enum { KEY_BYTES = 1024, FLAGS_MAX = 2 };

/* What an object says that it may do, or wants. */
struct flag {
	CK_ATTRIBUTE_TYPE type;
	bool value; /* beforehand: where the object does not say */
};

/* Whose key it is, and flags of it, in one call. False where the driver does not give them so. */
static bool read_at_once(const struct token *token, CK_OBJECT_HANDLE object,
			 const struct public_key *public, struct flag *flags, CK_ULONG count,
			 int *ret_match)
{
	unsigned char bytes[KEY_BYTES];
	CK_BBOOL said[FLAGS_MAX] = {CK_FALSE};
	CK_ATTRIBUTE template[1 + FLAGS_MAX] = {{public->telling, bytes, sizeof(bytes)}};

	for (CK_ULONG i = 0; i < count; i++)
		template[1 + i] = (CK_ATTRIBUTE){flags[i].type, &said[i], sizeof(said[i])};
	if (public->telling == CK_UNAVAILABLE_INFORMATION ||
	    object_read(token, object, template, 1 + count) != CKR_OK)
		return false;
	for (CK_ULONG i = 0; i < count; i++)
		if (template[1 + i].ulValueLen == sizeof(said[i]))
			flags[i].value = said[i] != CK_FALSE;
	*ret_match = template[0].ulValueLen == CK_UNAVAILABLE_INFORMATION
			 ? MATCH_UNKNOWN
			 : same_key(public, bytes, template[0].ulValueLen);
	return true;
}

/*
 * A public key can be read: where the driver fails, nobody may go on as if it had said nothing.
 * *ret_object and *ret_can_verify are set only where it is the one.
 */
static int look_at_public(const struct token *token, const struct object_id *id,
			  const struct public_key *public, CK_OBJECT_HANDLE *ret_object,
			  bool *ret_can_verify, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	int match = MATCH_UNKNOWN, result;
	size_t count = 0;

	result = object_find_by_id(token, CKO_PUBLIC_KEY, id, &objects, &count, failure);
	if (result < 0)
		return result;
	for (size_t i = 0; i < count && match >= 0 && match != MATCH_YES; i++) {
		struct flag verify = {CKA_VERIFY, true};

		if (!read_at_once(token, objects[i], public, &verify, 1, &match)) {
			match = match_key(token, objects[i], public, failure);
			verify.value = object_flag(token, objects[i], CKA_VERIFY, true);
		}
		if (match == MATCH_YES) {
			*ret_object = objects[i];
			*ret_can_verify = verify.value;
		}
	}
	free(objects);
	return match;
}

/* A private key under the CKA_ID, and what it says of itself. */
struct candidate {
	CK_OBJECT_HANDLE object;
	int match;
	bool can_sign, wants_pin;
};

static void look_at_private(const struct token *token, const struct public_key *public,
			    struct candidate *candidate)
{
	struct flag flags[] = {{CKA_SIGN, true}, {CKA_ALWAYS_AUTHENTICATE, false}};
	CK_OBJECT_HANDLE object = candidate->object;

	if (!read_at_once(token, object, public, flags, 2, &candidate->match)) {
		candidate->match = match_private(token, object, public);
		flags[0].value = object_flag(token, object, CKA_SIGN, true);
		flags[1].value = key_wants_pin(token, object);
	}
	candidate->can_sign = flags[0].value;
	candidate->wants_pin = flags[1].value;
}

static void choose(struct key_seen *seen, const struct candidate *candidate)
{
	seen->present = true;
	seen->private_key = candidate->object;
	seen->can_sign = candidate->can_sign;
	seen->wants_pin = candidate->wants_pin;
	seen->told = candidate->match == MATCH_YES;
}

/* Only a proof computes with the key. */
static bool proves(const struct token *token, CK_OBJECT_HANDLE object,
		   const struct public_key *public)
{
	EVP_PKEY *decoded = public_key_decode(public);
	bool proved = decoded != NULL && key_proves(token, object, decoded);

	EVP_PKEY_free(decoded);
	return proved;
}

/*
 * A private EC key rarely tells its point. Its public neighbour vouches for one that is alone under
 * its CKA_ID; of several, one has to show that it is the one.
 */
static bool is_the_one(const struct token *token, const struct candidate *candidate,
		       const struct public_key *public, int by_public, size_t count)
{
	return candidate->match == MATCH_UNKNOWN && by_public != MATCH_NO &&
	       (count == 1 || proves(token, candidate->object, public));
}

/* The public key is asked only where no private one has told. */
static int look_among(const struct token *token, const struct object_id *id,
		      const struct public_key *public, struct candidate *candidates, size_t count,
		      struct key_seen *seen, struct failure *failure)
{
	int by_public;

	for (size_t i = 0; i < count && !seen->told; i++) {
		look_at_private(token, public, &candidates[i]);
		if (candidates[i].match == MATCH_YES)
			choose(seen, &candidates[i]);
	}
	if (seen->told)
		return 0;
	by_public = look_at_public(token, id, public, &seen->public_key, &seen->can_sign, failure);
	if (by_public < 0)
		return by_public;
	seen->present = by_public == MATCH_YES;
	for (size_t i = 0; i < count && seen->private_key == 0; i++)
		if (is_the_one(token, &candidates[i], public, by_public, count))
			choose(seen, &candidates[i]);
	return 0;
}

static int find_private(const struct token *token, CK_OBJECT_HANDLE **ret, size_t *ret_count,
			struct failure *failure)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};

	return object_find(token, &template, 1, ret, ret_count, failure);
}

/* Under `id`, whatever certificate it has. */
static int look(const struct token *token, const struct object_id *id,
		const struct public_key *public, struct key_seen *ret, struct failure *failure)
{
	struct key_seen seen = {.can_sign = true};
	struct candidate *candidates = NULL;
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = object_find_by_id(token, CKO_PRIVATE_KEY, id, &objects, &count, failure);
	if (result < 0)
		return result;
	candidates = calloc(count + 1, sizeof(*candidates));
	for (size_t i = 0; candidates != NULL && i < count; i++)
		candidates[i].object = objects[i];
	free(objects);
	result = candidates == NULL
		     ? fail_errno(failure, "no memory for keys")
		     : look_among(token, id, public, candidates, count, &seen, failure);
	free(candidates);
	if (result == 0)
		*ret = seen;
	return result;
}

/* As certificates have it: NULL without memory, or for a key that cannot be written. */
static X509_PUBKEY *write_key(EVP_PKEY *public)
{
	X509_PUBKEY *written = NULL;

	ERR_set_mark();
	if (X509_PUBKEY_set(&written, public) != 1)
		written = NULL;
	ERR_pop_to_mark();
	return written;
}

int key_look_by_id(const struct token *token, const struct object_id *id, EVP_PKEY *public,
		   struct key_seen *ret, struct failure *failure)
{
	X509_PUBKEY *written = write_key(public);
	const struct public_key key = public_key_of(written);
	int result = look(token, id, &key, ret, failure);

	X509_PUBKEY_free(written);
	return result;
}

int key_look(const struct token *token, const struct certificate *certificate, struct key_seen *ret,
	     struct failure *failure)
{
	const struct public_key public = public_key_of(X509_get_X509_PUBKEY(certificate->x509));

	if (certificate->id.length == 0) {
		*ret = (struct key_seen){.present = false};
		return 0;
	}
	return look(token, &certificate->id, &public, ret, failure);
}

int key_look_at_neighbour(const struct token *token, const struct certificate *certificate,
			  struct key_seen *ret, struct failure *failure)
{
	const struct public_key public = public_key_of(X509_get_X509_PUBKEY(certificate->x509));
	struct key_seen seen = {.can_sign = true};
	int result = 0;

	if (certificate->id.length > 0)
		result = look_among(token, &certificate->id, &public, NULL, 0, &seen, failure);
	if (result == 0)
		*ret = seen;
	return result;
}

int key_any_private(const struct token *token, bool *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result = find_private(token, &objects, &count, failure);

	free(objects);
	if (result == 0)
		*ret = count > 0;
	return result;
}

bool key_wants_pin(const struct token *token, CK_OBJECT_HANDLE object)
{
	return object_flag(token, object, CKA_ALWAYS_AUTHENTICATE, false);
}

int key_any_wants_pin(const struct token *token, bool *ret, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	bool wants = false;
	size_t count = 0;
	int result = find_private(token, &objects, &count, failure);

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
static bool may_destroy(const struct token *token, CK_OBJECT_HANDLE object,
			const struct public_key *public, int match, size_t count, int by_public)
{
	return match == MATCH_YES || (match == MATCH_UNKNOWN && by_public == MATCH_YES &&
				      (count == 1 || proves(token, object, public)));
}

static int destroy_class(struct token *token, CK_OBJECT_CLASS class, const struct object_id *id,
			 const struct public_key *public, int by_public, struct failure *failure)
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
static int destroy(struct token *token, const struct object_id *id, const struct public_key *public,
		   struct failure *failure)
{
	CK_OBJECT_HANDLE neighbour = 0;
	bool can_verify = false;
	int by_public, result;

	by_public = look_at_public(token, id, public, &neighbour, &can_verify, failure);
	if (by_public < 0)
		return by_public;
	result = destroy_class(token, CKO_PRIVATE_KEY, id, public, by_public, failure);
	return result < 0 ? result
			  : destroy_class(token, CKO_PUBLIC_KEY, id, public, by_public, failure);
}

int key_destroy(struct token *token, const struct object_id *id, EVP_PKEY *public,
		struct failure *failure)
{
	X509_PUBKEY *written = write_key(public);
	const struct public_key key = public_key_of(written);
	int result = destroy(token, id, &key, failure);

	X509_PUBKEY_free(written);
	return result;
}
