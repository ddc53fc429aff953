/* SPDX-License-Identifier: MIT */
/* Every sentence in every language that is compiled in: translated, whole, and of any length. */
#include "helper/common/answer.h"
#include "helper/words/desktop.h"
#include "helper/words/language.h"
#include "helper/words/languages.h"
#include "tests/unit/codes.h"
#include "tests/unit/sentences.h"

#define BEGAN INT64_C(1704067200) /* 2024-01-01T00:00:00Z */
#define ENDS  INT64_C(1798761599) /* 2026-12-31T23:59:59Z */

static const enum certificate_role roles[] = {ROLE_ENCRYPTION, ROLE_SIGNATURE};

/* Every sentence once, in the language that is chosen. */
struct book {
	char sentences[640][WORDS_MAX];
	size_t count;
};

static struct book english, translated;

static char *next(struct book *book)
{
	assert_in_range(book->count, 0, COUNT_OF(book->sentences) - 1);
	return book->sentences[book->count++];
}

static void write_certificates(struct book *book)
{
	for (size_t role = 0; role < COUNT_OF(roles); role++) {
		for (int state = VALIDITY_UNKNOWN; state <= VALIDITY_UNLIMITED; state++) {
			for (int days = 0; days <= 2; days++) {
				struct validity validity = {(enum validity_state)state, days,
							    BEGAN};

				words_certificate(next(book), roles[role], &validity, BEGAN, ENDS);
			}
		}
		words_renewed(next(book), roles[role], BEGAN, ENDS);
		words_waiting(next(book), roles[role], ENDS);
		words_asked_again(next(book), roles[role], false);
		words_asked_again(next(book), roles[role], true);
		words_revoked(next(book), roles[role], BEGAN);
	}
}

static void write_what_is_due(struct book *book)
{
	for (size_t certificates = 1; certificates <= 2; certificates++) {
		for (int days = 0; days <= 2; days++) {
			words_due(next(book), certificates, days, ENDS, "", "");
			words_due(next(book), certificates, days, ENDS, "Alice", "");
			words_due(next(book), certificates, days, ENDS, "Alice", "Office");
		}
		words_expired(next(book), certificates, ENDS);
	}
	words_due_next(next(book));
	words_unfinished(next(book));
	words_nothing_due(next(book), 0);
	words_nothing_due(next(book), ENDS);
}

static void write_course(struct book *book)
{
	enum { TRIES = PIN_NOTE_WRONG | PIN_NOTE_FEW | PIN_NOTE_LAST | PIN_NOTE_KEYPAD };

	for (int step = STEP_REQUESTING; step <= STEP_VERIFYING; step++)
		words_step(next(book), (enum step)step, 1, 4);
	for (unsigned note = 0; note <= TRIES; note++) {
		words_ask_pin(next(book), PIN_TO_REQUEST, note, false, "Alice");
		words_ask_pin(next(book), PIN_TO_WRITE, note, false, "Alice");
		words_ask_pin(next(book), PIN_TO_WRITE, note, true, "Alice");
		words_ask_pin(next(book), PIN_TO_REVOKE, note, false, "Alice");
		words_ask_pin(next(book), PIN_TO_SET_PHRASE, note, false, "Alice");
	}
	for (unsigned note = PIN_NOTE_SHORT; note <= PIN_NOTE_CHARACTERS; note *= 2)
		words_ask_pin(next(book), PIN_TO_REQUEST, note, false, "Alice");
	words_use_keypad(next(book), "Alice");
	words_ask_last_try(next(book));
	words_ask_phrase(next(book), 1);
	words_ask_phrase(next(book), 8);
	words_ask_phrase_again(next(book));
	words_phrase_refused(next(book), true);
	words_phrase_refused(next(book), false);
	words_phrase_set(next(book));
	words_ask_revoke(next(book), ROLE_ENCRYPTION, "Alice", "0A");
	words_ask_revoke(next(book), ROLE_SIGNATURE, "Alice", "0A");
	words_revocation(next(book), ENDS);
	words_done(next(book), 1, 1);
	words_done(next(book), 2, 2);
	words_done(next(book), 1, 2);
	words_done(next(book), 0, 1);
	for (int state = CARD_AS_BEFORE; state <= CARD_LACKS_ONE; state++)
		words_card_state(next(book), (enum card_state)state);
}

