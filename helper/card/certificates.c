/* SPDX-License-Identifier: MIT */
#include "helper/card/certificates.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/provider.h>
#include <openssl/x509v3.h>

#include "helper/card/key.h"

/* What one C_GetAttributeValue usually has room for; a larger certificate needs a second. */
enum { USUAL_SIZE = 4096 };

static void release(struct certificate *certificate)
{
	X509_free(certificate->x509);
}

static void take_id(struct certificate *certificate, const CK_ATTRIBUTE *id)
{
	if (id->ulValueLen != CK_UNAVAILABLE_INFORMATION)
		certificate->id.length = id->ulValueLen;
}

static void take_label(struct certificate *certificate, const CK_ATTRIBUTE *label)
{
	if (label->ulValueLen != CK_UNAVAILABLE_INFORMATION)
		certificate->label.length = label->ulValueLen;
}

/*
 * One without algorithms (OSSL_PROVIDER-null(7)). d2i_X509 decodes the public key at once, which
 * takes several times as long as all the rest; here it finds nothing to decode it with, and leaves
 * it. NULL without memory: the default one.
 */
static OSSL_LIB_CTX *keyless_context(void)
{
	static OSSL_LIB_CTX *context;

	if (context == NULL) {
		context = OSSL_LIB_CTX_new();
		if (context != NULL && OSSL_PROVIDER_load(context, "null") == NULL) {
			OSSL_LIB_CTX_free(context);
			context = NULL;
		}
	}
	return context;
}

static X509 *parse(OSSL_LIB_CTX *context, const unsigned char *der, size_t length)
{
	const unsigned char *at = der;
	X509 *made = X509_new_ex(context, NULL), *x509;

	/* d2i_X509 fills the one that it is given; with an error it frees it. */
	x509 = made == NULL ? NULL : d2i_X509(&made, &at, (long)length);
	if (x509 != NULL && at != der + length) {
		X509_free(x509);
		x509 = NULL;
	}
	return x509;
}

/* 0 with ret->x509 NULL: an object that is no sound certificate. */
static int read_one(const struct token *token, CK_OBJECT_HANDLE object, OSSL_LIB_CTX *context,
		    struct certificate *ret, struct failure *failure)
{
	struct certificate read = {.object = object};
	unsigned char usual[USUAL_SIZE], *large = NULL;
	size_t length;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_ATTRIBUTE template[] = {
	    {CKA_VALUE, usual, sizeof(usual)},
	    {CKA_ID, read.id.bytes, sizeof(read.id.bytes)},
	    {CKA_LABEL, read.label.bytes, sizeof(read.label.bytes)},
	    {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
	};
	CK_RV rv;
	int result;

	rv = object_read(token, object, template, 4);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_GetAttributeValue", failure);
	take_id(&read, &template[1]);
	take_label(&read, &template[2]);
	length = template[0].ulValueLen;
	if (length == CK_UNAVAILABLE_INFORMATION && type == CKC_X_509) {
		result = object_bytes(token, object, CKA_VALUE, &large, &length, failure);
		if (result < 0)
			return result == -FAILURE_CARD_REMOVED ? result : 0;
	}
	if (type == CKC_X_509) {
		read.x509 = parse(context, large != NULL ? large : usual, length);
		seen_note(token, object, large != NULL ? large : usual, length);
	}
	free(large);
	if (read.x509 != NULL && usage_dates(read.x509, &read.not_before, &read.not_after) < 0) {
		X509_free(read.x509);
		read.x509 = NULL;
	}
	*ret = read;
	return 0;
}

static int read_all(const struct token *token, const CK_OBJECT_HANDLE *objects, size_t count,
		    OSSL_LIB_CTX *context, struct certificates *certificates,
		    struct failure *failure)
{
	struct certificate one;
	int result;

