/* SPDX-License-Identifier: MIT */
/* A journal in a folder of its own, open for each test. */
#ifndef CERTRENEW_TESTS_JOURNAL_HOST_H
#define CERTRENEW_TESTS_JOURNAL_HOST_H

#include "tests/unit/entry.h"
#include "tests/unit/folder.h"

#define SERIAL "7b1109af35f4fa21"
#define NAME   "37623131303961663335663466613231"

static struct journal *journal;

static inline int open_journal(void **state)
{
	if (folder_make(state) < 0)
		return -1;
	return journal_open(folder, SERIAL, "Alice", &journal, NULL);
}

static inline int close_journal(void **state)
{
	journal_close(journal);
	journal = NULL;
	return folder_remove(state);
}

static inline void save(struct journal_entry *entry)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (journal_save(journal, entry, &failure) < 0)
		fail_msg("%s", failure.detail);
}

static inline void save_new(enum journal_state state, enum certificate_role role)
{
	struct journal_entry entry = entry_in(state, role);

	save(&entry);
	journal_entry_clear(&entry);
}

/* The caller frees with journal_entries_free. */
static inline struct journal_entry *unfinished(size_t expected)
{
	struct journal_entry *entries = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	size_t count = 99;

	if (journal_unfinished(journal, &entries, &count, &failure) < 0)
		fail_msg("%s", failure.detail);
	assert_int_equal(count, expected);
	assert_non_null(entries);
	return entries;
}

static inline void assert_unfinished(size_t expected)
{
	journal_entries_free(unfinished(expected), expected);
}

static inline void assert_unreadable(void)
{
	struct journal_entry *entries = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	size_t count = 99;

	assert_int_equal(journal_unfinished(journal, &entries, &count, &failure), -FAILURE_JOURNAL);
	assert_int_equal(failure.code, FAILURE_JOURNAL);
	assert_null(entries);
	assert_int_equal(count, 99);
}

static inline void assert_not_opened(const char *path)
{
	struct journal *other = NULL;
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(journal_open(path, SERIAL, "Alice", &other, &failure), -FAILURE_JOURNAL);
	assert_int_equal(failure.code, FAILURE_JOURNAL);
	assert_string_not_equal(failure.detail, "");
	assert_null(other);
}

/* The one file of the token's folder. */
static inline const char *only_file(void)
{
	char path[PATH_MAX], name[NAME_MAX + 1] = "";

	assert_int_equal(folder_count(folder_path(NAME), name, sizeof(name)), 1);
	snprintf(path, sizeof(path), NAME "/%s", name);
	return folder_path(path);
}

#define IN_A_JOURNAL(test) cmocka_unit_test_setup_teardown(test, open_journal, close_journal)

#endif
