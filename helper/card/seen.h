/* SPDX-License-Identifier: MIT */
/*
 * Which certificates a session has seen, by handle, so that the same bytes are not read again only
 * to find that they are not those that are looked for: slow readers take a tenth of a second for
 * it.
 *
 * It says which are not those, and where one was. That a certificate is on the card, after a new
 * one was written and before an old one is removed, is read from the card each time.
 *
 * A handle means the same object while the session lives (PKCS#11 2.40 §4.2), but for what a logout
 * takes away (private objects, §5.6) and for what is destroyed: both are forgotten.
 */
#ifndef CERTRENEW_SEEN_H
#define CERTRENEW_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include <p11-kit/pkcs11.h>

struct token;
struct seen;

/* NULL without memory: then nothing is remembered, and all is read again. */
struct seen *seen_new(void);
void seen_free(struct seen *seen); /* NULL is fine */

/* The object held these bytes, or was given them just now. */
void seen_note(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
	       size_t length);

/* Whether the object is known to hold other bytes. */
bool seen_differs(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
		  size_t length);

/* An object that held these bytes when it was seen; 0: none is known. */
CK_OBJECT_HANDLE seen_where(const struct token *token, const unsigned char *der, size_t length);

/* It was destroyed, as far as one knows: its handle may come again. */
void seen_forget(const struct token *token, CK_OBJECT_HANDLE object);

/* The session is another one. */
void seen_forget_all(const struct token *token);

/* What is seen between the two may be gone after the second. */
void seen_login(const struct token *token);
void seen_logout(const struct token *token);

#endif
