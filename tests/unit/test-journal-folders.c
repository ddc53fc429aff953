/* SPDX-License-Identifier: MIT */
/* Whose the journal's folders and files are. */
#include "tests/unit/journal-host.h"

static void a_tokens_folder_is_its_users_alone(void **state)
{
	struct journal *other = NULL;
	struct stat status;
	mode_t before = umask(0);

	(void)state;
	assert_int_equal(journal_open(folder, "0011", "Bob", &other, NULL), 0);
	umask(before);
	journal_close(other);
	assert_int_equal(stat(folder_path("30303131"), &status), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0700);
	assert_int_equal(status.st_uid, geteuid());
}

static void a_file_is_its_users_alone(void **state)
{
	struct stat status;
	mode_t before = umask(0);

	(void)state;
	save_new(JOURNAL_AGREED, ROLE_SIGNATURE);
	umask(before);
	assert_int_equal(stat(only_file(), &status), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0600);
}

static void a_folder_that_others_may_use_is_refused(void **state)
{
	static const mode_t modes[] = {0701, 0702, 0704, 0710, 0720, 0740, 0755, 0770, 0777, 01777};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		assert_int_equal(chmod(folder, modes[i]), 0);
		assert_not_opened(folder);
	}
	assert_int_equal(chmod(folder, 0700), 0);
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		assert_int_equal(chmod(folder_path(NAME), modes[i]), 0);
		assert_not_opened(folder);
	}
}

static void a_folder_of_another_owner_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		assert_not_opened("/"); /* whatever its mode, it is root's */
		return;
	}
	assert_int_equal(chown(folder, 1, (gid_t)-1), 0);
	assert_not_opened(folder);
	assert_int_equal(chown(folder, 0, (gid_t)-1), 0);
	assert_int_equal(chown(folder_path(NAME), 1, (gid_t)-1), 0);
	assert_not_opened(folder);
}

static void a_symlink_in_a_folders_place_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkdir(folder_path("elsewhere"), 0700), 0);
	assert_int_equal(symlink("elsewhere", folder_path("link")), 0);
	assert_not_opened(folder_path("link"));
	assert_int_equal(rmdir(folder_path(NAME)), 0);
	assert_int_equal(symlink("elsewhere", folder_path(NAME)), 0);
	assert_not_opened(folder);
	assert_int_equal(folder_count(folder_path("elsewhere"), NULL, 0), 0);
}

static void what_is_no_folder_is_refused(void **state)
{
	(void)state;
	assert_not_opened(folder_path("missing"));
	folder_write(folder_path("file"), "", 0);
	assert_not_opened(folder_path("file"));
	assert_int_equal(rmdir(folder_path(NAME)), 0);
	folder_write(folder_path(NAME), "", 0);
	assert_not_opened(folder);
}

static void a_hostile_serial_number_leaves_the_folder_in_its_place(void **state)
{
	static const char *const serials[] = {"../up", "/abs", "..", ".", "a/../b", "\n"};
	struct journal *other = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(serials); i++) {
		assert_int_equal(journal_open(folder, serials[i], "", &other, NULL), 0);
		journal_close(other);
		assert_int_equal(folder_count(folder, NULL, 0), i + 2);
	}
}

static void each_token_has_entries_of_its_own(void **state)
{
	struct journal *alices = journal;

	(void)state;
	save_new(JOURNAL_AGREED, ROLE_SIGNATURE);
	journal = NULL;
	assert_int_equal(journal_open(folder, "0011", "Alice", &journal, NULL), 0);
	assert_unfinished(0);
	save_new(JOURNAL_AGREED, ROLE_ENCRYPTION);
	assert_unfinished(1);
	journal_close(journal);
	journal = NULL;
	/* A token without a serial number is known by its label. */
	assert_int_equal(journal_open(folder, "", "Alice", &journal, NULL), 0);
	assert_unfinished(0);
	journal_close(journal);
	journal = alices;
	assert_unfinished(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_JOURNAL(a_tokens_folder_is_its_users_alone),
	    IN_A_JOURNAL(a_file_is_its_users_alone),
	    IN_A_JOURNAL(a_folder_that_others_may_use_is_refused),
	    IN_A_JOURNAL(a_folder_of_another_owner_is_refused),
	    IN_A_JOURNAL(a_symlink_in_a_folders_place_is_refused),
	    IN_A_JOURNAL(what_is_no_folder_is_refused),
	    IN_A_JOURNAL(a_hostile_serial_number_leaves_the_folder_in_its_place),
	    IN_A_JOURNAL(each_token_has_entries_of_its_own),
	};

	return cmocka_run_group_tests_name("journal folders", tests, entry_begin, entry_end);
}
