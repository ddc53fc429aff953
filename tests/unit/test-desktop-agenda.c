/* SPDX-License-Identifier: MIT */
/* What the desktop's agent says, and when it keeps quiet. */
#include "helper/desktop/agenda.h"
#include "tests/unit/made-answers.h"
#include "tests/unit/unit.h"

static struct agenda *agenda;
static struct findings found;

static int begin(void **state)
{
	(void)state;
	agenda = agenda_new();
	found = (struct findings){
	    .cards = cards_new(), .outcome = outcome_new(), .reached = true, .checked = true};
	return 0;
}

static int end(void **state)
{
	(void)state;
	agenda_free(agenda);
	g_ptr_array_unref(found.cards);
	outcome_free(found.outcome);
	return 0;
}

static void find(struct message *certificate, bool remind)
{
	message_put_number(certificate, FIELD_REMIND, remind);
	card_take(found.cards, certificate);
	message_free(certificate);
}

static void find_due(const char *token, int64_t days, bool remind)
{
	find(made_certificate(token, ROLE_ENCRYPTION, VALIDITY_RENEWABLE, days), remind);
	find(made_certificate(token, ROLE_SIGNATURE, VALIDITY_RENEWABLE, days + 1), remind);
}

static bool take(enum inquiry_reason reason)
{
	return agenda_take(agenda, reason, &found, NULL, MADE_NOW);
}

static void assert_asks(const char *token)
{
	struct item *item = agenda_next(agenda);

	assert_non_null(item);
	assert_non_null(item->card);
	assert_string_equal(item->card->serial, token);
	item_free(item);
}

static void assert_tells(const char *summary)
{
	struct item *item = agenda_next(agenda);

	assert_non_null(item);
	assert_non_null(item->content);
	assert_string_equal(item->content->summary, summary);
	item_free(item);
}

static void assert_no_more(void)
{
	assert_null(agenda_next(agenda));
}

static void a_card_is_asked_about_when_it_is_time(void **state)
{
	(void)state;
	find_due("A", 20, true);
	assert_true(take(INQUIRY_START));
	assert_asks("A");
	assert_no_more();
}

static void a_card_is_left_alone_until_it_is_time(void **state)
{
	(void)state;
	find_due("A", 20, false);
	assert_false(take(INQUIRY_START));
	assert_no_more();
}

static void the_soonest_of_several_cards_comes_first(void **state)
{
	(void)state;
	find_due("A", 20, true);
	find_due("B", 3, true);
	find_due("C", 9, true);
	take(INQUIRY_START);
	assert_asks("B");
	assert_asks("C");
	assert_asks("A");
	assert_no_more();
}

static void an_inserted_card_is_asked_about_once(void **state)
{
	(void)state;
	find_due("A", 20, true);
	take(INQUIRY_CARD);
	assert_asks("A");
	assert_false(take(INQUIRY_CARD));
	agenda_forget(agenda, "A");
	assert_true(take(INQUIRY_CARD));
	assert_asks("A");
}

static void a_question_that_is_open_is_asked_with_the_new_facts(void **state)
{
	(void)state;
	find_due("A", 20, true);
	take(INQUIRY_START);
	assert_asks("A");
	assert_true(agenda_take(agenda, INQUIRY_CARD, &found, "A", MADE_NOW));
	assert_asks("A");
}

static void a_question_that_waits_is_not_lost_to_a_card_that_is_inserted(void **state)
{
	(void)state;
	find_due("A", 20, true);
	take(INQUIRY_START);
	assert_asks("A");
	take(INQUIRY_ALARM);
	find_due("B", 3, true);
	take(INQUIRY_CARD);
	assert_asks("B");
	assert_asks("A");
}

static void what_was_renewed_elsewhere_is_not_asked(void **state)
{
	(void)state;
	find_due("A", 20, true);
	take(INQUIRY_START);
	g_ptr_array_set_size(found.cards, 0);
	find(made_certificate("A", ROLE_SIGNATURE, VALIDITY_VALID, 365), false);
	assert_false(take(INQUIRY_ALARM));
	assert_no_more();
}

static void the_alarm_asks_again(void **state)
{
	(void)state;
	find_due("A", 20, true);
	take(INQUIRY_START);
	assert_asks("A");
	assert_true(take(INQUIRY_ALARM));
	assert_asks("A");
}

static void a_person_may_always_ask(void **state)
{
	(void)state;
	find_due("A", 20, false);
	found.notice_only = true;
	assert_true(take(INQUIRY_DEMAND));
	assert_asks("A");
}

static void a_notice_offers_nothing(void **state)
{
	struct item *item;

	(void)state;
	find_due("A", 20, true);
	found.notice_only = true;
	take(INQUIRY_START);
	item = agenda_next(agenda);
	assert_non_null(item);
	assert_false(item->can_renew);
	item_free(item);
}