static void write_failures(struct book *book)
{
	for (size_t i = 0; i < code_count; i++) {
		words_failed(next(book), codes[i].code, 0);
		words_failed(next(book), codes[i].code, ROLE_ENCRYPTION);
		words_failed(next(book), codes[i].code, ROLE_SIGNATURE);
	}
}

static void write_what_to_do(struct book *book, bool desktop)
{
	sentence_choose_place(desktop);
	words_waiting_next(next(book));
	for (size_t i = 0; i < code_count; i++)
		if (codes[i].code != FAILURE_NOTHING_DUE) /* has nothing to add */
			words_next(next(book), codes[i].code);
	sentence_choose_place(false);
}

static void write_book(struct book *book, const char *language)
{
	language_choose(language, false);
	book->count = 0;
	write_certificates(book);
	write_what_is_due(book);
	write_course(book);
	write_failures(book);
	write_what_to_do(book, false);
	write_what_to_do(book, true);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static void assert_portuguese(const char *text)
{
	/* Capitals beyond ASCII ("É") begin with a byte above it. */
	if (!isupper((unsigned char)text[0]) && (unsigned char)text[0] < 0x80)
		fail_msg("no capital: %s", text);
	if (!ends_with(text, ".") || ends_with(text, "..") || ends_with(text, " ."))
		fail_msg("no full stop: %s", text);
	if (strstr(text, "  ") != NULL || strstr(text, " .") != NULL || strstr(text, "。") != NULL)
		fail_msg("blanks: %s", text);
}

static void assert_chinese(const char *text)
{
	static const char *const not_chinese[] = {". ",	 ", ",	"。 ", " 。", "。。",  "  ",
						  " ，", "， ", "么",  "证",  "卡片片"};

	if (!ends_with(text, "。"))
		fail_msg("no full stop: %s", text);
	for (size_t i = 0; i < COUNT_OF(not_chinese); i++)
		if (strstr(text, not_chinese[i]) != NULL)
			fail_msg("'%s' in: %s", not_chinese[i], text);
}

static void every_sentence_is_translated(void **state)
{
	(void)state;
	local_time_of("UTC0");
	write_book(&english, "en");
	for (size_t i = 0; i < languages_count; i++) {
		write_book(&translated, languages[i].name);
		assert_int_equal(translated.count, english.count);
		for (size_t j = 0; j < english.count; j++) {
			assert_sentence(english.sentences[j]);
			assert_fits(translated.sentences[j]);
			assert_no_jargon(translated.sentences[j]);
			if (strcmp(translated.sentences[j], english.sentences[j]) == 0)
				fail_msg("%s: %s", languages[i].name, english.sentences[j]);
			if (strcmp(languages[i].name, "pt") == 0)
				assert_portuguese(translated.sentences[j]);
			else
				assert_chinese(translated.sentences[j]);
		}
	}
}

/* A person who looks for an entry in the menu finds it under that name. */
static void the_menu_entry_is_named_as_it_is(void **state)
{
	size_t named = 0;

	(void)state;
	write_book(&english, "en");
	for (size_t i = 0; i < languages_count; i++) {
		write_book(&translated, languages[i].name);
		for (size_t j = 0; j < english.count; j++) {
			if (strstr(english.sentences[j], "Renew card certificate") == NULL)
				continue;
			named++;
			if (strstr(translated.sentences[j], desktop_title()) == NULL)
				fail_msg("%s: %s", languages[i].name, translated.sentences[j]);
		}
	}
	assert_true(named > 0);
}

/* What English tells apart by words is told apart in every language. */
static void no_translation_takes_the_place_of_another(void **state)
{
	char other[WORDS_MAX];

	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		for (size_t j = 0; j < code_count; j++) {
			if (codes[j].code == FAILURE_NONE || codes[j].code == FAILURE_NOT_SHOWN)
				continue;
			words_failed(words, codes[j].code, 0);
			for (size_t k = 0; k < j; k++) {
				words_failed(other, codes[k].code, 0);
				if (codes[k].code != FAILURE_NONE &&
				    codes[k].code != FAILURE_NOT_SHOWN && strcmp(words, other) == 0)
					fail_msg("%s and %s: %s", codes[j].name, codes[k].name,
						 words);
			}
		}
	}
}

