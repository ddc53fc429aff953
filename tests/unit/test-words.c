/* SPDX-License-Identifier: MIT */
/* The sentences of check and renew: numbers, dates, and the longest that a card may say. */
#include "helper/common/answer.h"
#include "tests/unit/sentences.h"

#define BEGAN INT64_C(1704067200) /* 2024-01-01T00:00:00Z */
#define ENDS  INT64_C(1798761599) /* 2026-12-31T23:59:59Z */

static const enum certificate_role roles[] = {ROLE_ENCRYPTION, ROLE_SIGNATURE};

static void each_state_of_a_certificate_is_a_sentence(void **state)
{
	static const struct {
		struct validity validity;
		const char *says;
	} examples[] = {
	    {{VALIDITY_NOT_YET_VALID, 900, 0}, "not yet valid, begins on 2024-01-01"},
	    {{VALIDITY_VALID, 400, ENDS - 30 * 86400},
	     "valid until 2026-12-31, can be renewed from 2026-12-01 on"},
	    {{VALIDITY_RENEWABLE, 20, 0}, "expires in 20 days, on 2026-12-31; can be renewed now"},
	    {{VALIDITY_CRITICAL, 1, 0}, "expires in 1 day, on 2026-12-31; can be renewed now"},
	    {{VALIDITY_CRITICAL, 0, 0}, "expires today, on 2026-12-31; can be renewed now"},
	    {{VALIDITY_EXPIRED, -3, 0}, "expired on 2026-12-31; a new one must be applied for"},
	    {{VALIDITY_UNLIMITED, 9999, 0}, "valid without end"},
	    {{VALIDITY_UNKNOWN, 0, 0}, "this computer's clock is not set"},
	};

	(void)state;
	local_time_of("UTC0");
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		for (size_t j = 0; j < COUNT_OF(roles); j++) {
			words_certificate(words, roles[j], &examples[i].validity, BEGAN, ENDS);
			assert_sentence(words);
			if (strstr(words, examples[i].says) == NULL)
				fail_msg("'%s' is not in: %s", examples[i].says, words);
		}
	}
	assert_memory_equal(words, "Signature certificate: ", 23);
}

static void one_is_singular_and_more_are_plural(void **state)
{
	(void)state;
	local_time_of("UTC0");
	assert_string_equal(words_due(words, 1, 1, ENDS, "", ""),
			    "Your card's certificate expires in 1 day, on 2026-12-31.");
	assert_string_equal(words_due(words, 2, 20, ENDS, "", ""),
			    "Your card's certificates expire in 20 days, on 2026-12-31.");
	assert_string_equal(words_due(words, 1, 0, ENDS, "", ""),
			    "Your card's certificate expires today, on 2026-12-31.");
	assert_string_equal(words_expired(words, 1, ENDS),
			    "Your card's certificate expired on 2026-12-31.");
	assert_string_equal(words_expired(words, 2, ENDS),
			    "Your card's certificates expired on 2026-12-31.");
	assert_string_equal(words_done(words, 1, 1),
			    "The certificate was renewed. You may remove the card.");
	assert_string_equal(words_done(words, 2, 2),
			    "All certificates were renewed. You may remove the card.");
	assert_string_equal(words_done(words, 1, 2),
			    "1 of 2 certificates were renewed. You may remove the card.");
}

/* The person confirms it: the name and the organisation are theirs. */
static void whose_certificates_they_are_is_said_where_it_is_known(void **state)
{
	(void)state;
	words_due(words, 2, 20, ENDS, "陳美玲", "Example Government");
	assert_sentence(words);
	assert_non_null(strstr(words, "陳美玲, Example Government."));
	words_due(words, 1, 20, ENDS, "陳美玲", "");
	assert_sentence(words);
	assert_non_null(strstr(words, " 陳美玲."));
	words_due(words, 1, 20, ENDS, "", "Example Government");
	assert_sentence(words);
}