static void an_administrator_who_says_off_is_obeyed(void **state)
{
	(void)state;
	find_due("A", 20, true);
	find(made_certificate("B", ROLE_SIGNATURE, VALIDITY_EXPIRED, -3), false);
	found.silent = true;
	assert_false(take(INQUIRY_START));
	assert_no_more();
}

static void what_expired_is_said_once_and_last(void **state)
{
	(void)state;
	find(made_certificate("B", ROLE_SIGNATURE, VALIDITY_EXPIRED, -3), false);
	find_due("A", 20, true);
	take(INQUIRY_START);
	assert_asks("A");
	assert_tells("Your card's certificate expired on 2027-01-12");
	take(INQUIRY_ALARM);
	assert_asks("A");
	assert_no_more();
	take(INQUIRY_DEMAND);
	assert_asks("A");
	assert_tells("Your card's certificate expired on 2027-01-12");
}

static void a_result_that_nobody_heard_comes_first(void **state)
{
	struct message *message = made_renewed(ROLE_SIGNATURE, MADE_NOW + 365 * MADE_DAY);

	(void)state;
	outcome_take(found.outcome, message);
	message_free(message);
	find_due("A", 20, true);
	take(INQUIRY_START);
	assert_tells("Your card's certificate is now valid until 2028-01-15");
	assert_asks("A");
}

static void a_demand_is_answered_where_nothing_is_due(void **state)
{
	struct item *item;

	(void)state;
	find(made_certificate("A", ROLE_SIGNATURE, VALIDITY_VALID, 100), false);
	assert_true(take(INQUIRY_DEMAND));
	item = agenda_next(agenda);
	assert_non_null(item);
	assert_string_equal(item->content->summary, "No certificate has to be renewed now");
	assert_string_equal(item->content->body, "That is possible from 2027-03-26 on.");
	item_free(item);
}

static void a_demand_is_answered_where_there_is_no_card(void **state)
{
	struct item *item;

	(void)state;
	found.code = FAILURE_NO_CARD;
	assert_true(take(INQUIRY_DEMAND));
	item = agenda_next(agenda);
	assert_non_null(item);
	assert_non_null(strstr(item->content->body, "There is no card in the reader."));
	item_free(item);
	assert_false(take(INQUIRY_START));
}

/* It is no failure to read: unasked nothing is said, and what stood there is gone with its card. */
static void only_a_demand_hears_of_a_card_that_no_ca_of_ours_renews(void **state)
{
	struct item *item;

	(void)state;
	find_due("A", 20, true);
	assert_true(take(INQUIRY_START));
	g_ptr_array_set_size(found.cards, 0);
	found.code = FAILURE_NO_CA;
	assert_false(take(INQUIRY_CARD));
	assert_no_more();
	assert_int_equal(agenda_moment(INQUIRY_ALARM, &found, MADE_NOW), 0);
	assert_true(take(INQUIRY_DEMAND));
	item = agenda_next(agenda);
	assert_non_null(item);
	assert_non_null(strstr(item->content->body, "No certification authority is configured"));
	item_free(item);
	assert_no_more();
}

static void a_demand_is_answered_where_the_helper_refuses_or_is_missing(void **state)
{
	(void)state;
	found.checked = false;
	found.code = FAILURE_REFUSED;
	assert_true(take(INQUIRY_DEMAND));
	assert_tells("Your card's certificates were not renewed");
	found.reached = false;
	assert_true(take(INQUIRY_DEMAND));
	assert_tells("Card certificates cannot be renewed on this computer yet");
	assert_false(take(INQUIRY_START));
}

static void an_unfinished_renewal_is_spoken_of_when_the_ca_is_ready(void **state)
{
	struct message *certificate = made_certificate("A", ROLE_SIGNATURE, VALIDITY_RENEWABLE, 20);

	(void)state;
	message_put_number(certificate, FIELD_UNFINISHED, 4);
	message_put_number(certificate, FIELD_RETRY_AT, MADE_NOW + 60);
	find(certificate, false);
	assert_false(take(INQUIRY_START));
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), MADE_NOW + 60);
	assert_true(agenda_take(agenda, INQUIRY_ALARM, &found, NULL, MADE_NOW + 60));
	assert_asks("A");
}

static void a_person_who_does_not_wait_for_the_ca_is_served(void **state)
{
	struct message *certificate = made_certificate("A", ROLE_SIGNATURE, VALIDITY_RENEWABLE, 20);

	(void)state;
	message_put_number(certificate, FIELD_UNFINISHED, 4);
	message_put_number(certificate, FIELD_RETRY_AT, MADE_NOW + 60);
	find(certificate, false);
	assert_true(take(INQUIRY_DEMAND));
	assert_asks("A");
}

