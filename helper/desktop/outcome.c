/* SPDX-License-Identifier: MIT */
#include "helper/desktop/outcome.h"

#include <string.h>

#include "helper/common/utf8.h"
#include "helper/words/desktop.h"
#include "helper/words/words.h"

struct outcome *outcome_new(void)
{
	struct outcome *outcome = g_new0(struct outcome, 1);

	outcome->lines = g_ptr_array_new_with_free_func(g_free);
	return outcome;
}

void outcome_free(struct outcome *outcome)
{
	if (outcome == NULL)
		return;
	g_ptr_array_unref(outcome->lines);
	g_free(outcome);
}

/* What is to be done next is often the same for both certificates. */
static void add(struct outcome *outcome, const char *line)
{
	if (line[0] == '\0')
		return;
	for (guint i = 0; i < outcome->lines->len; i++)
		if (strcmp(g_ptr_array_index(outcome->lines, i), line) == 0)
			return;
	g_ptr_array_add(outcome->lines, g_strdup(line));
}

static void earliest(int64_t *kept, int64_t when)
{
	if (when != 0 && (*kept == 0 || when < *kept))
		*kept = when;
}

bool outcome_take(struct outcome *outcome, const struct message *message)
{
	const char *said = message_text(message, FIELD_SAID);
	char clean[WORDS_MAX / 2], text[WORDS_MAX];

	switch (message_type(message)) {
	case MESSAGE_RENEWED:
		outcome->renewed++;
		earliest(&outcome->new_not_after, message_number(message, FIELD_NEW_NOT_AFTER));
		break;
	case MESSAGE_WAITING:
		outcome->waiting++;
		earliest(&outcome->retry_at, message_number(message, FIELD_RETRY_AT));
		break;
	case MESSAGE_FAILED:
		if (!message_has(message, FIELD_SENTENCE)) {
			outcome_take_failure(
			    outcome, (enum failure_code)message_number(message, FIELD_CODE));
			return true;
		}
		outcome->failed++;
		outcome->code = (enum failure_code)message_number(message, FIELD_CODE);
		break;
	case MESSAGE_DONE:
		break;
	default:
		return false;
	}
	add(outcome, message_text(message, FIELD_SENTENCE));
	if (said[0] != '\0') {
		utf8_clean(said, clean, sizeof(clean));
		add(outcome, words_said(text, clean));
	}
	add(outcome, message_text(message, FIELD_NEXT));
	return true;
}

void outcome_take_failure(struct outcome *outcome, enum failure_code code)
{
	char text[WORDS_MAX];

	outcome->failed++;
	outcome->code = code;
	add(outcome, words_failed(text, code, 0));
	add(outcome, words_next(text, code));
}

bool outcome_is_empty(const struct outcome *outcome)
{
	return outcome->lines->len == 0;
}
