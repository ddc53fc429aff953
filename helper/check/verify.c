/* SPDX-License-Identifier: MIT */
/*
 * After a renewal, by a process that knows nothing of it: does the driver show what was written? A
 * driver with a cache on disk (OpenSC's use_file_caching) may show the old certificate for ever.
 */
#include <stdio.h>
#include <string.h>

#include "helper/card/naming.h"
#include "helper/check/check.h"
#include "helper/common/paths.h"

static bool shows(const struct certificates *certificates, const char *serial)
{
	char its[SERIAL_TEXT_MAX];

	for (size_t i = 0; i < certificates->count; i++)
		if (strcmp(naming_serial(certificates->items[i].x509, its, sizeof(its)), serial) ==
		    0)
			return true;
	return false;
}

/* "OLD>NEW OLD>NEW": the first old one that is shown where its successor is not. */
static int compare(const struct certificates *certificates, const char *written,
		   struct failure *failure)
{
	char old[SERIAL_TEXT_MAX], new[SERIAL_TEXT_MAX];
	int used = 0;

	for (const char *at = written; sscanf(at, "%63[^>]>%63[^ ]%n", old, new, &used) == 2;
	     at += used) {
		if (!shows(certificates, new) && shows(certificates, old))
			return fail(failure, FAILURE_CARD_STALE,
				    "the driver shows certificate %s, which was renewed, and not "
				    "%s: if it keeps a cache (OpenSC in %s/opensc), remove the "
				    "files in it",
				    old, new, PATH_CACHE);
		while (at[used] == ' ')
			used++;
	}
	return 0;
}

int verify_written(struct check *check, struct failure *failure)
{
	const struct task *task = &check->task;
	struct certificates certificates = {.items = NULL};
	struct token_info info;
	struct token *token = NULL;
	int result;

	result = check_open_driver(check, failure);
	if (result == 0)
		result = token_find(check->driver, task->token_serial, task->token_label, &info,
				    failure);
	if (result == 0)
		result = token_open(check->driver, &info, false, &token, failure);
	if (result == 0)
		result = certificates_read_keyless(token, &certificates, failure);
	if (result == 0)
		result = compare(&certificates, task->serial, failure);
	/* Who has pulled the card by now has seen that it is renewed. */
	if (result == -FAILURE_CARD_REMOVED || result == -FAILURE_NO_CARD)
		result = 0;
	certificates_free(&certificates);
	token_close(token);
	return result;
}
