/* SPDX-License-Identifier: MIT */
/* The log's numbers: one table, the manual says the same, and no line of the sources is without. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "helper/common/log.h"
#include "tests/unit/unit.h"

static char logged[4096];
static int logged_priority;

/* Take the place of libc's, of which one is used by fortified builds: the linker prefers the
 * program's own. */
#undef syslog
void syslog(int priority, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(logged, sizeof(logged), format, values);
	va_end(values);
	logged_priority = priority;
}

void __syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list values;

	(void)flag;
	va_start(values, format);
	vsnprintf(logged, sizeof(logged), format, values);
	va_end(values);
	logged_priority = priority;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t length = 0, size = 1 << 20;
	char *text = malloc(size);

	if (file == NULL)
		fail_msg("%s cannot be read", path);
	assert_non_null(text);
	length = fread(text, 1, size - 1, file);
	assert_true(length < size - 1);
	text[length] = '\0';
	fclose(file);
	return text;
}

static size_t occurrences(const char *text, const char *part)
{
	size_t count = 0;

	for (text = strstr(text, part); text != NULL; text = strstr(text + 1, part))
		count++;
	return count;
}

static void each_number_is_there_once_in_order_and_of_three_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < log_events_count; i++) {
		assert_in_range(log_events[i].event, 100, 999);
		if (i > 0)
			assert_true(log_events[i].event > log_events[i - 1].event);
		assert_in_range(log_events[i].priority, LOG_ERR, LOG_DEBUG);
		assert_int_equal(log_event_priority(log_events[i].event), log_events[i].priority);
	}
}

static void the_manual_lists_what_the_table_says_and_nothing_else(void **state)
{
	static const char *const names[] = {
	    [LOG_ERR] = "error", [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice",
	    [LOG_INFO] = "info", [LOG_DEBUG] = "debug",
	};
	char *manual = read_file("packaging/man/certrenew-helper.8"), entry[512];

	(void)state;
	for (size_t i = 0; i < log_events_count; i++) {
		snprintf(entry, sizeof(entry), "\n.It CR%u , %s\n%s\n",
			 (unsigned)log_events[i].event, names[log_events[i].priority],
			 log_events[i].means);
		if (strstr(manual, entry) == NULL)
			fail_msg("packaging/man/certrenew-helper.8 lacks:%s", entry);
	}
	assert_int_equal(occurrences(manual, "\n.It CR"), log_events_count);
	free(manual);
}

/* Looks through each source: what is logged names an event, and libc's and libpam's own calls are
 * where they belong. */
static void expect_events(const char *path)
{
	static const char *const calls[] = {"log_line(", "log_failure(", "module_log(pamh, "};
	char *text = read_file(path);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		for (const char *at = strstr(text, calls[i]); at != NULL;
		     at = strstr(at + 1, calls[i])) {
			const char *end = strchr(at, ';'), *event = strstr(at, "EVENT_");

			if (event == NULL || end == NULL || event > end)
				fail_msg("%s: %.40s… without an event", path, at);
		}
	if (strstr(path, "pam_module/module_log.c") == NULL && strstr(text, "pam_syslog(") != NULL)
		fail_msg("%s: pam_syslog belongs to module_log.c", path);
	free(text);
}

static void every_line_of_the_sources_has_a_number(void **state)
{
	glob_t files = {.gl_pathc = 0};

	(void)state;
	assert_int_equal(glob("helper/*/*.c", 0, NULL, &files), 0);
	assert_int_equal(glob("pam_module/*.c", GLOB_APPEND, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		if (strcmp(files.gl_pathv[i], "helper/common/log.c") != 0 &&
		    strcmp(files.gl_pathv[i], "pam_module/module_log.c") != 0)
			expect_events(files.gl_pathv[i]);
	globfree(&files);
}

static void a_line_has_its_number_and_priority(void **state)
{
	(void)state;
	log_line(EVENT_NOT_WATCHED, "a%sb", "\n");
	assert_string_equal(logged, "CR202 a b");
	assert_int_equal(logged_priority, LOG_INFO);
	log_line(EVENT_OLD_STAYS_ASIDE, "c");
	assert_string_equal(logged, "CR319 c");
	assert_int_equal(logged_priority, LOG_ERR);
}

static void whom_a_search_was_for_is_named_only_where_that_is_wanted(void **state)
{
	static const struct {
		const char *detail, *logged;
	} examples[] = {
	    {"https://a/b?uri=alice@c.test: no route (curl 7)", "https://a/b?: no route (curl 7)"},
	    {"https://a/b?name=Alice%20Chen", "https://a/b?"},
	    {"https://a/b: what? no", "https://a/b: what? no"},
	    {"why?", "why?"},
	    {"ldap://a/dc=b?cn?sub?(mail=alice@c.test) x", "ldap://a/dc=b? x"},
	};
	char expected[256];

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct failure failure = {.code = FAILURE_CA_UNREACHABLE};

		snprintf(failure.detail, sizeof(failure.detail), "%s", examples[i].detail);
		log_name_people(false);
		log_failure(EVENT_SEARCH_FAILED, "search", &failure);
		snprintf(expected, sizeof(expected), "CR401 search: %s: %s",
			 failure_name(failure.code), examples[i].logged);
		assert_string_equal(logged, expected);
		log_name_people(true);
		log_failure(EVENT_SEARCH_FAILED, "search", &failure);
		snprintf(expected, sizeof(expected), "CR401 search: %s: %s",
			 failure_name(failure.code), examples[i].detail);
		assert_string_equal(logged, expected);
	}
	log_name_people(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_number_is_there_once_in_order_and_of_three_digits),
	    cmocka_unit_test(the_manual_lists_what_the_table_says_and_nothing_else),
	    cmocka_unit_test(every_line_of_the_sources_has_a_number),
	    cmocka_unit_test(a_line_has_its_number_and_priority),
	    cmocka_unit_test(whom_a_search_was_for_is_named_only_where_that_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
