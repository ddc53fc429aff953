/* SPDX-License-Identifier: MIT */
/* Dates → state. Pure: no clock, no files, no locale. All times are seconds since the epoch, UTC.
 */
#ifndef CERTRENEW_VALIDITY_H
#define CERTRENEW_VALIDITY_H

#include <stdint.h>

enum validity_state {
	VALIDITY_UNKNOWN = 0,	/* the clock is before 2000: nothing can be said */
	VALIDITY_NOT_YET_VALID, /* starts in the future */
	VALIDITY_VALID,		/* not yet in the window: from renewable_from on */
	VALIDITY_RENEWABLE,	/* in the window */
	VALIDITY_CRITICAL,	/* in the window, and close to the end */
	VALIDITY_EXPIRED,	/* past the renewal period: apply anew */
	VALIDITY_UNLIMITED,	/* 99991231235959Z, no well-defined expiry (RFC 5280 §4.1.2.5) */
};

struct validity_limits {
	int64_t window;	  /* seconds before not-after at which renewal opens */
	int64_t critical; /* seconds before not-after from which every login asks */
};

struct validity {
	enum validity_state state;
	int64_t days_left;	/* UTC calendar days until not-after: 0 today, negative after it */
	int64_t renewable_from; /* the first second of the window */
};

/*
 * A certificate is valid from its not-before through its not-after, both included (RFC 5280
 * §4.1.2.5). The window's first second is not_after - window.
 */
struct validity validity_judge(int64_t not_before, int64_t not_after, int64_t now,
			       const struct validity_limits *limits);

#endif
