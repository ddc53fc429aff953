/* SPDX-License-Identifier: MIT */
/* simulate [OPTION...] NAME FOLDER: see fleet.h, and help below. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "helper/ca/retry_after.h"
#include "tests/fleet/fleet.h"

/* --- the RA
 * ------------------------------------------------------------------------------------------ */

enum answer { SERVED, TOO_BUSY, NOT_THERE };

static enum answer ask(struct ra *ra, int64_t now)
{
	if (now != ra->at) {
		ra->tokens += ra->rate * (double)(now - ra->at);
		if (ra->tokens > ra->burst)
			ra->tokens = ra->burst;
		ra->at = now;
		ra->refused_now = 0;
	}
	if (ra->tokens >= 1) {
		ra->tokens -= 1;
		return SERVED;
	}
	return ++ra->refused_now > ra->silent_after ? NOT_THERE : TOO_BUSY;
}

/* --- what happens
 * ------------------------------------------------------------------------------------ */

/* As put_off.c notes it at the end of a run. */
static void note(struct fleet *fleet, struct person *person, enum answer answer, int64_t now)
{
	struct reminder *reminder = &person->reminder;
	int64_t critical = fleet->config->critical, end = reminder->not_after;
	uint64_t random = fleet->jitter ? random_number() : 0;

	reminder->until = reminder->back_off = 0;
	reminder->unfinished = true;
	if (answer == NOT_THERE) {
		reminder->back_off = now + back_off(++person->refused, random);
		return;
	}
	person->refused = 0;
	reminder->until = retry_unasked(
	    retry_in_time(retry_after(fleet->ra.retry_after, now), now, end, critical), now, end,
	    critical, random);
}

static void request(struct fleet *fleet, uint32_t who, int64_t now)
{
	struct person *person = &fleet->persons[who];
	enum answer answer;
	int64_t next;

	/* renew itself would not ask. */
	if (now < person->reminder.until)
		return;
	answer = ask(&fleet->ra, now);
	fleet->requests++;
	fleet->asked[day_at(fleet, now)]++;
	fleet->asked_minute[(now - fleet->start) / MINUTE]++;
	if (answer == SERVED) {
		person->done = true;
		return;
	}
	fleet->refused++;
	fleet->unreachable += answer == NOT_THERE;
	note(fleet, person, answer, now);
	next = reminder_next(fleet->config, &person->reminder, now);
	if (next != 0)
		event_add(fleet, next, who, OFFER);
}

static void offer(struct fleet *fleet, uint32_t who, int64_t now)
{
	struct person *person = &fleet->persons[who];
	bool critical = now >= person->reminder.not_after - fleet->config->critical;

	if (!reminder_is_due(fleet->config, &person->reminder, now))
		return;
	if (random_part() < (critical ? fleet->people.yes_critical : fleet->people.yes))
		event_add(fleet, now + random_between(20, 90), who, REQUEST); /* the PIN is typed */
	else
		person->reminder.put_off = now;
}

static void sign_in(struct fleet *fleet, uint32_t who, int64_t now)
{
	int64_t next = person_login(fleet, &fleet->persons[who], day_at(fleet, now) + 1);

	fleet->logins++;
	fleet->login_minute[(now - fleet->start) / MINUTE]++;
	if (next != 0)
		event_add(fleet, next, who, LOGIN);
}

static void happens(struct fleet *fleet, const struct event *event)
{
	const struct person *person = &fleet->persons[event->who];
	int64_t time_of_day = (event->at - fleet->start) % DAY;

	if (event->what == LOGIN)
		sign_in(fleet, event->who, event->at);
	if (person->done || event->at > person->reminder.not_after)
		return;
	if (event->what == REQUEST)
		request(fleet, event->who, event->at);
	else if (event->what == LOGIN)
		offer(fleet, event->who, event->at);
	/* The agent's, of a session that is still there. */
	else if (time_of_day >= LOGIN_FROM && time_of_day < OFFICE_UNTIL &&
		 random_part() < fleet->people.at_desk)
		offer(fleet, event->who, event->at + random_between(2, 5 * MINUTE));
}

static void run(struct fleet *fleet)
{
	for (uint32_t who = 0; who < FLEET; who++) {
		int64_t first;

		fleet->persons[who] = person_make(fleet, who);
		first = person_login(fleet, &fleet->persons[who], 0);
		if (first != 0)
			event_add(fleet, first, who, LOGIN);
	}
	while (fleet->events > 0) {
		struct event event = event_take(fleet);

		happens(fleet, &event);
	}
	for (uint32_t who = 0; who < FLEET; who++)
		fleet->lost += !fleet->persons[who].done;
}

/* --- the options
 * ------------------------------------------------------------------------------------- */

static const char help[] =
    "simulate --config FILE [OPTION...] NAME FOLDER\n"
    "  --config FILE   a certrenew.conf, of which [reminder] counts\n"
    "  --no-jitter     the RA is asked again at the very moment that it said\n"
    "  --later PART    of those who are offered a renewal say 'later' until it is critical; 0.1\n"
    "  --holiday DAY   nobody works; 0 is the first Monday\n"
    "  --rate N        renewals that the RA takes in a second; 1.5\n";

static int take_options(int argc, char **argv, struct fleet *fleet, const char **ret_config)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"no-jitter", no_argument, NULL, 'n'},
	    {"later", required_argument, NULL, 'l'},  {"holiday", required_argument, NULL, 'h'},
	    {"rate", required_argument, NULL, 'r'},   {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			*ret_config = optarg;
			break;
		case 'n':
			fleet->jitter = false;
			break;
		case 'l':
			fleet->people.yes = 1 - strtod(optarg, NULL);
			break;
		case 'h':
			fleet->holiday = strtol(optarg, NULL, 10);
			break;
		case 'r':
			fleet->ra.rate = strtod(optarg, NULL);
			break;
		default:
			return -1;
		}
	}
	return optind == argc - 2 && *ret_config != NULL ? 0 : -1;
}

int main(int argc, char **argv)
{
	static struct fleet fleet = {
	    .people = {.missing = 0.06,
		       .leaving = 0.07,
		       .one_week = 0.5,
		       .two_weeks = 0.4,
		       .yes = 0.9,
		       .yes_critical = 0.95,
		       .at_desk = 0.8},
	    .jitter = true,
	    .start = INT64_C(1790524800), /* Monday, 28 September 2026, in ZONE */
	    .holiday = -1,
	    .ra = {.rate = 1.5, .retry_after = "300"},
	};
	struct config_error error;
	struct config *config = NULL;
	const char *path = NULL;
	int status;

	if (take_options(argc, argv, &fleet, &path) < 0) {
		fputs(help, stderr);
		return 2;
	}
	if (config_load(path, false, &config, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return 2;
	}
	fleet.config = config;
	fleet.ra.tokens = fleet.ra.burst = 10 * fleet.ra.rate;
	fleet.ra.silent_after = (int64_t)(2 * fleet.ra.rate);
	fleet.persons = calloc(FLEET, sizeof(*fleet.persons));
	if (fleet.persons == NULL)
		return 2;
	run(&fleet);
	tally_print(&fleet, argv[optind]);
	status = tally_draw(&fleet, argv[optind + 1], argv[optind]) < 0 ? 2 : 0;
	free(fleet.persons);
	free(fleet.heap);
	config_free(config);
	return status;
}