	for (size_t i = 0; i < count; i++) {
		one = (struct certificate){.x509 = NULL};
		result = read_one(token, objects[i], context, &one, failure);
		if (result < 0)
			return result;
		if (one.x509 == NULL) {
			certificates->unreadable++;
		} else if (usage_is_ca(one.x509)) {
			X509_free(one.x509);
		} else {
			one.role = usage_role(one.x509);
			one.usage = usage_bits(one.x509);
			certificates->items[certificates->count++] = one;
		}
	}
	return 0;
}

static int read_with(const struct token *token, OSSL_LIB_CTX *context, struct certificates *ret,
		     struct failure *failure)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_TOKEN, &yes, sizeof(yes)},
	};
	struct certificates certificates = {.items = NULL};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = object_find(token, template, 2, &objects, &count, failure);
	if (result < 0)
		return result;
	certificates.items = calloc(count + 1, sizeof(*certificates.items));
	if (certificates.items == NULL)
		result = fail_errno(failure, "no memory for certificates");
	else
		result = read_all(token, objects, count, context, &certificates, failure);
	free(objects);
	if (result < 0) {
		certificates_free(&certificates);
		return result;
	}
	*ret = certificates;
	return 0;
}

int certificates_read(const struct token *token, struct certificates *ret, struct failure *failure)
{
	return read_with(token, NULL, ret, failure);
}

int certificates_read_keyless(const struct token *token, struct certificates *ret,
			      struct failure *failure)
{
	return read_with(token, keyless_context(), ret, failure);
}

int certificates_may_hide(const struct token *token, bool *ret, struct failure *failure)
{
	static const CK_OBJECT_CLASS keys[] = {CKO_PUBLIC_KEY, CKO_PRIVATE_KEY};
	bool any = false;
	int result = 0;

	if ((token->info.flags & CKF_LOGIN_REQUIRED) == 0) {
		*ret = false;
		return 0;
	}
	for (size_t i = 0; i < 2 && result == 0 && !any; i++) {
		CK_ATTRIBUTE template = {CKA_CLASS, (void *)&keys[i], sizeof(keys[i])};
		CK_OBJECT_HANDLE *objects = NULL;
		size_t count = 0;

		result = object_find(token, &template, 1, &objects, &count, failure);
		free(objects);
		any = count > 0;
	}
	if (result == 0)
		*ret = any;
	return result;
}

/* As it is written, which needs no decoding: DER writes one key in one way (RFC 5280 §4.1.2.7). */
static bool same_key(const struct certificate *a, const struct certificate *b)
{
	const X509_PUBKEY *keys[] = {X509_get_X509_PUBKEY(a->x509), X509_get_X509_PUBKEY(b->x509)};
	const unsigned char *bits[2];
	X509_ALGOR *algorithms[2];
	int lengths[2];

	for (int i = 0; i < 2; i++)
		if (X509_PUBKEY_get0_param(NULL, &bits[i], &lengths[i], &algorithms[i], keys[i]) !=
		    1)
			return false;
	return lengths[0] == lengths[1] && memcmp(bits[0], bits[1], (size_t)lengths[0]) == 0 &&
	       X509_ALGOR_cmp(algorithms[0], algorithms[1]) == 0;
}

bool certificates_same_purpose(const struct certificate *a, const struct certificate *b)
{
	if (a->role != b->role)
		return false;
	if (same_key(a, b))
		return true;
	return a->usage == b->usage &&
	       X509_NAME_cmp(X509_get_subject_name(a->x509), X509_get_subject_name(b->x509)) == 0;
}

/*
 * Some order that is the same in every run, since a token's own varies; 0 for the same certificate.
 * A CA gives no number twice (RFC 5280 §4.1.2.2), so the bytes, which X509_cmp makes a digest of,
 * are seldom asked.
 */
static int in_some_order(const struct certificate *a, const struct certificate *b)
{
	int order = X509_issuer_and_serial_cmp(a->x509, b->x509);

	return order != 0 ? order : X509_cmp(a->x509, b->x509);
}

static bool ends_later(const struct certificate *a, const struct certificate *b)
{
	if (a->not_after != b->not_after)
		return a->not_after > b->not_after;
	return in_some_order(a, b) > 0;
}

static bool is_superseded(const struct certificates *certificates, size_t index)
{
	const struct certificate *one = &certificates->items[index], *other;

	for (size_t i = 0; i < certificates->count; i++) {
		other = &certificates->items[i];
		if (i == index || other->x509 == NULL || !certificates_same_purpose(one, other))
			continue;
		if (ends_later(other, one) || (in_some_order(other, one) == 0 && i < index))
			return true;
	}
	return false;
}

