/* SPDX-License-Identifier: MIT */
/* Asking a person, whoever shows the question, and telling the helper meanwhile. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/common/dialogue.h"
#include "tests/unit/unit.h"

static struct dialogue dialogue;
static int front_end, helper;

static int open_dialogue(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	dialogue = (struct dialogue){.channel = ends[0], .question_timeout_ms = 5000};
	front_end = ends[1];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	helper = ends[0];
	dialogue.control = ends[1];
	return 0;
}

static int close_dialogue(void **state)
{
	(void)state;
	close(dialogue.channel);
	close(dialogue.control);
	close(helper);
	if (front_end >= 0)
		close(front_end);
	return 0;
}

static struct message *choice_of(int64_t number)
{
	struct message *message = message_new(MESSAGE_CHOICE);

	message_put_number(message, FIELD_CHOICE, number);
	return message;
}

static struct message *which_card(void)
{
	struct message *message = message_new(MESSAGE_ASK_TOKEN);

	message_put_text(message, FIELD_SENTENCE, "Several cards can be renewed:");
	message_put_text(message, FIELD_PROMPT_TEXT, "Which one? ");
	message_put_number(message, FIELD_OF, 2);
	return message;
}

/* Whoever is at the front end: hears a question, and answers it. */
static void *answer_it(void *answer)
{
	struct message *question = NULL;

	if (message_receive(front_end, 5000, &question, NULL) < 0 ||
	    message_type(question) != MESSAGE_ASK_TOKEN || message_send(front_end, answer) < 0)
		abort();
	message_free(question);
	return NULL;
}

static pthread_t person;

static void a_person_will_say(struct message *answer)
{
	assert_int_equal(pthread_create(&person, NULL, answer_it, answer), 0);
}

static void the_person_has_spoken(void)
{
	assert_int_equal(pthread_join(person, NULL), 0);
}

static void assert_stage(enum report_stage stage)
{
	struct report report;

	assert_int_equal(report_receive(helper, &report), 1);
	assert_int_equal(report.stage, stage);
}

