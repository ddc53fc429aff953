/* SPDX-License-Identifier: MIT */
/* The arithmetic of the host's alarm: what may be used of it, and what is left afterwards. */
#include "pam_module/alarm.c" /* the program tested is a shared object that exports none of it */

#include "tests/unit/unit.h"

static struct timeval seconds(double number)
{
	int64_t us = (int64_t)(number * 1000000 + 0.5);

	return (struct timeval){.tv_sec = us / 1000000, .tv_usec = us % 1000000};
}

static void no_alarm_bounds_nothing(void **state)
{
	(void)state;
	assert_int_equal(spare_of(seconds(0)), -1);
	assert_true(is_enough(-1));
	assert_int_equal(alarm_spare(), -1);
	assert_true(alarm_leaves_time());
}

static void the_hosts_margin_is_never_used(void **state)
{
	(void)state;
	assert_int_equal(spare_of(seconds(60)), 57000);
	assert_int_equal(spare_of(seconds(3.001)), 1);
	assert_int_equal(spare_of(seconds(3)), 0);
	assert_int_equal(spare_of(seconds(0.000001)), 0);
}

static void a_person_has_five_seconds_or_is_not_asked(void **state)
{
	(void)state;
	assert_true(is_enough(spare_of(seconds(8))));
	assert_false(is_enough(spare_of(seconds(7.999))));
	assert_false(is_enough(spare_of(seconds(3))));
}

static void the_alarm_goes_on_with_what_is_left(void **state)
{
	struct timeval rest = rest_of(seconds(60), 12500000);

	(void)state;
	assert_int_equal(rest.tv_sec, 47);
	assert_int_equal(rest.tv_usec, 500000);
}

static void an_alarm_that_is_overdue_rings_at_once(void **state)
{
	const int64_t elapsed[] = {1000000, 1000001, 3600000000};
	struct timeval rest;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(elapsed); i++) {
		rest = rest_of(seconds(1), elapsed[i]);
		assert_int_equal(rest.tv_sec, 0);
		assert_int_equal(rest.tv_usec, 1);
	}
}

static void misc_conv_gives_up_within_the_spare_time(void **state)
{
	(void)state;
	assert_int_equal(die_time_for(1000, 57000, 0), 1057);
	assert_int_equal(die_time_for(1000, 5999, 0), 1005);
	assert_int_equal(die_time_for(1000, 57000, 1010), 1010);
	assert_int_equal(die_time_for(1000, 57000, 2000), 1057);
}

static int converse(int count, const struct pam_message **messages, struct pam_response **ret,
		    void *data)
{
	(void)count;
	(void)messages;
	(void)ret;
	(void)data;
	return PAM_CONV_ERR;
}

static void a_conversation_without_an_end_is_only_held_without_an_alarm(void **state)
{
	static const struct itimerval far = {.it_value = {.tv_sec = 60}}, off;
	const struct pam_conv conversation = {.conv = converse};
	struct alarm_hold hold = {.since_us = 1234};
	struct itimerval timer;

	(void)state;
	setitimer(ITIMER_REAL, &far, NULL);
	assert_int_equal(alarm_hold(&conversation, &hold), -FAILURE_NOT_SHOWN);
	assert_int_equal(hold.since_us, 1234);
	setitimer(ITIMER_REAL, &off, &timer);
	assert_in_range(timer.it_value.tv_sec, 58, 60);
	assert_int_equal(alarm_hold(&conversation, &hold), 0);
	assert_false(alarm_release(&hold));
	getitimer(ITIMER_REAL, &timer);
	assert_false(timerisset(&timer.it_value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_alarm_bounds_nothing),
	    cmocka_unit_test(the_hosts_margin_is_never_used),
	    cmocka_unit_test(a_person_has_five_seconds_or_is_not_asked),
	    cmocka_unit_test(the_alarm_goes_on_with_what_is_left),
	    cmocka_unit_test(an_alarm_that_is_overdue_rings_at_once),
	    cmocka_unit_test(misc_conv_gives_up_within_the_spare_time),
	    cmocka_unit_test(a_conversation_without_an_end_is_only_held_without_an_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
