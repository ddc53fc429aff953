/* SPDX-License-Identifier: MIT */
/*
 * What was found on a person's cards, kept under /run: the CERTIFICATE messages, as they would
 * travel. A login writes it, and whoever reads the card for the desktop; a desktop that asks
 * within FOUND_FRESH_SECONDS is answered from it, without waking the card.
 */
#ifndef CERTRENEW_RECORD_FOUND_H
#define CERTRENEW_RECORD_FOUND_H

#include "helper/record/frames.h"

enum { FOUND_FRESH_SECONDS = 120 };

/* Replaces what was found for the person. Returns 0 or a failure of the file. */
int found_write(const char *folder, unsigned uid, const struct frames *certificates,
		struct failure *failure);

/*
 * Returns 1 with *ret filled and *ret_written (seconds since the epoch), 0 if nothing was found
 * yet, or a failure: of the file, or -FAILURE_PROTOCOL for one that holds anything else.
 */
int found_read(const char *folder, unsigned uid, struct frames *ret, int64_t *ret_written,
	       struct failure *failure);

/* Whether what was written then may be told now. A time yet to come is a clock that was set. */
int found_is_fresh(int64_t written, int64_t now);

/* The card has changed: nobody shall be answered from what it was. */
int found_forget(const char *folder, unsigned uid, struct failure *failure);

#endif
