/* SPDX-License-Identifier: MIT */
#include "tests/world/card/object.h"

#include <stdlib.h>
#include <string.h>

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){0};
}

static int collect(const struct token *token, CK_OBJECT_HANDLE **ret_objects, size_t *ret_count)
{
	enum { CHUNK = 64 };
	CK_OBJECT_HANDLE *objects = NULL;
	size_t total = 0;
	CK_ULONG found;

	do {
		CK_OBJECT_HANDLE *more =
		    realloc(objects, (total + CHUNK) * sizeof(CK_OBJECT_HANDLE));
		CK_RV rv = CKR_HOST_MEMORY;

		found = 0;
		if (more != NULL) {
			objects = more;
			rv = token->p11->C_FindObjects(token->session, objects + total, CHUNK,
						       &found);
		}
		if (rv != CKR_OK) {
			free(objects);
			return complain_rv("C_FindObjects", rv);
		}
		total += found;
	} while (found > 0);
	*ret_objects = objects;
	*ret_count = total;
	return 0;
}

int object_find(const struct token *token, CK_ATTRIBUTE *template, CK_ULONG count,
		CK_OBJECT_HANDLE **ret_objects, size_t *ret_count)
{
	CK_RV rv = token->p11->C_FindObjectsInit(token->session, template, count);
	int rc;

	if (rv != CKR_OK)
		return complain_rv("C_FindObjectsInit", rv);
	rc = collect(token, ret_objects, ret_count);
	token->p11->C_FindObjectsFinal(token->session);
	return rc;
}

int object_by_id(const struct token *token, CK_OBJECT_CLASS class, const struct bytes *id,
		 CK_OBJECT_HANDLE *ret_object)
{
	CK_ATTRIBUTE template[] = {
	    {CKA_CLASS, &class, sizeof(class)},
	    {CKA_ID, id->data, id->length},
	};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;

	if (object_find(token, template, 2, &objects, &count) < 0)
		return -1;
	if (count > 0)
		*ret_object = objects[0];
	free(objects);
	return count > 0;
}

/* Each question costs some drivers a reading of their files, so the length is asked for only of
 * what does not fit. */
int object_read(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		struct bytes *ret_value)
{
	enum { MOST_FIT = 2048 };
	CK_ATTRIBUTE attribute = {type, calloc(1, MOST_FIT + 1), MOST_FIT};
	CK_RV rv;

	if (attribute.pValue == NULL)
		return complain("no memory");
	rv = token->p11->C_GetAttributeValue(token->session, object, &attribute, 1);
	if (rv == CKR_BUFFER_TOO_SMALL) {
		free(attribute.pValue);
		attribute.pValue = NULL;
		rv = token->p11->C_GetAttributeValue(token->session, object, &attribute, 1);
		if (rv != CKR_OK || attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION)
			return -1;
		attribute.pValue = calloc(1, attribute.ulValueLen + 1);
		if (attribute.pValue == NULL)
			return complain("no memory");
		rv = token->p11->C_GetAttributeValue(token->session, object, &attribute, 1);
	}
	if (rv != CKR_OK || attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION) {
		free(attribute.pValue);
		return -1;
	}
	*ret_value = (struct bytes){.data = attribute.pValue, .length = attribute.ulValueLen};
	return 0;
}

CK_ULONG object_number(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG number = 0;
	CK_ATTRIBUTE attribute = {type, &number, sizeof(number)};
	CK_RV rv = token->p11->C_GetAttributeValue(token->session, object, &attribute, 1);

	return rv == CKR_OK && attribute.ulValueLen == sizeof(number) ? number
								      : CK_UNAVAILABLE_INFORMATION;
}

bool object_flag(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
	CK_BBOOL flag = CK_FALSE;
	CK_ATTRIBUTE attribute = {type, &flag, sizeof(flag)};
	CK_RV rv = token->p11->C_GetAttributeValue(token->session, object, &attribute, 1);

	return rv == CKR_OK && attribute.ulValueLen == sizeof(flag) && flag;
}
