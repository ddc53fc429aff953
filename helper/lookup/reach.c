/* SPDX-License-Identifier: MIT */
#include "helper/lookup/reach.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf/config.h"
#include "helper/ca/http.h"
#include "helper/ca/retry_after.h"
#include "helper/command/exit.h"
#include "helper/lookup/settings.h"

/* An administrator waits for it. */
enum { PATIENCE = 15 };

/* EST's one operation that anybody may ask for (RFC 7030 §4.1). */
static void address_of(const struct config_ca *ca, char *out, size_t size)
{
	size_t length = strlen(ca->url);

	while (length > 0 && ca->url[length - 1] == '/')
		length--;
	if (ca->protocol == PROTOCOL_EST)
		snprintf(out, size, "%.*s/cacerts", (int)length, ca->url);
	else
		snprintf(out, size, "%s", ca->url);
}

static void reach(const struct config_ca *configured, struct reach *ret)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct config_ca ca = *configured;
	struct http_answer answer = {0};
	struct http *http = NULL;
	char url[4096];
	int64_t date = 0, now;

	if (ca.timeout > PATIENCE)
		ca.timeout = PATIENCE;
	address_of(&ca, url, sizeof(url));
	if (http_open(&ca, NULL, NULL, &http, &failure) == 0 &&
	    http_get(http, url, &answer, &failure) == 0) {
		now = (int64_t)time(NULL);
		ret->status = (int32_t)answer.status;
		ret->dated = http_date(answer.date, now, &date);
		ret->ahead = ret->dated ? now - date : 0;
	}
	ret->code = failure.code;
	snprintf(ret->detail, sizeof(ret->detail), "%s", failure.detail);
	http_answer_clear(&answer);
	http_close(http);
}

int reach_main(void)
{
	struct config *config = NULL;
	int result = EXIT_FINE;

	if (settings_load(&config) != EXIT_FINE)
		return EXIT_ERROR;
	for (size_t i = 0; i < config->ca_count && result == EXIT_FINE; i++) {
		struct reach one = {.code = FAILURE_NONE};

		reach(&config->cas[i], &one);
		if (write(STDOUT_FILENO, &one, sizeof(one)) != (ssize_t)sizeof(one))
			result = EXIT_ERROR;
	}
	config_free(config);
	return result;
}
