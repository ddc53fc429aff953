/* SPDX-License-Identifier: MIT */
/*
 * On which days a certificate of a fleet is spoken of, so that cards which were issued in the same
 * week are not renewed in the same week. Pure: no clock, no time zone. All times are seconds since
 * the epoch, UTC; `zone` is how many seconds east of it the machine's days are.
 *
 * A certificate has one day on which it begins, and in each week after that one day before which it
 * rests: who was away comes back on some day of the week, and not all on Monday. Both are taken
 * from its share, so they are always the same, and are Mondays to Fridays: what fell on a weekend
 * would come on Monday, too.
 */
#ifndef CERTRENEW_RECORD_SPREAD_H
#define CERTRENEW_RECORD_SPREAD_H

#include <stdint.h>

struct spread {
	uint64_t share; /* certificate_share */
	int64_t zone;
};

/*
 * The beginning of one of the weekdays that begin from `first` on and before `end`, each as likely
 * as the others; where none does, a moment from `first` on and before `end`; `first` if that is not
 * before `end`.
 */
int64_t spread_begins(const struct spread *spread, int64_t first, int64_t end);

/*
 * For a certificate that began at `begun`, not after `moment`: from when on it is spoken of in the
 * week of `moment`, which may be before or after it; never before `begun`.
 */
int64_t spread_in_week(const struct spread *spread, int64_t begun, int64_t moment);

#endif
