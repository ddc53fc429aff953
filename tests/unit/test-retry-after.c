/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "helper/ca/retry_after.h"

#define NOW INT64_C(1763791200) /* Sat, 22 Nov 2025 06:00:00 GMT */

struct example {
	const char *value;
	int64_t delay;
};

static void expect_all(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t got = retry_after(examples[i].value, NOW) - NOW;

		if (got != examples[i].delay)
			fail_msg("\"%s\": %lld s instead of %lld", examples[i].value,
				 (long long)got, (long long)examples[i].delay);
	}
}

#define EXPECT_ALL(examples) expect_all(examples, sizeof(examples) / sizeof((examples)[0]))

static void seconds_are_counted_from_now(void **state)
{
	static const struct example examples[] = {
	    {"1", 1}, {"120", 120}, {"  7200\t", 7200}, {"0005", 5}, {"2592000", 2592000},
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void all_three_forms_of_date_are_read(void **state)
{
	static const struct example examples[] = {
	    {"Sat, 22 Nov 2025 06:02:00 GMT", 120},
	    {"Saturday, 22-Nov-25 06:02:00 GMT", 120},
	    {"Sat Nov 22 06:02:00 2025", 120},
	    {"Mon Dec  1 06:00:00 2025", 9 * 86400},
	    {"Mon, 01 Dec 2025 06:00:00 GMT", 9 * 86400},
	    {" Sat, 22 Nov 2025 06:02:00 GMT ", 120},
	    {"Sat, 22 Nov 2025 06:59:60 GMT", 3599}, /* a leap second */
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void a_wrong_weekday_does_not_matter(void **state)
{
	static const struct example examples[] = {{"Mon, 22 Nov 2025 06:02:00 GMT", 120}};

	(void)state;
	EXPECT_ALL(examples);
}

static void zero_and_the_past_become_the_minimum(void **state)
{
	static const struct example examples[] = {
	    {"0", RETRY_AFTER_MIN},
	    {"Sat, 22 Nov 2025 06:00:00 GMT", RETRY_AFTER_MIN},
	    {"Sun, 06 Nov 1994 08:49:37 GMT", RETRY_AFTER_MIN},
	    {"Sunday, 06-Nov-94 08:49:37 GMT", RETRY_AFTER_MIN},
	    {"Sun Nov  6 08:49:37 1994", RETRY_AFTER_MIN},
	    {"Sat, 01 Jan 0001 00:00:00 GMT", RETRY_AFTER_MIN},
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void the_far_future_becomes_the_maximum(void **state)
{
	static const struct example examples[] = {
	    {"2592001", RETRY_AFTER_MAX},
	    {"1000000000", RETRY_AFTER_MAX},
	    {"18446744073709551617", RETRY_AFTER_MAX},
	    {"99999999999999999999999999999999999999999999", RETRY_AFTER_MAX},
	    {"Fri, 31 Dec 9999 23:59:59 GMT", RETRY_AFTER_MAX},
	    {"Saturday, 22-Nov-75 06:02:00 GMT", RETRY_AFTER_MAX},
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void a_two_digit_year_over_fifty_years_ahead_is_past(void **state)
{
	static const struct example examples[] = {
	    {"Saturday, 22-Nov-76 06:02:00 GMT", RETRY_AFTER_MIN},
	    {"Saturday, 22-Nov-99 06:02:00 GMT", RETRY_AFTER_MIN},
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void anything_else_is_the_default(void **state)
{
	static const struct example examples[] = {
	    {NULL, RETRY_AFTER_DEFAULT},
	    {"", RETRY_AFTER_DEFAULT},
	    {" ", RETRY_AFTER_DEFAULT},
	    {"-1", RETRY_AFTER_DEFAULT},
	    {"+5", RETRY_AFTER_DEFAULT},
	    {"5s", RETRY_AFTER_DEFAULT},
	    {"1.5", RETRY_AFTER_DEFAULT},
	    {"0x10", RETRY_AFTER_DEFAULT},
	    {"5 5", RETRY_AFTER_DEFAULT},
	    {"soon", RETRY_AFTER_DEFAULT},
	    {"Sat", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 06:02:00", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 06:02:00 CET", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 06:02:00 GMT+1", RETRY_AFTER_DEFAULT},
	    {"sat, 22 nov 2025 06:02:00 gmt", RETRY_AFTER_DEFAULT},
	    {"Sat, 2 Nov 2025 06:02:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 25 06:02:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 24:00:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 06:60:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Sat, 22 Nov 2025 06:00:61 GMT", RETRY_AFTER_DEFAULT},
	    {"Mon, 30 Feb 2026 06:00:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Mon, 00 Dec 2025 06:00:00 GMT", RETRY_AFTER_DEFAULT},
	    {"Mon, 32 Dec 2025 06:00:00 GMT", RETRY_AFTER_DEFAULT},
	};

	(void)state;
	EXPECT_ALL(examples);
}

static void the_time_zone_has_no_part_in_it(void **state)
{
	static const struct example examples[] = {{"Sat, 22 Nov 2025 06:02:00 GMT", 120},
						  {"Sat Nov 22 06:02:00 2025", 120}};

	(void)state;
	setenv("TZ", "Asia/Taipei", 1);
	tzset();
	EXPECT_ALL(examples);
	unsetenv("TZ");
	tzset();
}

/* --- and before it is too late ------------------------------------------------------------- */

enum { HOUR = 3600, DAY = 24 * HOUR, CRITICAL = 3 * DAY };

/* Seconds from now, each: when the CA says, and when the certificate ends. */
static int64_t in_time(int64_t delay, int64_t left)
{
	return retry_in_time(NOW + delay, NOW, NOW + left, CRITICAL) - NOW;
}

static void what_comes_before_it_is_critical_stays(void **state)
{
	(void)state;
	assert_int_equal(in_time(1, 20 * DAY), 1);
	assert_int_equal(in_time(2 * HOUR, 20 * DAY), 2 * HOUR);
	assert_int_equal(in_time(17 * DAY, 20 * DAY), 17 * DAY);
}

static void what_comes_later_is_brought_forward_to_that_moment(void **state)
{
	(void)state;
	assert_int_equal(in_time(17 * DAY + 1, 20 * DAY), 17 * DAY);
	assert_int_equal(in_time(RETRY_AFTER_MAX, 20 * DAY), 17 * DAY);
	assert_int_equal(in_time(RETRY_AFTER_MAX, CRITICAL + HOUR), HOUR);
}

static void when_it_is_critical_half_of_the_rest_is_waited_for(void **state)
{
	(void)state;
	assert_int_equal(in_time(RETRY_AFTER_MAX, CRITICAL), CRITICAL / 2);
	assert_int_equal(in_time(RETRY_AFTER_MAX, DAY), DAY / 2);
	assert_int_equal(in_time(6 * HOUR, DAY), 6 * HOUR);
	assert_int_equal(in_time(RETRY_AFTER_MAX, HOUR), HOUR);
	assert_int_equal(in_time(RETRY_AFTER_MAX, 1), HOUR);
	assert_int_equal(in_time(60, 1), 60);
}

static void what_has_ended_waits_as_long_as_the_ca_wants(void **state)
{
	(void)state;
	assert_int_equal(in_time(RETRY_AFTER_MAX, 0), RETRY_AFTER_MAX);
	assert_int_equal(in_time(RETRY_AFTER_MAX, -100 * DAY), RETRY_AFTER_MAX);
}

static void a_date_by_itself_is_not_brought_into_a_range(void **state)
{
	int64_t date = 0;

	(void)state;
	assert_true(http_date("Sat, 22 Nov 2025 06:00:00 GMT", NOW, &date));
	assert_true(date == NOW);
	assert_true(http_date("Sun, 06 Nov 1994 08:49:37 GMT", NOW, &date));
	assert_true(date == INT64_C(784111777));
	assert_false(http_date("", NOW, &date));
	assert_false(http_date("120", NOW, &date));
}

/* --- when nobody asked for it --------------------------------------------------------------- */

#define LAST UINT64_MAX

static void a_jitter_is_up_to_half_and_reaches_it(void **state)
{
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (uint64_t random = 0; random < 1000; random++) {
		int64_t jitter = retry_jitter(100, random);

		least = jitter < least ? jitter : least;
		most = jitter > most ? jitter : most;
	}
	assert_int_equal(least, 0);
	assert_int_equal(most, 50);
	assert_int_equal(retry_jitter(0, LAST), 0);
	assert_int_equal(retry_jitter(1, LAST), 0);
	assert_int_equal(retry_jitter(-5, LAST), 0);
	assert_true(retry_jitter(INT64_MAX, LAST) >= 0);
}

static int64_t unasked(int64_t delay, int64_t left, uint64_t random)
{
	return retry_unasked(NOW + delay, NOW, NOW + left, CRITICAL, random) - NOW;
}

static void nobody_comes_before_the_ca_said_and_all_within_half_more(void **state)
{
	static const int64_t delays[] = {1, 60, HOUR, 4 * HOUR, DAY, 16 * DAY};

	(void)state;
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		for (uint64_t random = 0; random < 20000; random += 7) {
			int64_t at = unasked(delays[i], 20 * DAY, random);

			assert_true(at >= delays[i] && at <= delays[i] + delays[i] / 2);
			assert_true(at <= delays[i] + BACK_OFF_MOST / 2);
		}
	}
}

static void no_jitter_reaches_into_what_is_critical(void **state)
{
	(void)state;
	for (uint64_t random = 0; random < 10000; random += 3) {
		assert_true(unasked(17 * DAY - 60, 20 * DAY, random) <= 17 * DAY);
		assert_int_equal(unasked(17 * DAY, 20 * DAY, random), 17 * DAY);
		/* Nor beyond the end. */
		assert_true(unasked(3 * HOUR, 3 * HOUR + 60, random) <= 3 * HOUR + 60);
	}
}

static void a_back_off_doubles_up_to_its_most(void **state)
{
	static const int64_t delays[] = {300, 600, 1200, 2400, 4800, 9600, 14400, 14400};

	(void)state;
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		assert_int_equal(back_off((int64_t)i + 1, 0), delays[i]);
		for (uint64_t random = 0; random < 20000; random += 7) {
			int64_t delay = back_off((int64_t)i + 1, random);

			assert_true(delay >= delays[i] && delay <= delays[i] * 3 / 2);
		}
	}
	assert_int_equal(back_off(0, 0), BACK_OFF_FIRST);
	assert_int_equal(back_off(INT64_MAX, 0), BACK_OFF_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seconds_are_counted_from_now),
	    cmocka_unit_test(all_three_forms_of_date_are_read),
	    cmocka_unit_test(a_wrong_weekday_does_not_matter),
	    cmocka_unit_test(a_date_by_itself_is_not_brought_into_a_range),
	    cmocka_unit_test(zero_and_the_past_become_the_minimum),
	    cmocka_unit_test(the_far_future_becomes_the_maximum),
	    cmocka_unit_test(a_two_digit_year_over_fifty_years_ahead_is_past),
	    cmocka_unit_test(anything_else_is_the_default),
	    cmocka_unit_test(the_time_zone_has_no_part_in_it),
	    cmocka_unit_test(what_comes_before_it_is_critical_stays),
	    cmocka_unit_test(what_comes_later_is_brought_forward_to_that_moment),
	    cmocka_unit_test(when_it_is_critical_half_of_the_rest_is_waited_for),
	    cmocka_unit_test(what_has_ended_waits_as_long_as_the_ca_wants),
	    cmocka_unit_test(a_jitter_is_up_to_half_and_reaches_it),
	    cmocka_unit_test(nobody_comes_before_the_ca_said_and_all_within_half_more),
	    cmocka_unit_test(no_jitter_reaches_into_what_is_critical),
	    cmocka_unit_test(a_back_off_doubles_up_to_its_most),
	};

	return cmocka_run_group_tests_name("retry-after", tests, NULL, NULL);
}
