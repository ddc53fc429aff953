/* SPDX-License-Identifier: MIT */
/*
 * A certificate store over HTTPS (RFC 4387): GET URL?uri=E-MAIL or ?name=NAME, an exact match.
 * Stores of before the RFC know the address as `email`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/ca/directory.h"
#include "helper/ca/http.h"
#include "helper/ca/http_status.h"
#include "helper/ca/multipart.h"

enum { STORE_BODY_MAX = 32 * 1024 * 1024, NOT_FOUND = 404, NO_CONTENT = 204 };

/* NULL when there is no memory; the caller frees it. */
static char *address(const char *url, const char *attribute, const char *value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fprintf(out, "%s%c%s=", url, strchr(url, '?') == NULL ? '?' : '&', attribute);
	for (; *value != '\0'; value++)
		fprintf(out, "%%%02X", (unsigned char)*value);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static int take_parts(struct directory_find *find, const struct http_answer *answer,
		      struct failure *failure)
{
	struct multipart multipart;
	struct multipart_part part;
	int r = 0, next;

	if (!multipart_begin(&multipart, answer->content_type, answer->body, answer->length))
		return fail(failure, FAILURE_CA_GARBAGE, "a multipart answer without a boundary");
	while (r == 0 && (next = multipart_next(&multipart, &part)) != 0) {
		if (next < 0)
			return fail(failure, FAILURE_CA_GARBAGE, "a multipart answer is cut");
		if (part.is_certificate)
			r = directory_take(find, part.body, part.length, "", "", failure);
		else
			find->result->unreadable++;
	}
	return r < 0 ? r : 0;
}

static int take_answer(struct directory_find *find, const struct http_answer *answer,
		       struct failure *failure)
{
	int r;

	if (answer->length == 0)
		return 0;
	if (multipart_is_type(answer->content_type, "multipart/mixed"))
		return take_parts(find, answer, failure);
	if (!multipart_is_type(answer->content_type, "application/pkix-cert"))
		return fail(failure, FAILURE_CA_GARBAGE, "an answer of type '%s'",
			    answer->content_type);
	r = directory_take(find, answer->body, answer->length, "", "", failure);
	return r < 0 ? r : 0;
}

static int ask(struct http *http, struct directory_find *find, const char *attribute,
	       const char *value, struct failure *failure)
{
	char *url = address(find->settings->url, attribute, value);
	struct http_answer answer = {0};
	int64_t retry_at = 0;
	int r;

	if (url == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	r = http_get(http, url, &answer, failure);
	if (r == 0 && answer.status != NOT_FOUND && answer.status != NO_CONTENT) {
		r = http_status(&answer, find->settings->url, (int64_t)time(NULL), &retry_at,
				failure);
		if (r == 0 && retry_at > 0)
			r = fail(failure, FAILURE_CA_OVERLOADED, "%s: HTTP status %ld",
				 find->settings->url, answer.status);
		if (r == 0)
			r = take_answer(find, &answer, failure);
	}
	http_answer_clear(&answer);
	free(url);
	return r;
}

int rfc4387_search(struct directory_find *find, struct failure *failure)
{
	const struct http_settings settings = {
	    .what = "[directory]",
	    .url = find->settings->url,
	    .trust = find->trust,
	    .timeout = find->settings->timeout,
	    .body_max = STORE_BODY_MAX,
	};
	const char *email = find->query->email;
	struct http *http = NULL;
	int r = http_open_at(&settings, NULL, &http, failure);

	if (r < 0)
		return r;
	r = ask(http, find, email != NULL ? "uri" : "name",
		email != NULL ? email : find->query->name, failure);
	if (r == 0 && email != NULL && find->result->count == 0)
		r = ask(http, find, "email", email, failure);
	http_close(http);
	return r;
}
