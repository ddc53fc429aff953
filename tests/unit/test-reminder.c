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

static void the_spread_delays_the_first_by_a_part_of_it(void **state)
{
	(void)state;
	config.spread = 5 * DAY;
	reminder.share = 0;
	assert_begins(ENDS - 30 * DAY);
	reminder.share = 5 * DAY - 1;
	assert_begins(ENDS - 25 * DAY - 1);
	reminder.share = 5 * DAY;
	assert_begins(ENDS - 30 * DAY);
	reminder.share = UINT64_MAX;
	assert_begins(ENDS - 30 * DAY + (int64_t)(UINT64_MAX % (uint64_t)(5 * DAY)));
}

static void times_that_pass_during_the_delay_fall_silent(void **state)
{
	(void)state;
	config.spread = 30 * DAY;
	reminder.share = 20 * DAY;
	assert_false(due_at(ENDS - 14 * DAY));
	assert_begins(ENDS - 10 * DAY);
	assert_int_equal(next_at(ENDS - 20 * DAY), ENDS - 10 * DAY);
	put_off_at(ENDS - 10 * DAY);
	assert_begins(ENDS - 7 * DAY);
}

static void what_was_put_off_before_the_first_does_not_silence_it(void **state)
{
	(void)state;
	config.spread = 30 * DAY;
	reminder.share = 20 * DAY;
	reminder.put_off = ENDS - 28 * DAY;
	assert_begins(ENDS - 10 * DAY);
}

static void no_spread_reaches_into_critical(void **state)
{
	(void)state;
	config.spread = 30 * DAY;
	reminder.share = 30 * DAY - 1;
	assert_begins(ENDS - 3 * DAY);
	config.remind_always = true;
	assert_begins(ENDS - 3 * DAY);
}

static void the_spread_delays_always_as_well(void **state)
{
	(void)state;
	config.remind_always = true;
	config.spread = 10 * DAY;
	reminder.share = 4 * DAY;
	assert_begins(ENDS - 26 * DAY);
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
	for (uint64_t share = 0; share < 20; share++) {
		config.spread = (int64_t)(share % 3) * 9 * DAY;
		reminder.share = share * 100003;
		for (now = ENDS - 40 * DAY; (next = next_at(now)) != 0; now = next) {
			assert_true(next > now);
			reminder.put_off = now;
			assert_true(due_at(next));
			if (next <= ENDS - 3 * DAY)
				assert_false(due_at(next - 1));
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
	    RULE(the_spread_delays_the_first_by_a_part_of_it),
	    RULE(times_that_pass_during_the_delay_fall_silent),
	    RULE(what_was_put_off_before_the_first_does_not_silence_it),
	    RULE(no_spread_reaches_into_critical),
	    RULE(the_spread_delays_always_as_well),
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
