/* SPDX-License-Identifier: MIT */
/* Whether `require` may be in force: where it is, this is never answered with no. */
#include "pam_module/require.c" /* the program tested is a shared object that exports none of it */

#include "tests/unit/folder.h"

static bool may_be(const char *text)
{
	const char *path = folder_path("certrenew.conf");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return require_may_be_in_force(path);
}

static void a_file_that_says_it_may(void **state)
{
	(void)state;
	assert_true(may_be("[login]\nprompt = require\n"));
	assert_true(may_be("[login]\nprompt=require"));
	assert_true(may_be("[login]\n\tprompt : require ; from now on\n"));
	assert_true(may_be("# a comment\n\n[login]\r\nprompt = require\r\n"));
}

static void a_file_that_says_it_in_comments_only_may_not(void **state)
{
	(void)state;
	assert_false(may_be(""));
	assert_false(may_be("[login]\n#prompt = require\n ; require\n\t# require\nprompt = ask\n"));
}

static void a_file_that_is_not_there_may_not(void **state)
{
	(void)state;
	assert_false(require_may_be_in_force(folder_path("nowhere")));
}

static void the_installed_file_may_not(void **state)
{
	(void)state;
	assert_false(require_may_be_in_force(BUILD "/certrenew.conf"));
}

static void every_doubt_counts_as_may(void **state)
{
	char longest[3 * LONGEST_LINE];

	(void)state;
	assert_true(require_may_be_in_force(folder));
	assert_true(require_may_be_in_force("/dev/null"));
	assert_true(require_may_be_in_force("/proc/self/mem"));
	memset(longest, ' ', sizeof(longest));
	memcpy(longest + sizeof(longest) - 9, "require\n", 9);
	assert_true(may_be(longest));
	longest[0] = '#';
	assert_false(may_be(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_that_says_it_may),
	    cmocka_unit_test(a_file_that_says_it_in_comments_only_may_not),
	    cmocka_unit_test(a_file_that_is_not_there_may_not),
	    cmocka_unit_test(the_installed_file_may_not),
	    cmocka_unit_test(every_doubt_counts_as_may),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
