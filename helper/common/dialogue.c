/* SPDX-License-Identifier: MIT */
#include "helper/common/dialogue.h"

#include <sys/socket.h>

#include "helper/common/answer.h"

void dialogue_stage(struct dialogue *dialogue, enum report_stage stage)
{
	dialogue->report.stage = (uint8_t)stage;
	report_send(dialogue->control, &dialogue->report);
}

void dialogue_say(struct dialogue *dialogue, struct message *message)
{
	if (dialogue->gone)
		message_free(message);
	else if (message != NULL && message_send(dialogue->channel, message) == -FAILURE_SYSTEM)
		dialogue->gone = true;
}

/* What comes before its question was not asked for: nobody has read what it would answer. */
static bool speaks_unasked(const struct dialogue *dialogue)
{
	char byte;

	return recv(dialogue->channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

int dialogue_ask(struct dialogue *dialogue, struct message *question, struct message **ret_answer,
		 struct failure *failure)
{
	struct message *answer = NULL;
	enum message_type asked;
	int result;

	if (question == NULL)
		return fail_errno(failure, "no memory for a question");
	asked = message_type(question);
	if (speaks_unasked(dialogue)) {
		message_free(question);
		return fail(failure, FAILURE_PROTOCOL, "an answer before question %d was asked",
			    (int)asked);
	}
	/* Told before it is asked: a person who attends must not be cut off. */
	dialogue_stage(dialogue, REPORT_ASKING);
	if (message_send(dialogue->channel, question) < 0) {
		dialogue->gone = true;
		return fail(failure, FAILURE_CANCELLED, "the front end is gone");
	}
	result = message_receive(dialogue->channel, (int)dialogue->question_timeout_ms, &answer,
				 failure);
	if (result == -FAILURE_TIMEOUT)
		return fail(failure, FAILURE_NO_ANSWER, "question %d was not answered", (int)asked);
	dialogue->gone = result == -FAILURE_CANCELLED;
	if (result < 0)
		return result;
	if (!answer_is_legal(asked, message_type(answer))) {
		result = fail(failure, FAILURE_PROTOCOL, "answer %d to question %d",
			      (int)message_type(answer), (int)asked);
		message_free(answer);
		return result;
	}
	dialogue_stage(dialogue, REPORT_WORKING);
	*ret_answer = answer;
	return 0;
}