static void assert_not_answered(enum failure_code code)
{
	struct message *const untouched = (struct message *)&dialogue;
	struct message *answer = untouched;
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(dialogue_ask(&dialogue, which_card(), &answer, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	assert_ptr_equal(answer, untouched);
}

static void an_answer_that_fits_the_question_is_given_back(void **state)
{
	struct message *answer = NULL;

	(void)state;
	a_person_will_say(choice_of(2));
	assert_int_equal(dialogue_ask(&dialogue, which_card(), &answer, NULL), 0);
	the_person_has_spoken();
	assert_int_equal(message_type(answer), MESSAGE_CHOICE);
	assert_int_equal(message_number(answer, FIELD_CHOICE), 2);
	message_free(answer);
}

/* Of a question that nobody has seen: it may be the same answer, sent a second time. */
static void an_answer_before_its_question_ends_the_run(void **state)
{
	struct message *question = NULL;

	(void)state;
	dialogue_stage(&dialogue, REPORT_READING);
	assert_int_equal(message_send(front_end, choice_of(2)), 0);
	assert_not_answered(FAILURE_PROTOCOL);
	assert_int_equal(message_receive(front_end, 0, &question, NULL), -FAILURE_TIMEOUT);
	assert_stage(REPORT_READING);
	assert_int_equal(report_receive(helper, &(struct report){.stage = 0}), -1);
}

static void so_does_the_beginning_of_one(void **state)
{
	(void)state;
	assert_int_equal(send(front_end, "", 1, 0), 1);
	assert_not_answered(FAILURE_PROTOCOL);
}

static void so_does_one_that_was_given_before(void **state)
{
	struct message *answer = NULL;

	(void)state;
	a_person_will_say(choice_of(2));
	assert_int_equal(dialogue_ask(&dialogue, which_card(), &answer, NULL), 0);
	the_person_has_spoken();
	message_free(answer);
	assert_int_equal(message_send(front_end, choice_of(2)), 0);
	assert_not_answered(FAILURE_PROTOCOL);
}

/* Otherwise it might cut off a person who is typing. */
static void the_helper_knows_before_the_person_is_asked(void **state)
{
	struct message *answer = NULL;

	(void)state;
	dialogue_stage(&dialogue, REPORT_READING);
	a_person_will_say(choice_of(1));
	assert_int_equal(dialogue_ask(&dialogue, which_card(), &answer, NULL), 0);
	the_person_has_spoken();
	message_free(answer);
	assert_stage(REPORT_READING);
	assert_stage(REPORT_ASKING);
	assert_stage(REPORT_WORKING);
}

static void what_the_helper_was_told_is_told_again(void **state)
{
	struct report report;

	(void)state;
	dialogue.report.renewable = 2;
	snprintf(dialogue.report.token_serial, sizeof(dialogue.report.token_serial), "7b1109af");
	dialogue_stage(&dialogue, REPORT_WRITING);
	assert_int_equal(report_receive(helper, &report), 1);
	assert_int_equal(report.stage, REPORT_WRITING);
	assert_int_equal(report.renewable, 2);
	assert_string_equal(report.token_serial, "7b1109af");
}

static void a_person_who_walks_away_has_not_answered(void **state)
{
	int64_t begun = clock_now();

	(void)state;
	dialogue.question_timeout_ms = 100;
	assert_not_answered(FAILURE_NO_ANSWER);
	assert_true(clock_now() - begun >= 100);
	assert_false(dialogue.gone);
}

static void a_front_end_that_is_gone_cancels(void **state)
{
	(void)state;
	close(front_end);
	front_end = -1;
	assert_not_answered(FAILURE_CANCELLED);
	assert_true(dialogue.gone);
}

static void a_front_end_that_closes_instead_of_answering_cancels(void **state)
{
	(void)state;
	assert_int_equal(shutdown(front_end, SHUT_WR), 0);
	assert_not_answered(FAILURE_CANCELLED);
	assert_true(dialogue.gone);
}

static void an_answer_to_another_question_ends_the_run(void **state)
{
	struct message *pin = message_new(MESSAGE_PIN);

	(void)state;
	message_put_secret(pin, "1234", 4);
	a_person_will_say(pin);
	assert_not_answered(FAILURE_PROTOCOL);
	the_person_has_spoken();
	a_person_will_say(message_new(MESSAGE_YES));
	assert_not_answered(FAILURE_PROTOCOL);
	the_person_has_spoken();
	a_person_will_say(which_card());
	assert_not_answered(FAILURE_PROTOCOL);
	the_person_has_spoken();
}

static void a_question_that_could_not_be_made_is_an_error(void **state)
{
	struct message *answer = NULL;

	(void)state;
	assert_int_equal(dialogue_ask(&dialogue, NULL, &answer, NULL), -FAILURE_SYSTEM);
	assert_null(answer);
}

static void saying_something_to_nobody_is_no_error(void **state)
{
	struct message *notice = message_new(MESSAGE_NOTICE);

	(void)state;
	message_put_text(notice, FIELD_SENTENCE, "Your card's certificates expire in 20 days.");
	close(front_end);
	front_end = -1;
	dialogue_say(&dialogue, NULL);
	assert_false(dialogue.gone);
	dialogue_say(&dialogue, notice);
	assert_true(dialogue.gone);
	dialogue_say(&dialogue, message_new(MESSAGE_NOTICE));
	dialogue_say(&dialogue, NULL);
}

#define IN_A_DIALOGUE(test) cmocka_unit_test_setup_teardown(test, open_dialogue, close_dialogue)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_DIALOGUE(an_answer_that_fits_the_question_is_given_back),
	    IN_A_DIALOGUE(an_answer_before_its_question_ends_the_run),
	    IN_A_DIALOGUE(so_does_the_beginning_of_one),
	    IN_A_DIALOGUE(so_does_one_that_was_given_before),
	    IN_A_DIALOGUE(the_helper_knows_before_the_person_is_asked),
	    IN_A_DIALOGUE(what_the_helper_was_told_is_told_again),
	    IN_A_DIALOGUE(a_person_who_walks_away_has_not_answered),
	    IN_A_DIALOGUE(a_front_end_that_is_gone_cancels),
	    IN_A_DIALOGUE(a_front_end_that_closes_instead_of_answering_cancels),
	    IN_A_DIALOGUE(an_answer_to_another_question_ends_the_run),
	    IN_A_DIALOGUE(a_question_that_could_not_be_made_is_an_error),
	    IN_A_DIALOGUE(saying_something_to_nobody_is_no_error),
	};

	return cmocka_run_group_tests_name("dialogue", tests, NULL, NULL);
}
