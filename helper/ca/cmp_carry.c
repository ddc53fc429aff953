/* SPDX-License-Identifier: MIT */
#include "helper/ca/cmp_carry.h"

#include <strings.h>
#include <time.h>

#include <openssl/crypto.h>

#include "helper/ca/http_status.h"

static bool is_cmp(const char *content_type)
{
	static const char cmp[] = "application/pkixcmp";

	return strncasecmp(content_type, cmp, sizeof(cmp) - 1) == 0;
}

/* An error of HTTP may carry a message of CMP, which says more. */
int cmp_answer_read(const struct http_answer *answer, const char *url, int64_t now,
		    OSSL_CMP_MSG **ret, struct cmp_error *ret_error, struct failure *failure)
{
	const unsigned char *at = answer->body;
	int64_t retry_at = 0;
	OSSL_CMP_MSG *message;
	int r = 0;

	if (!is_cmp(answer->content_type))
		r = http_status(answer, url, now, &retry_at, failure);
	if (r < 0)
		return r;
	if (retry_at > 0) { /* 202: CMP has messages of its own for that */
		r = fail(failure, FAILURE_CA_OVERLOADED, "%s: HTTP status %ld", url,
			 answer->status);
		if (failure != NULL)
			failure->retry_after = (long)(retry_at - now);
		return r;
	}
	message = answer->length == 0 ? NULL : d2i_OSSL_CMP_MSG(NULL, &at, (long)answer->length);
	if (message == NULL || at != answer->body + answer->length) {
		OSSL_CMP_MSG_free(message);
		return fail(failure, FAILURE_CA_GARBAGE, "%s: %zu bytes that are no CMP message",
			    url, answer->length);
	}
	cmp_error_read(answer->body, answer->length, ret_error);
	*ret = message;
	return 0;
}

int cmp_carry(struct http *http, const char *url, const OSSL_CMP_MSG *request, OSSL_CMP_MSG **ret,
	      struct cmp_error *ret_error, struct failure *failure)
{
	static const char *const headers[] = {"Content-Type: application/pkixcmp",
					      "Accept: application/pkixcmp", NULL};
	struct http_answer answer = {0};
	unsigned char *der = NULL;
	int length = i2d_OSSL_CMP_MSG(request, &der), r;

	r = length <= 0 ? fail(failure, FAILURE_SYSTEM, "a message cannot be encoded")
			: http_post(http, url, headers, (const char *)der, (size_t)length, &answer,
				    failure);
	OPENSSL_free(der);
	if (r == 0)
		r = cmp_answer_read(&answer, url, (int64_t)time(NULL), ret, ret_error, failure);
	http_answer_clear(&answer);
	return r;
}
