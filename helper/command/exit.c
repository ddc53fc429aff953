/* SPDX-License-Identifier: MIT */
#include "helper/command/exit.h"

#include <stdio.h>
#include <unistd.h>

#include "helper/command/terminal.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

int exit_without_helper(const struct failure *failure)
{
	fprintf(stderr, _("certrenew: the helper cannot be reached: %s.\n"), failure->detail);
	/* Root needs no socket. */
	if (geteuid() != 0)
		fputs(_("Your administrator starts it with 'systemctl enable --now "
			"certrenew.socket'.\n"),
		      stderr);
	return EXIT_ERROR;
}

void exit_say(const struct message *message, enum failure_code code)
{
	char text[WORDS_MAX];

	terminal_finish();
	if (message != NULL && message_has(message, FIELD_SENTENCE)) {
		terminal_show(message);
		return;
	}
	fprintf(stderr, "%s\n", words_failed(text, code, 0));
	fprintf(stderr, "%s\n", words_next(text, code));
}

enum failure_code exit_code_of(const struct message *end)
{
	if (end == NULL)
		return FAILURE_CRASHED;
	return message_type(end) == MESSAGE_FAILED
		   ? (enum failure_code)message_number(end, FIELD_CODE)
		   : FAILURE_NONE;
}

int exit_of_check(const struct message *end)
{
	enum failure_code code = exit_code_of(end);

	/* A card that was read and cannot be used is a state of the card, not an error of ours. */
	if (code == FAILURE_NO_CERTIFICATE || code == FAILURE_CARD_UNINITIALISED)
		return EXIT_UNUSABLE;
	if (code != FAILURE_NONE)
		return EXIT_ERROR;
	if (message_number(end, FIELD_EXPIRED) > 0)
		return EXIT_UNUSABLE;
	return message_number(end, FIELD_COUNT) > 0 ? EXIT_DUE : EXIT_FINE;
}
