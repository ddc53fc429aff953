/* SPDX-License-Identifier: MIT */
/* The way to what says whether a certificate stands: in time, and not twice to a dead server. */
#ifndef CERTRENEW_STATUS_FETCH_H
#define CERTRENEW_STATUS_FETCH_H

#include <stddef.h>

#include "helper/ca/http.h"
#include "helper/ca/status.h"

enum { DEAD_MAX = 8 };

struct status_fetch {
	const struct status_settings *settings;
	struct {
		char *url;
		struct failure failure;
	} dead[DEAD_MAX]; /* servers that gave no answer, and are not asked again */
	size_t dead_count;
};

/* What is sent with POST; `body` NULL: a GET. */
struct status_upload {
	const char *content_type;
	const unsigned char *body;
	size_t length;
};

/*
 * Fetches from an http: or https: address at most `most` bytes, with whatever comes with HTTP
 * status 200; the caller clears *ret. Returns 0 or the failure of http.h.
 */
int status_fetch(struct status_fetch *fetch, const char *url, const struct status_upload *upload,
		 size_t most, struct http_answer *ret, struct failure *failure);

void status_fetch_clear(struct status_fetch *fetch);

#endif
