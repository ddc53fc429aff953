/* SPDX-License-Identifier: MIT */
/* HTTP's dates, and when a CA says 'come back later'. Pure: no clock, no locale, no time zone. */
#ifndef CERTRENEW_RETRY_AFTER_H
#define CERTRENEW_RETRY_AFTER_H

#include <stdbool.h>
#include <stdint.h>

/* In seconds. A CA that says 'at once' is still not asked in a tight loop; one that says 'in a
 * hundred years' does not put an end to the renewal. */
enum {
	RETRY_AFTER_DEFAULT = 60,
	RETRY_AFTER_MIN = 1,
	RETRY_AFTER_MAX = 30 * 24 * 3600,
	BACK_OFF_FIRST = 5 * 60,
	BACK_OFF_MOST = 4 * 3600,
	RETRY_UNASKED_MAX = RETRY_AFTER_MAX + BACK_OFF_MOST / 2, /* with all its jitter */
};

/*
 * The value of a Retry-After field (RFC 9110 §10.2.3) → seconds since the epoch, always within
 * now + RETRY_AFTER_MIN … now + RETRY_AFTER_MAX:
 *   delta-seconds            now + that, brought into the range;
 *   any HTTP-date (§5.6.7)   that, brought into the range: a date in the past is the minimum;
 *   absent (NULL), a negative number or any other text   now + RETRY_AFTER_DEFAULT.
 */
int64_t retry_after(const char *value, int64_t now);

/*
 * The same moment, brought forward if need be, so that a certificate which ends at `not_after` is
 * not waited for until it is too late: asked again at the latest when its last `critical` seconds
 * begin; within these, after half of what is left; but no sooner than an hour from now on this
 * account. A certificate that has ended has no such haste.
 */
int64_t retry_in_time(int64_t retry_at, int64_t now, int64_t not_after, int64_t critical);

/*
 * A CA is asked again a little later than it said, each client by another time, so that those who
 * were sent away together do not come back together: by 0 to a half of `delay`, in its unit.
 * `random` is any number.
 */
int64_t retry_jitter(int64_t delay, uint64_t random);

/*
 * When it is asked again though no person asks: so much later than `retry_at`, which retry_in_time
 * gave, but by no more than BACK_OFF_MOST / 2; not after it gets critical, or after the
 * certificate's end, if `retry_at` is not.
 */
int64_t retry_unasked(int64_t retry_at, int64_t now, int64_t not_after, int64_t critical,
		      uint64_t random);

/*
 * For how many seconds a CA that could not take a request, and did not say until when, is left
 * alone unless a person asks: the `times`th time in a row (1: the first) twice as long as before,
 * from BACK_OFF_FIRST to BACK_OFF_MOST, each with retry_jitter.
 */
int64_t back_off(int64_t times, uint64_t random);

/*
 * An HTTP-date (RFC 9110 §5.6.7), in any of its three forms, → seconds since the epoch; `now` says
 * which century a year of two digits is of. Returns whether it is one.
 */
bool http_date(const char *value, int64_t now, int64_t *ret);

#endif
