/* SPDX-License-Identifier: MIT */
/* What the helper permits its peer and its children: what, after what, and how often. */
#include "helper/supervisor/permit.h"
#include "tests/unit/unit.h"

#define STAGE(stage) (EVENT_REPORT + REPORT_##stage)

/* All but the last event must be permitted; the last one's result. */
static int play(enum request_action action, const unsigned *events, size_t count)
{
	struct permits permits = {.action = action};
	struct failure failure = {.code = FAILURE_NONE};
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(result, 0);
		result = permit(&permits, events[i], &failure);
	}
	if (result < 0)
		assert_string_not_equal(failure.detail, "");
	return result;
}

#define PLAY(action, ...)                             \
	play(action, (const unsigned[]){__VA_ARGS__}, \
	     sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned))
#define permitted(action, ...) assert_int_equal(PLAY(action, __VA_ARGS__), 0)
#define refused(action, ...)   assert_int_equal(PLAY(action, __VA_ARGS__), -FAILURE_PROTOCOL)

#define CHECKED EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(END)
#define RENEWS	CHECKED, EVENT_RENEW, STAGE(READING)

static void a_renewal_is_permitted(void **state)
{
	(void)state;
	permitted(REQUEST_LOGIN, RENEWS, STAGE(ASKING), STAGE(WORKING), STAGE(ASKING),
		  STAGE(WORKING), STAGE(WORKING), STAGE(WRITING), STAGE(END));
}

static void a_choice_of_cards_is_permitted_once(void **state)
{
	(void)state;
	permitted(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(ASKING),
		  STAGE(WORKING), STAGE(END), EVENT_RENEW);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(ASKING),
		STAGE(WORKING), STAGE(ASKING));
}

static void a_question_that_nobody_answers_may_be_the_last(void **state)
{
	(void)state;
	permitted(REQUEST_RENEW, RENEWS, STAGE(ASKING), STAGE(END));
}

static void a_failure_before_the_card_is_permitted(void **state)
{
	(void)state;
	permitted(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(END));
	permitted(REQUEST_LOGIN, CHECKED, EVENT_RENEW, STAGE(END));
}

static void watching_is_for_who_asked_for_it(void **state)
{
	(void)state;
	permitted(REQUEST_WATCH, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(WATCHING),
		  STAGE(READING), STAGE(WATCHING), STAGE(READING), STAGE(END), EVENT_CHECK,
		  STAGE(READING), STAGE(END));
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(WATCHING));
	refused(REQUEST_LOGIN, CHECKED, EVENT_CHECK);
	refused(REQUEST_WATCH, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(END), EVENT_CHECK,
		STAGE(READING), STAGE(END), EVENT_CHECK);
	refused(REQUEST_WATCH, RENEWS, STAGE(WATCHING));
}

static void check_does_not_write(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(WRITING));
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(WRITING));
}

static void nothing_is_permitted_twice_that_happens_once(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_REQUEST);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, EVENT_CHECK);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), STAGE(READING));
	refused(REQUEST_LOGIN, CHECKED, STAGE(END));
	refused(REQUEST_LOGIN, RENEWS, STAGE(READING));
	refused(REQUEST_LOGIN, RENEWS, STAGE(END), EVENT_RENEW);
	refused(REQUEST_LOGIN, RENEWS, STAGE(WRITING), STAGE(WRITING));
}

static void nothing_comes_before_its_turn(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, EVENT_CHECK);
	refused(REQUEST_LOGIN, EVENT_RENEW);
	refused(REQUEST_LOGIN, STAGE(READING));
	refused(REQUEST_LOGIN, STAGE(FORBIDDEN));
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_RENEW);
	refused(REQUEST_LOGIN, EVENT_REQUEST, STAGE(READING));
	refused(REQUEST_LOGIN, EVENT_REQUEST, STAGE(FORBIDDEN));
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, EVENT_RENEW);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(READING), EVENT_RENEW);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(WORKING));
}

static void after_the_first_write_only_the_end_comes(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, RENEWS, STAGE(WRITING), STAGE(ASKING));
	refused(REQUEST_LOGIN, RENEWS, STAGE(WRITING), STAGE(WORKING));
}

