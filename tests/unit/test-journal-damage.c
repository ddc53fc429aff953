/* SPDX-License-Identifier: MIT */
/* Files that cannot be read are errors: what they hold may be all that is left of a certificate. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>

#include "tests/unit/journal-host.h"

static int readable_files = -1; /* how many more before the folder cannot be read; -1: no end */

/* In the C library's place: a disk that fails in the middle of a folder cannot be had otherwise. */
struct dirent *readdir(DIR *directory)
{
	struct dirent *(*original)(DIR *);

	if (readable_files == 0) {
		errno = EIO;
		return NULL;
	}
	readable_files -= readable_files > 0;
	*(void **)&original = dlsym(RTLD_NEXT, "readdir");
	return original(directory);
}

static void a_folder_that_cannot_be_read_to_its_end_is_an_error(void **state)
{
	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	/* ".", ".." and the file: after each of them, and before the first. */
	for (int files = 0; files <= 3; files++) {
		readable_files = files;
		assert_unreadable();
	}
	readable_files = -1;
	assert_unfinished(1);
}

/* None is passed over: the one that nobody looks at may be all that is left of a certificate. */
static void more_entries_than_a_card_has_are_an_error(void **state)
{
	enum { MOST = 32 };
	char path[PATH_MAX], *text;
	size_t length;

	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	text = folder_read(only_file(), &length);
	for (int i = 1; i <= MOST; i++) {
		assert_unfinished((size_t)i);
		snprintf(path, sizeof(path), "%s/%s/signature-%02d.journal", folder, NAME, i);
		folder_write(path, text, length);
	}
	assert_unreadable();
	assert_int_equal(folder_count(folder_path(NAME), NULL, 0), MOST + 1);
	free(text);
}

static void a_file_that_cannot_be_read_is_an_error_beside_good_ones(void **state)
{
	char path[PATH_MAX];

	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_ENCRYPTION);
	snprintf(path, sizeof(path), "%s/%s/signature-00.journal", folder, NAME);
	folder_write(path, "certrenew-journal 1\nend\n", 24);
	assert_unreadable();
	folder_write(path, "", 0);
	assert_unreadable();
	assert_int_equal(unlink(path), 0);
	assert_unfinished(1);
}

static void a_file_cut_at_any_byte_is_an_error(void **state)
{
	char path[PATH_MAX], *text;
	size_t length;

	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	snprintf(path, sizeof(path), "%s", only_file());
	text = folder_read(path, &length);
	for (size_t cut = length; cut-- > 0;) {
		assert_int_equal(truncate(path, (off_t)cut), 0);
		assert_unreadable();
	}
	folder_write(path, text, length);
	assert_unfinished(1);
	free(text);
}

static void a_symlink_in_a_files_place_is_an_error(void **state)
{
	char path[PATH_MAX];

	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	snprintf(path, sizeof(path), "%s", only_file());
	assert_int_equal(rename(path, folder_path("whole")), 0);
	assert_int_equal(symlink(folder_path("whole"), path), 0);
	assert_unreadable();
}

/* The one way to put another's file into our folder without being its owner. */
static void anothers_file_by_a_hard_link_is_an_error(void **state)
{
	char path[PATH_MAX];

	(void)state;
	if (geteuid() != 0)
		skip();
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	snprintf(path, sizeof(path), "%s", only_file());
	assert_int_equal(rename(path, folder_path("anothers")), 0);
	assert_int_equal(chown(folder_path("anothers"), 65534, 65534), 0);
	assert_int_equal(link(folder_path("anothers"), path), 0);
	assert_unreadable();
}

static void a_symlink_is_never_written_through(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_ISSUED, ROLE_SIGNATURE);
	char path[PATH_MAX], temporary[PATH_MAX + 8];
	struct stat status;

	(void)state;
	save(&entry);
	snprintf(path, sizeof(path), "%s", only_file());
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	folder_write(folder_path("target"), "", 0);
	assert_int_equal(symlink(folder_path("target"), temporary), 0);
	assert_int_equal(journal_save(journal, &entry, NULL), -FAILURE_JOURNAL);
	assert_int_equal(stat(folder_path("target"), &status), 0);
	assert_int_equal(status.st_size, 0);
	/* One in the place of the file itself is replaced, not followed. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(folder_path("target"), path), 0);
	save(&entry);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
	assert_int_equal(stat(folder_path("target"), &status), 0);
	assert_int_equal(status.st_size, 0);
	journal_entry_clear(&entry);
}

static void what_is_no_plain_file_of_sane_size_is_an_error(void **state)
{
	char path[PATH_MAX];

	(void)state;
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	snprintf(path, sizeof(path), "%s", only_file());
	assert_int_equal(truncate(path, 1 << 30), 0);
	assert_unreadable();
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_unreadable();
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_unreadable();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_JOURNAL(a_file_that_cannot_be_read_is_an_error_beside_good_ones),
	    IN_A_JOURNAL(a_file_cut_at_any_byte_is_an_error),
	    IN_A_JOURNAL(a_symlink_in_a_files_place_is_an_error),
	    IN_A_JOURNAL(anothers_file_by_a_hard_link_is_an_error),
	    IN_A_JOURNAL(a_folder_that_cannot_be_read_to_its_end_is_an_error),
	    IN_A_JOURNAL(more_entries_than_a_card_has_are_an_error),
	    IN_A_JOURNAL(a_symlink_is_never_written_through),
	    IN_A_JOURNAL(what_is_no_plain_file_of_sane_size_is_an_error),
	};

	return cmocka_run_group_tests_name("journal damage", tests, entry_begin, entry_end);
}
