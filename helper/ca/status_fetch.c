/* SPDX-License-Identifier: MIT */
#include "helper/ca/status_fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/ca/http_status.h"
#include "helper/common/clock.h"

static bool is_dead(const struct status_fetch *fetch, const char *url, struct failure *failure)
{
	for (size_t i = 0; i < fetch->dead_count; i++) {
		if (strcmp(fetch->dead[i].url, url) != 0)
			continue;
		if (failure != NULL)
			*failure = fetch->dead[i].failure;
		return true;
	}
	return false;
}

static void note_dead(struct status_fetch *fetch, const char *url, const struct failure *failure)
{
	char *copy = fetch->dead_count == DEAD_MAX ? NULL : strdup(url);

	if (copy == NULL)
		return;
	fetch->dead[fetch->dead_count].url = copy;
	fetch->dead[fetch->dead_count++].failure = *failure;
}

void status_fetch_clear(struct status_fetch *fetch)
{
	while (fetch->dead_count > 0)
		free(fetch->dead[--fetch->dead_count].url);
}

/* In seconds, of which at least one is given; -1 if the time is over. */
static int64_t time_left(const struct status_settings *settings)
{
	int left = clock_left(settings->deadline);
	int64_t seconds = (left + 999) / 1000;

	if (left == 0)
		return -1;
	return left < 0 || seconds > settings->config->timeout ? settings->config->timeout
							       : seconds;
}

static int exchange(struct http *http, const char *url, const struct status_upload *upload,
		    struct http_answer *ret, struct failure *failure)
{
	const char *headers[] = {NULL, NULL};
	char type[128];
	int64_t retry_at;
	int r;

	if (upload == NULL) {
		r = http_get(http, url, ret, failure);
	} else {
		snprintf(type, sizeof(type), "Content-Type: %s", upload->content_type);
		headers[0] = type;
		r = http_post(http, url, headers, (const char *)upload->body, upload->length, ret,
			      failure);
	}
	if (r == 0)
		r = http_status(ret, url, (int64_t)time(NULL), &retry_at, failure);
	if (r == 0 && ret->status != 200)
		r = fail(failure, FAILURE_CA_OVERLOADED, "%s: HTTP status %ld", url, ret->status);
	return r;
}

static bool gave_no_answer(int result)
{
	return result == -FAILURE_CA_UNREACHABLE || result == -FAILURE_CA_TIMEOUT ||
	       result == -FAILURE_CA_UNTRUSTED;
}

int status_fetch(struct status_fetch *fetch, const char *url, const struct status_upload *upload,
		 size_t most, struct http_answer *ret, struct failure *failure)
{
	const struct http_settings settings = {
	    .what = "[status]",
	    .url = url,
	    .trust = fetch->settings->trust,
	    .timeout = time_left(fetch->settings),
	    .environment = fetch->settings->environment,
	    .plain = true,
	    .body_max = most,
	};
	struct http_answer answer = {0};
	struct http *http = NULL;
	struct failure why = {.code = FAILURE_NONE};
	int r;

	if (is_dead(fetch, url, failure))
		return failure != NULL ? -(int)failure->code : -FAILURE_CA_UNREACHABLE;
	if (settings.timeout < 0)
		return fail(failure, FAILURE_CA_TIMEOUT, "no time is left for %s", url);
	r = http_open_at(&settings, NULL, &http, &why);
	if (r == 0)
		r = exchange(http, url, upload, &answer, &why);
	http_close(http);
	if (r < 0) {
		http_answer_clear(&answer);
		if (gave_no_answer(r))
			note_dead(fetch, url, &why);
		if (failure != NULL)
			*failure = why;
		return r;
	}
	*ret = answer;
	return 0;
}
