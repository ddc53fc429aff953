/* SPDX-License-Identifier: MIT */
/* Children that are started beside the check and the renewal; what becomes of them changes nothing.
 */
#ifndef CERTRENEW_SUPERVISOR_ASIDE_H
#define CERTRENEW_SUPERVISOR_ASIDE_H

#include "helper/common/task.h"
#include "helper/supervisor/child.h"
#include "helper/supervisor/conversation.h"

/* Has renew, without a lock, say that the card is being renewed already. Takes the channel. */
void aside_busy(struct conversation *conversation, const struct account *account,
		struct task *task);

/* Has renew say what is unfinished on the cards that check has found. */
void aside_unfinished(struct conversation *conversation, const struct account *account,
		      struct task *task, const struct report *found);

/* After a renewal: gives the lock back, and has check look at what was written. */
void aside_verify(struct conversation *conversation, const struct account *account,
		  const struct task *renewed, const struct report *report);

#endif
