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
