/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/permit.h"

#include <stdbool.h>
#include <string.h>

/* Cards lock after far fewer wrong PINs; each question is answered, or ends the run. */
enum { QUESTIONS_MAX = 100, UNLIMITED = -1 };

/* What each child was started for: two programs, in four parts. */
enum { OF_CHECK = 1, OF_RENEW = 2, OF_TELL = 4, OF_VERIFY = 8, OF_ANY = 15 };

#define AFTER(event)	   (1U << (event))
#define AFTER_STAGE(stage) AFTER(EVENT_REPORT + (stage))
#define AT_WORK \
	(AFTER_STAGE(REPORT_READING) | AFTER_STAGE(REPORT_ASKING) | AFTER_STAGE(REPORT_WORKING))

static const struct row {
	unsigned event;
	const char *name;
	int of;		/* the last child's part */
	unsigned after; /* bits of events; 0: nothing but the beginning */
	int most;
	bool watching; /* only while check waits for a card */
} table[] = {
    {EVENT_REQUEST, "a request", OF_ANY, 0, 1, false},
    {EVENT_CHECK, "a check", OF_ANY, AFTER(EVENT_REQUEST), 1, false},
    {EVENT_CHECK, "a check", OF_CHECK, AFTER_STAGE(REPORT_END), 2, true},
    {EVENT_RENEW, "a renewal", OF_CHECK, AFTER_STAGE(REPORT_END), 1, false},
    {EVENT_TELL, "a word about renewals", OF_CHECK, AFTER_STAGE(REPORT_END), 1, false},
    {EVENT_VERIFY, "a fresh look", OF_RENEW, AFTER_STAGE(REPORT_END), 1, false},

    {EVENT_REPORT + REPORT_READING, "reading", OF_CHECK, AFTER(EVENT_CHECK), 1, false},
    {EVENT_REPORT + REPORT_READING, "reading", OF_CHECK,
     AFTER(EVENT_CHECK) | AFTER_STAGE(REPORT_WATCHING), UNLIMITED, true},
    {EVENT_REPORT + REPORT_WATCHING, "watching", OF_CHECK, AFTER_STAGE(REPORT_READING), UNLIMITED,
     true},
    /* Which of several cards. */
    {EVENT_REPORT + REPORT_ASKING, "asking", OF_CHECK, AFTER_STAGE(REPORT_READING), 1, false},
    {EVENT_REPORT + REPORT_WORKING, "working", OF_CHECK, AFTER_STAGE(REPORT_ASKING), 1, false},
    {EVENT_REPORT + REPORT_END, "the end", OF_CHECK,
     AFTER(EVENT_CHECK) | AT_WORK | AFTER_STAGE(REPORT_WATCHING), 1, false},

    {EVENT_REPORT + REPORT_READING, "reading", OF_RENEW, AFTER(EVENT_RENEW), 1, false},
    {EVENT_REPORT + REPORT_ASKING, "asking", OF_RENEW, AT_WORK, QUESTIONS_MAX, false},
    {EVENT_REPORT + REPORT_WORKING, "working", OF_RENEW, AT_WORK, 2 * QUESTIONS_MAX, false},
    {EVENT_REPORT + REPORT_WRITING, "writing", OF_RENEW, AT_WORK, 1, false},
    {EVENT_REPORT + REPORT_END, "the end", OF_RENEW,
     AFTER(EVENT_RENEW) | AT_WORK | AFTER_STAGE(REPORT_WRITING), 1, false},

    {EVENT_REPORT + REPORT_READING, "reading", OF_TELL, AFTER(EVENT_TELL), 1, false},
    {EVENT_REPORT + REPORT_END, "the end", OF_TELL, AFTER(EVENT_TELL) | AFTER_STAGE(REPORT_READING),
     1, false},

    {EVENT_REPORT + REPORT_READING, "reading", OF_VERIFY, AFTER(EVENT_VERIFY), 1, false},
    {EVENT_REPORT + REPORT_END, "the end", OF_VERIFY,
     AFTER(EVENT_VERIFY) | AFTER_STAGE(REPORT_READING), 1, false},

    /* At any time, also by a driver that is let go of after the end. */
    {EVENT_REPORT + REPORT_FORBIDDEN, "a forbidden call", OF_ANY, ~AFTER(EVENT_REQUEST), 1, false},
};

static int part_of(const struct permits *permits)
{
	switch (permits->child) {
	case EVENT_RENEW:
		return OF_RENEW;
	case EVENT_TELL:
		return OF_TELL;
	case EVENT_VERIFY:
		return OF_VERIFY;
	default:
		return OF_CHECK;
	}
}

const char *permit_program(const struct permits *permits)
{
	return (part_of(permits) & (OF_RENEW | OF_TELL)) != 0 ? "certrenew-renew"
							      : "certrenew-check";
}

static bool is_in_turn(const struct permits *permits, const struct row *row)
{
	if (permits->counts[EVENT_REQUEST] == 0)
		return row->event == EVENT_REQUEST;
	return (row->after & AFTER(permits->last)) != 0;
}

static bool is_permitted(const struct permits *permits, unsigned event)
{
	const int part = part_of(permits);
	const struct row *row;

	for (row = table; row < table + sizeof(table) / sizeof(table[0]); row++)
		if (row->event == event && (row->of & part) != 0 &&
		    (!row->watching || permits->action == REQUEST_WATCH) &&
		    (row->most == UNLIMITED || permits->counts[event] < (unsigned)row->most) &&
		    is_in_turn(permits, row))
			return true;
	return false;
}

static const char *name_of(unsigned event)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].event == event)
			return table[i].name;
	return "an unknown event";
}

int permit(struct permits *permits, unsigned event, struct failure *failure)
{
	if (!is_permitted(permits, event))
		return fail(failure, FAILURE_PROTOCOL, "%s is not permitted after %s",
			    name_of(event), name_of(permits->last));
	if (event > EVENT_REQUEST && event < EVENT_REPORT) {
		memset(&permits->counts[EVENT_REPORT], 0,
		       (EVENT_COUNT - EVENT_REPORT) * sizeof(permits->counts[0]));
		permits->child = event;
	}
	permits->counts[event]++;
	permits->last = event;
	return 0;
}