static void dates_are_shown_in_local_time(void **state)
{
	static const struct {
		const char *zone, *ends;
	} zones[] = {
	    {"UTC0", "2026-12-31"},
	    {"<+08>-8", "2027-01-01"},
	    {"<-03>3", "2026-12-31"},
	    {"<+14>-14", "2027-01-01"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(zones); i++) {
		local_time_of(zones[i].zone);
		words_expired(words, 1, ENDS);
		assert_non_null(strstr(words, zones[i].ends));
		words_renewed(words, ROLE_SIGNATURE, BEGAN, ENDS);
		assert_sentence(words);
		assert_non_null(strstr(words, zones[i].ends));
	}
	local_time_of("<+08>-8");
	words_waiting(words, ROLE_SIGNATURE, ENDS);
	assert_sentence(words);
	assert_non_null(strstr(words, "2027-01-01 07:59."));
}

static void a_date_that_no_calendar_has_harms_nothing(void **state)
{
	static const int64_t dates[] = {INT64_MIN, INT64_MAX, 0, -1, INT64_C(253402300799)};
	struct validity validity = {VALIDITY_VALID, INT64_MIN, INT64_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		assert_fits(words_due(words, 2, dates[i], dates[i], "", ""));
		assert_fits(words_expired(words, 1, dates[i]));
		assert_fits(words_renewed(words, ROLE_SIGNATURE, dates[i], dates[i]));
		assert_fits(words_waiting(words, ROLE_ENCRYPTION, dates[i]));
		assert_fits(words_nothing_due(words, dates[i]));
		assert_fits(
		    words_certificate(words, ROLE_SIGNATURE, &validity, dates[i], dates[i]));
	}
}

static void a_pin_is_asked_for_with_what_it_is_for(void **state)
{
	char request[WORDS_MAX];

	(void)state;
	words_ask_pin(request, PIN_TO_REQUEST, 0, false, "Alice");
	words_ask_pin(words, PIN_TO_WRITE, 0, false, "Alice");
	assert_sentence(request);
	assert_sentence(words);
	assert_string_not_equal(request, words);
	assert_non_null(strstr(request, "(Alice)"));
	assert_non_null(strstr(words, "(Alice)"));
	assert_non_null(strstr(words, "write"));
}

static void once_more_is_said_where_a_pin_was_given_before(void **state)
{
	(void)state;
	for (unsigned note = 0; note <= PIN_NOTE_KEYPAD; note += PIN_NOTE_KEYPAD) {
		assert_null(
		    strstr(words_ask_pin(words, PIN_TO_WRITE, note, false, "Alice"), "once more"));
		assert_sentence(words);
		assert_non_null(
		    strstr(words_ask_pin(words, PIN_TO_WRITE, note, true, "Alice"), "once more"));
		assert_sentence(words);
	}
}

static void a_revocation_is_agreed_to_with_what_it_means(void **state)
{
	static const enum certificate_role each[] = {ROLE_ENCRYPTION, ROLE_SIGNATURE};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(each); i++) {
		words_ask_revoke(words, each[i], "Alice\nChen", "4E074A");
		assert_sentence(words);
		assert_null(strchr(words, '\n'));
		assert_non_null(strstr(words, "serial number 4E074A"));
		assert_non_null(strstr(words, "cannot be undone"));
		assert_non_null(
		    strstr(words, each[i] == ROLE_SIGNATURE ? "signature" : "encryption"));
	}
	words_ask_pin(words, PIN_TO_REVOKE, 0, false, "Alice");
	assert_sentence(words);
	assert_non_null(strstr(words, "revoke"));
}

static void every_note_about_the_pin_is_said(void **state)
{
	enum { ALL = 2 * PIN_NOTE_CHARACTERS - 1 };

	(void)state;
	for (unsigned note = 0; note <= ALL; note++) {
		words_ask_pin(words, PIN_TO_REQUEST, note, false, "Alice");
		assert_sentence(words);
		if ((note & PIN_NOTE_WRONG) != 0)
			assert_non_null(strstr(words, "wrong"));
		if ((note & PIN_NOTE_SHORT) != 0)
			assert_non_null(strstr(words, "too short for this card. It was not tried"));
		else if ((note & PIN_NOTE_LONG) != 0)
			assert_non_null(strstr(words, "too long for this card. It was not tried"));
		else if ((note & PIN_NOTE_CHARACTERS) != 0)
			assert_non_null(strstr(words, "no PIN can have. It was not tried"));
		else if ((note & PIN_NOTE_LENGTH) != 0)
			assert_non_null(strstr(words, "too short or too long for this card."));
		if ((note & PIN_NOTE_LAST) != 0)
			assert_non_null(strstr(words, "nly one try is left"));
		else if ((note & PIN_NOTE_FEW) != 0)
			assert_non_null(strstr(words, "only a few tries are left"));
		assert_int_equal(strstr(words, "keypad") != NULL, (note & PIN_NOTE_KEYPAD) != 0);
	}
}

static void the_last_try_is_a_question_of_its_own(void **state)
{
	(void)state;
	words_ask_last_try(words);
	assert_sentence(words);
	assert_non_null(strstr(words, "one try"));
	assert_non_null(strstr(words, "locked"));
	assert_non_null(strstr(words_ask_last_try_prompt(words), "(yes / no)"));
}

static void each_step_says_that_the_card_must_stay(void **state)
{
	(void)state;
	for (int step = STEP_REQUESTING; step <= STEP_VERIFYING; step++) {
		words_step(words, (enum step)step, step, 6);
		assert_sentence(words);
		assert_non_null(strstr(words, "Do not remove the card."));
	}
	assert_string_equal(words_step(words, STEP_WRITING, 3, 4),
			    "Step 3 of 4: writing to the card. Do not remove the card.");
}

