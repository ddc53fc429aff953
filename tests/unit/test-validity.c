/* SPDX-License-Identifier: MIT */
/* Dates → state, around every edge. All times are in UTC, whatever the machine's zone. */
#include <time.h>

#include "helper/card/validity.h"
#include "tests/unit/unit.h"

#define DAY	INT64_C(86400)
#define HOUR	INT64_C(3600)
#define Y2000	INT64_C(946684800)    /* 2000-01-01T00:00:00Z */
#define BEGINS	INT64_C(1672531200)   /* 2023-01-01T00:00:00Z */
#define ENDS	INT64_C(1767182400)   /* 2025-12-31T12:00:00Z */
#define Y2038	INT64_C(2147483648)   /* one second past 32 bits */
#define Y2050	INT64_C(2524608000)   /* 2050-01-01T00:00:00Z: dates become GeneralizedTime */
#define FOREVER INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static const struct validity_limits usual = {30 * DAY, 3 * DAY};

struct row {
	int64_t not_before, not_after, now;
	enum validity_state state;
	int64_t days_left;
};

static void check(const struct row *rows, size_t count, const struct validity_limits *limits)
{
	struct validity got;

	for (size_t i = 0; i < count; i++) {
		got = validity_judge(rows[i].not_before, rows[i].not_after, rows[i].now, limits);
		if (got.state != rows[i].state || got.days_left != rows[i].days_left ||
		    got.renewable_from != rows[i].not_after - limits->window)
			fail_msg("row %zu: state %d, %lld days, renewable from %lld", i,
				 (int)got.state, (long long)got.days_left,
				 (long long)got.renewable_from);
	}
}
#define CHECK(rows, limits) check(rows, COUNT_OF(rows), limits)

static const struct row window_edges[] = {
    {BEGINS, ENDS, ENDS - 30 * DAY - 1, VALIDITY_VALID, 30},
    {BEGINS, ENDS, ENDS - 30 * DAY, VALIDITY_RENEWABLE, 30},
    {BEGINS, ENDS, ENDS - 30 * DAY + 1, VALIDITY_RENEWABLE, 30},
};

static void the_window_opens_with_its_first_second(void **state)
{
	(void)state;
	CHECK(window_edges, &usual);
}

static const struct row critical_edges[] = {
    {BEGINS, ENDS, ENDS - 3 * DAY - 1, VALIDITY_RENEWABLE, 3},
    {BEGINS, ENDS, ENDS - 3 * DAY, VALIDITY_CRITICAL, 3},
    {BEGINS, ENDS, ENDS - 3 * DAY + 1, VALIDITY_CRITICAL, 3},
};

static void critical_begins_with_its_first_second(void **state)
{
	(void)state;
	CHECK(critical_edges, &usual);
}

static const struct row last_seconds[] = {
    {BEGINS, ENDS, ENDS - 1, VALIDITY_CRITICAL, 0},
    {BEGINS, ENDS, ENDS, VALIDITY_CRITICAL, 0},
    {BEGINS, ENDS, ENDS + 1, VALIDITY_EXPIRED, 0},
    {BEGINS, ENDS, ENDS + 12 * HOUR - 1, VALIDITY_EXPIRED, 0},
    {BEGINS, ENDS, ENDS + 12 * HOUR, VALIDITY_EXPIRED, -1},
    {BEGINS, ENDS, ENDS + 365 * DAY, VALIDITY_EXPIRED, -365},
};

static void the_last_second_is_valid_and_the_next_is_expired(void **state)
{
	(void)state;
	CHECK(last_seconds, &usual);
}

static const struct row first_seconds[] = {
    {BEGINS, ENDS, BEGINS - 1, VALIDITY_NOT_YET_VALID, 1096},
    {BEGINS, ENDS, BEGINS, VALIDITY_VALID, 1095},
    {BEGINS, ENDS, BEGINS + 1, VALIDITY_VALID, 1095},
    /* A certificate that is shorter than the window can be renewed from the start … */
    {BEGINS, BEGINS + 20 * DAY, BEGINS - 1, VALIDITY_NOT_YET_VALID, 21},
    {BEGINS, BEGINS + 20 * DAY, BEGINS, VALIDITY_RENEWABLE, 20},
    /* … and one of a single second is valid in it. */
    {BEGINS, BEGINS, BEGINS - 1, VALIDITY_NOT_YET_VALID, 1},
    {BEGINS, BEGINS, BEGINS, VALIDITY_CRITICAL, 0},
    {BEGINS, BEGINS, BEGINS + 1, VALIDITY_EXPIRED, 0},
};

static void the_first_second_is_valid_and_the_one_before_is_not_yet(void **state)
{
	(void)state;
	CHECK(first_seconds, &usual);
}

