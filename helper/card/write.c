/* SPDX-License-Identifier: MIT */
#include "helper/card/write.h"

#include <stdlib.h>
#include <string.h>

int write_is_possible(const struct token *token, struct failure *failure)
{
	if ((token->info.flags & CKF_WRITE_PROTECTED) != 0)
		return fail(failure, FAILURE_CARD_READ_ONLY, "the token is write-protected");
	if ((token->info.flags & CKF_USER_PIN_INITIALIZED) == 0)
		return fail(failure, FAILURE_CARD_UNINITIALISED, "no user PIN was ever set");
	return 0;
}

/*
 * Whether the object holds these bytes under this CKA_ID (NULL: any): 1, 0, or a failure of the
 * driver, as a card that is pulled just now holds no answer.
 */
static int is_same(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
		   size_t length, const struct object_id *id, struct failure *failure)
{
	struct object_id its = {.length = 0};
	CK_ATTRIBUTE template[] = {
	    {CKA_VALUE, NULL, length},
	    {CKA_ID, its.bytes, sizeof(its.bytes)},
	};
	bool same;
	CK_RV rv;

	if (seen_differs(token, object, der, length))
		return 0;
	template[0].pValue = malloc(length);
	if (template[0].pValue == NULL)
		return fail_errno(failure, "no memory for a certificate");
	rv = object_read(token, object, template, id == NULL ? 1 : 2);
	same = rv == CKR_OK && template[0].ulValueLen == length &&
	       memcmp(template[0].pValue, der, length) == 0;
	if (rv == CKR_OK && template[0].ulValueLen <= length)
		seen_note(token, object, template[0].pValue, template[0].ulValueLen);
	free(template[0].pValue);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_GetAttributeValue", failure);
	if (template[1].ulValueLen != CK_UNAVAILABLE_INFORMATION)
		its.length = template[1].ulValueLen;
	return same && (id == NULL || object_id_equal(&its, id));
}

/* Keeps those of the objects that have these bytes and this CKA_ID. */
static int keep_same(const struct token *token, const unsigned char *der, size_t length,
		     const struct object_id *id, CK_OBJECT_HANDLE *objects, size_t *count,
		     struct failure *failure)
{
	size_t same = 0;
	int result;

	for (size_t i = 0; i < *count; i++) {
		result = is_same(token, objects[i], der, length, id, failure);
		if (result < 0)
			return result;
		if (result == 1)
			objects[same++] = objects[i];
	}
	*count = same;
	return 0;
}

int write_find(const struct token *token, X509 *certificate, const struct object_id *id,
	       CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE *objects = NULL;
	unsigned char *der = NULL;
	size_t count = 0;
	int length, result;

	length = i2d_X509(certificate, &der);
	if (length < 0)
		return fail(failure, FAILURE_SYSTEM, "a certificate cannot be encoded");
	/* Not by CKA_VALUE: few drivers search by it. */
	result = object_find(token, &template, 1, &objects, &count, failure);
	if (result == 0)
		result = keep_same(token, der, (size_t)length, id, objects, &count, failure);
	OPENSSL_free(der);
	if (result < 0) {
		free(objects);
		return result;
	}
	*ret = objects;
	*ret_count = count;
	return 0;
}

/* The DER pieces of a certificate that a certificate object repeats. */
struct pieces {
	unsigned char *value, *subject, *issuer, *serial;
	int value_length, subject_length, issuer_length, serial_length;
};

static int take_apart(X509 *certificate, struct pieces *pieces)
{
	pieces->value_length = i2d_X509(certificate, &pieces->value);
	pieces->subject_length =
	    i2d_X509_NAME(X509_get_subject_name(certificate), &pieces->subject);
	pieces->issuer_length = i2d_X509_NAME(X509_get_issuer_name(certificate), &pieces->issuer);
	pieces->serial_length =
	    i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &pieces->serial);
	return pieces->value_length < 0 || pieces->subject_length < 0 ||
		       pieces->issuer_length < 0 || pieces->serial_length < 0
		   ? -1
		   : 0;
}

static void put_apart(struct pieces *pieces)
{
	OPENSSL_free(pieces->value);
	OPENSSL_free(pieces->subject);
	OPENSSL_free(pieces->issuer);
	OPENSSL_free(pieces->serial);
}

enum { BASE = 9 };

/*
 * Every one of these attributes: libp11 leaves some out, and NSS and openCryptoki refuse its
 * certificates for it.
 */
static int create(struct token *token, X509 *certificate, const struct object_id *id,
		  const struct object_label *label, const CK_ATTRIBUTE *more, CK_ULONG count,
		  struct failure *failure)
{
	struct pieces pieces = {.value = NULL};
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE;
	CK_OBJECT_HANDLE object = 0;
	CK_RV rv;
	int result = 0;

