/* SPDX-License-Identifier: MIT */
/*
 * What may happen in a conversation, after what, and how often: the one table of it is in permit.c,
 * and whatever is not in it ends the conversation. What check and renew report is not believed, as
 * a hostile driver may write the reports: a check that says it writes to the card would never be
 * ended.
 */
#ifndef CERTRENEW_PERMIT_H
#define CERTRENEW_PERMIT_H

#include "helper/common/message.h"
#include "helper/common/report.h"

enum permit_event {
	EVENT_REQUEST, /* the peer's only message */
	EVENT_CHECK,   /* a child is started: check, to see what is due */
	EVENT_RENEW,   /* renew, with the card's lock */
	EVENT_TELL,    /* renew, to say how far a renewal is */
	EVENT_VERIFY,  /* check, after a renewal */
	EVENT_REPORT,  /* its reports follow, by stage */
	EVENT_COUNT = EVENT_REPORT + REPORT_FORBIDDEN + 1,
};

/* All zero before the first event. */
struct permits {
	enum request_action action;
	enum permit_event child; /* by which the last child was started; 0: none was */
	enum permit_event last;
	unsigned counts[EVENT_COUNT]; /* reports: of the last child */
};

/*
 * Notes the event if it is permitted now. Reports are EVENT_REPORT + stage. Returns 0 or
 * -FAILURE_PROTOCOL.
 */
int permit(struct permits *permits, unsigned event, struct failure *failure);

/* The last child's, for the log. */
const char *permit_program(const struct permits *permits);

#endif