static const struct row late_years[] = {
    {BEGINS, Y2038, Y2038 - 30 * DAY - 1, VALIDITY_VALID, 30},
    {BEGINS, Y2038, Y2038, VALIDITY_CRITICAL, 0},
    {BEGINS, Y2038 - 1, Y2038, VALIDITY_EXPIRED, 0},
    {BEGINS, Y2050 - 1, Y2050, VALIDITY_EXPIRED, -1},
    {BEGINS, Y2050, Y2050, VALIDITY_CRITICAL, 0},
    {BEGINS, Y2050 + 400 * DAY, Y2050, VALIDITY_VALID, 400},
    {Y2050, Y2050 + 400 * DAY, Y2050 - 1, VALIDITY_NOT_YET_VALID, 401},
    {BEGINS, FOREVER - 1, FOREVER - 1, VALIDITY_CRITICAL, 0},
};

static void years_past_2038_and_2050_are_like_any_other(void **state)
{
	(void)state;
	CHECK(late_years, &usual);
}

static const struct row no_expiry[] = {
    {BEGINS, FOREVER, BEGINS, VALIDITY_UNLIMITED, 2913538},
    {BEGINS, FOREVER, FOREVER, VALIDITY_UNLIMITED, 0},
    {BEGINS, FOREVER - 1, BEGINS, VALIDITY_VALID, 2913538},
    {BEGINS, FOREVER, BEGINS - 1, VALIDITY_NOT_YET_VALID, 2913539},
    {BEGINS, FOREVER, Y2000 - 1, VALIDITY_UNKNOWN, 2921940},
};

static void the_last_second_of_9999_is_no_expiry_at_all(void **state)
{
	(void)state;
	CHECK(no_expiry, &usual);
}

static const struct row unset_clocks[] = {
    {BEGINS, ENDS, 0, VALIDITY_UNKNOWN, 20453},
    {BEGINS, ENDS, -1, VALIDITY_UNKNOWN, 20454},
    {BEGINS, ENDS, -DAY, VALIDITY_UNKNOWN, 20454},
    {BEGINS, ENDS, -DAY - 1, VALIDITY_UNKNOWN, 20455},
    {BEGINS, ENDS, Y2000 - 1, VALIDITY_UNKNOWN, 9497},
    {BEGINS, ENDS, Y2000, VALIDITY_NOT_YET_VALID, 9496},
    /* Not even 'expired' is said by such a clock. */
    {-10 * DAY, -DAY, 0, VALIDITY_UNKNOWN, -1},
    {0, Y2000 + DAY, Y2000, VALIDITY_CRITICAL, 1},
};

static void a_clock_before_2000_says_nothing(void **state)
{
	(void)state;
	CHECK(unset_clocks, &usual);
}

static const struct row jumping_clock[] = {
    {BEGINS, ENDS, ENDS - 10 * DAY, VALIDITY_RENEWABLE, 10},
    {BEGINS, ENDS, BEGINS - 400 * DAY, VALIDITY_NOT_YET_VALID, 1495},
    {BEGINS, ENDS, 0, VALIDITY_UNKNOWN, 20453},
    {BEGINS, ENDS, ENDS - 10 * DAY, VALIDITY_RENEWABLE, 10},
    {BEGINS, ENDS, ENDS + DAY, VALIDITY_EXPIRED, -1},
    {BEGINS, ENDS, ENDS - 10 * DAY, VALIDITY_RENEWABLE, 10},
};

static void a_clock_that_jumps_leaves_nothing_behind(void **state)
{
	(void)state;
	CHECK(jumping_clock, &usual);
}

static const struct row midnights[] = {
    /* It ends with the first second of a day: one day left until the midnight before. */
    {BEGINS, ENDS + 12 * HOUR, ENDS + 12 * HOUR - 1, VALIDITY_CRITICAL, 1},
    {BEGINS, ENDS + 12 * HOUR, ENDS + 12 * HOUR, VALIDITY_CRITICAL, 0},
    {BEGINS, ENDS + 12 * HOUR, ENDS + 12 * HOUR + 1, VALIDITY_EXPIRED, 0},
    /* It ends with the last second of a day. */
    {BEGINS, ENDS + 12 * HOUR - 1, ENDS - 12 * HOUR, VALIDITY_CRITICAL, 0},
    {BEGINS, ENDS + 12 * HOUR - 1, ENDS - 12 * HOUR - 1, VALIDITY_CRITICAL, 1},
    {BEGINS, ENDS + 12 * HOUR - 1, ENDS + 12 * HOUR - 1, VALIDITY_CRITICAL, 0},
    {BEGINS, ENDS + 12 * HOUR - 1, ENDS + 12 * HOUR, VALIDITY_EXPIRED, -1},
    /* Two seconds may be a day, and nearly a day none. */
    {BEGINS, ENDS, ENDS - 12 * HOUR - 1, VALIDITY_CRITICAL, 1},
    {BEGINS, ENDS, ENDS - 12 * HOUR, VALIDITY_CRITICAL, 0},
};

static void days_are_counted_from_midnight_to_midnight_in_utc(void **state)
{
	(void)state;
	CHECK(midnights, &usual);
}