static void what_remains_to_be_said_are_sentences(void **state)
{
	(void)state;
	assert_sentence(words_unfinished(words));
	assert_sentence(words_waiting_next(words));
	assert_sentence(words_nothing_due(words, 0));
	assert_sentence(words_nothing_due(words, ENDS));
}

static void a_prompt_leaves_room_for_the_answer(void **state)
{
	static char *(*const prompts[])(char *) = {words_ask_renew_prompt, words_ask_token_prompt,
						   words_ask_pin_prompt, words_ask_last_try_prompt};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(prompts); i++) {
		assert_fits(prompts[i](words));
		assert_int_equal(words[strlen(words) - 1], ' ');
	}
}

static void the_words_in_the_prompt_are_the_words_that_count(void **state)
{
	static const enum message_type meanings[] = {MESSAGE_YES, MESSAGE_NO, MESSAGE_LATER};
	struct message *question = message_new(MESSAGE_ASK_RENEW);
	char *at, *word;

	(void)state;
	message_put_text(question, FIELD_YES_WORDS, words_yes());
	message_put_text(question, FIELD_NO_WORDS, words_no());
	message_put_text(question, FIELD_LATER_WORDS, words_later());
	words_ask_renew_prompt(words);
	at = strchr(words, '(');
	assert_non_null(at);
	for (size_t i = 0; i < COUNT_OF(meanings); i++) {
		word = strtok_r(i == 0 ? at : NULL, "(/) ", &at);
		assert_non_null(word);
		assert_int_equal(answer_from_text(question, word), meanings[i]);
	}
	message_free(question);
}

static void several_cards_are_listed_with_their_numbers(void **state)
{
	static const char *const labels[] = {"Alice", "陳美玲"};
	static const char *const serials[] = {"7b1109af35f4fa21", "0011"};

	(void)state;
	assert_string_equal(words_ask_token(words, labels, serials, COUNT_OF(labels)),
			    "Several cards can be renewed:\n"
			    "  1  Alice (serial number 7b1109af35f4fa21)\n"
			    "  2  陳美玲 (serial number 0011)");
}

static void the_longest_names_fit(void **state)
{
	enum { CARDS = 16 };
	/* A label has 32 bytes, a serial number 16 (PKCS#11), a name as many as it likes. */
	static const char label[] = "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM";
	const char *labels[CARDS], *serials[CARDS];
	struct validity validity = {VALIDITY_VALID, INT64_MAX, ENDS};
	char name[5 * WORDS_MAX];

	(void)state;
	memset(name, 'M', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_sentence(words_due(words, SIZE_MAX, INT64_MAX, ENDS, name, name));
	assert_sentence(
	    words_ask_pin(words, PIN_TO_WRITE, PIN_NOTE_FEW | PIN_NOTE_KEYPAD, true, name));
	assert_sentence(words_certificate(words, ROLE_ENCRYPTION, &validity, BEGAN, ENDS));
	assert_sentence(words_step(words, STEP_REQUESTING, INT32_MAX, INT32_MAX));
	assert_sentence(words_done(words, SIZE_MAX - 1, SIZE_MAX));
	for (size_t i = 0; i < CARDS; i++) {
		labels[i] = name;
		serials[i] = name;
	}
	assert_fits(words_ask_token(words, labels, serials, CARDS));
	for (size_t i = 0; i < CARDS; i++) {
		labels[i] = label;
		serials[i] = "7b1109af35f4fa21";
	}
	assert_fits(words_ask_token(words, labels, serials, CARDS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_WORDS(each_state_of_a_certificate_is_a_sentence),
	    WITH_WORDS(one_is_singular_and_more_are_plural),
	    WITH_WORDS(whose_certificates_they_are_is_said_where_it_is_known),
	    WITH_WORDS(dates_are_shown_in_local_time),
	    WITH_WORDS(a_date_that_no_calendar_has_harms_nothing),
	    WITH_WORDS(a_pin_is_asked_for_with_what_it_is_for),
	    WITH_WORDS(once_more_is_said_where_a_pin_was_given_before),
	    WITH_WORDS(a_revocation_is_agreed_to_with_what_it_means),
	    WITH_WORDS(every_note_about_the_pin_is_said),
	    WITH_WORDS(the_last_try_is_a_question_of_its_own),
	    WITH_WORDS(each_step_says_that_the_card_must_stay),
	    WITH_WORDS(what_remains_to_be_said_are_sentences),
	    WITH_WORDS(a_prompt_leaves_room_for_the_answer),
	    WITH_WORDS(the_words_in_the_prompt_are_the_words_that_count),
	    WITH_WORDS(several_cards_are_listed_with_their_numbers),
	    WITH_WORDS(the_longest_names_fit),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
