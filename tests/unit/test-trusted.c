/* SPDX-License-Identifier: MIT */
/* Who else could change a file, or put another in its place. */
#include <errno.h>

#include "helper/common/trusted.h"
#include "tests/unit/folder.h"

static char why[TRUSTED_WHY_MAX];

static void make_file(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(file >= 0);
	assert_int_equal(write(file, "text", 4), 4);
	close(file);
}

/* folder/inner/file, each as a package would leave it. */
static const char *inner_file(void)
{
	mkdir(folder_path("inner"), 0755);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(chmod(folder_path("inner"), 0755), 0);
	assert_int_equal(chown(folder_path("inner"), geteuid(), getegid()), 0);
	make_file(folder_path("inner/file"));
	return folder_path("inner/file");
}

static void expect_trusted(const char *path)
{
	int file = trusted_open(path, 4, why);
	char text[8];

	assert_true(file >= 0);
	assert_int_equal(read(file, text, sizeof(text)), 4);
	close(file);
}

static void expect_refused(const char *path, const char *part)
{
	assert_int_equal(trusted_open(path, 4, why), -1);
	assert_int_equal(errno, EPERM);
	assert_non_null(strstr(why, part));
}

static void a_file_of_our_own_is_opened(void **state)
{
	(void)state;
	expect_trusted(inner_file());
}

static void a_folder_that_others_may_write_is_refused(void **state)
{
	const char *path = inner_file();

	(void)state;
	assert_int_equal(chmod(folder_path("inner"), 0757), 0);
	expect_refused(path, "(mode 0757)");
	assert_int_equal(chmod(folder_path("inner"), 0755), 0);
	assert_int_equal(chmod(folder, 0777), 0);
	expect_refused(path, folder);
}

static void a_sticky_folder_is_fine(void **state)
{
	const char *path = inner_file();

	(void)state;
	assert_int_equal(chmod(folder_path("inner"), 01777), 0);
	expect_trusted(path);
}

static void a_folder_of_another_user_is_refused(void **state)
{
	const char *path = inner_file();

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(folder_path("inner"), 65534, 0), 0);
	expect_refused(path, "belongs to user 65534");
}

static void a_group_may_write_a_folder_only_if_it_is_roots(void **state)
{
	const char *path = inner_file();

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(folder_path("inner"), 0775), 0);
	expect_trusted(path);
	assert_int_equal(chown(folder_path("inner"), 0, 65534), 0);
	expect_refused(path, "(mode 0775)");
}

static void a_relative_path_begins_where_we_are(void **state)
{
	char before[PATH_MAX];

	(void)state;
	inner_file();
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder_path("inner")), 0);
	expect_trusted("file");
	assert_int_equal(chmod(".", 0777), 0);
	expect_refused("file", "(mode 0777)");
	assert_int_equal(chdir(before), 0);
}

static void a_larger_file_is_refused(void **state)
{
	const char *path = inner_file();

	(void)state;
	assert_int_equal(trusted_open(path, 3, why), -1);
	assert_non_null(strstr(why, "larger than 3 bytes"));
}

static void a_missing_file_is_told_from_others(void **state)
{
	(void)state;
	assert_int_equal(trusted_open(folder_path("nothing"), 4, why), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_file_of_our_own_is_opened, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(a_folder_that_others_may_write_is_refused, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(a_sticky_folder_is_fine, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_folder_of_another_user_is_refused, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(a_group_may_write_a_folder_only_if_it_is_roots,
					    folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_relative_path_begins_where_we_are, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(a_larger_file_is_refused, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(a_missing_file_is_told_from_others, folder_make,
					    folder_remove),
	};

	return cmocka_run_group_tests_name("trusted", tests, NULL, NULL);
}
