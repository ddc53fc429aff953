/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/phrases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/world/ca/index.h"
#include "tests/world/ra/store.h"

struct wrong_phrase {
	struct wrong_phrase *next;
	char name[PHRASE_NAME_MAX];
	int count;
};

static FILE *open_phrases(const struct ra *ra, const char *mode)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/phrases", ra->ca.folder);
	return fopen(path, mode);
}

bool phrase_of(const struct ra *ra, const char *name, char ret[PHRASE_MAX])
{
	char line[PHRASE_NAME_MAX + PHRASE_MAX];
	size_t length = strlen(name);
	bool found = false;
	FILE *file = open_phrases(ra, "re");

	while (file && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, name, length) != 0 || line[length] != '\t')
			continue;
		snprintf(ret, PHRASE_MAX, "%.255s", line + length + 1);
		found = true;
	}
	if (file)
		fclose(file);
	return found;
}

bool phrase_set(const struct ra *ra, const char *name, const char *phrase)
{
	FILE *file = open_phrases(ra, "ae");
	bool done = file && fprintf(file, "%s\t%s\n", name, phrase) > 0;

	if (file)
		done = fclose(file) == 0 && done;
	return done;
}

static struct wrong_phrase *wrong_of(const struct ra *ra, const char *name)
{
	for (struct wrong_phrase *wrong = ra->wrong_phrases; wrong; wrong = wrong->next)
		if (strcmp(wrong->name, name) == 0)
			return wrong;
	return NULL;
}

bool phrase_is_limited(const struct ra *ra, const char *name)
{
	const struct wrong_phrase *wrong = wrong_of(ra, name);

	return ra->phrase_tries > 0 && wrong && wrong->count >= ra->phrase_tries;
}

void phrase_was_wrong(struct ra *ra, const char *name)
{
	struct wrong_phrase *wrong = wrong_of(ra, name);

	if (!wrong) {
		wrong = calloc(1, sizeof *wrong);
		if (!wrong)
			abort();
		snprintf(wrong->name, sizeof wrong->name, "%s", name);
		wrong->next = ra->wrong_phrases;
		ra->wrong_phrases = wrong;
	}
	wrong->count++;
	store_log_phrase(ra->store, name, "wrong");
}

enum revoked revoke_certificate(struct ra *ra, const char *how, const char *serial, int reason)
{
	static const char *const names[] = {
	    "unspecified", "keyCompromise",	   "CACompromise",    "affiliationChanged",
	    "superseded",  "cessationOfOperation", "certificateHold",
	};
	static const char *const results[] = {"revoked", "before", "unknown", "reason", "error"};
	enum revoked result = REVOKED_NOT_FOR_THIS_REASON;

	if (reason >= 0 && reason < (int)(sizeof names / sizeof names[0]) &&
	    reason != ra->refused_reason) {
		int done =
		    misbehaves(&ra->misbehave, MISBEHAVE_REVOKE_NOTHING)
			? 0
			: index_revoke(ra->ca.folder, serial, names[reason], (int64_t)time(NULL));

		result = done == 0   ? REVOKED
			 : done == 1 ? REVOKED_BEFORE
			 : done == 2 ? REVOKED_UNKNOWN
				     : REVOKED_ERROR;
	}
	store_log_revocation(ra->store, how, serial, reason, results[result]);
	return result;
}
