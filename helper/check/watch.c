/* SPDX-License-Identifier: MIT */
/*
 * Waits until a card is inserted. What is on it is read by another process, which the helper starts
 * then: one whose driver was initialised with the card in place, and that knows the journal of
 * that moment, not of hours before.
 */
#include <stdlib.h>
#include <string.h>

#include "helper/check/check.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"

/* A driver that wakes us this often for nothing in this time would have us poll. */
enum { EMPTY_EVENTS_MAX = 20, EMPTY_EVENTS_MS = 10000 };

struct present {
	struct token_info *tokens;
	size_t count;
};

/* No card, and one that was never set up, are no failure here. */
static int look(struct check *check, struct present *ret, struct failure *failure)
{
	struct present present = {.tokens = NULL};
	int result;

	result = token_list(check->driver, check->config->token, NULL, &present.tokens,
			    &present.count, failure);
	if (result < 0 && result != -FAILURE_CARD_UNINITIALISED)
		return result;
	free(ret->tokens);
	*ret = present;
	return 0;
}

static bool holds(const struct present *present, const struct token_info *token)
{
	for (size_t i = 0; i < present->count; i++)
		if (strcmp(present->tokens[i].serial, token->serial) == 0 &&
		    strcmp(present->tokens[i].label, token->label) == 0)
			return true;
	return false;
}

static bool has_new(const struct present *before, const struct present *now)
{
	for (size_t i = 0; i < now->count; i++)
		if (!holds(before, &now->tokens[i]))
			return true;
	return false;
}

static int wait(struct check *check, CK_FLAGS flags, struct failure *failure)
{
	CK_C_WaitForSlotEvent wait_for_event = check->driver->p11->C_WaitForSlotEvent;
	CK_SLOT_ID slot = 0;
	CK_RV rv;

	rv = wait_for_event == NULL ? CKR_FUNCTION_NOT_SUPPORTED
				    : wait_for_event(flags, &slot, NULL);
	if (rv == CKR_OK || (rv == CKR_NO_EVENT && flags != 0))
		return 0;
	/* The agent does not ask a driver that cannot wait again; a reader may come back. */
	if (rv == CKR_FUNCTION_NOT_SUPPORTED)
		return fail(failure, FAILURE_DRIVER, "C_WaitForSlotEvent: 0x%lx",
			    (unsigned long)rv);
	return driver_failure(rv, "C_WaitForSlotEvent", failure);
}

/* One event, and what is there after it: 1 if that is a new card. */
static int wait_for_change(struct check *check, struct present *present, struct failure *failure)
{
	struct present now = {.tokens = NULL};
	int result;

	dialogue_stage(&check->dialogue, REPORT_WATCHING);
	result = wait(check, 0, failure);
	dialogue_stage(&check->dialogue, REPORT_READING);
	if (result == 0)
		result = look(check, &now, failure);
	if (result < 0)
		return result;
	result = has_new(present, &now);
	free(present->tokens);
	*present = now;
	return result;
}

static int watch(struct check *check, struct present *present, struct failure *failure)
{
	int64_t since = clock_now();
	int result, empty = 0;

	while ((result = wait_for_change(check, present, failure)) == 0) {
		if (clock_now() - since > EMPTY_EVENTS_MS) {
			since = clock_now();
			empty = 0;
		}
		if (++empty > EMPTY_EVENTS_MAX)
			return fail(failure, FAILURE_DRIVER,
				    "C_WaitForSlotEvent returns without an event");
	}
	return result < 0 ? result : 0;
}

int watch_for_card(struct check *check, struct failure *failure)
{
	struct present present = {.tokens = NULL};
	int result;

	result = check_open_driver(check, failure);
	/* While there is still a deadline: a driver that cannot wait, or hangs when it is asked,
	 * is found out now. Of what it reports, a card that was there already is no event. */
	if (result == 0)
		result = wait(check, CKF_DONT_BLOCK, failure);
	if (result == 0)
		result = look(check, &present, failure);
	if (result == 0)
		result = watch(check, &present, failure);
	free(present.tokens);
	return result;
}