/* The other one's renewal need not wait. */
static void a_card_of_which_one_certificate_waits_is_asked_about(void **state)
{
	struct message *certificate = made_certificate("A", ROLE_SIGNATURE, VALIDITY_RENEWABLE, 20);

	(void)state;
	message_put_number(certificate, FIELD_UNFINISHED, 4);
	message_put_number(certificate, FIELD_RETRY_AT, MADE_NOW + 60);
	find(certificate, false);
	find(made_certificate("A", ROLE_ENCRYPTION, VALIDITY_RENEWABLE, 20), true);
	assert_true(take(INQUIRY_START));
	assert_asks("A");
}

static void the_next_moment_is_the_earliest(void **state)
{
	struct message *message = made_waiting(MADE_NOW + 500);

	(void)state;
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), 0);
	found.again_at = MADE_NOW + 900;
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), MADE_NOW + 900);
	outcome_take(found.outcome, message);
	message_free(message);
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), MADE_NOW + 500);
}

static void where_nothing_could_be_read_the_questions_stand(void **state)
{
	(void)state;
	find_due("A", 20, true);
	assert_true(take(INQUIRY_START));
	g_ptr_array_set_size(found.cards, 0);
	found.code = FAILURE_CARD_ERROR;
	assert_true(take(INQUIRY_ALARM));
	found.code = FAILURE_NO_CARD;
	assert_false(take(INQUIRY_ALARM));
	assert_no_more();
}

/* Also where another question stands. */
static void a_demand_is_answered_where_nothing_could_be_read(void **state)
{
	struct item *item;

	(void)state;
	find_due("A", 20, true);
	assert_true(take(INQUIRY_START));
	g_ptr_array_set_size(found.cards, 0);
	found.code = FAILURE_CARD_ERROR;
	assert_true(take(INQUIRY_DEMAND));
	item = agenda_next(agenda);
	assert_non_null(item);
	assert_non_null(item->content);
	item_free(item);
	assert_asks("A");
}

/* A driver that hung when the alarm rang: there is no other alarm, and no card event to come. */
static void where_nothing_could_be_told_it_is_asked_again(void **state)
{
	(void)state;
	found.code = FAILURE_NO_CARD;
	assert_int_equal(agenda_moment(INQUIRY_ALARM, &found, MADE_NOW), 0);
	found.code = FAILURE_DRIVER;
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), 0);
	assert_int_equal(agenda_moment(INQUIRY_ALARM, &found, MADE_NOW), MADE_NOW + 3600);
	found.checked = false;
	found.code = FAILURE_TIMEOUT;
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), MADE_NOW + 3600);
	found.reached = false;
	assert_int_equal(agenda_moment(INQUIRY_START, &found, MADE_NOW), 0);
	assert_int_equal(agenda_moment(INQUIRY_ALARM, &found, MADE_NOW), MADE_NOW + 3600);
}

#define PROMISE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(a_card_is_asked_about_when_it_is_time),
	    PROMISE(a_card_is_left_alone_until_it_is_time),
	    PROMISE(the_soonest_of_several_cards_comes_first),
	    PROMISE(an_inserted_card_is_asked_about_once),
	    PROMISE(a_question_that_is_open_is_asked_with_the_new_facts),
	    PROMISE(a_question_that_waits_is_not_lost_to_a_card_that_is_inserted),
	    PROMISE(what_was_renewed_elsewhere_is_not_asked),
	    PROMISE(the_alarm_asks_again),
	    PROMISE(a_person_may_always_ask),
	    PROMISE(a_notice_offers_nothing),
	    PROMISE(an_administrator_who_says_off_is_obeyed),
	    PROMISE(what_expired_is_said_once_and_last),
	    PROMISE(a_result_that_nobody_heard_comes_first),
	    PROMISE(a_demand_is_answered_where_nothing_is_due),
	    PROMISE(a_demand_is_answered_where_there_is_no_card),
	    PROMISE(only_a_demand_hears_of_a_card_that_no_ca_of_ours_renews),
	    PROMISE(a_demand_is_answered_where_the_helper_refuses_or_is_missing),
	    PROMISE(an_unfinished_renewal_is_spoken_of_when_the_ca_is_ready),
	    PROMISE(a_person_who_does_not_wait_for_the_ca_is_served),
	    PROMISE(a_card_of_which_one_certificate_waits_is_asked_about),
	    PROMISE(the_next_moment_is_the_earliest),
	    PROMISE(where_nothing_could_be_read_the_questions_stand),
	    PROMISE(a_demand_is_answered_where_nothing_could_be_read),
	    PROMISE(where_nothing_could_be_told_it_is_asked_again),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
