/* SPDX-License-Identifier: MIT */
/* A conversation with the helper, in the main loop: nothing waits for it. */
#ifndef CERTRENEW_TALK_H
#define CERTRENEW_TALK_H

#include "helper/common/client.h"

struct talk;

struct talk_events {
	void (*message)(void *data, const struct message *message);
	/* The channel has ended; *failure has FAILURE_CANCELLED if the helper simply closed it. The
	 * talk is freed when this returns. */
	void (*end)(void *data, const struct failure *failure);
};

/* What is said is said as on a desktop. Returns 0 with *ret, or -FAILURE_SYSTEM when the helper
 * cannot be reached. */
int talk_open(const struct client_request *request, const struct talk_events *events, void *data,
	      struct talk **ret, struct failure *failure);

/* Sends and frees the message. That the helper is gone is told by `end`. */
void talk_answer(struct talk *talk, struct message *answer);

/* Ends the conversation, also from within `message`; no event follows. NULL is fine. */
void talk_close(struct talk *talk);

#endif
