/* SPDX-License-Identifier: MIT */
/*
 * A front end of the tests, in the place of the desktop's agent: it sends one request and prints
 * each message that comes as a line, NAME FIELD=VALUE … with the sentence last.
 *
 *	test-ask ACTION [WORD...]
 *
 *	fresh       the card is to be read, whatever was found before
 *	yes         whether to renew is not asked
 *	card=SERIAL one card only
 *	issuer=NAME, serial=NUMBER, reason=N
 *	            what is to be revoked, and why
 *	language=L  as in LANG
 *	pin=PIN     given to each question for it; other questions are answered 'later'
 *	step=N      leaves when the Nth step is announced
 *	leave       leaves at the first question
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/client.h"

static const struct {
	const char *name;
	enum request_action action;
} actions[] = {
    {"status", REQUEST_STATUS}, {"renew", REQUEST_RENEW}, {"due", REQUEST_DUE},
    {"later", REQUEST_LATER},	{"watch", REQUEST_WATCH}, {"revoke", REQUEST_REVOKE},
};

static const struct {
	const char *name;
	enum message_type type;
} types[] = {
    {"terms", MESSAGE_TERMS},	   {"certificate", MESSAGE_CERTIFICATE},
    {"checked", MESSAGE_CHECKED},  {"notice", MESSAGE_NOTICE},
    {"token?", MESSAGE_ASK_TOKEN}, {"renew?", MESSAGE_ASK_RENEW},
    {"pin?", MESSAGE_ASK_PIN},	   {"step", MESSAGE_STEP},
    {"renewed", MESSAGE_RENEWED},  {"waiting", MESSAGE_WAITING},
    {"failed", MESSAGE_FAILED},	   {"done", MESSAGE_DONE},
};

static const struct {
	const char *name;
	enum message_field field;
} numbers[] = {
    {"role", FIELD_ROLE},	    {"state", FIELD_STATE},	  {"days", FIELD_DAYS},
    {"not-after", FIELD_NOT_AFTER}, {"new", FIELD_NEW_NOT_AFTER}, {"unfinished", FIELD_UNFINISHED},
    {"retry-at", FIELD_RETRY_AT},   {"remind", FIELD_REMIND},	  {"step", FIELD_STEP_NUMBER},
    {"code", FIELD_CODE},	    {"count", FIELD_COUNT},	  {"of", FIELD_OF},
    {"expired", FIELD_EXPIRED},	    {"again-at", FIELD_AGAIN_AT},
};

static const struct {
	const char *name;
	enum message_field field;
} texts[] = {
    {"serial", FIELD_SERIAL}, {"card", FIELD_TOKEN_SERIAL}, {"prompt", FIELD_PROMPT},
    {"say", FIELD_SENTENCE},  {"next", FIELD_NEXT},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What the words after the action say. */
struct manner {
	struct client_request request;
	const char *pin;
	int64_t leave_at;
	bool leave;
};

static const char *value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static int read_word(const char *word, struct manner *manner)
{
	const char *value;

	if (strcmp(word, "fresh") == 0)
		manner->request.flags |= REQUEST_FRESH;
	else if (strcmp(word, "yes") == 0)
		manner->request.flags |= REQUEST_ASSUME_YES;
	else if (strcmp(word, "leave") == 0)
		manner->leave = true;
	else if ((value = value_of(word, "card")) != NULL)
		manner->request.token_serial = value;
	else if ((value = value_of(word, "issuer")) != NULL)
		manner->request.issuer = value;
	else if ((value = value_of(word, "serial")) != NULL)
		manner->request.serial = value;
	else if ((value = value_of(word, "reason")) != NULL)
		manner->request.reason = atoi(value);
	else if ((value = value_of(word, "language")) != NULL)
		manner->request.language = value;
	else if ((value = value_of(word, "pin")) != NULL)
		manner->pin = value;
	else if ((value = value_of(word, "step")) != NULL)
		manner->leave_at = atoi(value);
	else
		return -1;
	return 0;
}

static int read_words(int count, char *words[], struct manner *manner)
{
	for (size_t i = 0; count > 1 && i < LENGTH(actions); i++)
		if (strcmp(actions[i].name, words[1]) == 0)
			manner->request.action = actions[i].action;
	for (int i = 2; i < count; i++)
		if (read_word(words[i], manner) < 0)
			return -1;
	return manner->request.action == 0 ? -1 : 0;
}

static void print(const struct message *message)
{
	for (size_t i = 0; i < LENGTH(types); i++)
		if (types[i].type == message_type(message))
			printf("%s", types[i].name);
	for (size_t i = 0; i < LENGTH(numbers); i++)
		if (message_has(message, numbers[i].field))
			printf(" %s=%" PRId64, numbers[i].name,
			       message_number(message, numbers[i].field));
	for (size_t i = 0; i < LENGTH(texts); i++)
		if (message_has(message, texts[i].field))
			printf(" %s=%s", texts[i].name, message_text(message, texts[i].field));
	printf("\n");
}

static void answer(int channel, const struct message *question, const struct manner *manner)
{
	enum message_type type = message_type(question);
	struct message *reply = NULL;

	if (type == MESSAGE_ASK_PIN && manner->pin != NULL) {
		reply = message_new(MESSAGE_PIN);
		message_put_secret(reply, manner->pin, strlen(manner->pin));
	} else if (type == MESSAGE_ASK_PIN || type == MESSAGE_ASK_TOKEN) {
		reply = message_new(MESSAGE_CANCEL);
	} else if (type == MESSAGE_ASK_RENEW) {
		reply = message_new(MESSAGE_LATER);
	}
	if (reply != NULL)
		(void)message_send(channel, reply);
}

static bool is_question(enum message_type type)
{
	return type == MESSAGE_ASK_TOKEN || type == MESSAGE_ASK_RENEW || type == MESSAGE_ASK_PIN;
}

static bool leaves_at(const struct message *message, const struct manner *manner)
{
	enum message_type type = message_type(message);

	if (manner->leave && is_question(type))
		return true;
	return manner->leave_at != 0 && type == MESSAGE_STEP &&
	       message_number(message, FIELD_STEP_NUMBER) == manner->leave_at;
}

int main(int count, char *words[])
{
	struct manner manner = {.request.language = ""};
	struct message *message = NULL;
	struct failure failure;
	bool leaving = false;
	int channel = -1;

	if (read_words(count, words, &manner) < 0) {
		fputs("usage: test-ask ACTION [WORD...]\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (client_open(&manner.request, &channel, &failure) < 0) {
		fprintf(stderr, "%s\n", failure.detail);
		return 1;
	}
	while (!leaving && message_receive(channel, -1, &message, &failure) == 0) {
		print(message);
		leaving = leaves_at(message, &manner);
		if (!leaving)
			answer(channel, message, &manner);
		message_free(message);
	}
	close(channel);
	return 0;
}
