/* SPDX-License-Identifier: MIT */
/* The deadlines of a conversation, by what its child says it is doing. */
#ifndef CERTRENEW_SUPERVISOR_FOLLOW_H
#define CERTRENEW_SUPERVISOR_FOLLOW_H

#include "helper/supervisor/child.h"
#include "helper/supervisor/conversation.h"

/* How many seconds may pass, from the request on, until the first question, or the end where none
 * is asked: what it says in TERMS. */
int64_t follow_longest(const struct conversation *conversation);

/*
 * Follows a child to its end. *ret_last is its last report. What it does after REPORT_END is its
 * driver's matter: it may hang or crash there, and has done its work. Returns 0, or what ended it:
 * -FAILURE_TIMEOUT, -FAILURE_CRASHED, -FAILURE_PROTOCOL, -FAILURE_SANDBOX.
 */
int follow(struct conversation *conversation, struct child *child, struct report *ret_last,
	   struct failure *failure);

#endif
