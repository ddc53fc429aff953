/* SPDX-License-Identifier: MIT */
#include "helper/lookup/card_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "helper/command/exit.h"
#include "helper/common/client.h"
#include "helper/lookup/json.h"
#include "helper/lookup/phrases.h"
#include "helper/words/language.h"

enum { CERTIFICATES_MAX = 64 };

struct on_card {
	struct message *message;
	X509 *certificate;
	struct standing standing;
};

struct card {
	struct on_card certificates[CERTIFICATES_MAX];
	size_t count;
	struct message *end; /* CHECKED or FAILED; NULL if neither came */
};

static X509 *certificate_of(const struct message *message)
{
	size_t length = 0;
	const unsigned char *der = message_bytes(message, FIELD_CERTIFICATE, &length);

	return der == NULL ? NULL : d2i_X509(NULL, &der, (long)length);
}

/* Takes the message. */
static void take(struct card *card, struct message *message)
{
	enum message_type type = message_type(message);
	X509 *certificate = type == MESSAGE_CERTIFICATE ? certificate_of(message) : NULL;

	if (certificate != NULL && card->count < CERTIFICATES_MAX) {
		card->certificates[card->count++] =
		    (struct on_card){.message = message, .certificate = certificate};
		return;
	}
	X509_free(certificate);
	if (type == MESSAGE_CHECKED || type == MESSAGE_FAILED) {
		message_free(card->end);
		card->end = message;
	} else {
		message_free(message);
	}
}

static int read_card(struct card *card, struct failure *failure)
{
	const struct client_request request = {
	    .action = REQUEST_STATUS,
	    .flags = REQUEST_CERTIFICATES,
	    .language = language_of_environment(),
	};
	struct message *message = NULL;
	int channel = -1, r = client_open(&request, &channel, failure);

	if (r < 0)
		return r;
	while (message_receive(channel, -1, &message, failure) == 0)
		take(card, message);
	close(channel);
	return 0;
}

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

static enum failure_code code_of(const struct card *card)
{
	if (card->end == NULL)
		return FAILURE_CRASHED;
	return message_type(card->end) == MESSAGE_FAILED
		   ? (enum failure_code)message_number(card->end, FIELD_CODE)
		   : FAILURE_NONE;
}

static int exit_of(const struct card *card)
{
	enum failure_code code = code_of(card);

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

	if (read_card(&card, &failure) < 0)
		return exit_without_helper(&failure);
	if (ask(config, &card) == 0) {
		if (json)
			print_json(&card, code_of(&card));
		else
			print_table(&card);
		if (code_of(&card) != FAILURE_NONE)
			exit_say(card.end, code_of(&card));
		result = exit_of(&card);
	}
	for (size_t i = 0; i < card.count; i++) {
		X509_free(card.certificates[i].certificate);
		message_free(card.certificates[i].message);
	}
	message_free(card.end);
	return result;
}
