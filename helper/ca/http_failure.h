/* SPDX-License-Identifier: MIT */
/* What a transfer that libcurl gave up means. */
#ifndef CERTRENEW_HTTP_FAILURE_H
#define CERTRENEW_HTTP_FAILURE_H

#include <curl/curl.h>

#include "helper/ca/http_receive.h"
#include "helper/ca/http_tls.h"

/*
 * Fills *failure for a transfer from or to `url` that ended with `code` (not CURLE_OK) and
 * curl's own words in `words`, and takes what is left in OpenSSL's error queue along.
 * Returns the negative failure code; which one when, http.h says.
 */
int http_failure(CURLcode code, const char *words, const char *url,
		 const struct http_receipt *receipt, const struct http_tls *tls,
		 struct failure *failure);

#endif
