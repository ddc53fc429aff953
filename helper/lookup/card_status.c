/* SPDX-License-Identifier: MIT */
#include "helper/lookup/card_status.h"

#include <stdio.h>
#include <time.h>

#include "helper/command/columns.h"
#include "helper/command/exit.h"
#include "helper/command/json.h"
#include "helper/lookup/members.h"
#include "helper/lookup/on_card.h"
#include "helper/lookup/phrases.h"
#include "helper/words/language.h"
#include "helper/words/sentence.h"

static int ask(const struct config *config, struct card *card)
{
	struct standing_asker *asker = NULL;

	if (standing_open(config, &asker) < 0)
		return -FAILURE_SYSTEM;
	for (size_t i = 0; i < card->count; i++)
		standing_ask(asker, card->certificates[i].certificate, (int64_t)time(NULL),
			     &card->certificates[i].standing);
	standing_close(asker);
	return 0;
}

enum { COLUMN_USAGE, COLUMN_ENDS, COLUMN_SERIAL, COLUMN_ONLINE, COLUMNS };

struct row {
	char ends[DATE_MAX], online[PHRASE_MAX];
	const char *cells[COLUMNS];
};

/* The cells point into the row. */
static void fill_row(struct row *row, const struct on_card *one)
{
	row->cells[COLUMN_USAGE] = phrase_usage(one->certificate);
	row->cells[COLUMN_ENDS] =
	    sentence_date(row->ends, message_number(one->message, FIELD_NOT_AFTER));
	row->cells[COLUMN_SERIAL] = message_text(one->message, FIELD_SERIAL);
	row->cells[COLUMN_ONLINE] = phrase_standing(row->online, &one->standing);
}

static void print_table(const struct card *card)
{
	const char *const heading[COLUMNS] = {
	    [COLUMN_USAGE] = _("CERTIFICATE"),
	    [COLUMN_ENDS] = _("VALID UNTIL"),
	    [COLUMN_SERIAL] = _("SERIAL NUMBER"),
	    [COLUMN_ONLINE] = _("ONLINE"),
	};
	struct columns columns = {.count = COLUMNS, .numbers = -1};
	struct row row;

	if (card->count == 0)
		return;
	columns_widen(&columns, heading);
	for (size_t i = 0; i < card->count; i++) {
		fill_row(&row, &card->certificates[i]);
		columns_widen(&columns, row.cells);
	}
	columns_print_row(&columns, heading);
	for (size_t i = 0; i < card->count; i++) {
		fill_row(&row, &card->certificates[i]);
		columns_print_row(&columns, row.cells);
	}
}

static void print_json(const struct card *card, const char *error)
{
	printf("{\"error\": ");
	json_text(error);
	printf(", \"certificates\": [");
	for (size_t i = 0; i < card->count; i++) {
		const struct on_card *one = &card->certificates[i];

		printf("%s\n  {", i == 0 ? "" : ",");
		members_of_certificate(one->certificate);
		json_member("token_serial_number", message_text(one->message, FIELD_TOKEN_SERIAL));
		members_of_standing(&one->standing);
		putchar('}');
	}
	printf("%s]}\n", card->count > 0 ? "\n" : "");
}

static int exit_of(const struct card *card)
{
	int result = exit_of_check(card->end);

	for (size_t i = 0; i < card->count && result != EXIT_ERROR; i++)
		if (card->certificates[i].standing.state == STANDING_REVOKED)
			result = EXIT_UNUSABLE;
	return result;
}

static void show(const struct card *card, bool json)
{
	enum failure_code code = exit_code_of(card->end);

	if (json)
		print_json(card, json_error_name(code));
	else
		print_table(card);
	if (code != FAILURE_NONE)
		exit_say(card->end, code);
}

int card_status(const struct config *config, bool json)
{
	struct card card = {.count = 0};
	struct failure failure;
	int result = EXIT_ERROR;

	if (card_read(&card, &failure) < 0) {
		if (json)
			print_json(&card, EXIT_NO_HELPER_NAME);
		return exit_without_helper(&failure);
	}
	if (ask(config, &card) == 0) {
		show(&card, json);
		result = exit_of(&card);
	} else {
		if (json)
			card_status_failed(FAILURE_SYSTEM);
		exit_say(NULL, FAILURE_SYSTEM);
	}
	card_clear(&card);
	return result;
}

void card_status_failed(enum failure_code code)
{
	static const struct card none;

	print_json(&none, json_error_name(code));
}
