/* SPDX-License-Identifier: MIT */
/* When it is time to speak of a certificate, a second before and a second after. */
#include "helper/record/reminder.h"
#include "tests/unit/unit.h"

#define DAY  INT64_C(86400)
#define HOUR INT64_C(3600)
#define ENDS INT64_C(1798761599) /* 2026-12-31T23:59:59Z */

static int64_t usual_times[] = {30 * DAY, 14 * DAY, 7 * DAY, 3 * DAY, 2 * DAY, 1 * DAY};

static struct config config;
static struct reminder reminder;

static int begin(void **state)
{
	(void)state;
	config = (struct config){
	    .window = 30 * DAY,
	    .critical = 3 * DAY,
	    .remind = usual_times,
	    .remind_count = COUNT_OF(usual_times),
	};
	reminder = (struct reminder){
	    .not_before = ENDS - 365 * DAY,
	    .not_after = ENDS,
	};
	return 0;
}

static bool due_at(int64_t now)
{
	return reminder_is_due(&config, &reminder, now);
}

static int64_t next_at(int64_t now)
{
	return reminder_next(&config, &reminder, now);
}

/* Not before this second, from it on, and it is what was announced. */
static void assert_begins(int64_t moment)
{
	assert_false(due_at(moment - 1));
	assert_true(due_at(moment));
	assert_true(due_at(moment + 1));
	assert_int_equal(next_at(moment - 1), moment);
	assert_true(next_at(moment) != moment);
}

static void put_off_at(int64_t when)
{
	reminder.put_off = when;
	assert_false(due_at(when));
	assert_false(due_at(when + 1));
}

static void the_first_reminder_is_the_windows_first_second(void **state)
{
	(void)state;
	assert_begins(ENDS - 30 * DAY);
	assert_int_equal(next_at(ENDS - 300 * DAY), ENDS - 30 * DAY);
}

static void what_is_not_put_off_stays_due(void **state)
{
	(void)state;
	for (int64_t now = ENDS - 30 * DAY; now <= ENDS; now += HOUR)
		assert_true(due_at(now));
	assert_true(due_at(ENDS));
	assert_false(due_at(ENDS + 1));
}

static void what_is_put_off_rests_until_the_next_time_has_come(void **state)
{
	(void)state;
	put_off_at(ENDS - 30 * DAY);
	assert_begins(ENDS - 14 * DAY);
	put_off_at(ENDS - 14 * DAY + HOUR);
	assert_begins(ENDS - 7 * DAY);
	put_off_at(ENDS - 7 * DAY);
	assert_begins(ENDS - 3 * DAY);
}

static void a_word_in_the_very_second_counts_and_the_one_before_does_not(void **state)
{
	(void)state;
	reminder.put_off = ENDS - 14 * DAY;
	assert_false(due_at(ENDS - 14 * DAY));
	reminder.put_off = ENDS - 14 * DAY - 1;
	assert_true(due_at(ENDS - 14 * DAY));
}

/* The person was away while two passed: asked once, not twice. */
static void times_that_passed_together_are_one(void **state)
{
	(void)state;
	reminder.put_off = ENDS - 29 * DAY;
	assert_true(due_at(ENDS - 5 * DAY));
	put_off_at(ENDS - 5 * DAY);
	assert_false(due_at(ENDS - 4 * DAY));
}

static void critical_is_always(void **state)
{
	(void)state;
	for (int64_t now = ENDS - 3 * DAY; now <= ENDS; now += HOUR) {
		reminder.put_off = now;
		assert_true(due_at(now));
		assert_true(due_at(now + 1) || now == ENDS);
	}
	config.remind_count = 0;
	reminder.put_off = 0;
	assert_begins(ENDS - 3 * DAY);
}

/* The agent of a session that lasts speaks again, also where every login would. */
static void within_critical_the_times_are_still_announced(void **state)
{
	(void)state;
	assert_int_equal(next_at(ENDS - 3 * DAY), ENDS - 2 * DAY);
	assert_int_equal(next_at(ENDS - 2 * DAY), ENDS - 1 * DAY);
	assert_int_equal(next_at(ENDS - 1 * DAY), 0);
}

