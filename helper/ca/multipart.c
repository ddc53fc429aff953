/* SPDX-License-Identifier: MIT */
#include "helper/ca/multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* RFC 2046 §5.1.1 */
#define BOUNDARY_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? "

enum { BOUNDARY_MAX = 70 };

bool multipart_is_type(const char *content_type, const char *type)
{
	size_t length = strlen(type);

	return strncasecmp(content_type, type, length) == 0 &&
	       strchr(" \t;", content_type[length]) != NULL;
}

/* Into `delimiter`, behind its two hyphens. */
static bool read_boundary(const char *content_type, char *delimiter, size_t size)
{
	const char *at = strcasestr(content_type, "boundary=");
	bool quoted;
	size_t length;

	if (at == NULL || at == content_type || strchr(" \t;", at[-1]) == NULL)
		return false;
	at += strlen("boundary=");
	quoted = *at == '"';
	at += quoted;
	length = strcspn(at, quoted ? "\"" : "; \t");
	if (length == 0 || length > BOUNDARY_MAX || (quoted && at[length] != '"') ||
	    strspn(at, BOUNDARY_CHARACTERS) < length)
		return false;
	snprintf(delimiter, size, "--%.*s", (int)length, at);
	return true;
}

static const unsigned char *find(const struct multipart *multipart, const unsigned char *from,
				 const char *what)
{
	return memmem(from, (size_t)(multipart->end - from), what, strlen(what));
}

bool multipart_begin(struct multipart *multipart, const char *content_type,
		     const unsigned char *body, size_t length)
{
	*multipart = (struct multipart){.at = body, .end = body + length};
	if (!read_boundary(content_type, multipart->delimiter, sizeof(multipart->delimiter)))
		return false;
	multipart->at = find(multipart, body, multipart->delimiter);
	/* At the beginning, or at that of a line after a preamble. */
	if (multipart->at == NULL || (multipart->at != body && multipart->at[-1] != '\n'))
		return false;
	multipart->at += strlen(multipart->delimiter);
	return true;
}

static bool says_certificate(const unsigned char *line, size_t length)
{
	static const char field[] = "Content-Type:";
	char value[128];
	size_t skip = sizeof(field) - 1;

	if (length < skip || strncasecmp((const char *)line, field, skip) != 0)
		return false;
	while (skip < length && (line[skip] == ' ' || line[skip] == '\t'))
		skip++;
	snprintf(value, sizeof(value), "%.*s", (int)(length - skip), (const char *)line + skip);
	return multipart_is_type(value, "application/pkix-cert");
}

/* Moves behind the empty line that ends the part's fields. */
static bool read_fields(struct multipart *multipart, struct multipart_part *ret)
{
	const unsigned char *end;

	while ((end = find(multipart, multipart->at, "\r\n")) != NULL) {
		size_t length = (size_t)(end - multipart->at);

		ret->is_certificate =
		    ret->is_certificate || says_certificate(multipart->at, length);
		multipart->at = end + 2;
		if (length == 0)
			return true;
	}
	return false;
}

int multipart_next(struct multipart *multipart, struct multipart_part *ret)
{
	struct multipart_part part = {.is_certificate = false};
	const unsigned char *end;
	char delimiter[80];

	if (multipart->end - multipart->at < 2)
		return -1;
	if (memcmp(multipart->at, "--", 2) == 0)
		return 0;
	end = find(multipart, multipart->at, "\r\n");
	if (end == NULL)
		return -1;
	multipart->at = end + 2;
	if (!read_fields(multipart, &part))
		return -1;
	snprintf(delimiter, sizeof(delimiter), "\r\n%s", multipart->delimiter);
	end = find(multipart, multipart->at, delimiter);
	if (end == NULL)
		return -1;
	part.body = multipart->at;
	part.length = (size_t)(end - multipart->at);
	multipart->at = end + strlen(delimiter);
	*ret = part;
	return 1;
}
