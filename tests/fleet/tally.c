/* SPDX-License-Identifier: MIT */
#include "tests/fleet/fleet.h"

#include <inttypes.h>
#include <stdio.h>

/* Where nothing is spread: what could have been; in a window of 30 days that is what the last 3
 * leave. */
enum { SPREAD_USUAL = 28 * DAY };

/* The days over which a fleet is spread if everybody comes. */
struct period {
	int64_t first,
	    last;     /* the first window opens, and the last one of all begins, at the latest */
	int64_t days; /* working ones */
	int64_t requests; /* on these */
};

/*
 * What is asked in the fullest day is held against the mean of these, the same days whether it was
 * spread or not. What comes later, of people who said 'later' or were away, does not count as if it
 * had made them emptier.
 */
static struct period period_of(const struct fleet *fleet)
{
	int64_t first = INT64_MAX, last = 0, over = fleet->config->spread;
	struct period period = {0};

	if (over == 0)
		over = SPREAD_USUAL;
	if (over > fleet->config->window - fleet->config->critical)
		over = fleet->config->window - fleet->config->critical;
	for (uint32_t who = 0; who < FLEET; who++) {
		int64_t opens = fleet->persons[who].reminder.not_after - fleet->config->window;

		first = opens < first ? opens : first;
		last = opens > last ? opens : last;
	}
	period.first = day_at(fleet, first);
	period.last = day_at(fleet, last + over);
	for (int64_t day = period.first; day <= period.last; day++) {
		period.days += is_working_day(fleet, day);
		period.requests += fleet->asked[day];
	}
	return period;
}

static int64_t most(const int64_t *counts, size_t count)
{
	int64_t found = 0;

	for (size_t i = 0; i < count; i++)
		found = counts[i] > found ? counts[i] : found;
	return found;
}

/* The fullest minute over the mean of the login hours' minutes. */
static double minutes_ratio(int64_t fullest, int64_t days, int64_t all)
{
	return (double)fullest * (double)(days * LOGIN_MINUTES) / (double)all;
}

void tally_print(const struct fleet *fleet, const char *name)
{
	int64_t day = most(fleet->asked, DAYS), minute = most(fleet->asked_minute, DAYS * 24 * 60);
	struct period period = period_of(fleet);
	int64_t working = 0;

	for (int64_t i = 0; i < DAYS; i++)
		working += is_working_day(fleet, i);
	printf("%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64
	       "\t%.2f\t%.2f\t%.2f\n",
	       name, fleet->requests, fleet->refused, fleet->unreachable, fleet->lost, day, minute,
	       (double)day * (double)period.days / (double)period.requests,
	       minutes_ratio(minute, period.days, period.requests),
	       minutes_ratio(most(fleet->login_minute, DAYS * 24 * 60), working, fleet->logins));
}

static FILE *open_in(const char *folder, const char *what, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%s", folder, what, name);
	file = fopen(path, "we");
	if (file == NULL)
		perror(path);
	return file;
}

int tally_draw(const struct fleet *fleet, const char *folder, const char *name)
{
	FILE *days = open_in(folder, "days", name), *minutes = open_in(folder, "minutes", name);
	int64_t fullest = 0;
	int result = days == NULL || minutes == NULL ? -1 : 0;

	for (int64_t day = 0; result == 0 && day < DAYS; day++) {
		fprintf(days, "%" PRId64 "\t%" PRId64 "\n", day, fleet->asked[day]);
		if (fleet->asked[day] > fleet->asked[fullest])
			fullest = day;
	}
	for (int64_t minute = 8 * 60; result == 0 && minute < 12 * 60; minute++)
		fprintf(minutes, "%" PRId64 "\t%" PRId64 "\n", minute * MINUTE,
			fleet->asked_minute[fullest * 24 * 60 + minute]);
	if ((days != NULL && fclose(days) != 0) || (minutes != NULL && fclose(minutes) != 0)) {
		perror(folder);
		result = -1;
	}
	return result;
}