static void always_is_always_within_the_window(void **state)
{
	(void)state;
	config.remind_always = true;
	config.remind_count = 0;
	assert_begins(ENDS - 30 * DAY);
	for (int64_t now = ENDS - 30 * DAY; now <= ENDS; now += HOUR) {
		reminder.put_off = now;
		assert_true(due_at(now));
	}
	assert_int_equal(next_at(ENDS - 30 * DAY), ENDS - 3 * DAY);
	assert_int_equal(next_at(ENDS - 3 * DAY), 0);
}

static void a_time_longer_than_the_window_waits_for_it(void **state)
{
	int64_t times[] = {40 * DAY, 35 * DAY, 7 * DAY};

	(void)state;
	config.remind = times;
	config.remind_count = COUNT_OF(times);
	assert_begins(ENDS - 30 * DAY);
	put_off_at(ENDS - 30 * DAY);
	assert_begins(ENDS - 7 * DAY);
}

static void before_the_first_time_nothing_is_due_though_the_window_is_open(void **state)
{
	int64_t times[] = {7 * DAY};

	(void)state;
	config.remind = times;
	config.remind_count = COUNT_OF(times);
	assert_false(due_at(ENDS - 30 * DAY));
	assert_begins(ENDS - 7 * DAY);
}

static void neither_order_nor_repetition_of_the_times_matters(void **state)
{
	int64_t times[] = {1 * DAY, 14 * DAY, 30 * DAY, 14 * DAY, 7 * DAY, 30 * DAY};
	struct config other;

	(void)state;
	other = config;
	other.remind = times;
	other.remind_count = COUNT_OF(times);
	for (int64_t put_off = 0; put_off < 2; put_off++) {
		reminder.put_off = put_off == 0 ? 0 : ENDS - 20 * DAY;
		for (int64_t now = ENDS - 40 * DAY; now <= ENDS + DAY; now += HOUR)
			assert_int_equal(reminder_is_due(&other, &reminder, now), due_at(now));
	}
	assert_int_equal(reminder_next(&other, &reminder, ENDS - 20 * DAY), ENDS - 14 * DAY);
	assert_int_equal(reminder_next(&other, &reminder, ENDS - 14 * DAY), ENDS - 7 * DAY);
}

/* --- spread ------------------------------------------------------------------------------- */

/* ENDS is a Thursday's last second; the window opens on Tuesday, 1 December, so that the first day
 * that begins within it is the 2nd, and the last one before it is critical the 28th, a Monday. */
#define WEDNESDAY	(ENDS + 1 - 30 * DAY)
#define BEGINNING(days) (WEDNESDAY + (days)*DAY)

static void the_first_is_on_a_weekday_of_the_spread(void **state)
{
	/* From Wednesday, the 2nd: the 5th and 6th are a weekend. */
	static const int64_t days[] = {0, 1, 2, 5, 6};

	(void)state;
	config.spread = 7 * DAY;
	for (size_t i = 0; i < 3 * COUNT_OF(days); i++) {
		reminder.share = i;
		assert_begins(BEGINNING(days[i % COUNT_OF(days)]));
	}
	reminder.share = UINT64_MAX;
	assert_begins(BEGINNING(days[UINT64_MAX % COUNT_OF(days)]));
}

/* As many begin on each of them, and none on a weekend or in what is critical. */
static void all_weekdays_are_as_likely(void **state)
{
	size_t begun[31] = {0}, weekdays = 0;

	(void)state;
	config.spread = 30 * DAY;
	for (uint64_t share = 0; share < 1900; share++) {
		reminder.share = share;
		begun[(next_at(ENDS - 31 * DAY) - WEDNESDAY) / DAY]++;
	}
	for (size_t day = 0; day < COUNT_OF(begun); day++) {
		bool is_weekday = (day + 2) % 7 < 5 && day < 27;

		assert_int_equal(begun[day], is_weekday ? 100 : 0);
		weekdays += is_weekday;
	}
	assert_int_equal(weekdays, 19);
}

