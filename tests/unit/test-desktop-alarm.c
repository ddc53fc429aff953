/* SPDX-License-Identifier: MIT */
/* The moment at which the desktop's agent asks again. */
#include <time.h>

#include <glib.h>

#include "helper/desktop/alarm.h"
#include "tests/unit/unit.h"

static int rung;
static struct alarm_clock *alarm_clock;

static void rings(void *data)
{
	assert_ptr_equal(data, &rung);
	rung++;
}

static int begin(void **state)
{
	(void)state;
	rung = 0;
	alarm_clock = alarm_new(rings, &rung);
	return alarm_clock == NULL ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	alarm_free(alarm_clock);
	return 0;
}

static int64_t now(void)
{
	struct timespec clock;

	/* Exact, which time(2) is not. */
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &clock), 0);
	return (int64_t)clock.tv_sec;
}

static void wait_for_it(void)
{
	while (rung == 0)
		g_main_context_iteration(NULL, TRUE);
}

static void it_rings_at_its_time_and_once(void **state)
{
	int64_t when = now() + 1;

	(void)state;
	alarm_set(alarm_clock, when);
	assert_int_equal(alarm_get(alarm_clock), when);
	wait_for_it();
	assert_true(now() >= when);
	assert_int_equal(alarm_get(alarm_clock), 0);
	assert_false(g_main_context_iteration(NULL, FALSE));
	assert_int_equal(rung, 1);
}

static void a_time_that_has_passed_rings_at_once(void **state)
{
	(void)state;
	alarm_set(alarm_clock, 1);
	wait_for_it();
}

static void a_new_time_takes_the_place_of_the_old_one(void **state)
{
	(void)state;
	alarm_set(alarm_clock, 1);
	alarm_set(alarm_clock, now() + 3600);
	assert_false(g_main_context_iteration(NULL, FALSE));
	assert_int_equal(rung, 0);
	alarm_set(alarm_clock, 1);
	wait_for_it();
}

static void never_is_never(void **state)
{
	(void)state;
	alarm_set(alarm_clock, 1);
	alarm_set(alarm_clock, 0);
	assert_false(g_main_context_iteration(NULL, FALSE));
	assert_int_equal(rung, 0);
	assert_int_equal(alarm_get(alarm_clock), 0);
}

static void without_a_timer_nothing_rings(void **state)
{
	(void)state;
	alarm_set(NULL, 1);
	assert_int_equal(alarm_get(NULL), 0);
	alarm_free(NULL);
}

#define PROMISE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(it_rings_at_its_time_and_once),
	    PROMISE(a_time_that_has_passed_rings_at_once),
	    PROMISE(a_new_time_takes_the_place_of_the_old_one),
	    PROMISE(never_is_never),
	    PROMISE(without_a_timer_nothing_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
