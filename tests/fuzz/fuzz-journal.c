/* SPDX-License-Identifier: MIT */
/* The journal's files: what is read is written so that it is read again as the same. */
#include <stdlib.h>
#include <string.h>

#include "helper/renewal/journal.h"
#include "tests/fuzz/input.h"

static char *written(const struct journal_entry *entry, size_t *ret_length)
{
	struct failure failure = {.code = FAILURE_NONE};
	char *text = NULL;

	MUST(journal_encode(entry, &text, ret_length, &failure) == 0);
	return text;
}

static void must_be_sound(const struct journal_entry *entry)
{
	MUST(entry->state > JOURNAL_FOUND && entry->state <= JOURNAL_DONE);
	MUST(entry->role == ROLE_ENCRYPTION || entry->role == ROLE_SIGNATURE);
	MUST(entry->old != NULL && (entry->state < JOURNAL_ISSUED || entry->issued != NULL));
	MUST(entry->id.length <= sizeof(entry->id.bytes));
	MUST(entry->old_id.length <= sizeof(entry->old_id.bytes));
	MUST(entry->spare.length <= sizeof(entry->spare.bytes));
	MUST(entry->label.length <= sizeof(entry->label.bytes));
	MUST((entry->request == NULL) == (entry->request_length == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_entry entry = {.old = NULL}, again = {.old = NULL};
	struct failure failure = {.code = FAILURE_NONE};
	size_t length = 0, again_length = 0;
	char *text, *again_text;

	if (journal_decode((const char *)data, size, &entry, &failure) < 0) {
		MUST(failure.code == FAILURE_JOURNAL && failure.detail[0] != '\0');
		MUST(entry.old == NULL);
		return 0;
	}
	must_be_sound(&entry);
	text = written(&entry, &length);
	MUST(journal_decode(text, length, &again, &failure) == 0);
	must_be_sound(&again);
	again_text = written(&again, &again_length);
	MUST(length == again_length && memcmp(text, again_text, length) == 0);
	free(text);
	free(again_text);
	journal_entry_clear(&entry);
	journal_entry_clear(&again);
	return 0;
}
