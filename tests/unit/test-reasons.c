/* SPDX-License-Identifier: MIT */
/* Reasons of a revocation: numbers, names and words. */
#include "helper/lookup/found.h"
#include "helper/lookup/phrases.h"
#include "helper/lookup/reasons.h"
#include "helper/words/language.h"
#include "helper/words/languages.h"
#include "tests/unit/unit.h"

static void every_reason_has_a_name_and_words(void **state)
{
	(void)state;
	for (int reason = 0; reason <= 10; reason++) {
		if (reason == 7) /* RFC 5280: not used */
			continue;
		assert_non_null(reason_name(reason));
		assert_true(strlen(reason_words(reason)) > 10);
		assert_int_equal(reason_parse(reason_name(reason)), reason);
	}
	assert_string_equal(reason_name(1), "keyCompromise");
}

static void what_is_no_reason_has_none(void **state)
{
	static const int numbers[] = {STATUS_NO_REASON, 7, 11, 1000000};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		assert_null(reason_name(numbers[i]));
		assert_null(reason_words(numbers[i]));
	}
	assert_int_equal(reason_parse("lost"), -1);
	assert_int_equal(reason_parse(""), -1);
}

static void each_state_has_words_of_its_own(void **state)
{
	(void)state;
	for (int a = STANDING_GOOD; a <= STANDING_EXPIRED; a++)
		for (int b = STANDING_GOOD; b < a; b++)
			assert_string_not_equal(phrase_state((enum standing_state)a),
						phrase_state((enum standing_state)b));
}

static void a_revoked_one_says_when_and_why(void **state)
{
	struct standing standing = {
	    .state = STANDING_REVOKED,
	    .answer = {.revoked_at = 1795341600, .reason = 1},
	};
	char text[PHRASE_MAX];

	(void)state;
	assert_string_equal(phrase_standing(text, &standing),
			    "revoked on 2026-11-22: the card or its key was lost or stolen");
	standing.answer.reason = STATUS_NO_REASON;
	assert_string_equal(phrase_standing(text, &standing), "revoked on 2026-11-22");
	standing.answer.reason = 99;
	assert_string_equal(phrase_standing(text, &standing), "revoked on 2026-11-22");
}

/* Whatever English tells apart, and nothing is left in English. */
static void reasons_and_states_are_told_apart_in_every_language(void **state)
{
	const char *in_english[11], *own;

	(void)state;
	for (int i = 0; i <= 10; i++)
		in_english[i] = reason_words(i);
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		for (int a = 0; a <= 10; a++) {
			own = reason_words(a);
			if (own == NULL)
				continue;
			assert_string_not_equal(own, in_english[a]);
			assert_int_equal(reason_parse(reason_name(a)), a);
			for (int b = 0; b < a; b++)
				if (reason_words(b) != NULL)
					assert_string_not_equal(own, reason_words(b));
		}
		each_state_has_words_of_its_own(NULL);
	}
	language_choose("", false);
}

static void a_revoked_one_says_so_in_other_languages(void **state)
{
	static const char *const said[] = {
	    "revogado em 22/11/2026: o cartão ou a chave perdeu-se ou foi roubado",
	    "已於 2026年11月22日廢止：卡片或其金鑰遺失或遭竊",
	};
	const struct standing standing = {
	    .state = STANDING_REVOKED,
	    .answer = {.revoked_at = 1795341600, .reason = 1},
	};
	char text[PHRASE_MAX];

	(void)state;
	assert_int_equal(languages_count, COUNT_OF(said));
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		assert_string_equal(phrase_standing(text, &standing), said[i]);
	}
	language_choose("", false);
}

static void the_words_of_the_command_line_are_exact(void **state)
{
	enum found_wanted wanted = WANTED_ANY;

	(void)state;
	assert_int_equal(found_wanted_parse("revoked", &wanted), 0);
	assert_int_equal(wanted, WANTED_REVOKED);
	assert_int_equal(found_wanted_parse("Valid", &wanted), -1);
	assert_int_equal(found_wanted_parse("", &wanted), -1);
	assert_int_equal(wanted, WANTED_REVOKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_reason_has_a_name_and_words),
	    cmocka_unit_test(what_is_no_reason_has_none),
	    cmocka_unit_test(each_state_has_words_of_its_own),
	    cmocka_unit_test(a_revoked_one_says_when_and_why),
	    cmocka_unit_test(reasons_and_states_are_told_apart_in_every_language),
	    cmocka_unit_test(a_revoked_one_says_so_in_other_languages),
	    cmocka_unit_test(the_words_of_the_command_line_are_exact),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("reasons", tests, NULL, NULL);
}
