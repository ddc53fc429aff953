/* SPDX-License-Identifier: MIT */
/*
 * Whether it is time to speak of a certificate unasked, and when it will be. Pure: no clock, no
 * files. All times are seconds since the epoch, UTC.
 *
 * It is time
 *  - never, while the CA wants to be left alone;
 *  - always, within `critical`;
 *  - never, while a CA that refused is left alone;
 *  - always, if a renewal of the card is not finished otherwise;
 *  - never, if the certificate cannot be renewed now (validity.h), or the clock is not set;
 *  - within the window with `remind = always`, from the first reminder on: always;
 *  - otherwise if the person has not put it off since the latest reminder.
 *
 * The reminders are the moments not-after minus each time in `remind`, and not before the window
 * opens. What was put off in the very second of a reminder is put off.
 *
 * With `spread` the first reminder is on some weekday of that time after it, before `critical`
 * begins; the others that pass in the meantime fall silent; and in each week after that one it is
 * spoken of from some weekday on (spread.h), so that later reminders, too, and people who come back
 * from a holiday are spread. Neither concerns what is critical or unfinished.
 */
#ifndef CERTRENEW_RECORD_REMINDER_H
#define CERTRENEW_RECORD_REMINDER_H

#include <stdbool.h>

#include "conf/config.h"

struct reminder {
	int64_t not_before, not_after;
	int64_t put_off;  /* when the person last said 'later'; 0: never */
	uint64_t share;	  /* certificate_share: whose part of `spread` this is */
	int64_t zone;	  /* seconds east of UTC: where the machine's days begin */
	int64_t until;	  /* when the CA that works on it will be ready; 0: none does */
	int64_t back_off; /* until when a CA that refused is left alone; 0: none did */
	bool unfinished;  /* a renewal of the card is not finished */
};

/* Of the configuration, [reminder] counts. */
bool reminder_is_due(const struct config *config, const struct reminder *reminder, int64_t now);

/* The next moment after `now` at which it becomes time, also if it is put off now, while it is time
 * already; 0: none. */
int64_t reminder_next(const struct config *config, const struct reminder *reminder, int64_t now);

#endif