static void whole_sentences_as_they_are_read(void **state)
{
	(void)state;
	local_time_of("UTC0");
	language_choose("zh_TW.UTF-8", false);
	assert_string_equal(words_due(words, 2, 20, ENDS, "陳美玲", "範例機關"),
			    "您卡片上的憑證將於 20 天後 (2026年12月31日) 到期。"
			    "持有人為 陳美玲，範例機關。");
	assert_string_equal(words_step(words, STEP_WRITING, 3, 4),
			    "步驟 3/4：正在寫入卡片。請勿取出卡片。");
	assert_string_equal(words_done(words, 1, 2),
			    "已更新 1 張憑證，共 2 張。您可以取出卡片了。");
	assert_string_equal(words_revoked(words, ROLE_ENCRYPTION, ENDS),
			    "加密憑證已於 2026年12月31日廢止，無法更新。");
	language_choose("pt_PT.UTF-8", false);
	assert_string_equal(words_due(words, 1, 1, ENDS, "Alice Chen", ""),
			    "O certificado do seu cartão expira dentro de 1 dia, em 31/12/2026. "
			    "Pertence a Alice Chen.");
	assert_string_equal(words_done(words, 2, 2),
			    "Todos os certificados foram renovados. Já pode retirar o cartão.");
	assert_string_equal(words_revoked(words, ROLE_SIGNATURE, ENDS),
			    "O certificado de assinatura foi revogado em 31/12/2026 e não pode ser "
			    "renovado.");
}

/* No names of days or months: these would need a locale. */
static void dates_are_numbers_in_the_languages_order(void **state)
{
	static const char *const dates[] = {"31/12/2026", "2026年12月31日"};
	static const char *const times[] = {"31/12/2026 23:59", "2026年12月31日 23:59"};
	char text[DATE_MAX];

	(void)state;
	local_time_of("UTC0");
	assert_int_equal(languages_count, COUNT_OF(dates));
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		assert_string_equal(sentence_date(text, ENDS), dates[i]);
		assert_string_equal(sentence_time(text, ENDS), times[i]);
		assert_string_equal(sentence_date(text, INT64_MAX), "?");
	}
}

static struct message *question(void)
{
	struct message *message = message_new(MESSAGE_ASK_RENEW);

	assert_non_null(message);
	message_put_text(message, FIELD_YES_WORDS, words_yes());
	message_put_text(message, FIELD_NO_WORDS, words_no());
	message_put_text(message, FIELD_LATER_WORDS, words_later());
	return message;
}

static void assert_answers(const char *list, enum message_type meaning)
{
	struct message *asked = question();
	char copy[256], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", list);
	while ((word = strsep(&rest, " ")) != NULL)
		if (answer_from_text(asked, word) != meaning)
			fail_msg("'%s' is %d", word, (int)answer_from_text(asked, word));
	message_free(asked);
}

/* No word stands for two answers, English ones included. */
static void each_answer_counts_in_its_language_and_in_english(void **state)
{
	static const char *const own[][3] = {{"sim SIM s S", "não NÃO nao Não n", "depois d"},
					     {"是 好", "否 不", "稍後"}};

	(void)state;
	assert_int_equal(languages_count, COUNT_OF(own));
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		assert_answers(words_yes(), MESSAGE_YES);
		assert_answers(words_no(), MESSAGE_NO);
		assert_answers(words_later(), MESSAGE_LATER);
		assert_answers(own[i][0], MESSAGE_YES);
		assert_answers(own[i][1], MESSAGE_NO);
		assert_answers(own[i][2], MESSAGE_LATER);
		assert_answers("yes y YES", MESSAGE_YES);
		assert_answers("no n NO", MESSAGE_NO);
		assert_answers("later l LATER", MESSAGE_LATER);
	}
	language_choose("en", false);
	assert_string_equal(words_yes(), "yes y");
	assert_string_equal(words_later(), "later l");
}

