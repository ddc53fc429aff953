/* SPDX-License-Identifier: MIT */
#include "helper/command/status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/card/validity.h"
#include "helper/common/client.h"
#include "helper/command/columns.h"
#include "helper/command/exit.h"
#include "helper/command/json.h"
#include "helper/command/terminal.h"
#include "helper/command/unfinished.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

enum { CERTIFICATES_MAX = 1024, UNFINISHED_MAX = 64 };

struct listing {
	struct message *certificates[CERTIFICATES_MAX];
	size_t count;
	struct message *unfinished[UNFINISHED_MAX];
	size_t unfinished_count;
	struct message *end; /* CHECKED or FAILED; NULL if neither came */
};

static const char *role_name(const struct message *certificate)
{
	return message_number(certificate, FIELD_ROLE) == ROLE_ENCRYPTION ? "encryption"
									  : "signature";
}

static const char *role_words(const struct message *certificate)
{
	return message_number(certificate, FIELD_ROLE) == ROLE_ENCRYPTION ? _("encryption")
									  : _("signature");
}

static const char *state_name(int64_t state)
{
	static const char *const names[] = {
	    [VALIDITY_UNKNOWN] = "unknown",	[VALIDITY_NOT_YET_VALID] = "not-yet-valid",
	    [VALIDITY_VALID] = "valid",		[VALIDITY_RENEWABLE] = "renewable",
	    [VALIDITY_CRITICAL] = "critical",	[VALIDITY_EXPIRED] = "expired",
	    [VALIDITY_UNLIMITED] = "unlimited",
	};

	return state >= VALIDITY_UNKNOWN && state <= VALIDITY_UNLIMITED ? names[state] : "unknown";
}

static const char *state_words(int64_t state)
{
	static const char *const words[] = {
	    [VALIDITY_UNKNOWN] = N_("unknown: the clock is not set"),
	    [VALIDITY_NOT_YET_VALID] = N_("not yet valid"),
	    [VALIDITY_VALID] = N_("valid"),
	    [VALIDITY_RENEWABLE] = N_("can be renewed now"),
	    [VALIDITY_CRITICAL] = N_("expires soon, renew now"),
	    [VALIDITY_EXPIRED] = N_("expired, apply anew"),
	    [VALIDITY_UNLIMITED] = N_("valid without end"),
	};

	return _(state >= VALIDITY_UNKNOWN && state <= VALIDITY_UNLIMITED ? words[state]
									  : words[0]);
}

static void collect(int channel, struct listing *listing, struct failure *failure)
{
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;

	while (client_receive(channel, &heard, &message, failure) == 0) {
		enum message_type type = message_type(message);

		if (type == MESSAGE_CERTIFICATE && listing->count < CERTIFICATES_MAX) {
			listing->certificates[listing->count++] = message;
		} else if (type == MESSAGE_UNFINISHED &&
			   listing->unfinished_count < UNFINISHED_MAX) {
			listing->unfinished[listing->unfinished_count++] = message;
		} else if (type == MESSAGE_CHECKED || type == MESSAGE_FAILED) {
			message_free(listing->end);
			listing->end = message;
		} else {
			message_free(message);
		}
	}
}

/* --- the table ----------------------------------------------------------------------------- */

enum { COLUMN_ROLE, COLUMN_ENDS, COLUMN_DAYS, COLUMN_STATE, COLUMN_HOLDER, COLUMNS };

struct row {
	char ends[DATE_MAX], days[32], holder[NAME_MAX_SHOWN];
	const char *cells[COLUMNS];
};

/* The cells point into the row. */
static void fill_heading(struct row *row)
{
	row->cells[COLUMN_ROLE] = _("CERTIFICATE");
	row->cells[COLUMN_ENDS] = _("VALID UNTIL");
	row->cells[COLUMN_DAYS] = _("DAYS LEFT");
	row->cells[COLUMN_STATE] = _("STATE");
	row->cells[COLUMN_HOLDER] = _("HOLDER");
}

static void fill_row(struct row *row, const struct message *one)
{
	if (message_number(one, FIELD_STATE) == VALIDITY_UNLIMITED)
		snprintf(row->days, sizeof(row->days), "-");
	else
		snprintf(row->days, sizeof(row->days), "%lld",
			 (long long)message_number(one, FIELD_DAYS));
	row->cells[COLUMN_ROLE] = role_words(one);
	row->cells[COLUMN_ENDS] = sentence_date(row->ends, message_number(one, FIELD_NOT_AFTER));
	row->cells[COLUMN_DAYS] = row->days;
	row->cells[COLUMN_STATE] = state_words(message_number(one, FIELD_STATE));
	row->cells[COLUMN_HOLDER] = sentence_name(row->holder, message_text(one, FIELD_SUBJECT_CN));
}

