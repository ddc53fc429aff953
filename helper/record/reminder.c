/* SPDX-License-Identifier: MIT */
#include "helper/record/reminder.h"

#include "helper/card/validity.h"

/* Far beyond any date, and small enough that sums of three stay numbers. */
#define FARTHEST (INT64_MAX / 4)

/* The certificate and the settings, with nothing in them that could overflow. */
struct moments {
	const struct config *config;
	int64_t not_before, not_after;
	int64_t opens;	  /* the window's first second */
	int64_t critical; /* the first second that is critical */
	int64_t first;	  /* the first reminder, delayed by the spread */
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

static struct moments moments_of(const struct config *config, const struct reminder *reminder)
{
	int64_t window = within(config->window, 0, FARTHEST);
	int64_t critical = within(config->critical, 0, window);
	int64_t spread = within(config->spread, 0, FARTHEST);
	struct moments moments = {
	    .config = config,
	    .not_before = within(reminder->not_before, -FARTHEST, FARTHEST),
	    .not_after = within(reminder->not_after, -FARTHEST, FARTHEST),
	};

	moments.opens = moments.not_after - window;
	moments.critical = moments.not_after - critical;
	moments.first = earliest(&moments);
	if (spread > 0)
		moments.first += (int64_t)(reminder->share % (uint64_t)spread);
	if (moments.first > moments.critical)
		moments.first = moments.critical;
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

bool reminder_is_due(const struct config *config, const struct reminder *reminder, int64_t now)
{
	struct moments moments = moments_of(config, reminder);
	enum validity_state state;

	now = within(now, -FARTHEST, FARTHEST);
	state = state_at(&moments, now);
	if (now < reminder->until)
		return false;
	if (reminder->unfinished || state == VALIDITY_CRITICAL)
		return true;
	if (state != VALIDITY_RENEWABLE || now < moments.first)
		return false;
	return config->remind_always || reminder->put_off == 0 ||
	       reminder->put_off < latest(&moments, now);
}

/* Keeps the sooner of *next and `at`, if it is yet to come and the certificate valid then. */
static void take_sooner(const struct moments *moments, int64_t at, int64_t now, int64_t *next)
{
	if (at < moments->not_before)
		at = moments->not_before;
	if (at > now && at <= moments->not_after && (*next == 0 || at < *next))
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
	take_sooner(&moments, moments.first, now, &next);
	take_sooner(&moments, moments.critical, now, &next);
	for (size_t i = 0; !config->remind_always && i < config->remind_count; i++)
		if (moment(&moments, i) > moments.first)
			take_sooner(&moments, moment(&moments, i), now, &next);
	return next;
}
