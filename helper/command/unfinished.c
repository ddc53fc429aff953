/* SPDX-License-Identifier: MIT */
#include "helper/command/unfinished.h"

#include <stdio.h>
#include <string.h>

#include "helper/command/columns.h"
#include "helper/command/json.h"
#include "helper/common/journal_state.h"
#include "helper/words/sentence.h"

enum { COLUMN_ROLE, COLUMN_SINCE, COLUMN_STATE, COLUMNS };

struct row {
	char since[DATE_MAX];
	const char *cells[COLUMNS];
};

/* The cells point into the row and the message. */
static void fill_row(struct row *row, const struct message *one)
{
	const char *role = "?";

	if (message_number(one, FIELD_ROLE) == ROLE_ENCRYPTION)
		role = _("encryption");
	else if (message_number(one, FIELD_ROLE) == ROLE_SIGNATURE)
		role = _("signature");
	if (message_has(one, FIELD_SINCE))
		sentence_time(row->since, message_number(one, FIELD_SINCE));
	else
		snprintf(row->since, sizeof(row->since), "?");
	row->cells[COLUMN_ROLE] = role;
	row->cells[COLUMN_SINCE] = row->since;
	row->cells[COLUMN_STATE] = message_text(one, FIELD_SENTENCE);
}

static bool is_of(const struct message *one, const char *token_serial)
{
	return strcmp(message_text(one, FIELD_TOKEN_SERIAL), token_serial) == 0;
}

/* Two that want the same are told it once. */
static void print_next(struct message *const *messages, size_t count, const char *token_serial)
{
	const char *said = "", *next;

	for (size_t i = 0; i < count; i++) {
		next = message_text(messages[i], FIELD_NEXT);
		if (is_of(messages[i], token_serial) && strcmp(next, said) != 0)
			printf("%*s%s\n", COLUMNS_GAP, "", next);
		if (is_of(messages[i], token_serial))
			said = next;
	}
}

void unfinished_print(struct message *const *messages, size_t count, const char *token_serial)
{
	const char *const heading[COLUMNS] = {
	    [COLUMN_ROLE] = _("RENEWAL"),
	    [COLUMN_SINCE] = _("SINCE"),
	    [COLUMN_STATE] = _("STATE"),
	};
	struct columns columns = {.count = COLUMNS, .numbers = -1};
	bool headed = false;
	struct row row;

	columns_widen(&columns, heading);
	for (size_t i = 0; i < count; i++) {
		fill_row(&row, messages[i]);
		columns_widen(&columns, row.cells);
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_of(messages[i], token_serial))
			continue;
		if (!headed) {
			printf("%*s", COLUMNS_GAP, "");
			columns_print_row(&columns, heading);
		}
		headed = true;
		fill_row(&row, messages[i]);
		printf("%*s", COLUMNS_GAP, "");
		columns_print_row(&columns, row.cells);
	}
	print_next(messages, count, token_serial);
}

static void print_one(const struct message *one)
{
	enum journal_state state = (enum journal_state)message_number(one, FIELD_UNFINISHED);

	printf("{\"role\": ");
	if (message_has(one, FIELD_ROLE))
		json_text(message_number(one, FIELD_ROLE) == ROLE_ENCRYPTION ? "encryption"
									     : "signature");
	else
		json_text(NULL);
	json_member("state", state == 0 ? "damaged" : journal_state_name(state));
	if (message_has(one, FIELD_SINCE))
		json_time("since", message_number(one, FIELD_SINCE));
	else
		json_member("since", NULL);
	if (message_has(one, FIELD_RETRY_AT))
		json_time("retry_at", message_number(one, FIELD_RETRY_AT));
	else
		json_member("retry_at", NULL);
	json_member("next", journal_next_name(state));
	json_member("token_serial_number", message_text(one, FIELD_TOKEN_SERIAL));
	putchar('}');
}

void unfinished_print_json(struct message *const *messages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("%s\n  ", i == 0 ? "" : ",");
		print_one(messages[i]);
	}
	if (count > 0)
		putchar('\n');
}