static void a_day_begins_where_the_machine_is(void **state)
{
	static const int64_t zones[] = {-11 * HOUR, -HOUR / 2, 8 * HOUR, 14 * HOUR};

	(void)state;
	config.spread = 20 * DAY;
	for (size_t i = 0; i < COUNT_OF(zones); i++) {
		reminder.zone = zones[i];
		for (reminder.share = 0; reminder.share < 40; reminder.share++) {
			int64_t local = next_at(ENDS - 40 * DAY) + zones[i];

			assert_int_equal(local % DAY, 0);
			assert_true((local / DAY + 3) % 7 < 5);
			assert_begins(next_at(ENDS - 40 * DAY));
		}
	}
}

static void a_spread_without_a_weekday_is_spread_all_the_same(void **state)
{
	int64_t times[] = {26 * DAY}; /* Saturday's last second */

	(void)state;
	config.remind = times;
	config.remind_count = COUNT_OF(times);
	config.spread = DAY;
	reminder.share = 5 * HOUR;
	assert_begins(ENDS - 26 * DAY + 5 * HOUR);
	reminder.share = 29 * HOUR;
	assert_begins(ENDS - 26 * DAY + 5 * HOUR);
}

static void times_that_pass_during_the_delay_fall_silent(void **state)
{
	(void)state;
	config.spread = 30 * DAY;
	reminder.share = 13; /* Monday, the 21st */
	assert_false(due_at(ENDS - 14 * DAY));
	assert_begins(BEGINNING(19));
	assert_int_equal(next_at(ENDS - 20 * DAY), BEGINNING(19));
	put_off_at(BEGINNING(19));
	assert_begins(ENDS - 7 * DAY); /* in its own week it does not rest */
}

static void what_was_put_off_before_the_first_does_not_silence_it(void **state)
{
	(void)state;
	config.spread = 30 * DAY;
	reminder.share = 13;
	reminder.put_off = ENDS - 28 * DAY;
	assert_begins(BEGINNING(19));
}

static void no_spread_reaches_into_critical(void **state)
{
	(void)state;
	for (config.spread = DAY; config.spread <= 366 * DAY; config.spread += DAY / 2) {
		for (reminder.share = 0; reminder.share < 50; reminder.share++)
			assert_true(next_at(ENDS - 400 * DAY) < ENDS - 3 * DAY);
	}
	reminder.put_off = ENDS - 3 * DAY;
	assert_true(due_at(ENDS - 3 * DAY));
	config.critical = config.window;
	assert_begins(ENDS - 30 * DAY);
}

static void the_spread_delays_always_as_well(void **state)
{
	(void)state;
	config.remind_always = true;
	config.spread = 10 * DAY;
	reminder.share = 4;
	assert_begins(BEGINNING(6));
}

/* Weeks after the one in which it began: from one weekday on, until Sunday. */
static void in_each_later_week_it_rests_until_some_weekday(void **state)
{
	size_t begun[7] = {0};

	(void)state;
	config.spread = DAY; /* Wednesday, the 2nd */
	for (reminder.share = 0; reminder.share < 3000; reminder.share++) {
		for (int64_t monday = BEGINNING(5); monday < BEGINNING(26); monday += 7 * DAY) {
			int64_t day = 0;

			while (!due_at(monday + day * DAY))
				day++;
			begun[day]++;
			for (int64_t hours = 0; hours < 7 * 24; hours++)
				assert_int_equal(due_at(monday + hours * HOUR), hours / 24 >= day);
			if (day > 0)
				assert_int_equal(next_at(monday), monday + day * DAY);
		}
	}
	for (size_t day = 0; day < 5; day++)
		assert_in_range(begun[day], 1650, 1950);
	assert_int_equal(begun[5] + begun[6], 0);
}

