/* SPDX-License-Identifier: MIT */
/* Objects on a token: finding them, and reading what they say. */
#ifndef CERTRENEW_TESTS_CARD_OBJECT_H
#define CERTRENEW_TESTS_CARD_OBJECT_H

#include <openssl/evp.h>

#include "tests/world/card/token.h"

struct bytes {
	unsigned char *data;
	size_t length;
};

void bytes_free(struct bytes *bytes);

/*
 * Handles of the objects that match the template (NULL, 0: of all), in the token's order.
 * Free *ret_objects.
 */
int object_find(const struct token *token, CK_ATTRIBUTE *template, CK_ULONG count,
		CK_OBJECT_HANDLE **ret_objects, size_t *ret_count);
/* The first object of that class and CKA_ID: 1, or 0 if there is none. */
int object_by_id(const struct token *token, CK_OBJECT_CLASS class, const struct bytes *id,
		 CK_OBJECT_HANDLE *ret_object);

/* One attribute; silently -1 if the object has none, or does not show it. */
int object_read(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
		struct bytes *ret_value);
/* CK_UNAVAILABLE_INFORMATION if it has none. */
CK_ULONG object_number(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
/* false if it has none. */
bool object_flag(const struct token *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

/* From a public key object, or from an RSA private key, which shows its public half. NULL: none. */
EVP_PKEY *object_public_key(const struct token *token, CK_OBJECT_HANDLE object);

#endif
