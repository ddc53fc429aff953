/* SPDX-License-Identifier: MIT */
/*
 * What may happen in a conversation, after what, and how often: the one table of it is in permit.c,
 * and whatever is not in it ends the conversation. What check and renew report is not believed, as
 * a hostile driver may write the reports: a check that says it writes to the card would never be
 * ended.
 */
#ifndef CERTRENEW_PERMIT_H
#define CERTRENEW_PERMIT_H

#include <stdbool.h>

#include "helper/common/message.h"
#include "helper/common/report.h"

enum permit_event {
	EVENT_REQUEST, /* the peer's only message */
	EVENT_CHECK,   /* a child is started */
	EVENT_RENEW,
	EVENT_REPORT, /* its reports follow, by stage */
	EVENT_COUNT = EVENT_REPORT + REPORT_FORBIDDEN + 1,
};

/* All zero before the first event. */
struct permits {
	enum request_action action;
	bool renewing; /* the last child is renew */
	enum permit_event last;
	unsigned counts[EVENT_COUNT]; /* reports: of the last child */
};

/*
 * Notes the event if it is permitted now. Reports are EVENT_REPORT + stage. Returns 0 or
 * -FAILURE_PROTOCOL.
 */
int permit(struct permits *permits, unsigned event, struct failure *failure);

#endif