static void the_words_in_a_prompt_are_words_that_count(void **state)
{
	static const enum message_type meanings[] = {MESSAGE_YES, MESSAGE_NO, MESSAGE_LATER};
	struct message *asked;
	char *at, *word;

	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		asked = question();
		words_ask_renew_prompt(words);
		at = strchr(words, '(');
		assert_non_null(at);
		for (size_t j = 0; j < COUNT_OF(meanings); j++) {
			word = strtok_r(j == 0 ? at : NULL, "(/) ", &at);
			assert_non_null(word);
			assert_int_equal(answer_from_text(asked, word), meanings[j]);
		}
		message_free(asked);
	}
}

static void a_prompt_leaves_room_for_the_answer(void **state)
{
	static char *(*const prompts[])(char *) = {words_ask_renew_prompt, words_ask_token_prompt,
						   words_ask_pin_prompt, words_ask_last_try_prompt};

	(void)state;
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		for (size_t j = 0; j < COUNT_OF(prompts); j++) {
			assert_fits(prompts[j](words));
			assert_int_equal(words[strlen(words) - 1], ' ');
			assert_null(strchr(words, '\n'));
		}
	}
}

/* Numbers and dates that no card has, and names that are far too long. */
static void extremes_fit_in_every_language(void **state)
{
	static const int64_t extremes[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	enum { CARDS = 16, CHARACTERS = 2000 };
	const char *labels[CARDS];
	char name[3 * CHARACTERS + 1];

	(void)state;
	for (size_t i = 0; i < CHARACTERS; i++)
		memcpy(name + 3 * i, "陳", 4);
	for (size_t i = 0; i < CARDS; i++)
		labels[i] = name + 3 * i;
	for (size_t i = 0; i < languages_count; i++) {
		language_choose(languages[i].name, false);
		for (size_t j = 0; j < COUNT_OF(extremes); j++) {
			struct validity validity = {VALIDITY_CRITICAL, extremes[j], extremes[j]};

			assert_fits(words_certificate(words, ROLE_SIGNATURE, &validity, extremes[j],
						      extremes[j]));
			assert_fits(words_due(words, (size_t)extremes[j], extremes[j], extremes[j],
					      name, name));
			assert_fits(words_expired(words, (size_t)extremes[j], extremes[j]));
			assert_fits(words_waiting(words, ROLE_ENCRYPTION, extremes[j]));
			assert_fits(words_revoked(words, ROLE_ENCRYPTION, extremes[j]));
			assert_fits(words_done(words, (size_t)extremes[j], SIZE_MAX));
			assert_fits(words_nothing_due(words, extremes[j]));
			assert_fits(words_step(words, (enum step)99, INT32_MIN, INT32_MAX));
		}
		assert_fits(words_ask_token(words, labels, labels, CARDS));
		assert_fits(words_ask_pin(words, PIN_TO_WRITE, PIN_NOTE_WRONG | PIN_NOTE_KEYPAD,
					  true, name));
		assert_fits(words_said(words, name));
	}
}

static int end_in_english(void **state)
{
	(void)state;
	language_choose("", false);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_WORDS(every_sentence_is_translated),
	    WITH_WORDS(the_menu_entry_is_named_as_it_is),
	    WITH_WORDS(no_translation_takes_the_place_of_another),
	    WITH_WORDS(whole_sentences_as_they_are_read),
	    WITH_WORDS(dates_are_numbers_in_the_languages_order),
	    WITH_WORDS(each_answer_counts_in_its_language_and_in_english),
	    WITH_WORDS(the_words_in_a_prompt_are_words_that_count),
	    WITH_WORDS(a_prompt_leaves_room_for_the_answer),
	    WITH_WORDS(extremes_fit_in_every_language),
	};

	return cmocka_run_group_tests_name("words in every language", tests, codes_read,
					   end_in_english);
}
