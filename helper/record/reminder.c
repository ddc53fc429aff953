/* SPDX-License-Identifier: MIT */
#include "helper/record/reminder.h"

#include "helper/card/validity.h"
#include "helper/record/spread.h"

/* Far beyond any date, and small enough that sums of three stay numbers. */
#define FARTHEST (INT64_MAX / 4)

/* No time zone is farther from UTC, and no spread longer (conf/config_table.c). */
enum { ZONE_MAX = 24 * 3600, SPREAD_MAX = 366 * 24 * 3600 };

/* The certificate and the settings, with nothing in them that could overflow. */
struct moments {
	const struct config *config;
	int64_t not_before, not_after;
	int64_t opens;	  /* the window's first second */
	int64_t critical; /* the first second that is critical */
	int64_t first;	  /* the first reminder, delayed by the spread */
	bool is_spread;
	struct spread spread;
	int64_t back_off;
};

static int64_t within(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* One reminder's moment, before the spread. */
static int64_t moment(const struct moments *moments, size_t index)
{
	int64_t before = within(moments->config->remind[index], 0, FARTHEST);
	int64_t at = moments->not_after - before;

	return at < moments->opens ? moments->opens : at;
}

static int64_t earliest(const struct moments *moments)
{
	int64_t first = moments->critical;

	if (moments->config->remind_always)
		return moments->opens;
	for (size_t i = 0; i < moments->config->remind_count; i++)
		if (moment(moments, i) < first)
			first = moment(moments, i);
	return first;
}

/* What is left of the spread before it is critical. */
static void delay(struct moments *moments, int64_t spread)
{
	int64_t end = moments->first + spread;

	if (end > moments->critical)
		end = moments->critical;
	moments->is_spread = spread > 0;
	if (moments->is_spread)
		moments->first = spread_begins(&moments->spread, moments->first, end);
}

static struct moments moments_of(const struct config *config, const struct reminder *reminder)
{
	int64_t window = within(config->window, 0, FARTHEST);
	int64_t critical = within(config->critical, 0, window);
	struct moments moments = {
	    .config = config,
	    .not_before = within(reminder->not_before, -FARTHEST, FARTHEST),
	    .not_after = within(reminder->not_after, -FARTHEST, FARTHEST),
	    .spread = {reminder->share, within(reminder->zone, -ZONE_MAX, ZONE_MAX)},
	    .back_off = within(reminder->back_off, 0, FARTHEST),
	};

	moments.opens = moments.not_after - window;
	moments.critical = moments.not_after - critical;
	moments.first = earliest(&moments);
	delay(&moments, within(config->spread, 0, SPREAD_MAX));
	return moments;
}

static enum validity_state state_at(const struct moments *moments, int64_t now)
{
	const struct validity_limits limits = {
	    .window = moments->not_after - moments->opens,
	    .critical = moments->not_after - moments->critical,
	};

	return validity_judge(moments->not_before, moments->not_after, now, &limits).state;
}

/* The latest reminder that has passed; `first` has. */
static int64_t latest(const struct moments *moments, int64_t now)
{
	int64_t last = moments->first, at;

	for (size_t i = 0; i < moments->config->remind_count; i++) {
		at = moment(moments, i);
		if (at <= now && at > last)
			last = at;
	}
	return last;
}

/* When what falls on `at` may be spoken of: then, or later, but within `critical` at once. */
static int64_t ripe(const struct moments *moments, int64_t at)
{
	int64_t from = at;

	if (at >= moments->critical)
		return at;
	if (from < moments->back_off)
		from = moments->back_off;
	if (moments->is_spread && from >= moments->first)
		from =
		    within(from, spread_in_week(&moments->spread, moments->first, from), FARTHEST);
	return from < moments->critical ? from : moments->critical;
}

bool reminder_is_due(const struct config *config, const struct reminder *reminder, int64_t now)
{
	struct moments moments = moments_of(config, reminder);
	enum validity_state state;

	now = within(now, -FARTHEST, FARTHEST);
	state = state_at(&moments, now);
	if (now < reminder->until)
		return false;
	if (state == VALIDITY_CRITICAL)
		return true;
	if (now < moments.back_off)
		return false;
	if (reminder->unfinished)
		return true;
	if (state != VALIDITY_RENEWABLE || now < moments.first || now < ripe(&moments, now))
		return false;
	return config->remind_always || reminder->put_off == 0 ||
	       reminder->put_off < latest(&moments, now);
}

/* Keeps the sooner of *next and `at`, if it is yet to come and the certificate valid then. */
static void take_sooner(const struct moments *moments, int64_t at, int64_t now, int64_t *next)
{
	if (at < moments->not_before)
		at = moments->not_before;
	if (at <= now)
		return;
	at = ripe(moments, at);
	if (at <= moments->not_after && (*next == 0 || at < *next))
		*next = at;
}

/* What rests now, for the rest of a back-off or of its days in this week, and is due then. */
static void take_resting(const struct moments *moments, const struct reminder *reminder,
			 int64_t now, int64_t *next)
{
	int64_t at = reminder->unfinished ? moments->back_off : ripe(moments, now);

	if (at > now && reminder_is_due(moments->config, reminder, at) &&
	    (*next == 0 || at < *next))
		*next = at;
}

int64_t reminder_next(const struct config *config, const struct reminder *reminder, int64_t now)
{
	struct moments moments = moments_of(config, reminder);
	int64_t next = 0;

	now = within(now, -FARTHEST, FARTHEST);
	if (now < reminder->until)
		return reminder->until;
	switch (state_at(&moments, now)) {
	case VALIDITY_UNKNOWN:
	case VALIDITY_EXPIRED:
	case VALIDITY_UNLIMITED:
		return 0;
	default:
		break;
	}
	if (!reminder_is_due(config, reminder, now))
		take_resting(&moments, reminder, now, &next);
	take_sooner(&moments, moments.first, now, &next);
	take_sooner(&moments, moments.critical, now, &next);
	for (size_t i = 0; !config->remind_always && i < config->remind_count; i++)
		if (moment(&moments, i) > moments.first)
			take_sooner(&moments, moment(&moments, i), now, &next);
	return next;
}
