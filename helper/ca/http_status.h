/* SPDX-License-Identifier: MIT */
/* What an HTTP status says to someone who asked for a certificate. Pure. */
#ifndef CERTRENEW_HTTP_STATUS_H
#define CERTRENEW_HTTP_STATUS_H

#include <stdint.h>

#include "helper/ca/http.h"

/*
 * Returns 0 for an answer to go on with:
 *   200, 201                        *ret_retry_at = 0: the body holds what was asked for
 *   202                             come back at *ret_retry_at (RFC 7030 §4.2.3)
 * and otherwise, with what a text/plain body says in failure->said (RFC 7030 §4.2.3):
 *   401, 403                        -FAILURE_CA_DENIED
 *   429, 503                        -FAILURE_CA_OVERLOADED, and what Retry-After says in
 *                                   failure->retry_after (RFC 9110 §15.6.4, RFC 6585 §4)
 *   408, 421, 425, other 5xx        -FAILURE_CA_ERROR
 *   other 4xx                       -FAILURE_CA_REFUSED
 *   anything else                   -FAILURE_CA_GARBAGE
 * `url` is for the detail; `now` is the time that Retry-After counts from.
 */
int http_status(const struct http_answer *answer, const char *url, int64_t now,
		int64_t *ret_retry_at, struct failure *failure);

#endif
