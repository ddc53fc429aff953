/* SPDX-License-Identifier: MIT */
#include "helper/lookup/converse.h"

#include <stdio.h>
#include <unistd.h>

#include "helper/command/terminal.h"
#include "helper/common/answer.h"

/* What is said and asked until the end; false once that has come. */
static bool take(int channel, const struct message *message, struct failure *failure)
{
	switch (message_type(message)) {
	case MESSAGE_DONE:
		terminal_show(message);
		failure->code = FAILURE_NONE;
		return false;
	case MESSAGE_FAILED:
		failure->code = (enum failure_code)message_number(message, FIELD_CODE);
		snprintf(failure->said, sizeof(failure->said), "%s",
			 message_text(message, FIELD_SAID));
		return false;
	default:
		if (answer_is_due(message_type(message)))
			client_answer(channel, terminal_ask(message));
		else
			terminal_show(message);
		return true;
	}
}

int converse_until_end(const struct client_request *request, struct failure *failure)
{
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;
	struct failure broken;
	bool more = true;
	int channel = -1;

	if (client_open(request, &channel, failure) < 0)
		return -(int)failure->code;
	/* If it ends without a word. */
	*failure = (struct failure){.code = FAILURE_CRASHED};
	while (more && client_receive(channel, &heard, &message, &broken) == 0) {
		more = take(channel, message, failure);
		message_free(message);
	}
	close(channel);
	return 0;
}
