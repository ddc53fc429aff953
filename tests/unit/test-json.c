/* SPDX-License-Identifier: MIT */
/* Texts and times in JSON, which programs must be able to read whatever a certificate says. */
#include "helper/command/json.h"
#include "tests/unit/printed.h"

static void assert_text(const char *text, const char *expected)
{
	struct printed printed;

	printed_begin(&printed);
	json_text(text);
	assert_string_equal(printed_end(&printed), expected);
}

static void a_text_is_what_it_was(void **state)
{
	(void)state;
	assert_text("", "\"\"");
	assert_text("陳美玲 não", "\"陳美玲 não\"");
	assert_text(NULL, "null");
}

static void what_would_end_or_break_a_text_is_escaped(void **state)
{
	(void)state;
	assert_text("a\"b\\c", "\"a\\\"b\\\\c\"");
	assert_text("a\nb\x1b[2J", "\"a\\u000ab\\u001b[2J\"");
	assert_text("\x7f\xC2\x9B", "\"\\u007f\\u009b\"");
	/* What would turn the line around on a terminal: an Arabic mark, an override, an isolate.
	 */
	assert_text("\xD8\x9C\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8",
		    "\"\\u061c\\u202e\\u2066\\u2028\"");
	assert_text("\xC2\xA0\xE9\x99\xB3\xF0\x9F\x98\x80",
		    "\"\xC2\xA0\xE9\x99\xB3\xF0\x9F\x98\x80\"");
}

static void what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	assert_text("a\xFF\xC0\x80z", "\"a\\ufffd\\ufffd\\ufffdz\"");
	assert_text("\xE9\x99", "\"\\ufffd\\ufffd\"");
}

static void a_time_is_in_utc(void **state)
{
	struct printed printed;

	(void)state;
	printed_begin(&printed);
	json_time("not_after", 1795341600);
	assert_string_equal(printed_end(&printed), ", \"not_after\": \"2026-11-22T10:00:00Z\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_what_it_was),
	    cmocka_unit_test(what_would_end_or_break_a_text_is_escaped),
	    cmocka_unit_test(what_is_no_utf8_is_replaced),
	    cmocka_unit_test(a_time_is_in_utc),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
