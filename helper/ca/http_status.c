/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_status.h"

#include <string.h>
#include <strings.h>

#include "helper/ca/retry_after.h"
#include "helper/ca/said.h"

static bool is_plain_text(const char *content_type)
{
	static const char plain[] = "text/plain";
	char next;

	if (strncasecmp(content_type, plain, sizeof(plain) - 1) != 0)
		return false;
	next = content_type[sizeof(plain) - 1];
	return next == '\0' || next == ';' || next == ' ' || next == '\t';
}

static enum failure_code meaning(long status)
{
	if (status == 401 || status == 403)
		return FAILURE_CA_DENIED;
	if (status == 429 || status == 503)
		return FAILURE_CA_OVERLOADED;
	/* Not the request is to blame, but how it came (RFC 9110 §15.5.9, §15.5.20; RFC 8470). */
	if (status == 408 || status == 421 || status == 425)
		return FAILURE_CA_ERROR;
	if (status >= 400 && status <= 499)
		return FAILURE_CA_REFUSED;
	if (status >= 500 && status <= 599)
		return FAILURE_CA_ERROR;
	return FAILURE_CA_GARBAGE;
}

int http_status(const struct http_answer *answer, const char *url, int64_t now,
		int64_t *ret_retry_at, struct failure *failure)
{
	long status = answer->status;
	const char *when = answer->retry_after[0] != '\0' ? answer->retry_after : NULL;
	int r;

	if (status == 200 || status == 201) {
		*ret_retry_at = 0;
		return 0;
	}
	if (status == 202) {
		*ret_retry_at = retry_after(when, now);
		return 0;
	}
	r = fail(failure, meaning(status), "%s: HTTP status %ld", url, status);
	if (r == -FAILURE_CA_OVERLOADED && when != NULL && failure != NULL)
		failure->retry_after = (long)(retry_after(when, now) - now);
	if (is_plain_text(answer->content_type))
		said_keep(answer->body, answer->length, failure);
	return r;
}
