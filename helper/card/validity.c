/* SPDX-License-Identifier: MIT */
#include "helper/card/validity.h"

enum { DAY = 86400 };

/* A clock before this was never set: 2000-01-01T00:00:00Z. */
static const int64_t clock_is_set = 946684800;
/* 9999-12-31T23:59:59Z */
static const int64_t no_expiry = 253402300799;

/* Rounds towards the past, so that the day of a time before 1970 is right as well. */
static int64_t utc_day(int64_t time)
{
	return time >= 0 ? time / DAY : -((-time + DAY - 1) / DAY);
}

static enum validity_state judge(int64_t not_before, int64_t not_after, int64_t now,
				 const struct validity_limits *limits)
{
	if (now < clock_is_set)
		return VALIDITY_UNKNOWN;
	if (now < not_before)
		return VALIDITY_NOT_YET_VALID;
	if (not_after >= no_expiry)
		return VALIDITY_UNLIMITED;
	if (now > not_after)
		return VALIDITY_EXPIRED;
	if (now >= not_after - limits->critical && now >= not_after - limits->window)
		return VALIDITY_CRITICAL;
	return now >= not_after - limits->window ? VALIDITY_RENEWABLE : VALIDITY_VALID;
}

struct validity validity_judge(int64_t not_before, int64_t not_after, int64_t now,
			       const struct validity_limits *limits)
{
	return (struct validity){
	    .state = judge(not_before, not_after, now, limits),
	    .days_left = utc_day(not_after) - utc_day(now),
	    .renewable_from = not_after - limits->window,
	};
}
