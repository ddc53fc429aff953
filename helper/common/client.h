/* SPDX-License-Identifier: MIT */
/* A front end's way to the helper: the socket, or, for root, a helper of its own. */
#ifndef CERTRENEW_CLIENT_H
#define CERTRENEW_CLIENT_H

#include <stdbool.h>

#include "helper/common/message.h"

enum {
	CLIENT_FIRST_MS = 10000, /* until the first word */
	CLIENT_REST_MS = 2000,	 /* of a message that has begun: it comes in one piece */
	CLIENT_GRACE_MS = 5000, /* beyond its TERMS the helper may need to say that they are over */
};

struct client_request {
	enum request_action action;
	int64_t flags;		  /* REQUEST_* */
	const char *language;	  /* as in LANGUAGE or LANG */
	const char *token_serial; /* one card only; NULL or "": any */
	const char *issuer;	  /* REVOKE: the certificate, see message.h; NULL otherwise */
	const char *serial;
	int reason; /* REVOKE: CRLReason */
};

/*
 * Opens the channel and sends the request. Returns 0 with *ret_channel, which is close-on-exec, or
 * -FAILURE_SYSTEM: *failure says what could not be reached.
 */
int client_open(const struct client_request *request, int *ret_channel, struct failure *failure);

/* What a front end has heard; all zero before the first message, but for what it asked. */
struct client_heard {
	bool anything, checked, asked, done;
	bool asks_due;	/* DUE, WATCH: earlier renewals' ends come first, and no question at all */
	int silence_ms; /* what TERMS leave for silence until the first question */
};

/*
 * Whether the message is the helper's to send now, and notes it. Returns 0, or -FAILURE_PROTOCOL
 * for one that is a front end's to send, for one before TERMS that is no failure, for a second
 * CHECKED, and for one behind DONE.
 */
int client_hear(struct client_heard *heard, const struct message *message, struct failure *failure);

/*
 * The helper's next message. Its first must come within ten seconds, the next ones, until the first
 * question, within its TERMS; from then on the helper bounds what it waits for itself, and a person
 * is not hurried from here. Returns what message_receive and client_hear return.
 */
int client_receive(int channel, struct client_heard *heard, struct message **ret,
		   struct failure *failure);

/* Answers a question. An answer that cannot be sent ends the conversation: the helper would wait
 * for it until its time is over, and the person with it. Takes the message; NULL is one that
 * cannot. */
void client_answer(int channel, struct message *answer);

#endif