static void after_the_end_nothing_is_said(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, CHECKED, STAGE(READING));
	refused(REQUEST_LOGIN, CHECKED, STAGE(ASKING));
	refused(REQUEST_LOGIN, RENEWS, STAGE(END), STAGE(WORKING));
	refused(REQUEST_LOGIN, RENEWS, STAGE(END), EVENT_CHECK);
}

/* A driver's threads may run on while the process ends. */
static void a_forbidden_call_may_come_at_any_time_and_once(void **state)
{
	(void)state;
	permitted(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, STAGE(FORBIDDEN));
	permitted(REQUEST_LOGIN, CHECKED, STAGE(FORBIDDEN));
	permitted(REQUEST_LOGIN, RENEWS, STAGE(WRITING), STAGE(FORBIDDEN));
	refused(REQUEST_LOGIN, RENEWS, STAGE(FORBIDDEN), STAGE(FORBIDDEN));
	refused(REQUEST_LOGIN, RENEWS, STAGE(FORBIDDEN), STAGE(END));
}

static void questions_have_an_end(void **state)
{
	enum { MANY = 1000 };
	const unsigned before[] = {RENEWS};
	struct permits permits = {.action = REQUEST_LOGIN};
	unsigned asked = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		assert_int_equal(permit(&permits, before[i], NULL), 0);
	while (asked < MANY && permit(&permits, STAGE(ASKING), NULL) == 0)
		asked++;
	assert_in_range(asked, 50, MANY - 1);
}

static void unknown_stages_are_not_permitted(void **state)
{
	(void)state;
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, EVENT_REPORT);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, EVENT_COUNT);
	refused(REQUEST_LOGIN, EVENT_REQUEST, EVENT_CHECK, EVENT_REPORT + 255);
}

static void what_is_unfinished_may_be_told_once_after_a_check(void **state)
{
	(void)state;
	permitted(REQUEST_STATUS, CHECKED, EVENT_TELL, STAGE(READING), STAGE(END));
	refused(REQUEST_STATUS, EVENT_REQUEST, EVENT_TELL);
	refused(REQUEST_STATUS, CHECKED, EVENT_TELL, STAGE(READING), STAGE(ASKING));
	refused(REQUEST_STATUS, CHECKED, EVENT_TELL, STAGE(READING), STAGE(WRITING));
	refused(REQUEST_STATUS, CHECKED, EVENT_TELL, STAGE(END), EVENT_TELL);
	refused(REQUEST_STATUS, CHECKED, EVENT_TELL, STAGE(END), EVENT_RENEW);
}

static void a_fresh_look_follows_a_renewal_once(void **state)
{
	(void)state;
	permitted(REQUEST_RENEW, RENEWS, STAGE(END), EVENT_VERIFY, STAGE(READING), STAGE(END));
	refused(REQUEST_RENEW, CHECKED, EVENT_VERIFY);
	refused(REQUEST_RENEW, RENEWS, STAGE(END), EVENT_VERIFY, STAGE(ASKING));
	refused(REQUEST_RENEW, RENEWS, STAGE(END), EVENT_VERIFY, STAGE(END), EVENT_VERIFY);
	refused(REQUEST_RENEW, RENEWS, STAGE(END), EVENT_VERIFY, STAGE(END), EVENT_RENEW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_renewal_is_permitted),
	    cmocka_unit_test(a_choice_of_cards_is_permitted_once),
	    cmocka_unit_test(a_question_that_nobody_answers_may_be_the_last),
	    cmocka_unit_test(a_failure_before_the_card_is_permitted),
	    cmocka_unit_test(watching_is_for_who_asked_for_it),
	    cmocka_unit_test(check_does_not_write),
	    cmocka_unit_test(nothing_is_permitted_twice_that_happens_once),
	    cmocka_unit_test(nothing_comes_before_its_turn),
	    cmocka_unit_test(after_the_first_write_only_the_end_comes),
	    cmocka_unit_test(after_the_end_nothing_is_said),
	    cmocka_unit_test(a_forbidden_call_may_come_at_any_time_and_once),
	    cmocka_unit_test(questions_have_an_end),
	    cmocka_unit_test(unknown_stages_are_not_permitted),
	    cmocka_unit_test(what_is_unfinished_may_be_told_once_after_a_check),
	    cmocka_unit_test(a_fresh_look_follows_a_renewal_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