static void a_later_time_waits_for_that_day(void **state)
{
	int64_t at;

	(void)state;
	config.spread = DAY;
	for (reminder.share = 0; reminder.share < 100; reminder.share++) {
		reminder.put_off = BEGINNING(0);
		at = next_at(BEGINNING(0));
		/* 14 days before the end is Wednesday's last second, the 16th. */
		assert_true(at == ENDS - 14 * DAY || at == BEGINNING(15) || at == BEGINNING(16));
		assert_begins(at);
	}
}

static void what_is_critical_does_not_rest(void **state)
{
	(void)state;
	config.spread = DAY;
	for (reminder.share = 0; reminder.share < 20; reminder.share++)
		for (int64_t now = ENDS - 3 * DAY; now <= ENDS; now += HOUR)
			assert_true(due_at(now));
}

static void without_a_spread_nothing_rests(void **state)
{
	(void)state;
	for (reminder.share = 0; reminder.share < 20; reminder.share++)
		for (int64_t now = ENDS - 30 * DAY; now <= ENDS; now += HOUR)
			assert_true(due_at(now));
}

/* --- a CA that refused ---------------------------------------------------------------------- */

static void a_ca_that_refused_is_left_alone(void **state)
{
	(void)state;
	reminder.back_off = ENDS - 20 * DAY;
	assert_begins(ENDS - 20 * DAY);
	reminder.unfinished = true;
	assert_begins(ENDS - 20 * DAY);
	/* Put off as well: nobody is asked only because the back-off is over. */
	reminder.unfinished = false;
	reminder.put_off = ENDS - 21 * DAY;
	assert_false(due_at(ENDS - 20 * DAY));
	assert_int_equal(next_at(ENDS - 21 * DAY), ENDS - 14 * DAY);
}

static void in_what_is_critical_no_refusal_keeps_from_asking(void **state)
{
	(void)state;
	reminder.back_off = ENDS - DAY;
	assert_true(due_at(ENDS - 3 * DAY));
	assert_int_equal(next_at(ENDS - 4 * DAY), ENDS - 3 * DAY);
	assert_false(due_at(ENDS - 3 * DAY - 1));
}

/* --- states ------------------------------------------------------------------------------- */

static void an_unfinished_renewal_is_always_due(void **state)
{
	static const int64_t moments[] = {0, ENDS - 300 * DAY, ENDS - 30 * DAY, ENDS + 1};

	(void)state;
	reminder.unfinished = true;
	for (size_t i = 0; i < COUNT_OF(moments); i++) {
		reminder.put_off = moments[i];
		assert_true(due_at(moments[i]));
	}
}

/* Not before it, whatever the date, and from it on always. */
static void while_the_ca_works_on_it_nothing_is_due(void **state)
{
	static const int64_t moments[] = {ENDS - 20 * DAY, ENDS - DAY, ENDS + DAY};

	(void)state;
	reminder.unfinished = true;
	config.remind_always = true;
	for (size_t i = 0; i < COUNT_OF(moments); i++) {
		reminder.until = moments[i];
		assert_int_equal(next_at(moments[i] - 10 * DAY), moments[i]);
		assert_begins(moments[i]);
	}
}

static void without_a_clock_nothing_is_due(void **state)
{
	(void)state;
	reminder.not_before = 0;
	reminder.not_after = 946684800 + 10;
	assert_false(due_at(946684799));
	assert_int_equal(next_at(946684799), 0);
	assert_true(due_at(946684800));
}

static void what_has_expired_or_never_ends_is_not_spoken_of(void **state)
{
	(void)state;
	assert_false(due_at(ENDS + 1));
	assert_int_equal(next_at(ENDS), 0);
	assert_int_equal(next_at(ENDS + 1), 0);
	reminder.not_after = INT64_C(253402300799);
	assert_false(due_at(INT64_C(253402300799) - DAY));
	assert_int_equal(next_at(ENDS), 0);
}

/* Issued for less than the window: its reminders begin with itself. */
static void what_is_not_yet_valid_waits_until_it_is(void **state)
{
	(void)state;
	reminder.not_before = ENDS - 10 * DAY;
	assert_begins(ENDS - 10 * DAY);
	put_off_at(ENDS - 10 * DAY);
	assert_begins(ENDS - 7 * DAY);
}