static void measure(const struct listing *listing, struct columns *columns)
{
	struct row row;

	fill_heading(&row);
	columns_widen(columns, row.cells);
	for (size_t i = 0; i < listing->count; i++) {
		fill_row(&row, listing->certificates[i]);
		columns_widen(columns, row.cells);
	}
}

/* Below the card's own line. */
static void print_row(const struct columns *columns, const struct row *row)
{
	printf("%*s", COLUMNS_GAP, "");
	columns_print_row(columns, row->cells);
}

static void print_card(const struct message *one, const struct columns *columns)
{
	char label[NAME_MAX_SHOWN], serial[NAME_MAX_SHOWN];
	struct row row;

	printf(_("Card %s, serial number %s\n"),
	       sentence_name(label, message_text(one, FIELD_TOKEN_LABEL)),
	       sentence_name(serial, message_text(one, FIELD_TOKEN_SERIAL)));
	fill_heading(&row);
	print_row(columns, &row);
}

/* Below the card's certificates, if anything of it is unfinished. */
static void print_card_end(const struct listing *listing, const struct message *one)
{
	if (message_number(one, FIELD_UNFINISHED) == 0)
		return;
	fputs(_("  A renewal of this card is not finished: 'certrenew renew' goes on.\n"), stdout);
	unfinished_print(listing->unfinished, listing->unfinished_count,
			 message_text(one, FIELD_TOKEN_SERIAL));
}

static void print_table(const struct listing *listing)
{
	const struct message *last = NULL, *one;
	struct columns columns = {.count = COLUMNS, .numbers = COLUMN_DAYS};
	struct row row;

	measure(listing, &columns);
	for (size_t i = 0; i < listing->count; i++, last = one) {
		one = listing->certificates[i];
		if (last == NULL || strcmp(message_text(last, FIELD_TOKEN_SERIAL),
					   message_text(one, FIELD_TOKEN_SERIAL)) != 0) {
			if (last != NULL) {
				print_card_end(listing, last);
				putchar('\n');
			}
			print_card(one, &columns);
		}
		fill_row(&row, one);
		print_row(&columns, &row);
	}
	if (last != NULL)
		print_card_end(listing, last);
}

/* --- JSON, which is the same in every language ---------------------------------------------- */

static void print_certificate(const struct message *one)
{
	bool unlimited = message_number(one, FIELD_STATE) == VALIDITY_UNLIMITED;

	printf("{\"role\": \"%s\"", role_name(one));
	json_member("state", state_name(message_number(one, FIELD_STATE)));
	if (unlimited)
		printf(", \"days_left\": null");
	else
		printf(", \"days_left\": %lld", (long long)message_number(one, FIELD_DAYS));
	json_time("not_before", message_number(one, FIELD_NOT_BEFORE));
	json_time("not_after", message_number(one, FIELD_NOT_AFTER));
	if (unlimited)
		json_member("renewable_from", NULL);
	else
		json_time("renewable_from", message_number(one, FIELD_RENEWABLE_FROM));
	json_member("subject", message_text(one, FIELD_SUBJECT));
	json_member("issuer", message_text(one, FIELD_ISSUER));
	json_member("serial_number", message_text(one, FIELD_SERIAL));
	json_member("token_label", message_text(one, FIELD_TOKEN_LABEL));
	json_member("token_serial_number", message_text(one, FIELD_TOKEN_SERIAL));
	printf(", \"unfinished\": %s}",
	       message_number(one, FIELD_UNFINISHED) != 0 ? "true" : "false");
}

static void print_json(const struct listing *listing, const char *error)
{
	printf("{\"error\": ");
	json_text(error);
	printf(", \"certificates\": [");
	for (size_t i = 0; i < listing->count; i++) {
		printf("%s\n  ", i == 0 ? "" : ",");
		print_certificate(listing->certificates[i]);
	}
	printf("%s], \"unfinished\": [", listing->count > 0 ? "\n" : "");
	unfinished_print_json(listing->unfinished, listing->unfinished_count);
	printf("]}\n");
}

int status(bool json)
{
	const struct client_request request = {
	    .action = REQUEST_STATUS,
	    .flags = terminal_flags(),
	    .language = language_of_environment(),
	};
	struct listing listing = {.count = 0};
	struct failure failure;
	int channel = -1, result;

	if (client_open(&request, &channel, &failure) < 0) {
		if (json)
			print_json(&listing, EXIT_NO_HELPER_NAME);
		return exit_without_helper(&failure);
	}
	collect(channel, &listing, &failure);
	close(channel);
	if (json)
		print_json(&listing, json_error_name(exit_code_of(listing.end)));
	else
		print_table(&listing);
	if (exit_code_of(listing.end) != FAILURE_NONE)
		exit_say(listing.end, exit_code_of(listing.end));
	result = exit_of_check(listing.end);
	for (size_t i = 0; i < listing.count; i++)
		message_free(listing.certificates[i]);
	for (size_t i = 0; i < listing.unfinished_count; i++)
		message_free(listing.unfinished[i]);
	message_free(listing.end);
	return result;
}
