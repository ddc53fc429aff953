/* SPDX-License-Identifier: MIT */
#include "helper/lookup/standing.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "helper/ca/ca.h"
#include "helper/card/usage.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"

struct standing_asker {
	const struct config *config;
	int64_t deadline;
	bool logged;	       /* one reason why nothing was asked: the others are like it */
	char cache[PATH_MAX];  /* "" for none */
	struct status **of_ca; /* for each [ca], once it was needed */
};

/* $XDG_CACHE_HOME/certrenew, made if need be; without a home nothing is kept. */
static void find_cache(char out[PATH_MAX])
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char parent[PATH_MAX / 2];
	struct stat status;
	int length;

	out[0] = '\0';
	if (cache != NULL && cache[0] == '/')
		length = snprintf(parent, sizeof(parent), "%s", cache);
	else if (home != NULL && home[0] == '/')
		length = snprintf(parent, sizeof(parent), "%s/.cache", home);
	else
		return;
	if (length < 0 || (size_t)length >= sizeof(parent))
		return;
	snprintf(out, PATH_MAX, "%s/certrenew", parent);
	(void)mkdir(parent, 0700);
	(void)mkdir(out, 0700);
	if (stat(out, &status) < 0 || !S_ISDIR(status.st_mode))
		out[0] = '\0';
}

int standing_open(const struct config *config, struct standing_asker **ret)
{
	struct standing_asker *asker = calloc(1, sizeof(*asker));

	if (asker == NULL)
		return -FAILURE_SYSTEM;
	asker->config = config;
	asker->deadline = clock_deadline(STANDING_PATIENCE * config->status.timeout * 1000);
	asker->of_ca = calloc(config->ca_count + 1, sizeof(struct status *));
	if (asker->of_ca == NULL) {
		free(asker);
		return -FAILURE_SYSTEM;
	}
	find_cache(asker->cache);
	*ret = asker;
	return 0;
}

void standing_close(struct standing_asker *asker)
{
	if (asker == NULL)
		return;
	for (size_t i = 0; i < asker->config->ca_count; i++)
		status_close(asker->of_ca[i]);
	free(asker->of_ca);
	free(asker);
}

static struct status *status_of(struct standing_asker *asker, X509 *certificate,
				struct failure *failure)
{
	const struct config_ca *ca =
	    ca_for_issuer(asker->config, X509_get_issuer_name(certificate));
	struct status_settings settings = {
	    .config = &asker->config->status,
	    .cache = asker->cache[0] != '\0' ? asker->cache : NULL,
	    .deadline = asker->deadline,
	};
	struct status **slot;

	if (ca == NULL) {
		fail(failure, FAILURE_NO_CA, "no [ca] section for the issuer");
		return NULL;
	}
	slot = &asker->of_ca[ca - asker->config->cas];
	settings.trust = ca->trust;
	settings.environment = ca->environment;
	if (*slot == NULL)
		(void)status_open(&settings, slot, failure);
	return *slot;
}

static enum standing_state state_of(enum certificate_status status)
{
	switch (status) {
	case STATUS_GOOD:
		return STANDING_GOOD;
	case STATUS_REVOKED:
		return STANDING_REVOKED;
	case STATUS_UNKNOWN:
		return STANDING_UNKNOWN;
	case STATUS_NOT_ASKED:
		break;
	}
	return STANDING_NOT_ASKED;
}

void standing_ask(struct standing_asker *asker, X509 *certificate, int64_t now,
		  struct standing *ret)
{
	struct standing standing = {.state = STANDING_NOT_ASKED,
				    .answer = {.status = STATUS_NOT_ASKED}};
	int64_t not_before = 0, not_after = 0;
	struct status *status;

	if (usage_dates(certificate, &not_before, &not_after) == 0 && now > not_after) {
		standing.state = STANDING_EXPIRED;
	} else if (now < not_before) {
		standing.state = STANDING_NOT_YET;
	} else if ((status = status_of(asker, certificate, &standing.answer.failure)) != NULL) {
		status_ask(status, certificate, now, &standing.answer);
		standing.state = state_of(standing.answer.status);
	}
	if (standing.state == STANDING_NOT_ASKED && !asker->logged) {
		log_failure(EVENT_STATUS_FAILED, "status", &standing.answer.failure);
		asker->logged = true;
	}
	*ret = standing;
}
