/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/aside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/common/token_name.h"
#include "helper/supervisor/follow.h"

/*
 * At a login the person has no front end with words of its own: renew says that another one is
 * under way, and ends. Holding no lock, it could do nothing else.
 */
void aside_busy(struct conversation *conversation, const struct account *account, struct task *task)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct report report = {.stage = 0};
	struct child child;

	task->busy = true;
	if (permit(&conversation->permits, EVENT_TELL, &failure) < 0 ||
	    child_start(account, PATH_RENEW, task, conversation->channel, -1, &child, &failure) < 0)
		return;
	close(conversation->channel);
	conversation->channel = -1;
	(void)follow(conversation, &child, &report, &failure);
}

/*
 * STATUS: what is unfinished on the cards that are there is renew's to say, which alone reads the
 * journal. It changes nothing and needs no lock; check is believed only about cards that it was
 * asked about. What check said stands, whatever becomes of this.
 */
void aside_unfinished(struct conversation *conversation, const struct account *account,
		      struct task *task, const struct report *found)
{
	struct failure failure = {.code = FAILURE_NONE};
	char names[sizeof(found->unfinished)], *rest = names;
	struct report report = {.stage = 0};
	const char *name;
	struct child child;
	int result = 0;

	snprintf(names, sizeof(names), "%s", found->unfinished);
	while (result == 0 && (name = strsep(&rest, ",")) != NULL)
		if (!token_name_listed(task->unfinished, name))
			result = fail(&failure, FAILURE_PROTOCOL, "check names another card");
	task->unfinished = found->unfinished;
	if (result == 0)
		result = permit(&conversation->permits, EVENT_TELL, &failure);
	if (result == 0)
		result = child_start(account, PATH_RENEW, task, conversation->channel, -1, &child,
				     &failure);
	if (result == 0)
		result = follow(conversation, &child, &report, &failure);
	if (result < 0)
		log_failure(EVENT_UNFINISHED_UNTOLD, "what is unfinished was not told", &failure);
}

/*
 * What renew read back it may have read from its own driver's memory, and another process from a
 * cache on disk that nobody told of the write: a fresh one looks. Nobody waits for it.
 */
void aside_verify(struct conversation *conversation, const struct account *account,
		  const struct task *renewed, const struct report *report)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct report last = {.stage = 0};
	struct task task = *renewed;
	struct child child;
	int result;

	/* The renewal is over: whoever asks for the next one shall not be told that it is not. */
	close(conversation->lock);
	conversation->lock = -1;
	task.action = REQUEST_VERIFY;
	task.serial = report->certificates;
	result = permit(&conversation->permits, EVENT_VERIFY, &failure);
	if (result == 0)
		result = child_start(account, PATH_CHECK, &task, -1, -1, &child, &failure);
	if (result == 0)
		result = follow(conversation, &child, &last, &failure);
	if (result < 0)
		log_failure(EVENT_NOT_LOOKED_AFRESH,
			    "what was written is not verified by a fresh process", &failure);
}
