/* SPDX-License-Identifier: MIT */
#include "helper/record/spread.h"

#include <stdbool.h>

enum { DAY = 24 * 3600, WEEK_DAYS = 7, WORK_DAYS = 5, DAYS_MAX = 2 * 366 };

static int64_t floor_divide(int64_t number, int64_t by)
{
	return number >= 0 ? number / by : -((-number + by - 1) / by);
}

/* Days since the epoch, counted where the machine is. */
static int64_t day_of(const struct spread *spread, int64_t moment)
{
	return floor_divide(moment + spread->zone, DAY);
}

static int64_t beginning_of(const struct spread *spread, int64_t day)
{
	return day * DAY - spread->zone;
}

/* Monday is 0; the epoch was a Thursday. */
static int64_t weekday(int64_t day)
{
	return day + 3 - WEEK_DAYS * floor_divide(day + 3, WEEK_DAYS);
}

/* Another number of the same share for each week (splitmix64's finaliser). */
static uint64_t mix(uint64_t share, int64_t week)
{
	uint64_t x = share + (uint64_t)week * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

int64_t spread_begins(const struct spread *spread, int64_t first, int64_t end)
{
	int64_t from = day_of(spread, first - 1) + 1, until = day_of(spread, end - 1);
	uint64_t count = 0, chosen;

	if (end <= first)
		return first;
	if (until - from > DAYS_MAX)
		until = from + DAYS_MAX;
	for (int64_t day = from; day <= until; day++)
		count += weekday(day) < WORK_DAYS;
	if (count == 0)
		return first + (int64_t)(spread->share % (uint64_t)(end - first));
	chosen = spread->share % count;
	for (int64_t day = from;; day++) {
		if (weekday(day) >= WORK_DAYS)
			continue;
		if (chosen-- == 0)
			return beginning_of(spread, day);
	}
}

int64_t spread_in_week(const struct spread *spread, int64_t begun, int64_t moment)
{
	int64_t day = day_of(spread, moment), monday = day - weekday(day);
	uint64_t number = mix(spread->share, floor_divide(monday + 3, WEEK_DAYS));

	if (monday <= day_of(spread, begun))
		return begun;
	return beginning_of(spread, monday + (int64_t)(number % WORK_DAYS));
}
