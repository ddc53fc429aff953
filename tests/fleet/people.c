/* SPDX-License-Identifier: MIT */
#include "tests/fleet/fleet.h"

#include <stdio.h>

#include "helper/record/certificate_key.h"

static uint64_t seed = UINT64_C(88172645463325252);

/* xorshift64* */
uint64_t random_number(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * UINT64_C(2685821657736338717);
}

double random_part(void)
{
	return (double)(random_number() >> 11) / (double)(UINT64_C(1) << 53);
}

int64_t random_between(int64_t least, int64_t most)
{
	return least + (int64_t)(random_number() % (uint64_t)(most - least + 1));
}

bool is_working_day(const struct fleet *fleet, int64_t day)
{
	return day % 7 < 5 && day != fleet->holiday;
}

int64_t day_at(const struct fleet *fleet, int64_t now)
{
	return (now - fleet->start) / DAY;
}

static int64_t days_of_holiday(const struct people *people)
{
	double length = random_part();

	if (length < people->one_week)
		return 7;
	return length < people->one_week + people->two_weeks ? 14 : 21;
}

/* Holidays may have begun before we look, three weeks at most. */
static uint64_t days_present(const struct fleet *fleet)
{
	const struct people *people = &fleet->people;
	uint64_t present = 0;
	int64_t away = 0;

	for (int64_t day = -21; day < DAYS; day++) {
		if ((day + 21) % 7 == 0 && away == 0 && random_part() < people->leaving)
			away = days_of_holiday(people);
		if (away > 0)
			away--;
		else if (day >= 0 && random_part() >= people->missing && is_working_day(fleet, day))
			present |= UINT64_C(1) << day;
	}
	return present;
}

/* It was issued at a counter, in the office hours of two weeks, some years before: the end's time
 * of day is that of the counter. These are the eighth and the ninth week. */
static int64_t end_of(const struct fleet *fleet)
{
	int64_t day = random_between(0, 9);

	return fleet->start + (49 + day / 5 * 7 + day % 5) * (int64_t)DAY + 9 * HOUR +
	       random_between(0, 8 * HOUR);
}

struct person person_make(const struct fleet *fleet, uint32_t who)
{
	char subject[64], serial[32];
	int64_t end = end_of(fleet);

	snprintf(subject, sizeof(subject), "C=TW,CN=Person %u,serialNumber=%u", who, 7 * who);
	snprintf(serial, sizeof(serial), "%016x", who * 2654435761u);
	return (struct person){
	    .reminder =
		{
		    .not_before = end - 3 * 365 * (int64_t)DAY,
		    .not_after = end,
		    .share = certificate_share("C=TW,O=Office,CN=CA", subject, serial, 1000 + who),
		    .zone = ZONE,
		},
	    .present = days_present(fleet),
	    /* Two dice: most come at a quarter to nine. */
	    .habit = random_between(0, 45 * MINUTE) + random_between(0, 45 * MINUTE - 1),
	};
}

/* Up to ten minutes earlier or later than usual, but within the hours. */
static int64_t time_of_login(const struct person *person)
{
	int64_t at = person->habit + random_between(-10 * MINUTE, 10 * MINUTE);

	if (at < 0)
		at = -at;
	return at < LOGIN_MINUTES * MINUTE ? at : 2 * LOGIN_MINUTES * MINUTE - 1 - at;
}

int64_t person_login(const struct fleet *fleet, const struct person *person, int64_t day)
{
	for (; day < DAYS; day++)
		if ((person->present >> day & 1) != 0)
			return fleet->start + day * DAY + LOGIN_FROM + time_of_login(person);
	return 0;
}
