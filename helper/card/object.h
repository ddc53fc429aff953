/* SPDX-License-Identifier: MIT */
/* Objects of a token: finding them and reading their attributes, in as few calls as can be. */
#ifndef CERTRENEW_OBJECT_H
#define CERTRENEW_OBJECT_H

#include "helper/card/token.h"

enum { OBJECT_ID_MAX = 64 };

/* A CKA_ID. */
struct object_id {
	unsigned char bytes[OBJECT_ID_MAX];
	size_t length;
};

/* A CKA_LABEL. */
struct object_label {
	unsigned char bytes[128];
	size_t length;
};

bool object_id_equal(const struct object_id *a, const struct object_id *b);

/*
 * The token objects that the template fits; the caller frees *ret. Returns 0 (also for none) or
 * a failure of the driver.
 */
int object_find(const struct token *token, CK_ATTRIBUTE *template, CK_ULONG attributes,
		CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure);

/* The objects of one class with one CKA_ID. */
int object_find_by_id(const struct token *token, CK_OBJECT_CLASS class, const struct object_id *id,
		      CK_OBJECT_HANDLE **ret, size_t *ret_count, struct failure *failure);

/*
 * Reads attributes, at most eight, into the template's buffers in one call. An attribute that the
 * object does not have, or that does not fit, has ulValueLen CK_UNAVAILABLE_INFORMATION afterwards.
 */
CK_RV object_read(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template,
		  CK_ULONG attributes);

/* One boolean attribute; `otherwise` where the object does not say. */
bool object_flag(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		 bool otherwise);

/* One attribute of any length, up to a sane bound; the caller frees *ret, which is NULL where the
 * object does not say. Returns 0 or a failure of the driver. */
int object_bytes_if_told(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
			 unsigned char **ret, size_t *ret_length, struct failure *failure);

/* As object_bytes_if_told, for an attribute that the object must have. */
int object_bytes(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		 unsigned char **ret, size_t *ret_length, struct failure *failure);

/*
 * CKA_EC_POINT is a DER OCTET STRING, and on some tokens its bare content (PKCS#11 2.40 §2.3.3):
 * narrows *bytes and *length to the content if that is what they are.
 */
void object_unwrap_octets(const unsigned char **bytes, size_t *length);

#endif
