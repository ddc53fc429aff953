/* SPDX-License-Identifier: MIT */
/* How entries come into the journal, are found again, and go. */
#include "tests/unit/journal-host.h"

static void an_empty_journal_has_nothing_unfinished(void **state)
{
	(void)state;
	assert_unfinished(0);
}

static void what_is_saved_in_any_state_is_found_by_the_next_run(void **state)
{
	struct journal_entry *entries;

	(void)state;
	for (int at = JOURNAL_AGREED; at <= JOURNAL_DONE; at++) {
		struct journal_entry entry = entry_in((enum journal_state)at, ROLE_SIGNATURE);
		int64_t begun = time(NULL);

		save(&entry);
		assert_in_range(entry.updated, begun, begun + 60);
		journal_close(journal);
		journal = NULL;
		assert_int_equal(journal_open(folder, SERIAL, "Alice", &journal, NULL), 0);
		entries = unfinished(1);
		assert_same_entry(&entries[0], &entry);
		journal_entries_free(entries, 1);
		journal_entry_clear(&entry);
	}
}

static void encryption_comes_before_signature(void **state)
{
	static const enum certificate_role orders[][2] = {{ROLE_SIGNATURE, ROLE_ENCRYPTION},
							  {ROLE_ENCRYPTION, ROLE_SIGNATURE}};
	struct journal_entry *entries;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		save_new(JOURNAL_ISSUED, orders[i][0]);
		save_new(JOURNAL_REQUESTED, orders[i][1]);
		entries = unfinished(2);
		assert_int_equal(entries[0].role, ROLE_ENCRYPTION);
		assert_int_equal(entries[1].role, ROLE_SIGNATURE);
		journal_entries_free(entries, 2);
	}
}

static void one_role_may_have_several_keys(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);

	(void)state;
	save(&entry);
	X509_free(entry.old);
	entry.old = entry_share(other_certificate);
	save(&entry);
	assert_unfinished(2);
	journal_entry_clear(&entry);
}

static void saving_replaces_the_file_in_one_step(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE), got;
	char before[4096], path[PATH_MAX];
	struct stat first, second;
	ssize_t length;
	int held;

	(void)state;
	save(&entry);
	snprintf(path, sizeof(path), "%s", only_file());
	assert_int_equal(stat(path, &first), 0);
	held = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(held >= 0);
	entry.state = JOURNAL_DONE;
	entry_request(&entry, "request", 7);
	save(&entry);
	/* Another file has the name now, and nothing else was left behind; */
	assert_string_equal(only_file(), path);
	assert_int_equal(stat(path, &second), 0);
	assert_int_not_equal(first.st_ino, second.st_ino);
	/* whoever reads the old one reads it whole. */
	length = read(held, before, sizeof(before));
	assert_int_equal(length, first.st_size);
	assert_int_equal(entry_decode(before, (size_t)length, &got, NULL), 0);
	assert_int_equal(got.state, JOURNAL_AGREED);
	journal_entry_clear(&got);
	close(held);
	journal_entry_clear(&entry);
}

static void what_was_asked_for_has_room_on_the_disk_until_it_is_there(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	char path[PATH_MAX], next[PATH_MAX + 8];
	struct stat room;

	(void)state;
	save(&entry);
	snprintf(path, sizeof(path), "%s", only_file());
	snprintf(next, sizeof(next), "%s.new", path);
	entry_request(&entry, "request", 7);
	for (int asked = JOURNAL_REQUESTED; asked <= JOURNAL_WAITING; asked++) {
		entry.state = (enum journal_state)asked;
		save(&entry);
		assert_int_equal(stat(next, &room), 0);
		assert_true(room.st_blocks * 512 >= 64 << 10);
		assert_unfinished(1);
	}
	entry.state = JOURNAL_AGREED;
	save(&entry);
	assert_string_equal(only_file(), path);
	assert_unfinished(1);
	journal_entry_clear(&entry);
}

static void a_save_that_fails_says_so_and_leaves_nothing(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	struct failure failure = {.code = FAILURE_NONE};
	char path[PATH_MAX];

	(void)state;
	save(&entry);
	snprintf(path, sizeof(path), "%s", only_file());
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0); /* which no rename replaces */
	assert_int_equal(journal_save(journal, &entry, &failure), -FAILURE_JOURNAL);
	assert_int_equal(failure.code, FAILURE_JOURNAL);
	assert_string_equal(only_file(), path);
	journal_entry_clear(&entry);
}

