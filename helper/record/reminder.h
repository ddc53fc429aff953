/* SPDX-License-Identifier: MIT */
/*
 * Whether it is time to speak of a certificate unasked, and when it will be. Pure: no clock, no
 * files. All times are seconds since the epoch, UTC.
 *
 * It is time
 *  - never, while the CA wants to be left alone;
 *  - always, if a renewal of the card is not finished otherwise;
 *  - never, if the certificate cannot be renewed now (validity.h), or the clock is not set;
 *  - always, within `critical`;
 *  - within the window with `remind = always`, from the first reminder on: always;
 *  - otherwise if the person has not put it off since the latest reminder.
 *
 * The reminders are the moments not-after minus each time in `remind`, and not before the window
 * opens. The first one is delayed by share % spread seconds, never into `critical`; the others
 * that pass in the meantime fall silent. What was put off in the very second of a reminder is put
 * off.
 */
#ifndef CERTRENEW_RECORD_REMINDER_H
#define CERTRENEW_RECORD_REMINDER_H

#include <stdbool.h>

#include "conf/config.h"

struct reminder {
	int64_t not_before, not_after;
	int64_t put_off; /* when the person last said 'later'; 0: never */
	uint64_t share;	 /* certificate_share: whose part of `spread` this is */
	int64_t until;	 /* when the CA that works on it will be ready; 0: none does */
	bool unfinished; /* a renewal of the card is not finished */
};

/* Of the configuration, [reminder] counts. */
bool reminder_is_due(const struct config *config, const struct reminder *reminder, int64_t now);

/* The next moment after `now` at which it becomes time, whatever is put off by then; 0: none. */
int64_t reminder_next(const struct config *config, const struct reminder *reminder, int64_t now);

#endif
