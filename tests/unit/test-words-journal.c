/* SPDX-License-Identifier: MIT */
/* Every state of an unfinished renewal has its words, and what cannot be read has them too. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include "helper/words/words_journal.h"

#include <cmocka.h>

static void each_step_leads_to_its_own_words(void **state)
{
	static const enum journal_state steps[] = {0,
						   JOURNAL_AGREED,
						   JOURNAL_REQUESTED,
						   JOURNAL_WAITING,
						   JOURNAL_ISSUED,
						   JOURNAL_WRITTEN,
						   JOURNAL_VERIFIED};
	char one[SENTENCE_MAX], other[SENTENCE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(words_journal_state(steps[i]),
						words_journal_state(steps[j]));
			assert_string_not_equal(words_journal_next(one, steps[i], 1),
						words_journal_next(other, steps[j], 1));
			assert_string_not_equal(words_journal_step(one, steps[i], 1),
						words_journal_step(other, steps[j], 1));
			assert_string_not_equal(journal_next_name(steps[i]),
						journal_next_name(steps[j]));
		}
	}
}

static void what_is_no_state_is_damaged(void **state)
{
	(void)state;
	for (int no_state = JOURNAL_DONE + 1; no_state < JOURNAL_DONE + 3; no_state++) {
		assert_string_equal(words_journal_state((enum journal_state)no_state),
				    "damaged, cannot be read");
		assert_string_equal(journal_next_name((enum journal_state)no_state),
				    "administrator");
	}
}

static void what_was_issued_is_said_to_be_lost(void **state)
{
	char text[SENTENCE_MAX];

	(void)state;
	assert_non_null(strstr(words_journal_lost(text, JOURNAL_ISSUED), "not on the card"));
	assert_non_null(strstr(words_journal_lost(text, JOURNAL_CONFIRMED), "not on the card"));
	assert_non_null(strstr(words_journal_lost(text, JOURNAL_WRITTEN), "is on the card"));
	assert_non_null(strstr(words_journal_lost(text, JOURNAL_REQUESTED), "may have issued"));
	assert_non_null(strstr(words_journal_lost(text, JOURNAL_MOVED_ASIDE), "moved aside"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_step_leads_to_its_own_words),
	    cmocka_unit_test(what_is_no_state_is_damaged),
	    cmocka_unit_test(what_was_issued_is_said_to_be_lost),
	};

	return cmocka_run_group_tests_name("words of the journal", tests, NULL, NULL);
}
