/* SPDX-License-Identifier: MIT */
#include "helper/card/seen.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "helper/card/token.h"

enum { ENTRIES_MAX = 64, DIGEST = 32 };

struct entry {
	CK_OBJECT_HANDLE object;
	unsigned char digest[DIGEST];
	bool logged_in; /* when it was seen */
};

struct seen {
	struct entry entries[ENTRIES_MAX];
	size_t count;
	bool logged_in;
};

struct seen *seen_new(void)
{
	return calloc(1, sizeof(struct seen));
}

void seen_free(struct seen *seen)
{
	free(seen);
}

static struct entry *find(const struct token *token, CK_OBJECT_HANDLE object)
{
	struct seen *seen = token->seen;

	for (size_t i = 0; seen != NULL && i < seen->count; i++)
		if (seen->entries[i].object == object)
			return &seen->entries[i];
	return NULL;
}

void seen_note(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
	       size_t length)
{
	struct entry entry = {.object = object}, *before = find(token, object);
	struct seen *seen = token->seen;

	if (seen == NULL || EVP_Digest(der, length, entry.digest, NULL, EVP_sha256(), NULL) != 1)
		return;
	entry.logged_in = seen->logged_in;
	/* What was to be seen before the login will be after the logout. */
	if (before != NULL && memcmp(before->digest, entry.digest, DIGEST) == 0)
		return;
	if (before != NULL)
		*before = entry;
	else if (seen->count < ENTRIES_MAX)
		seen->entries[seen->count++] = entry;
}

CK_OBJECT_HANDLE seen_where(const struct token *token, const unsigned char *der, size_t length)
{
	const struct seen *seen = token->seen;
	unsigned char digest[DIGEST];

	if (seen == NULL || EVP_Digest(der, length, digest, NULL, EVP_sha256(), NULL) != 1)
		return 0;
	for (size_t i = 0; i < seen->count; i++)
		if (memcmp(seen->entries[i].digest, digest, DIGEST) == 0)
			return seen->entries[i].object;
	return 0;
}

bool seen_differs(const struct token *token, CK_OBJECT_HANDLE object, const unsigned char *der,
		  size_t length)
{
	const struct entry *entry = find(token, object);
	unsigned char digest[DIGEST];

	return entry != NULL && EVP_Digest(der, length, digest, NULL, EVP_sha256(), NULL) == 1 &&
	       memcmp(digest, entry->digest, DIGEST) != 0;
}

void seen_forget(const struct token *token, CK_OBJECT_HANDLE object)
{
	struct entry *entry = find(token, object);

	if (entry != NULL)
		*entry = token->seen->entries[--token->seen->count];
}

void seen_forget_all(const struct token *token)
{
	if (token->seen != NULL)
		*token->seen = (struct seen){.count = 0};
}

void seen_login(const struct token *token)
{
	if (token->seen != NULL)
		token->seen->logged_in = true;
}

void seen_logout(const struct token *token)
{
	struct seen *seen = token->seen;
	size_t kept = 0;

	if (seen == NULL)
		return;
	for (size_t i = 0; i < seen->count; i++)
		if (!seen->entries[i].logged_in)
			seen->entries[kept++] = seen->entries[i];
	seen->count = kept;
	seen->logged_in = false;
}