	if (take_apart(certificate, &pieces) == 0) {
		CK_ATTRIBUTE template[BASE + WRITE_KEPT] = {
		    {CKA_CLASS, &class, sizeof(class)},
		    {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
		    {CKA_TOKEN, &yes, sizeof(yes)},
		    {CKA_ID, (void *)id->bytes, id->length},
		    {CKA_LABEL, (void *)label->bytes, label->length},
		    {CKA_SUBJECT, pieces.subject, (CK_ULONG)pieces.subject_length},
		    {CKA_ISSUER, pieces.issuer, (CK_ULONG)pieces.issuer_length},
		    {CKA_SERIAL_NUMBER, pieces.serial, (CK_ULONG)pieces.serial_length},
		    {CKA_VALUE, pieces.value, (CK_ULONG)pieces.value_length},
		};

		memcpy(template + BASE, more, count * sizeof(*more));
		rv = token->driver->p11->C_CreateObject(token->session, template, BASE + count,
							&object);
		if (rv == CKR_OK)
			seen_note(token, object, pieces.value, (size_t)pieces.value_length);
		else
			result = driver_failure(rv, "C_CreateObject", failure);
	} else {
		result = fail(failure, FAILURE_SYSTEM, "a certificate cannot be encoded");
	}
	put_apart(&pieces);
	return result;
}

int write_certificate(struct token *token, X509 *certificate, const struct object_id *id,
		      const struct object_label *label, bool private, struct failure *failure)
{
	CK_BBOOL shy = private ? CK_TRUE : CK_FALSE;
	CK_ATTRIBUTE more = {CKA_PRIVATE, &shy, sizeof(shy)};

	return create(token, certificate, id, label, &more, 1, failure);
}

/* CKA_TRUSTED is not among them: only the security officer may set it. */
static const CK_ATTRIBUTE_TYPE kept_types[WRITE_KEPT] = {
    CKA_PRIVATE, CKA_MODIFIABLE, CKA_CERTIFICATE_CATEGORY, CKA_START_DATE, CKA_END_DATE};

int write_look(const struct token *token, CK_OBJECT_HANDLE object, struct write_seen *ret,
	       struct failure *failure)
{
	struct write_seen seen = {.id.length = 0};
	CK_ATTRIBUTE template[WRITE_KEPT + 2];
	CK_ULONG *lengths[WRITE_KEPT + 2] = {NULL};
	CK_RV rv;

	for (size_t i = 0; i < WRITE_KEPT; i++) {
		template[i] =
		    (CK_ATTRIBUTE){kept_types[i], seen.kept[i].bytes, sizeof(seen.kept[i].bytes)};
		lengths[i] = &seen.kept[i].length;
	}
	template[WRITE_KEPT] = (CK_ATTRIBUTE){CKA_ID, seen.id.bytes, sizeof(seen.id.bytes)};
	lengths[WRITE_KEPT] = &seen.id.length;
	template[WRITE_KEPT + 1] =
	    (CK_ATTRIBUTE){CKA_LABEL, seen.label.bytes, sizeof(seen.label.bytes)};
	lengths[WRITE_KEPT + 1] = &seen.label.length;
	rv = object_read(token, object, template, WRITE_KEPT + 2);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_GetAttributeValue", failure);
	for (size_t i = 0; i < WRITE_KEPT + 2; i++)
		if (template[i].ulValueLen != CK_UNAVAILABLE_INFORMATION)
			*lengths[i] = template[i].ulValueLen;
	*ret = seen;
	return 0;
}

int write_restore(struct token *token, X509 *certificate, const struct write_seen *seen,
		  struct failure *failure)
{
	CK_ATTRIBUTE more[WRITE_KEPT];
	CK_ULONG count = 0;
	bool private = seen->kept[0].length == 1 && seen->kept[0].bytes[0] != CK_FALSE;
	int result;

	for (size_t i = 0; i < WRITE_KEPT; i++)
		if (seen->kept[i].length > 0)
			more[count++] = (CK_ATTRIBUTE){kept_types[i], (void *)seen->kept[i].bytes,
						       seen->kept[i].length};
	result = create(token, certificate, &seen->id, &seen->label, more, count, failure);
	if (result == 0 || result == -FAILURE_CARD_REMOVED || count == 0)
		return result;
	return write_certificate(token, certificate, &seen->id, &seen->label, private, failure);
}

/* A token says in several ways that an object is never to be changed. */
static int change_failure(const struct token *token, CK_OBJECT_HANDLE object,
			  CK_ATTRIBUTE_TYPE permission, CK_RV rv, const char *call,
			  struct failure *failure)
{
	int result = driver_failure(rv, call, failure);

