/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/follow.h"

#include "conf/system_calls.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"

enum {
	ANSWER_SLACK_MS = 10000, /* renew itself ends an unanswered question; for its death */
	ENDING_MS = 1000,	 /* that a login waits for a driver to end, with the work done */
	CARD_CALLS = 2,		 /* card time-outs that fit into one working stage */
};

/* For the agent's sake alone: once it is gone there is nothing left to do. */
static bool is_for_the_peer(const struct conversation *conversation)
{
	enum request_action action = conversation_action(conversation);

	return action == REQUEST_DUE || action == REQUEST_WATCH;
}

/* What the network may take within one working stage. */
static int64_t network_timeout(const struct conversation *conversation)
{
	const struct config *config = conversation->config;
	int64_t longest = 0;

	if (conversation_leaves_card(conversation))
		return config->revocation.timeout;
	for (size_t i = 0; i < config->ca_count; i++)
		if (config->cas[i].timeout > longest)
			longest = config->cas[i].timeout;
	return 4 * longest + (config->status.check == CHECK_OFF ? 0 : config->status.timeout);
}

static int64_t work_timeout(const struct conversation *conversation)
{
	return CARD_CALLS * conversation->config->card_timeout + network_timeout(conversation);
}

/* check reads and ends, then renew reads, and looks whether what it finds was revoked. */
int64_t follow_longest(const struct conversation *conversation)
{
	const struct config *config = conversation->config;

	if (conversation_is_login(conversation))
		return config->timeout;
	return 3 * config->card_timeout + work_timeout(conversation);
}

/* How long a child may stay silent in a stage. */
static int64_t deadline_of(const struct conversation *conversation, enum report_stage stage)
{
	const struct config *config = conversation->config;

	switch (stage) {
	case REPORT_END:
		return clock_deadline(
		    conversation_is_login(conversation) ? ENDING_MS : config->card_timeout * 1000);
	case REPORT_READING:
		if (conversation_is_login(conversation) && !conversation->attended)
			return conversation->started + config->timeout * 1000;
		return clock_deadline(config->card_timeout * 1000);
	case REPORT_ASKING:
		return clock_deadline(config->question_timeout * 1000 + ANSWER_SLACK_MS);
	case REPORT_WORKING:
		return clock_deadline(work_timeout(conversation) * 1000);
	case REPORT_WATCHING:
		if (conversation_action(conversation) != REQUEST_WATCH)
			return clock_deadline(config->card_timeout * 1000);
		return -1; /* as long as the peer listens */
	default:
		return -1; /* a write is never cut short */
	}
}

/*
 * As child_follow. A peer that has heard all it wanted may be gone before the child has said its
 * last word to us: only one that watches is ended at once.
 */
static int next_report(const struct conversation *conversation, const struct child *child,
		       struct report *report, struct failure *failure)
{
	int channel = is_for_the_peer(conversation) ? conversation->channel : -1;
	int result;

	result =
	    child_follow(child, deadline_of(conversation, report->stage), channel, report, failure);
	if (result != -FAILURE_CANCELLED || report->stage == REPORT_WATCHING)
		return result;
	result = child_follow(child, clock_deadline(ENDING_MS), -1, report, failure);
	return result == -FAILURE_TIMEOUT ? -FAILURE_CANCELLED : result;
}

/* 1 for a report that is permitted now; a forbidden call is the child's last, and its failure. */
static int judge(struct conversation *conversation, const struct report *report,
		 struct failure *failure)
{
	int result = permit(&conversation->permits, EVENT_REPORT + report->stage, failure);

	if (result < 0)
		return result;
	if (report->stage == REPORT_FORBIDDEN)
		return fail(failure, FAILURE_SANDBOX,
			    "%s made the system call %s (%u), which its sandbox forbids",
			    permit_program(&conversation->permits), system_call_name(report->call),
			    (unsigned)report->call);
	if (report->stage == REPORT_ASKING)
		conversation->attended = true;
	return 1;
}

int follow(struct conversation *conversation, struct child *child, struct report *ret_last,
	   struct failure *failure)
{
	struct report report = {.stage = REPORT_READING};
	int result;

	do {
		*ret_last = report;
		result = next_report(conversation, child, &report, failure);
		if (result == 1)
			result = judge(conversation, &report, failure);
	} while (result == 1);
	if (result < 0)
		child_abandon(child);
	else
		result = child_reap(child, failure);
	/* A desktop session that ends, and its agent with it, is nobody's failure. */
	if (result == -FAILURE_CANCELLED && ret_last->stage != REPORT_END) {
		ret_last->stage = REPORT_END;
		ret_last->code = FAILURE_CANCELLED;
		result = 0;
	}
	if (ret_last->stage != REPORT_END)
		return result < 0 ? result : fail(failure, FAILURE_CRASHED, "ended without a word");
	if (result < 0)
		log_failure(EVENT_DRIVER_ENDED_BADLY, "after its work was done, the driver",
			    failure);
	*failure = (struct failure){.code = FAILURE_NONE};
	return 0;
}
