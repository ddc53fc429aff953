/* SPDX-License-Identifier: MIT */
#include "helper/command/terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bsd/readpassphrase.h>

#include "helper/common/answer.h"
#include "helper/common/secret.h"
#include "helper/words/words.h"

enum { TRIES = 3, LINE_MAX_LENGTH = 512, PIN_LINE = SECRET_CUT + 1 };

static bool step_is_open;

int64_t terminal_flags(void)
{
	const char *kind = getenv("TERM");

	return kind != NULL && strcmp(kind, "linux") == 0 ? REQUEST_CONSOLE : 0;
}

void terminal_finish(void)
{
	if (step_is_open)
		putchar('\n');
	step_is_open = false;
	fflush(stdout);
}

static void show_step(const char *sentence)
{
	if (!isatty(STDOUT_FILENO)) {
		puts(sentence);
	} else {
		printf("%s%s\033[K", step_is_open ? "\r" : "", sentence);
		step_is_open = true;
	}
	fflush(stdout);
}

static void print_line(FILE *out, const char *text)
{
	if (text[0] != '\0')
		fprintf(out, "%s\n", text);
}

void terminal_show(const struct message *message)
{
	FILE *out = message_type(message) == MESSAGE_FAILED ? stderr : stdout;
	const char *said = message_text(message, FIELD_SAID);
	char text[WORDS_MAX];

	if (message_type(message) == MESSAGE_STEP) {
		show_step(message_text(message, FIELD_SENTENCE));
		return;
	}
	terminal_finish();
	print_line(out, message_text(message, FIELD_SENTENCE));
	if (said[0] != '\0')
		print_line(out, words_said(text, said));
	print_line(out, message_text(message, FIELD_NEXT));
	fflush(out);
}

int terminal_read(const char *prompt, char *line, size_t size, bool echo)
{
	int flags = (echo ? RPP_ECHO_ON : RPP_ECHO_OFF) |
		    (isatty(STDIN_FILENO) ? RPP_REQUIRE_TTY : RPP_STDIN);

	return readpassphrase(prompt, line, size, flags) == NULL ? -1 : 0;
}

static struct message *ask_renew(const struct message *question)
{
	char line[LINE_MAX_LENGTH];
	enum message_type answer = 0;

	for (int i = 0; i < TRIES && answer == 0; i++) {
		if (terminal_read(message_text(question, FIELD_PROMPT_TEXT), line, sizeof(line),
				  true) < 0)
			return message_new(MESSAGE_LATER);
		answer = answer_from_text(question, line);
	}
	return message_new(answer == 0 ? MESSAGE_LATER : answer);
}

static struct message *ask_token(const struct message *question)
{
	char line[LINE_MAX_LENGTH], *end = line;
	struct message *answer;
	long choice = 0;

	for (int i = 0; i < TRIES && choice == 0; i++) {
		if (terminal_read(message_text(question, FIELD_PROMPT_TEXT), line, sizeof(line),
				  true) < 0)
			break;
		choice = strtol(line, &end, 10);
		if (*end != '\0' || choice < 1 || choice > message_number(question, FIELD_OF))
			choice = 0;
	}
	if (choice == 0)
		return message_new(MESSAGE_CANCEL);
	answer = message_new(MESSAGE_CHOICE);
	message_put_number(answer, FIELD_CHOICE, choice);
	return answer;
}

static struct message *ask_pin(const struct message *question)
{
	struct message *answer = NULL;
	size_t length = 0;
	char *line;

	if ((message_number(question, FIELD_PIN_NOTE) & PIN_NOTE_KEYPAD) != 0) {
		answer = message_new(MESSAGE_PIN);
		message_put_secret(answer, "", 0);
		return answer;
	}
	line = secret_allocate(PIN_LINE);
	if (line == NULL)
		return message_new(MESSAGE_CANCEL);
	/* A NUL in the line must not cut it short, which would spend a try: the last NUL ends it.
	 */
	memset(line, ' ', PIN_LINE);
	if (terminal_read(message_text(question, FIELD_PROMPT_TEXT), line, PIN_LINE, false) == 0)
		length = (size_t)((char *)memrchr(line, '\0', PIN_LINE) - line);
	if (length > 0) {
		answer = message_new(MESSAGE_PIN);
		message_put_secret(answer, line, length);
	}
	secret_release(line, PIN_LINE);
	return answer != NULL ? answer : message_new(MESSAGE_CANCEL);
}

struct message *terminal_ask(const struct message *question)
{
	terminal_show(question);
	switch (message_type(question)) {
	case MESSAGE_ASK_TOKEN:
		return ask_token(question);
	case MESSAGE_ASK_PIN:
		return ask_pin(question);
	default:
		return ask_renew(question);
	}
}
