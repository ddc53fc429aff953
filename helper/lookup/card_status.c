/* SPDX-License-Identifier: MIT */
#include "helper/lookup/card_status.h"

#include <stdio.h>
#include <time.h>

#include "helper/command/exit.h"
#include "helper/lookup/json.h"
#include "helper/lookup/on_card.h"
#include "helper/lookup/phrases.h"
#include "helper/words/language.h"

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

static void print_table(const struct card *card)
{
	char date[PHRASE_MAX], standing[PHRASE_MAX];

	if (card->count > 0)
		printf("%-26s%-13s%-34s%s\n", _("CERTIFICATE"), _("VALID UNTIL"),
		       _("SERIAL NUMBER"), _("ONLINE"));
	for (size_t i = 0; i < card->count; i++) {
		const struct on_card *one = &card->certificates[i];

		printf("%-26s%-13s%-34s%s\n", phrase_usage(one->certificate),
		       phrase_date(date, message_number(one->message, FIELD_NOT_AFTER)),
		       message_text(one->message, FIELD_SERIAL),
		       phrase_standing(standing, &one->standing));
	}
}

static void print_json(const struct card *card, enum failure_code code)
{
	printf("{\"error\": ");
	json_text(code == FAILURE_NONE ? NULL : failure_name(code));
	printf(", \"certificates\": [");
	for (size_t i = 0; i < card->count; i++) {
		const struct on_card *one = &card->certificates[i];

		printf("%s\n  {", i == 0 ? "" : ",");
		json_certificate(one->certificate);
		json_member("token_serial_number", message_text(one->message, FIELD_TOKEN_SERIAL));
		json_standing(&one->standing);
		putchar('}');
	}
	printf("%s]}\n", card->count > 0 ? "\n" : "");
}

static int exit_of(const struct card *card)
{
	enum failure_code code = card_code(card);

	if (code == FAILURE_NO_CERTIFICATE || code == FAILURE_CARD_UNINITIALISED)
		return EXIT_UNUSABLE;
	if (code != FAILURE_NONE)
		return EXIT_ERROR;
	for (size_t i = 0; i < card->count; i++)
		if (card->certificates[i].standing.state == STANDING_REVOKED)
			return EXIT_UNUSABLE;
	if (message_number(card->end, FIELD_EXPIRED) > 0)
		return EXIT_UNUSABLE;
	return message_number(card->end, FIELD_COUNT) > 0 ? EXIT_DUE : EXIT_FINE;
}

int card_status(const struct config *config, bool json)
{
	struct card card = {.count = 0};
	struct failure failure;
	int result = EXIT_ERROR;

	if (card_read(&card, &failure) < 0)
		return exit_without_helper(&failure);
	if (ask(config, &card) == 0) {
		if (json)
			print_json(&card, card_code(&card));
		else
			print_table(&card);
		if (card_code(&card) != FAILURE_NONE)
			exit_say(card.end, card_code(&card));
		result = exit_of(&card);
	}
	card_clear(&card);
	return result;
}
