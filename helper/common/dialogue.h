/* SPDX-License-Identifier: MIT */
/*
 * The side of check and renew of a conversation: saying and asking, without knowing which front
 * end listens. Descriptors are fixed by the helper.
 */
#ifndef CERTRENEW_DIALOGUE_H
#define CERTRENEW_DIALOGUE_H

#include <stdbool.h>

#include "helper/common/message.h"
#include "helper/common/report.h"

enum { DIALOGUE_CHANNEL = 3, DIALOGUE_CONTROL = 4 };

struct dialogue {
	int channel;
	int control;
	int64_t question_timeout_ms;
	struct report report; /* what the helper knows so far; sent again at each stage */
	bool gone;	      /* the front end: nothing that is said is heard any more */
};

/* Tells the helper where things stand. */
void dialogue_stage(struct dialogue *dialogue, enum report_stage stage);

/* Frees the message. A front end that is gone is noted, and no failure. */
void dialogue_say(struct dialogue *dialogue, struct message *message);

/*
 * Asks and waits for one legal answer; frees the question. Returns 0 with *ret_answer, or
 * -FAILURE_NO_ANSWER (time ran out), -FAILURE_CANCELLED (the front end is gone),
 * -FAILURE_PROTOCOL (an answer that the table does not permit, or one before the question).
 */
int dialogue_ask(struct dialogue *dialogue, struct message *question, struct message **ret_answer,
		 struct failure *failure);

#endif