static void no_number_is_too_large(void **state)
{
	static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1,	      0, 1,
					  ENDS,	     INT64_MAX - 1, INT64_MAX};
	int64_t times[] = {INT64_MAX, INT64_MIN, 0, -1, 1};
	int64_t next;

	(void)state;
	config.remind = times;
	config.remind_count = COUNT_OF(times);
	reminder.share = UINT64_MAX;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		for (size_t j = 0; j < COUNT_OF(numbers); j++) {
			for (size_t k = 0; k < COUNT_OF(numbers); k++) {
				config.window = config.spread = numbers[k];
				config.critical = numbers[j];
				reminder.not_after = numbers[i];
				reminder.not_before = reminder.put_off = numbers[j];
				(void)due_at(numbers[k]);
				next = next_at(numbers[k]);
				assert_true(next == 0 || next > numbers[k]);
			}
		}
	}
}

/* Whatever the settings: what is announced comes true, and nothing comes unannounced. */
static void what_is_announced_comes_true(void **state)
{
	int64_t now, next;

	(void)state;
	for (uint64_t share = 0; share < 60; share++) {
		config.spread = (int64_t)(share % 3) * 9 * DAY;
		reminder.share = share * 100003;
		reminder.zone = (int64_t)(share % 5) * 3 * HOUR - 6 * HOUR;
		reminder.put_off = 0;
		for (now = ENDS - 40 * DAY; (next = next_at(now)) != 0; now = next) {
			assert_true(next > now);
			for (int64_t at = now + HOUR; at < next && next <= ENDS - 3 * DAY;
			     at += HOUR)
				assert_int_equal(due_at(at), reminder.put_off == 0 && due_at(now));
			assert_true(due_at(next));
			reminder.put_off = next;
		}
		assert_true(now >= ENDS - 3 * DAY);
	}
}

#define RULE(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RULE(the_first_reminder_is_the_windows_first_second),
	    RULE(what_is_not_put_off_stays_due),
	    RULE(what_is_put_off_rests_until_the_next_time_has_come),
	    RULE(a_word_in_the_very_second_counts_and_the_one_before_does_not),
	    RULE(times_that_passed_together_are_one),
	    RULE(critical_is_always),
	    RULE(within_critical_the_times_are_still_announced),
	    RULE(always_is_always_within_the_window),
	    RULE(a_time_longer_than_the_window_waits_for_it),
	    RULE(before_the_first_time_nothing_is_due_though_the_window_is_open),
	    RULE(neither_order_nor_repetition_of_the_times_matters),
	    RULE(the_first_is_on_a_weekday_of_the_spread),
	    RULE(all_weekdays_are_as_likely),
	    RULE(a_day_begins_where_the_machine_is),
	    RULE(a_spread_without_a_weekday_is_spread_all_the_same),
	    RULE(times_that_pass_during_the_delay_fall_silent),
	    RULE(what_was_put_off_before_the_first_does_not_silence_it),
	    RULE(no_spread_reaches_into_critical),
	    RULE(the_spread_delays_always_as_well),
	    RULE(in_each_later_week_it_rests_until_some_weekday),
	    RULE(a_later_time_waits_for_that_day),
	    RULE(what_is_critical_does_not_rest),
	    RULE(without_a_spread_nothing_rests),
	    RULE(a_ca_that_refused_is_left_alone),
	    RULE(in_what_is_critical_no_refusal_keeps_from_asking),
	    RULE(an_unfinished_renewal_is_always_due),
	    RULE(while_the_ca_works_on_it_nothing_is_due),
	    RULE(without_a_clock_nothing_is_due),
	    RULE(what_has_expired_or_never_ends_is_not_spoken_of),
	    RULE(what_is_not_yet_valid_waits_until_it_is),
	    RULE(no_number_is_too_large),
	    RULE(what_is_announced_comes_true),
	};

	return cmocka_run_group_tests_name("reminder", tests, NULL, NULL);
}