static const struct row changed_days[] = {
    /* Samoa left out 2011-12-30; two days of UTC are two days there as well. */
    {Y2000, INT64_C(1325332800), INT64_C(1325160000), VALIDITY_CRITICAL, 2},
    /* 2018-11-04 had no midnight in São Paulo. */
    {Y2000, INT64_C(1541300400), INT64_C(1541214000), VALIDITY_CRITICAL, 1},
    {Y2000, INT64_C(1541300400), INT64_C(1541300400), VALIDITY_CRITICAL, 0},
    /* 2018-02-17 ended twice there. */
    {Y2000, INT64_C(1518919200), INT64_C(1518832800), VALIDITY_CRITICAL, 1},
    /* Berlin's 2025-03-30 had 23 hours, 2025-10-26 had 25. */
    {Y2000, INT64_C(1743375600), INT64_C(1743289200), VALIDITY_CRITICAL, 1},
    {Y2000, INT64_C(1761519600), INT64_C(1761429600), VALIDITY_CRITICAL, 1},
};

static void check_all(void)
{
	CHECK(window_edges, &usual);
	CHECK(critical_edges, &usual);
	CHECK(last_seconds, &usual);
	CHECK(first_seconds, &usual);
	CHECK(late_years, &usual);
	CHECK(no_expiry, &usual);
	CHECK(unset_clocks, &usual);
	CHECK(midnights, &usual);
	CHECK(changed_days, &usual);
}

static void no_time_zone_and_no_daylight_saving_changes_a_result(void **state)
{
	/* The last three hold where no zone files are installed. */
	static const char *const zones[] = {"UTC",
					    "America/Sao_Paulo",
					    "Asia/Taipei",
					    "Pacific/Apia",
					    "Pacific/Kiritimati",
					    "Europe/Berlin",
					    "<-03>3<-02>,M11.1.0/0,M2.3.0/0",
					    "CET-1CEST,M3.5.0,M10.5.0/3",
					    "<+14>-14"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(zones); i++) {
		assert_int_equal(setenv("TZ", zones[i], 1), 0);
		tzset();
		check_all();
	}
	unsetenv("TZ");
	tzset();
}

static void a_critical_time_longer_than_the_window_opens_nothing_early(void **state)
{
	static const struct validity_limits reversed = {3 * DAY, 30 * DAY};
	static const struct row rows[] = {
	    {BEGINS, ENDS, ENDS - 30 * DAY, VALIDITY_VALID, 30},
	    {BEGINS, ENDS, ENDS - 3 * DAY - 1, VALIDITY_VALID, 3},
	    {BEGINS, ENDS, ENDS - 3 * DAY, VALIDITY_CRITICAL, 3},
	    {BEGINS, ENDS, ENDS, VALIDITY_CRITICAL, 0},
	    {BEGINS, ENDS, ENDS + 1, VALIDITY_EXPIRED, 0},
	};

	(void)state;
	CHECK(rows, &reversed);
}

static void limits_of_zero_leave_the_last_second_only(void **state)
{
	static const struct validity_limits nothing = {0, 0}, no_critical = {DAY, 0};
	static const struct row last_only[] = {
	    {BEGINS, ENDS, ENDS - 1, VALIDITY_VALID, 0},
	    {BEGINS, ENDS, ENDS, VALIDITY_CRITICAL, 0},
	};
	static const struct row renewable_to_the_end[] = {
	    {BEGINS, ENDS, ENDS - DAY, VALIDITY_RENEWABLE, 1},
	    {BEGINS, ENDS, ENDS - 1, VALIDITY_RENEWABLE, 0},
	    {BEGINS, ENDS, ENDS, VALIDITY_CRITICAL, 0},
	};

	(void)state;
	CHECK(last_only, &nothing);
	CHECK(renewable_to_the_end, &no_critical);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_window_opens_with_its_first_second),
	    cmocka_unit_test(critical_begins_with_its_first_second),
	    cmocka_unit_test(the_last_second_is_valid_and_the_next_is_expired),
	    cmocka_unit_test(the_first_second_is_valid_and_the_one_before_is_not_yet),
	    cmocka_unit_test(years_past_2038_and_2050_are_like_any_other),
	    cmocka_unit_test(the_last_second_of_9999_is_no_expiry_at_all),
	    cmocka_unit_test(a_clock_before_2000_says_nothing),
	    cmocka_unit_test(a_clock_that_jumps_leaves_nothing_behind),
	    cmocka_unit_test(days_are_counted_from_midnight_to_midnight_in_utc),
	    cmocka_unit_test(no_time_zone_and_no_daylight_saving_changes_a_result),
	    cmocka_unit_test(a_critical_time_longer_than_the_window_opens_nothing_early),
	    cmocka_unit_test(limits_of_zero_leave_the_last_second_only),
	};

	return cmocka_run_group_tests_name("validity", tests, NULL, NULL);
}