static void half_a_file_of_a_power_cut_is_no_entry(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	char temporary[PATH_MAX + 8];

	(void)state;
	save(&entry);
	snprintf(temporary, sizeof(temporary), "%s.new", only_file());
	folder_write(temporary, "certrenew-journal 1\nsta", 23);
	assert_unfinished(1);
	/* The next save is not in its way, and takes it away. */
	save(&entry);
	only_file();
	assert_unfinished(1);
	journal_entry_clear(&entry);
}

static void an_archived_entry_is_kept_and_no_longer_unfinished(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_DONE, ROLE_ENCRYPTION), got;
	size_t length;
	char *text;

	(void)state;
	save(&entry);
	save_new(JOURNAL_ISSUED, ROLE_SIGNATURE);
	assert_int_equal(journal_archive(journal, &entry, NULL), 0);
	journal_entries_free(unfinished(1), 1);
	assert_int_equal(folder_count(folder_path(NAME), NULL, 0), 2);
	assert_int_equal(journal_forget(journal, &entry, NULL), -FAILURE_JOURNAL);
	entry.role = ROLE_SIGNATURE;
	assert_int_equal(journal_forget(journal, &entry, NULL), 0);
	/* The old certificate is in it: it is needed to read old mail. */
	text = folder_read(only_file(), &length);
	assert_int_equal(entry_decode(text, length, &got, NULL), 0);
	assert_int_equal(got.state, JOURNAL_DONE);
	assert_same_certificate(got.old, entry.old);
	assert_same_certificate(got.issued, entry.issued);
	journal_entry_clear(&got);
	journal_entry_clear(&entry);
	free(text);
}

static void all_archived_entries_are_kept_however_fast_they_come(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_DONE, ROLE_SIGNATURE);

	(void)state;
	for (size_t i = 1; i <= 10; i++) {
		save(&entry);
		assert_int_equal(journal_archive(journal, &entry, NULL), 0);
		assert_int_equal(folder_count(folder_path(NAME), NULL, 0), i);
	}
	assert_unfinished(0);
	journal_entry_clear(&entry);
}

static void a_forgotten_entry_is_gone_and_the_others_stay(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE), *entries;

	(void)state;
	save(&entry);
	save_new(JOURNAL_AGREED, ROLE_ENCRYPTION);
	assert_int_equal(journal_forget(journal, &entry, NULL), 0);
	entries = unfinished(1);
	assert_int_equal(entries[0].role, ROLE_ENCRYPTION);
	journal_entries_free(entries, 1);
	only_file();
	journal_entry_clear(&entry);
}

static void what_was_never_saved_can_be_neither_archived_nor_forgotten(void **state)
{
	struct journal_entry entry = entry_in(JOURNAL_AGREED, ROLE_SIGNATURE);
	struct failure failure = {.code = FAILURE_NONE};

	(void)state;
	assert_int_equal(journal_archive(journal, &entry, &failure), -FAILURE_JOURNAL);
	assert_int_equal(failure.code, FAILURE_JOURNAL);
	assert_int_equal(journal_forget(journal, &entry, &failure), -FAILURE_JOURNAL);
	journal_entry_clear(&entry);
}

static void closing_nothing_is_fine(void **state)
{
	struct journal_entry entry = {.old = NULL};

	(void)state;
	journal_close(NULL);
	journal_entries_free(NULL, 0);
	journal_entry_clear(&entry);
	journal_entry_clear(&entry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_JOURNAL(an_empty_journal_has_nothing_unfinished),
	    IN_A_JOURNAL(what_is_saved_in_any_state_is_found_by_the_next_run),
	    IN_A_JOURNAL(encryption_comes_before_signature),
	    IN_A_JOURNAL(one_role_may_have_several_keys),
	    IN_A_JOURNAL(saving_replaces_the_file_in_one_step),
	    IN_A_JOURNAL(what_was_asked_for_has_room_on_the_disk_until_it_is_there),
	    IN_A_JOURNAL(a_save_that_fails_says_so_and_leaves_nothing),
	    IN_A_JOURNAL(half_a_file_of_a_power_cut_is_no_entry),
	    IN_A_JOURNAL(an_archived_entry_is_kept_and_no_longer_unfinished),
	    IN_A_JOURNAL(all_archived_entries_are_kept_however_fast_they_come),
	    IN_A_JOURNAL(a_forgotten_entry_is_gone_and_the_others_stay),
	    IN_A_JOURNAL(what_was_never_saved_can_be_neither_archived_nor_forgotten),
	    cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("journal", tests, entry_begin, entry_end);
}