	if (result == -FAILURE_CARD_REMOVED)
		return result;
	if (rv == CKR_FUNCTION_NOT_SUPPORTED || !object_flag(token, object, permission, true))
		return fail(failure, FAILURE_CARD_FIXED, "%s: 0x%lx, and never will", call, rv);
	return result;
}

int write_move(struct token *token, CK_OBJECT_HANDLE object, const struct object_id *id,
	       struct failure *failure)
{
	CK_ATTRIBUTE attribute = {CKA_ID, (void *)id->bytes, id->length};
	CK_RV rv;

	rv = token->driver->p11->C_SetAttributeValue(token->session, object, &attribute, 1);
	return rv == CKR_OK ? 0
			    : change_failure(token, object, CKA_MODIFIABLE, rv,
					     "C_SetAttributeValue", failure);
}

int write_remove(struct token *token, CK_OBJECT_HANDLE object, struct failure *failure)
{
	CK_RV rv;

	rv = token->driver->p11->C_DestroyObject(token->session, object);
	seen_forget(token, object);
	return rv == CKR_OK
		   ? 0
		   : change_failure(token, object, CKA_DESTROYABLE, rv, "C_DestroyObject", failure);
}

/*
 * The label that is there, once more. On every token this is less than what the renewal itself will
 * do to the card in a minute: one object is rewritten as it is, none is made, moved or removed, no
 * key is touched, and no PIN is given. Where a token rewrites its folder of certificates for it, a
 * card that is pulled just then is in no other danger than it will be in at the write, and the
 * keys' own folder is another file. No better sign is there to ask for: PIV says 'user functions,
 * read-write' of a session whose every write it then refuses.
 */
static CK_RV set_same_label(struct token *token, CK_OBJECT_HANDLE object, bool *ret_asked)
{
	struct object_label label = {.length = 0};
	CK_BBOOL modifiable = CK_TRUE;
	CK_ATTRIBUTE template[] = {
	    {CKA_LABEL, label.bytes, sizeof(label.bytes)},
	    {CKA_MODIFIABLE, &modifiable, sizeof(modifiable)},
	};
	CK_RV rv = object_read(token, object, template, 2);

	*ret_asked = false;
	if (rv != CKR_OK || template[0].ulValueLen == CK_UNAVAILABLE_INFORMATION ||
	    template[0].ulValueLen == 0 ||
	    (template[1].ulValueLen == sizeof(modifiable) && modifiable == CK_FALSE))
		return rv;
	*ret_asked = true;
	return token->driver->p11->C_SetAttributeValue(token->session, object, template, 1);
}

/* Where the certificate was seen, as nothing there is to be changed; else where it is. */
static int find_to_ask(struct token *token, X509 *certificate, CK_OBJECT_HANDLE *ret,
		       struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	unsigned char *der = NULL;
	size_t count = 0;
	int length = i2d_X509(certificate, &der), result = 0;

	*ret = length > 0 ? seen_where(token, der, (size_t)length) : 0;
	OPENSSL_free(der);
	if (*ret != 0)
		return 0;
	result = write_find(token, certificate, NULL, &objects, &count, failure);
	if (result == 0 && count > 0)
		*ret = objects[0];
	free(objects);
	return result;
}

int write_is_granted(struct token *token, X509 *certificate, struct failure *failure)
{
	CK_SESSION_INFO session = {.state = CKS_RW_USER_FUNCTIONS};
	CK_OBJECT_HANDLE object = 0;
	bool asked = false;
	CK_RV rv = CKR_OK;
	int result;

	/* The cheaper sign: a session that was opened to write, and is none. */
	if (token->driver->p11->C_GetSessionInfo(token->session, &session) == CKR_OK &&
	    (session.state == CKS_RO_PUBLIC_SESSION || session.state == CKS_RO_USER_FUNCTIONS))
		return fail(failure, FAILURE_CARD_READ_ONLY, "C_GetSessionInfo: state %lu",
			    session.state);
	result = find_to_ask(token, certificate, &object, failure);
	if (result == 0 && object != 0)
		rv = set_same_label(token, object, &asked);
	if (result < 0 || rv == CKR_OK)
		return result;
	if (asked && rv == CKR_USER_NOT_LOGGED_IN)
		return fail(failure, FAILURE_CARD_READ_ONLY,
			    "C_SetAttributeValue: CKR_USER_NOT_LOGGED_IN after a login");
	result = driver_failure(rv, "C_SetAttributeValue", failure);
	return result == -FAILURE_CARD_REMOVED || result == -FAILURE_CARD_READ_ONLY ? result : 0;
}
