/* SPDX-License-Identifier: MIT */
#include "helper/command/renew.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/answer.h"
#include "helper/common/client.h"
#include "helper/common/paths.h"
#include "helper/command/exit.h"
#include "helper/command/terminal.h"
#include "helper/words/language.h"

/* What was heard, for the exit status. */
struct outcome {
	bool ended; /* a word on how it ended came */
	bool complete;
	bool waiting;
	enum failure_code code;
};

static void take_end(struct outcome *outcome, const struct message *message)
{
	switch (message_type(message)) {
	case MESSAGE_DONE:
		outcome->ended = true;
		outcome->complete =
		    message_number(message, FIELD_COUNT) == message_number(message, FIELD_OF);
		break;
	case MESSAGE_WAITING:
		outcome->ended = outcome->waiting = true;
		break;
	case MESSAGE_FAILED:
		outcome->ended = true;
		outcome->code = (enum failure_code)message_number(message, FIELD_CODE);
		break;
	default:
		break;
	}
}

static void take(int channel, const struct message *message, struct outcome *outcome)
{
	take_end(outcome, message);
	if (answer_is_due(message_type(message)))
		client_answer(channel, terminal_ask(message));
	else if (message_type(message) == MESSAGE_FAILED)
		exit_say(message, outcome->code);
	else
		terminal_show(message);
}

static int exit_of(const struct outcome *outcome)
{
	if (outcome->complete || outcome->code == FAILURE_NOTHING_DUE)
		return EXIT_FINE;
	if (outcome->code == FAILURE_EXPIRED || outcome->code == FAILURE_REVOKED)
		return EXIT_UNUSABLE;
	if (outcome->waiting || outcome->code == FAILURE_CANCELLED)
		return EXIT_DUE;
	return EXIT_ERROR;
}

int renew_on_desktop(void)
{
	int error;

	execl(PATH_AGENT, "certrenew-agent", "--renew", (char *)NULL);
	error = errno;
	if (error == ENOENT)
		fprintf(stderr,
			_("certrenew: the part for the desktop is not installed: there is no %s.\n"
			  "Run 'certrenew renew' to renew in this terminal.\n"),
			PATH_AGENT);
	else
		fprintf(stderr,
			_("certrenew: the part for the desktop cannot be started: %s: %s.\n"
			  "Run 'certrenew renew' to renew in this terminal.\n"),
			PATH_AGENT, strerror(error));
	return EXIT_ERROR;
}

int renew(bool assume_yes)
{
	const struct client_request request = {
	    .action = REQUEST_RENEW,
	    .flags = terminal_flags() | (assume_yes ? REQUEST_ASSUME_YES : 0),
	    .language = language_of_environment(),
	};
	struct outcome outcome = {.code = FAILURE_NONE};
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;
	struct failure failure;
	int channel = -1;

	if (client_open(&request, &channel, &failure) < 0)
		return exit_without_helper(&failure);
	while (client_receive(channel, &heard, &message, &failure) == 0) {
		take(channel, message, &outcome);
		message_free(message);
	}
	close(channel);
	terminal_finish();
	if (!outcome.ended)
		exit_say(NULL, FAILURE_CRASHED);
	return exit_of(&outcome);
}
