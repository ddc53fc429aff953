/* SPDX-License-Identifier: MIT */
/*
 * A fleet of machines whose cards were issued in the same fortnight, and their one registration
 * authority (RA), second by second until the last certificate has ended. What certrenew decides is
 * decided by its own code: when a login speaks of a certificate (reminder.h), and when the RA is
 * asked again (retry_after.h). The people are ours: see `struct people`.
 */
#ifndef CERTRENEW_TESTS_FLEET_H
#define CERTRENEW_TESTS_FLEET_H

#include "conf/config.h"
#include "helper/record/reminder.h"

enum {
	DAY = 24 * 3600,
	HOUR = 3600,
	MINUTE = 60,
	ZONE = 8 * HOUR,
	FLEET = 100000,
	DAYS = 63, /* nine weeks; a Monday is the first */
	LOGIN_FROM = 8 * HOUR,
	LOGIN_MINUTES = 90,
	OFFICE_UNTIL = 17 * HOUR,
};

/* What people do. Nobody has measured them: round numbers, rather too restless than too calm. */
struct people {
	double missing;	     /* a working day: ill, travelling, elsewhere */
	double leaving;	     /* a holiday begins on this Monday, of */
	double one_week;     /* one week, */
	double two_weeks;    /* two weeks, or else three */
	double yes;	     /* to a renewal that is offered, */
	double yes_critical; /* in the last days */
	double at_desk;	     /* when the agent offers to go on */
};

/* What the RA takes. */
struct ra {
	double rate, burst;	 /* renewals a second, and at once */
	double tokens;		 /* of a leaky bucket, at */
	int64_t at;		 /* this second */
	int64_t refused_now;	 /* in this second */
	const char *retry_after; /* what it says beyond the rate */
	int64_t silent_after;	 /* so many refusals a second: then connections are refused */
};

struct person {
	struct reminder reminder;
	int64_t refused;  /* how often in a row */
	uint64_t present; /* a bit for each day */
	int64_t habit;	  /* when, in seconds after LOGIN_FROM */
	bool done;
};

enum what { LOGIN, OFFER, REQUEST };

struct event {
	int64_t at;
	uint32_t who;
	enum what what;
};

struct fleet {
	const struct config *config;
	struct people people;
	bool jitter;
	int64_t start, holiday; /* the first Monday, and a day without work, -1 for none */
	struct person *persons;
	struct event *heap;
	size_t events, room;
	struct ra ra;
	/* what came of it */
	int64_t asked[DAYS], asked_minute[DAYS * 24 * 60], login_minute[DAYS * 24 * 60];
	int64_t requests, refused, unreachable, lost, logins;
};

/* --- people.c ------------------------------------------------------------------------------- */

/* Random, but the same in each run: 0 … 1, and both of these and all between. */
uint64_t random_number(void);
double random_part(void);
int64_t random_between(int64_t least, int64_t most);

bool is_working_day(const struct fleet *fleet, int64_t day);
int64_t day_at(const struct fleet *fleet, int64_t now);

/* Whoever it is, with a card and a habit. */
struct person person_make(const struct fleet *fleet, uint32_t who);

/* On the first day from `day` on on which the person is there; 0: on none. */
int64_t person_login(const struct fleet *fleet, const struct person *person, int64_t day);

/* --- events.c ------------------------------------------------------------------------------- */

void event_add(struct fleet *fleet, int64_t at, uint32_t who, enum what what);
struct event event_take(struct fleet *fleet); /* the soonest */

/* --- tally.c -------------------------------------------------------------------------------- */

/* FOLDER/days-NAME: requests on each day; FOLDER/minutes-NAME: in each minute of the fullest
 * morning. Returns 0, or -1 with a word on stderr. */
int tally_draw(const struct fleet *fleet, const char *folder, const char *name);

/* A line, tab-separated: the name, requests, refused, connections refused, lost, the fullest day,
 * the fullest minute, each over the mean, and the same of the logins' minutes. */
void tally_print(const struct fleet *fleet, const char *name);

#endif
