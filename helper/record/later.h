/* SPDX-License-Identifier: MIT */
/*
 * What each person put off: which certificate, and when they said so; and until when a CA wants to
 * be left alone, or is left alone because it could not take a request. A text file for each uid,
 * one line for each certificate:
 *
 *	KEY WHEN NOT-AFTER UNTIL [REFUSED]
 *
 * KEY as certificate_key makes it, the times in seconds since the epoch, 0 for none; REFUSED, where
 * it stands, how often the CA could not take it, the last times in a row. A line that is none is
 * passed over and counted: the worst is that a person is asked once more.
 */
#ifndef CERTRENEW_RECORD_LATER_H
#define CERTRENEW_RECORD_LATER_H

#include <stddef.h>

#include "helper/common/failure.h"
#include "helper/record/certificate_key.h"

enum { LATER_MAX = 64 };

struct later {
	char key[CERTIFICATE_KEY_MAX];
	int64_t when, not_after, until;
	int64_t refused; /* how often in a row; 0: `until` is the CA's own word */
};

struct later_list {
	struct later items[LATER_MAX];
	size_t count;
	size_t damaged; /* lines that are none, or one too many */
};

/* Returns 0 (also for none) or a failure of the file; *ret is as it was then. */
int later_read(const char *folder, unsigned uid, struct later_list *ret, struct failure *failure);

/*
 * Adds to what the person put off, in place of what was said of the same certificates before; until
 * when they wait stays as it is. Certificates that have expired at `now` and wait for nothing are
 * forgotten; of more than LATER_MAX the oldest word is. A file that cannot be read is replaced.
 * Returns 0 or a failure of the file.
 */
int later_add(const char *folder, unsigned uid, const struct later_list *added, int64_t now,
	      struct failure *failure);

/* As above, but sets until when they wait (0: no longer), and how often they were refused; what the
 * person said stays as it is. */
int later_wait(const char *folder, unsigned uid, const struct later_list *waiting, int64_t now,
	       struct failure *failure);

/* Notes one certificate in a list, in place of an earlier word; the oldest word makes room. */
void later_note(struct later_list *list, const struct later *later);

/* When it was put off; 0 if it was not, or if that time is yet to come: the clock was wrong. */
int64_t later_when(const struct later_list *list, const char *key, int64_t now);

/* Until when it waits, or waited; 0 if it does not, or for a time that no CA is waited for (longer
 * than RETRY_UNASKED_MAX, or beyond the certificate's end): the clock was wrong. */
int64_t later_until(const struct later_list *list, const char *key, int64_t now);

/* How often in a row the CA could not take it. */
int64_t later_refused(const struct later_list *list, const char *key);

#endif
