/* SPDX-License-Identifier: MIT */
#include "helper/command/status.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper/card/validity.h"
#include "helper/common/client.h"
#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

enum { CERTIFICATES_MAX = 1024 };

struct listing {
	struct message *certificates[CERTIFICATES_MAX];
	size_t count;
	struct message *end; /* CHECKED or FAILED; NULL if neither came */
};

static const char *role_name(const struct message *certificate)
{
	return message_number(certificate, FIELD_ROLE) == ROLE_ENCRYPTION ? "encryption"
									  : "signature";
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
	    [VALIDITY_UNKNOWN] = "unknown: the clock is not set",
	    [VALIDITY_NOT_YET_VALID] = "not yet valid",
	    [VALIDITY_VALID] = "valid",
	    [VALIDITY_RENEWABLE] = "can be renewed now",
	    [VALIDITY_CRITICAL] = "expires soon, renew now",
	    [VALIDITY_EXPIRED] = "expired, apply anew",
	    [VALIDITY_UNLIMITED] = "valid without end",
	};

	return state >= VALIDITY_UNKNOWN && state <= VALIDITY_UNLIMITED ? words[state] : words[0];
}

static void collect(int channel, struct listing *listing, struct failure *failure)
{
	struct message *message = NULL;

	while (message_receive(channel, -1, &message, failure) == 0) {
		enum message_type type = message_type(message);

		if (type == MESSAGE_CERTIFICATE && listing->count < CERTIFICATES_MAX) {
			listing->certificates[listing->count++] = message;
		} else if (type == MESSAGE_CHECKED || type == MESSAGE_FAILED) {
			message_free(listing->end);
			listing->end = message;
		} else {
			message_free(message);
		}
	}
}

static char *local_date(char out[32], int64_t when, const char *format)
{
	time_t seconds = (time_t)when;
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL || strftime(out, 32, format, &local) == 0)
		snprintf(out, 32, "?");
	return out;
}

static void print_table(const struct listing *listing)
{
	const char *card = "";
	char date[32], days[32];

	for (size_t i = 0; i < listing->count; i++) {
		const struct message *one = listing->certificates[i];
		const char *serial = message_text(one, FIELD_TOKEN_SERIAL);

		if (i == 0 || strcmp(card, serial) != 0) {
			printf("%sCard %s, serial number %s\n", i == 0 ? "" : "\n",
			       message_text(one, FIELD_TOKEN_LABEL), serial);
			printf("  %-12s%-13s%11s  %-26s%s\n", "CERTIFICATE", "VALID UNTIL",
			       "DAYS LEFT", "STATE", "HOLDER");
			if (message_number(one, FIELD_UNFINISHED) != 0)
				puts("  A renewal of this card is not finished: 'certrenew renew' "
				     "goes on.");
		}
		card = serial;
		if (message_number(one, FIELD_STATE) == VALIDITY_UNLIMITED)
			snprintf(days, sizeof(days), "-");
		else
			snprintf(days, sizeof(days), "%lld",
				 (long long)message_number(one, FIELD_DAYS));
		printf("  %-12s%-13s%11s  %-26s%s\n", role_name(one),
		       local_date(date, message_number(one, FIELD_NOT_AFTER), "%Y-%m-%d"), days,
		       state_words(message_number(one, FIELD_STATE)),
		       message_text(one, FIELD_SUBJECT_CN));
	}
}

/* RFC 8259 §7; a message's texts are valid UTF-8. */
static void print_string(const char *text)
{
	putchar('"');
	for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			printf("\\%c", *at);
		else if (*at < 0x20)
			printf("\\u%04x", *at);
		else
			putchar(*at);
	}
	putchar('"');
}

static void print_member(const char *name, const char *text)
{
	printf(", \"%s\": ", name);
	print_string(text);
}

static void print_time(const char *name, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm utc;
	char text[32];

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		text[0] = '\0';
	print_member(name, text);
}

static void print_certificate(const struct message *one)
{
	bool unlimited = message_number(one, FIELD_STATE) == VALIDITY_UNLIMITED;

	printf("{\"role\": \"%s\"", role_name(one));
	print_member("state", state_name(message_number(one, FIELD_STATE)));
	if (unlimited)
		printf(", \"days_left\": null");
	else
		printf(", \"days_left\": %lld", (long long)message_number(one, FIELD_DAYS));
	print_time("not_before", message_number(one, FIELD_NOT_BEFORE));
	print_time("not_after", message_number(one, FIELD_NOT_AFTER));
	if (unlimited)
		printf(", \"renewable_from\": null");
	else
		print_time("renewable_from", message_number(one, FIELD_RENEWABLE_FROM));
	print_member("subject", message_text(one, FIELD_SUBJECT));
	print_member("issuer", message_text(one, FIELD_ISSUER));
	print_member("serial_number", message_text(one, FIELD_SERIAL));
	print_member("token_label", message_text(one, FIELD_TOKEN_LABEL));
	print_member("token_serial_number", message_text(one, FIELD_TOKEN_SERIAL));
	printf(", \"unfinished\": %s}",
	       message_number(one, FIELD_UNFINISHED) != 0 ? "true" : "false");
}

static void print_json(const struct listing *listing, enum failure_code code)
{
	printf("{\"error\": ");
	if (code == FAILURE_NONE)
		printf("null");
	else
		print_string(failure_name(code));
	printf(", \"certificates\": [");
	for (size_t i = 0; i < listing->count; i++) {
		printf("%s\n  ", i == 0 ? "" : ",");
		print_certificate(listing->certificates[i]);
	}
	printf("%s]}\n", listing->count > 0 ? "\n" : "");
}

static enum failure_code code_of(const struct listing *listing)
{
	if (listing->end == NULL)
		return FAILURE_CRASHED;
	return message_type(listing->end) == MESSAGE_FAILED
		   ? (enum failure_code)message_number(listing->end, FIELD_CODE)
		   : FAILURE_NONE;
}

static int exit_of(const struct listing *listing)
{
	enum failure_code code = code_of(listing);

	/* A card that was read and cannot be used is a state of the card, not an error of ours. */
	if (code == FAILURE_NO_CERTIFICATE || code == FAILURE_CARD_UNINITIALISED)
		return EXIT_UNUSABLE;
	if (code != FAILURE_NONE)
		return EXIT_ERROR;
	if (message_number(listing->end, FIELD_EXPIRED) > 0)
		return EXIT_UNUSABLE;
	return message_number(listing->end, FIELD_COUNT) > 0 ? EXIT_DUE : EXIT_FINE;
}

int status(bool json)
{
	const struct client_request request = {
	    .action = REQUEST_STATUS,
	    .language = language_of_environment(),
	};
	struct listing listing = {.count = 0};
	struct failure failure;
	int channel = -1, result;

	if (client_open(&request, &channel, &failure) < 0)
		return exit_without_helper(&failure);
	collect(channel, &listing, &failure);
	close(channel);
	if (json)
		print_json(&listing, code_of(&listing));
	else
		print_table(&listing);
	if (code_of(&listing) != FAILURE_NONE)
		exit_say(listing.end, code_of(&listing));
	result = exit_of(&listing);
	for (size_t i = 0; i < listing.count; i++)
		message_free(listing.certificates[i]);
	message_free(listing.end);
	return result;
}
