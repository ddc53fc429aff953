/* SPDX-License-Identifier: MIT */
/* What a person is told when something fails. */
#include "helper/words/desktop.h"
#include "tests/unit/codes.h"
#include "tests/unit/sentences.h"

/* That nothing failed is not said, and a question that could not be shown is the desktop's. */
static bool is_never_told(enum failure_code code)
{
	return code == FAILURE_NONE || code == FAILURE_NOT_SHOWN;
}

static void every_failure_is_told_in_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < code_count; i++) {
		assert_ptr_equal(words_failed(words, codes[i].code, 0), words);
		assert_sentence(words);
		assert_sentence(words_failed(words, codes[i].code, ROLE_SIGNATURE));
		assert_sentence(words_failed(words, codes[i].code, ROLE_ENCRYPTION));
	}
}

static void every_failure_has_words_of_its_own(void **state)
{
	char general[WORDS_MAX], other[WORDS_MAX];

	(void)state;
	words_failed(general, FAILURE_SYSTEM, 0);
	for (size_t i = 0; i < code_count; i++) {
		if (codes[i].code == FAILURE_SYSTEM || is_never_told(codes[i].code))
			continue;
		words_failed(words, codes[i].code, 0);
		if (strcmp(words, general) == 0)
			fail_msg("%s has the words of FAILURE_SYSTEM", codes[i].name);
		for (size_t j = 0; j < i; j++) {
			words_failed(other, codes[j].code, 0);
			if (strcmp(words, other) == 0)
				fail_msg("%s and %s", codes[i].name, codes[j].name);
		}
	}
}

static void every_failure_is_followed_by_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < code_count; i++) {
		words_next(words, codes[i].code);
		if (codes[i].code == FAILURE_NOTHING_DUE)
			assert_string_equal(words, "");
		else
			assert_sentence(words);
	}
}

/* Where there is a menu nobody is sent to a terminal, unless there is no other way. */
static void what_to_do_on_a_desktop_is_done_in_its_menu(void **state)
{
	char elsewhere[WORDS_MAX];
	bool command, menu;

	(void)state;
	for (size_t i = 0; i < code_count; i++) {
		sentence_choose_place(false);
		words_next(elsewhere, codes[i].code);
		assert_null(strstr(elsewhere, desktop_title()));
		command = strstr(elsewhere, "certrenew renew") != NULL;
		sentence_choose_place(true);
		words_next(words, codes[i].code);
		menu = strstr(words, desktop_title()) != NULL;
		if (codes[i].code == FAILURE_CARD_HIDES)
			assert_non_null(strstr(words, "in a terminal"));
		else if (strstr(words, "certrenew renew") != NULL || menu != command)
			fail_msg("%s: %s", codes[i].name, words);
		if (!command)
			assert_string_equal(words, elsewhere);
	}
	words_waiting_next(words);
	assert_non_null(strstr(words, desktop_title()));
	assert_null(strstr(words, "certrenew renew"));
	sentence_choose_place(false);
}

static void a_failure_of_one_certificate_names_it(void **state)
{
	(void)state;
	assert_string_equal(words_failed(words, FAILURE_CARD_FULL, ROLE_ENCRYPTION),
			    "The encryption certificate was not renewed. The card is full.");
	assert_string_equal(words_failed(words, FAILURE_CARD_FULL, ROLE_SIGNATURE),
			    "The signature certificate was not renewed. The card is full.");
	assert_string_equal(words_failed(words, FAILURE_CARD_FULL, 0), "The card is full.");
}

static void a_locked_pin_is_told_from_a_wrong_one(void **state)
{
	(void)state;
	words_failed(words, FAILURE_PIN_LOCKED, 0);
	assert_non_null(strstr(words, "locked"));
	words_failed(words, FAILURE_PIN_WRONG, 0);
	assert_null(strstr(words, "locked"));
	assert_non_null(strstr(words, "wrong"));
}

/* What a person fears first when a card fails. */
static void what_became_of_the_card_is_told(void **state)
{
	(void)state;
	words_card_state(words, CARD_AS_BEFORE);
	assert_sentence(words);
	assert_non_null(strstr(words, "Nothing on the card was changed"));
	words_card_state(words, CARD_SIGNS_IN);
	assert_sentence(words);
	assert_non_null(strstr(words, "still signs in"));
	assert_null(strstr(words, "issued"));
	words_card_state(words, CARD_ISSUED_KEPT);
	assert_sentence(words);
	assert_non_null(strstr(words, "still signs in"));
	assert_non_null(strstr(words, "what was issued is kept"));
	words_card_state(words, CARD_LACKS_ONE);
	assert_sentence(words);
	assert_null(strstr(words, "signs in"));
	assert_non_null(strstr(words, "may lack a certificate"));
}

static void a_code_from_a_newer_version_is_told_as_well(void **state)
{
	(void)state;
	assert_sentence(words_failed(words, 999, 0));
	assert_sentence(words_failed(words, 999, ROLE_SIGNATURE));
	assert_sentence(words_next(words, 999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_WORDS(every_failure_is_told_in_a_sentence),
	    WITH_WORDS(every_failure_has_words_of_its_own),
	    WITH_WORDS(every_failure_is_followed_by_what_to_do),
	    WITH_WORDS(what_to_do_on_a_desktop_is_done_in_its_menu),
	    WITH_WORDS(a_failure_of_one_certificate_names_it),
	    WITH_WORDS(a_locked_pin_is_told_from_a_wrong_one),
	    WITH_WORDS(what_became_of_the_card_is_told),
	    WITH_WORDS(a_code_from_a_newer_version_is_told_as_well),
	};

	return cmocka_run_group_tests_name("words for failures", tests, codes_read, NULL);
}