static int in_order_of_renewal(const void *a, const void *b)
{
	const struct certificate *left = a, *right = b;

	if (left->role != right->role)
		return left->role < right->role ? -1 : 1;
	return in_some_order(left, right);
}

void certificates_keep_current(struct certificates *certificates)
{
	bool *superseded = calloc(certificates->count + 1, sizeof(*superseded));
	size_t kept = 0;

	/* Without memory all are kept: the worst is that an old one is asked about. */
	for (size_t i = 0; superseded != NULL && i < certificates->count; i++)
		superseded[i] = is_superseded(certificates, i);
	for (size_t i = 0; superseded != NULL && i < certificates->count; i++) {
		if (superseded[i])
			release(&certificates->items[i]);
		else
			certificates->items[kept++] = certificates->items[i];
	}
	if (superseded != NULL)
		certificates->count = kept;
	free(superseded);
	qsort(certificates->items, certificates->count, sizeof(*certificates->items),
	      in_order_of_renewal);
}

/* A token that shows no key at all before the login says nothing about any of them. */
static void forgive_all_keyless(struct certificates *certificates)
{
	for (size_t i = 0; i < certificates->count; i++)
		if (!certificates->items[i].keyless)
			return;
	for (size_t i = 0; i < certificates->count; i++)
		certificates->items[i].keyless = false;
}

int certificates_pair(const struct token *token, struct certificates *certificates,
		      struct failure *failure)
{
	struct key_seen seen;
	int result = 0;

	for (size_t i = 0; i < certificates->count && result == 0; i++) {
		struct certificate *one = &certificates->items[i];

		result = key_look(token, one, &seen, failure);
		if (result < 0)
			break;
		one->keyless = !seen.present;
		one->cannot_sign = seen.present && !seen.can_sign;
	}
	forgive_all_keyless(certificates);
	return result;
}

/* Where no private key is shown, none is looked for certificate by certificate. */
struct private_keys {
	bool are_known, are_shown;
};

/* The public key first, which nearly every token shows; what it does not settle key_look does. */
static int find_key(const struct token *token, struct certificate *certificate,
		    struct private_keys *private, struct failure *failure)
{
	struct key_seen seen = {.present = false};
	bool asked = key_look_at_neighbour(token, certificate, &seen, NULL) == 0;
	int result = 0;

	if (!seen.present && !private->are_known) {
		result = key_any_private(token, &private->are_shown, failure);
		private->are_known = true;
	}
	if (result == 0 && !seen.present && (!asked || private->are_shown))
		result = key_look(token, certificate, &seen, failure);
	certificate->keyless = !seen.present;
	return result;
}

int certificates_find_keyless(const struct token *token, struct certificates *certificates,
			      struct failure *failure)
{
	struct private_keys private = {.are_known = false};
	int result = 0;

	for (size_t i = 0; i < certificates->count && result == 0; i++)
		result = find_key(token, &certificates->items[i], &private, failure);
	forgive_all_keyless(certificates);
	return result;
}

void certificates_drop_keyless(struct certificates *certificates)
{
	size_t kept = 0;

	for (size_t i = 0; i < certificates->count; i++) {
		if (certificates->items[i].keyless)
			release(&certificates->items[i]);
		else
			certificates->items[kept++] = certificates->items[i];
	}
	certificates->count = kept;
}

bool certificates_is_renewed(const struct certificates *certificates, size_t index)
{
	const struct certificate *one = &certificates->items[index], *other;

	for (size_t i = 0; i < certificates->count; i++) {
		other = &certificates->items[i];
		if (i != index && one->role == other->role && ends_later(other, one) &&
		    same_key(one, other))
			return true;
	}
	return false;
}

void certificates_drop(struct certificates *certificates, size_t index)
{
	struct certificate *one = &certificates->items[index];

	release(one);
	certificates->count--;
	memmove(one, one + 1, (certificates->count - index) * sizeof(*one));
}

void certificates_free(struct certificates *certificates)
{
	for (size_t i = 0; i < certificates->count; i++)
		release(&certificates->items[i]);
	free(certificates->items);
	*certificates = (struct certificates){.items = NULL};
}
