/* SPDX-License-Identifier: MIT */
/* What went wrong: its code, its name, its details. */
#include <ctype.h>
#include <errno.h>

#include "tests/unit/codes.h"

/* FAILURE_CARD_REMOVED is "card-removed". */
static void every_code_has_the_name_that_its_constant_has(void **state)
{
	char expected[64];

	(void)state;
	for (size_t i = 0; i < code_count; i++) {
		snprintf(expected, sizeof(expected), "%s", codes[i].name + strlen("FAILURE_"));
		for (char *at = expected; *at != '\0'; at++)
			*at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
		assert_string_equal(failure_name(codes[i].code), expected);
	}
}

static void a_number_that_is_no_code_is_unknown(void **state)
{
	bool is_code;

	(void)state;
	for (unsigned number = 0; number < 1000; number++) {
		is_code = false;
		for (size_t i = 0; i < code_count; i++)
			is_code = is_code || codes[i].code == number;
		assert_int_equal(strcmp(failure_name(number), "unknown") != 0, is_code);
	}
}

static void no_two_codes_have_one_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < code_count; i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(codes[i].code, codes[j].code);
}

static void failing_fills_the_failure_and_returns_the_code(void **state)
{
	struct failure failure = {.detail = "before", .said = "before"};

	(void)state;
	assert_int_equal((fail)(&failure, FAILURE_NO_CARD, "slot %d of %s", 7, "reader"),
			 -FAILURE_NO_CARD);
	assert_int_equal(failure.code, FAILURE_NO_CARD);
	assert_string_equal(failure.detail, "slot 7 of reader");
	assert_string_equal(failure.said, "");
}

static void nobody_has_to_ask_for_the_details(void **state)
{
	(void)state;
	assert_int_equal((fail)(NULL, FAILURE_BUSY, "%s", "nobody hears"), -FAILURE_BUSY);
	assert_int_equal(fail_errno(NULL, "%s", "nobody hears"), -FAILURE_SYSTEM);
}

static void details_that_are_too_long_are_cut(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	char text[2 * sizeof(failure.detail)];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal((fail)(&failure, FAILURE_DRIVER, "%s", text), -FAILURE_DRIVER);
	assert_int_equal(strlen(failure.detail), sizeof(failure.detail) - 1);
	errno = ENOSPC;
	assert_int_equal(fail_errno(&failure, "%s", text), -FAILURE_SYSTEM);
	assert_int_equal(strlen(failure.detail), sizeof(failure.detail) - 1);
	assert_string_equal(failure.said, "");
}

static void an_error_of_the_system_is_told_in_its_words(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};

	(void)state;
	errno = ENOSPC;
	assert_int_equal(fail_errno(&failure, "%s", "journal"), -FAILURE_SYSTEM);
	assert_int_equal(failure.code, FAILURE_SYSTEM);
	assert_string_equal(failure.detail, "journal: No space left on device");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_code_has_the_name_that_its_constant_has),
	    cmocka_unit_test(a_number_that_is_no_code_is_unknown),
	    cmocka_unit_test(no_two_codes_have_one_number),
	    cmocka_unit_test(failing_fills_the_failure_and_returns_the_code),
	    cmocka_unit_test(nobody_has_to_ask_for_the_details),
	    cmocka_unit_test(details_that_are_too_long_are_cut),
	    cmocka_unit_test(an_error_of_the_system_is_told_in_its_words),
	};

	return cmocka_run_group_tests_name("failure", tests, codes_read, NULL);
}
