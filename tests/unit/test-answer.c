/* SPDX-License-Identifier: MIT */
/* Which answer is legal to which question, and what a typed word means. */
#include "helper/common/answer.h"
#include "tests/unit/unit.h"

static void each_question_has_its_answers_and_no_others(void **state)
{
	static const struct {
		enum message_type question;
		unsigned char answers[5];
	} legal[] = {
	    {MESSAGE_ASK_TOKEN, {MESSAGE_CHOICE, MESSAGE_CANCEL}},
	    {MESSAGE_ASK_RENEW, {MESSAGE_YES, MESSAGE_NO, MESSAGE_LATER, MESSAGE_UNSHOWN}},
	    {MESSAGE_ASK_PIN, {MESSAGE_PIN, MESSAGE_CANCEL}},
	};
	bool expected;

	(void)state;
	for (unsigned question = 0; question < 256; question++) {
		for (unsigned answer = 0; answer < 256; answer++) {
			expected = false;
			for (size_t i = 0; i < COUNT_OF(legal); i++)
				if (legal[i].question == question && answer != 0)
					expected = strchr((const char *)legal[i].answers,
							  (int)answer) != NULL;
			if (answer_is_legal(question, answer) != expected)
				fail_msg("answer %u to question %u", answer, question);
		}
	}
}

static struct message *question(const char *yes, const char *no, const char *later)
{
	struct message *message = message_new(MESSAGE_ASK_RENEW);

	assert_non_null(message);
	message_put_text(message, FIELD_YES_WORDS, yes);
	message_put_text(message, FIELD_NO_WORDS, no);
	message_put_text(message, FIELD_LATER_WORDS, later);
	return message;
}

struct typed {
	const char *text;
	enum message_type meaning;
};

static void check(struct message *asked, const struct typed *typed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (answer_from_text(asked, typed[i].text) != typed[i].meaning)
			fail_msg("'%s' is %d", typed[i].text,
				 (int)answer_from_text(asked, typed[i].text));
	message_free(asked);
}

static void the_questions_own_words_count(void **state)
{
	static const struct typed typed[] = {
	    {"yes", MESSAGE_YES}, {"y", MESSAGE_YES},	    {"no", MESSAGE_NO},
	    {"n", MESSAGE_NO},	  {"later", MESSAGE_LATER}, {"l", MESSAGE_LATER},
	};
	static const struct typed portuguese[] = {
	    {"sim", MESSAGE_YES}, {"s", MESSAGE_YES}, {"não", MESSAGE_NO},
	    {"n", MESSAGE_NO},	  {"yes", 0},	      {"depois", MESSAGE_LATER},
	};
	static const struct typed chinese[] = {
	    {"是", MESSAGE_YES}, {"否", MESSAGE_NO}, {"稍後", MESSAGE_LATER}, {"稍", 0}, {"y", 0},
	};

	(void)state;
	check(question("yes y", "no n", "later l"), typed, COUNT_OF(typed));
	check(question("sim s", "não n", "depois"), portuguese, COUNT_OF(portuguese));
	check(question("是", "否", "稍後"), chinese, COUNT_OF(chinese));
}

static void capitals_and_blanks_do_not_matter(void **state)
{
	static const struct typed typed[] = {
	    {"YES", MESSAGE_YES}, {"Y", MESSAGE_YES},  {" \t yes \r\n", MESSAGE_YES},
	    {"nO\n", MESSAGE_NO}, {"\tN", MESSAGE_NO}, {"Later\r", MESSAGE_LATER},
	};

	(void)state;
	check(question("yes y", "no n", "later l"), typed, COUNT_OF(typed));
}

static void an_empty_line_is_later(void **state)
{
	static const struct typed typed[] = {
	    {"", MESSAGE_LATER},
	    {" ", MESSAGE_LATER},
	    {"\r\n", MESSAGE_LATER},
	};

	(void)state;
	check(question("yes y", "no n", "later l"), typed, COUNT_OF(typed));
	check(question("", "", ""), typed, COUNT_OF(typed));
}

static void anything_else_is_no_answer(void **state)
{
	static const struct typed typed[] = {
	    {"maybe", 0}, {"ye", 0}, {"yess", 0},      {"yes y", 0}, {"y y", 0},
	    {"yes.", 0},  {"1", 0},  {"y\xC2\xA0", 0}, {"\xFF", 0},  {"no no", 0},
	};
	static const struct typed nothing[] = {{"yes", 0}, {"no", 0}, {"y", 0}};

	(void)state;
	check(question("yes y", "no n", "later l"), typed, COUNT_OF(typed));
	check(question("", "", ""), nothing, COUNT_OF(nothing));
	check(question("  ", " ", "   "), nothing, COUNT_OF(nothing));
}

static void blanks_between_the_questions_words_are_no_words(void **state)
{
	static const struct typed typed[] = {
	    {"yes", MESSAGE_YES},
	    {"y", MESSAGE_YES},
	    {"n", MESSAGE_NO},
	    {"", MESSAGE_LATER},
	};

	(void)state;
	check(question("  yes   y ", " n", "later "), typed, COUNT_OF(typed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_question_has_its_answers_and_no_others),
	    cmocka_unit_test(the_questions_own_words_count),
	    cmocka_unit_test(capitals_and_blanks_do_not_matter),
	    cmocka_unit_test(an_empty_line_is_later),
	    cmocka_unit_test(anything_else_is_no_answer),
	    cmocka_unit_test(blanks_between_the_questions_words_are_no_words),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
