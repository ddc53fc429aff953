/* SPDX-License-Identifier: MIT */
#include "helper/card/object.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>

enum { FIND_AT_ONCE = 64, OBJECTS_MAX = 4096, ATTRIBUTE_MAX = 1 << 20, READ_MAX = 8 };

/* What one C_GetAttributeValue has room for; of what is longer the size is asked for first. */
enum { USUAL_BYTES = 1024 };

bool object_id_equal(const struct object_id *a, const struct object_id *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Grows *handles by what one C_FindObjects answers; 1 when there may be more. */
static int find_more(const struct token *token, CK_OBJECT_HANDLE **handles, size_t *count,
		     struct failure *failure)
{
	CK_OBJECT_HANDLE *grown;
	CK_ULONG got = 0;
	CK_RV rv;

	grown = reallocarray(*handles, *count + FIND_AT_ONCE, sizeof(*grown));
	if (grown == NULL)
		return fail_errno(failure, "no memory for objects");
	*handles = grown;
	rv = token->driver->p11->C_FindObjects(token->session, grown + *count, FIND_AT_ONCE, &got);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_FindObjects", failure);
	if (got > FIND_AT_ONCE || *count + got > OBJECTS_MAX)
		return fail(failure, FAILURE_CARD_ERROR, "C_FindObjects: %zu objects and more",
			    *count);
	*count += got;
	return got > 0;
}

int object_find(const struct token *token, CK_ATTRIBUTE *template, CK_ULONG attributes,
		CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure)
{
	CK_OBJECT_HANDLE *handles = NULL;
	size_t count = 0;
	CK_RV rv;
	int result;

	rv = token->driver->p11->C_FindObjectsInit(token->session, template, attributes);
	if (rv != CKR_OK)
		return driver_failure(rv, "C_FindObjectsInit", failure);
	do {
		result = find_more(token, &handles, &count, failure);
	} while (result > 0);
	token->driver->p11->C_FindObjectsFinal(token->session);
	if (result < 0) {
		free(handles);
		return result;
	}
	*ret = handles;
	*ret_count = count;
	return 0;
}

int object_find_by_id(const struct token *token, CK_OBJECT_CLASS class, const struct object_id *id,
		      CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_TOKEN, &yes, sizeof(yes)},
	    {CKA_ID, (void *)id->bytes, id->length},
	};

	return object_find(token, template, 3, ret, ret_count, failure);
}

CK_RV object_read(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template,
		  CK_ULONG attributes)
{
	CK_ULONG room[READ_MAX];
	CK_RV rv;

	if (attributes > READ_MAX)
		return CKR_ARGUMENTS_BAD;
	for (CK_ULONG i = 0; i < attributes; i++)
		room[i] = template[i].ulValueLen;
	rv = token->driver->p11->C_GetAttributeValue(token->session, object, template, attributes);
	/* Of what does not fit some drivers say how long it is, as if it were all there. */
	for (CK_ULONG i = 0; i < attributes; i++)
		if (template[i].pValue != NULL && template[i].ulValueLen > room[i])
			template[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
	/* The three answers that still fill what could be read (PKCS#11 2.40 §5.7). */
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE ||
	    rv == CKR_BUFFER_TOO_SMALL)
		return CKR_OK;
	return rv;
}

bool object_flag(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		 bool otherwise)
{
	CK_BBOOL value = CK_FALSE;
	CK_ATTRIBUTE attribute = {type, &value, sizeof(value)};

	if (object_read(token, object, &attribute, 1) != CKR_OK ||
	    attribute.ulValueLen != sizeof(value))
		return otherwise;
	return value != CK_FALSE;
}

int object_bytes_if_told(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
			 unsigned char **ret, size_t *ret_length, struct failure *failure)
{
	unsigned char usual[USUAL_BYTES], *bytes;
	CK_ATTRIBUTE attribute = {type, usual, sizeof(usual)};
	bool is_read;
	CK_RV rv;

	*ret = NULL;
	*ret_length = 0;
	rv = object_read(token, object, &attribute, 1);
	is_read = rv == CKR_OK && attribute.ulValueLen != CK_UNAVAILABLE_INFORMATION;
	if (rv == CKR_OK && !is_read) {
		attribute = (CK_ATTRIBUTE){type, NULL, 0};
		rv = object_read(token, object, &attribute, 1);
	}
	if (rv != CKR_OK)
		return driver_failure(rv, "C_GetAttributeValue", failure);
	if (attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION ||
	    attribute.ulValueLen > ATTRIBUTE_MAX)
		return 0;
	bytes = malloc(attribute.ulValueLen + 1);
	if (bytes == NULL)
		return fail_errno(failure, "no memory for an attribute");
	attribute.pValue = bytes;
	if (is_read)
		memcpy(bytes, usual, attribute.ulValueLen);
	else
		rv = object_read(token, object, &attribute, 1);
	if (rv != CKR_OK || attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION) {
		free(bytes);
		return rv == CKR_OK ? 0 : driver_failure(rv, "C_GetAttributeValue", failure);
	}
	*ret = bytes;
	*ret_length = attribute.ulValueLen;
	return 0;
}

int object_bytes(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		 unsigned char **ret, size_t *ret_length, struct failure *failure)
{
	unsigned char *bytes;
	size_t length;
	int result;

	result = object_bytes_if_told(token, object, type, &bytes, &length, failure);
	if (result == 0 && bytes == NULL)
		return fail(failure, FAILURE_CARD_ERROR, "attribute 0x%lx cannot be read", type);
	if (result == 0) {
		*ret = bytes;
		*ret_length = length;
	}
	return result;
}

void object_unwrap_octets(const unsigned char **bytes, size_t *length)
{
	const unsigned char *at = *bytes;
	long inner = 0;
	int tag = 0, class = 0;

	if (*length > 0 && at[0] == V_ASN1_OCTET_STRING &&
	    (ASN1_get_object(&at, &inner, &tag, &class, (long)*length) & 0x80) == 0 &&
	    at + inner == *bytes + *length) {
		*bytes = at;
		*length = (size_t)inner;
	}
}
