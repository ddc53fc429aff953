/* SPDX-License-Identifier: MIT */
/* What a notification says, on every kind of server. */
#include "helper/desktop/face.h"
#include "tests/unit/made-answers.h"
#include "tests/unit/unit.h"

static GPtrArray *cards;
static struct outcome *outcome;
static struct content *content;
static char *text;

static int begin(void **state)
{
	(void)state;
	cards = cards_new();
	outcome = outcome_new();
	content = NULL;
	text = NULL;
	return 0;
}

static int end(void **state)
{
	(void)state;
	g_ptr_array_unref(cards);
	outcome_free(outcome);
	content_free(content);
	g_free(text);
	return 0;
}

static struct card *card_with(struct message *certificate)
{
	card_take(cards, certificate);
	message_free(certificate);
	return g_ptr_array_index(cards, 0);
}

static struct card *card_due(enum validity_state state, int64_t days)
{
	card_with(made_certificate("A", ROLE_ENCRYPTION, state, days));
	return card_with(made_certificate("A", ROLE_SIGNATURE, state, days + 1));
}

static void ends_with(struct message *message)
{
	assert_true(outcome_take(outcome, message));
	message_free(message);
}

static void the_question_has_days_date_and_holder(void **state)
{
	(void)state;
	content = face_question(card_due(VALIDITY_RENEWABLE, 20), true, false);
	assert_string_equal(content->summary,
			    "Your card's certificates expire in 20 days, on 2027-02-04");
	assert_string_equal(content->body, "Alice Chen, Example Government\n"
					   "Valid until: 2027-02-04");
	assert_true(content->question && content->can_renew && content->stays);
	assert_false(content->critical);
}

static void the_question_counts_properly(void **state)
{
	struct card *card = card_with(made_certificate("A", ROLE_SIGNATURE, VALIDITY_CRITICAL, 1));

	(void)state;
	content = face_question(card, true, false);
	assert_string_equal(content->summary,
			    "Your card's certificate expires in 1 day, on 2027-01-16");
	assert_true(content->critical);
	content_free(content);
	((struct card_certificate *)g_ptr_array_index(card->certificates, 0))->days = 0;
	content = face_question(card, true, false);
	assert_string_equal(content->summary,
			    "Your card's certificate expires today, on 2027-01-16");
}

static void a_name_cannot_forge_a_line(void **state)
{
	struct message *certificate = made_certificate("A", ROLE_SIGNATURE, VALIDITY_RENEWABLE, 20);

	(void)state;
	message_put_text(certificate, FIELD_SUBJECT_CN, "Eve\nAll is well: type your PIN");
	content = face_question(card_with(certificate), true, false);
	assert_true(g_str_has_prefix(content->body,
				     "Eve All is well: type your PIN, Example Government\n"));
}

static void details_fit_into_the_bubble_where_no_window_can(void **state)
{
	(void)state;
	content = face_question(card_due(VALIDITY_RENEWABLE, 20), true, true);
	assert_string_equal(content->body,
			    "Holder: Alice Chen\nOrganisation: Example Government\n"
			    "Issued by: CN=Office CA\nCard: Alice's card\n"
			    "Encryption certificate: valid from 2026-03-21 until 2027-02-04\n"
			    "Signature certificate: valid from 2026-03-21 until 2027-02-05");
}

static void the_confirmation_says_whose_and_until_when(void **state)
{
	(void)state;
	text = face_confirm(card_due(VALIDITY_RENEWABLE, 20));
	assert_string_equal(
	    text,
	    "Your card's certificates expire in 20 days, on 2027-02-04\n\nHolder: Alice Chen\n"
	    "Organisation: Example Government\nCard: Alice's card\n"
	    "Valid until: 2027-02-04");
}

static void a_server_without_buttons_says_how_to_renew(void **state)
{
	(void)state;
	content = face_question(card_due(VALIDITY_RENEWABLE, 20), true, false);
	text = content_body(content, false, false);
	assert_string_equal(
	    text,
	    "Alice Chen, Example Government\nValid until: 2027-02-04\nTo renew, choose 'Renew card "
	    "certificate' in the menu, or run 'certrenew renew' in a "
	    "terminal.");
}

static void a_server_without_bodies_has_all_in_the_summary(void **state)
{
	(void)state;
	content = face_question(card_due(VALIDITY_RENEWABLE, 20), true, false);
	text = content_summary(content, false, true);
	assert_string_equal(text, "Your card's certificates expire in 20 days, on 2027-02-04\n"
				  "Alice Chen, Example Government\nValid until: 2027-02-04");
}

static void a_server_that_reads_markup_is_sent_none(void **state)
{
	struct message *certificate = made_certificate("A", ROLE_SIGNATURE, VALIDITY_RENEWABLE, 20);

	(void)state;
	message_put_text(certificate, FIELD_SUBJECT_CN, "<a href=\"x\">Alice</a> & Co");
	message_put_text(certificate, FIELD_SUBJECT_O, "");
	content = face_question(card_with(certificate), true, false);
	text = content_body(content, true, true);
	assert_string_equal(
	    text, "&lt;a href=&quot;x&quot;&gt;Alice&lt;/a&gt; &amp; Co\nValid until: 2027-02-04");
	g_free(text);
	text = content_body(content, true, false);
	assert_string_equal(text, "<a href=\"x\">Alice</a> & Co\nValid until: 2027-02-04");
}

static void the_card_stays_in_until_it_may_be_removed(void **state)
{
	struct progress progress = {"Asking.", 2, 4, false};

	(void)state;
	content = face_progress(&progress);
	assert_string_equal(content->body, "Asking.\nDo not remove the card.");
	assert_in_range(content->progress, 1, 99);
	content_free(content);
	progress.sentence = "Step 2 of 4: asking. Do not remove the card.";
	content = face_progress(&progress);
	assert_string_equal(content->body, progress.sentence);
	content_free(content);
	progress = (struct progress){"Asking.", 2, 4, true};
	content = face_progress(&progress);
	assert_string_equal(content->body, "Asking.");
}

static void progress_goes_forward(void **state)
{
	int before = -1;

	(void)state;
	for (int number = 1; number <= 4; number++) {
		const struct progress progress = {"Step.", number, 4, false};

		content_free(content);
		content = face_progress(&progress);
		assert_true(content->progress > before && content->progress < 100);
		before = content->progress;
	}
}

static void success_has_the_new_date_and_each_certificate(void **state)
{
	(void)state;
	ends_with(made_renewed(ROLE_ENCRYPTION, MADE_NOW + 366 * MADE_DAY));
	ends_with(made_renewed(ROLE_SIGNATURE, MADE_NOW + 365 * MADE_DAY));
	ends_with(made_done(2, 2));
	content = face_outcome(outcome);
	assert_string_equal(content->summary,
			    "Your card's certificates are now valid until 2028-01-15");
	assert_string_equal(content->body, "The encryption certificate was renewed.\n"
					   "The signature certificate was renewed.\n"
					   "You may remove the card.");
	assert_false(content->stays);
	assert_int_equal(content->progress, 100);
}

static void a_part_is_not_called_success(void **state)
{
	(void)state;
	ends_with(made_renewed(ROLE_ENCRYPTION, MADE_NOW));
	ends_with(made_failed(FAILURE_CARD_FULL, "The card is full."));
	ends_with(made_done(1, 2));
	content = face_outcome(outcome);
	assert_string_equal(content->summary,
			    "Only a part of your card's certificates was renewed");
	assert_true(content->stays);
}

static void failure_says_what_the_ca_said_and_what_to_do(void **state)
{
	struct message *message = made_failed(FAILURE_CA_REFUSED, "It was refused.");

	(void)state;
	message_put_text(message, FIELD_SAID, "Not you.");
	ends_with(message);
	content = face_outcome(outcome);
	assert_string_equal(content->summary, "Your card's certificates were not renewed");
	assert_string_equal(content->body, "It was refused.\n"
					   "The certification authority said: Not you.\n"
					   "Ask your administrator.");
	assert_true(content->stays);
}

static void failure_without_a_sentence_is_put_into_words(void **state)
{
	(void)state;
	ends_with(made_failed(FAILURE_CRASHED, NULL));
	content = face_outcome(outcome);
	assert_non_null(strstr(content->body, "A part of certrenew ended unexpectedly."));
}

static void what_is_to_be_done_for_both_certificates_is_said_once(void **state)
{
	(void)state;
	ends_with(made_waiting(MADE_NOW + 10));
	ends_with(made_waiting(MADE_NOW + 20));
	content = face_outcome(outcome);
	assert_string_equal(content->summary, "Your card's new certificates are not ready yet");
	assert_string_equal(content->body, "The CA is still working on it.\nCome back then.");
	assert_int_equal(outcome->retry_at, MADE_NOW + 10);
}

static void what_expired_is_told_with_what_to_do(void **state)
{
	(void)state;
	content = face_expired(card_due(VALIDITY_EXPIRED, -3));
	assert_string_equal(content->summary, "Your card's certificates expired on 2027-01-13");
	assert_non_null(strstr(content->body, "Apply for a new certificate"));
	assert_true(content->critical && content->stays);
	assert_false(content->question);
}

static void no_window_means_a_terminal(void **state)
{
	(void)state;
	content = face_unusable(outcome);
	assert_non_null(strstr(content->body, "Run 'certrenew renew' in a terminal."));
}

static void who_walked_away_is_told_that_nothing_was_done(void **state)
{
	(void)state;
	content = face_walked_away(outcome);
	assert_string_equal(content->body,
			    "The window was closed because nobody answered it in time.\n"
			    "Nothing on the card was changed.");
	content_free(content);
	ends_with(made_failed(FAILURE_CANCELLED, "What was issued is kept."));
	content = face_walked_away(outcome);
	assert_null(strstr(content->body, "Nothing on the card was changed."));
	assert_non_null(strstr(content->body, "What was issued is kept."));
}

static void a_copy_says_the_same(void **state)
{
	struct content *copy;

	(void)state;
	content = face_question(card_due(VALIDITY_RENEWABLE, 20), true, false);
	copy = content_copy(content);
	assert_string_equal(copy->summary, content->summary);
	assert_string_equal(copy->body, content->body);
	assert_string_equal(copy->without_actions, content->without_actions);
	assert_true(copy->question && copy->can_renew && copy->stays);
	content_free(copy);
}

#define PROMISE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PROMISE(the_question_has_days_date_and_holder),
	    PROMISE(the_question_counts_properly),
	    PROMISE(a_name_cannot_forge_a_line),
	    PROMISE(details_fit_into_the_bubble_where_no_window_can),
	    PROMISE(the_confirmation_says_whose_and_until_when),
	    PROMISE(a_server_without_buttons_says_how_to_renew),
	    PROMISE(a_server_without_bodies_has_all_in_the_summary),
	    PROMISE(a_server_that_reads_markup_is_sent_none),
	    PROMISE(the_card_stays_in_until_it_may_be_removed),
	    PROMISE(progress_goes_forward),
	    PROMISE(success_has_the_new_date_and_each_certificate),
	    PROMISE(a_part_is_not_called_success),
	    PROMISE(failure_says_what_the_ca_said_and_what_to_do),
	    PROMISE(failure_without_a_sentence_is_put_into_words),
	    PROMISE(what_is_to_be_done_for_both_certificates_is_said_once),
	    PROMISE(what_expired_is_told_with_what_to_do),
	    PROMISE(no_window_means_a_terminal),
	    PROMISE(who_walked_away_is_told_that_nothing_was_done),
	    PROMISE(a_copy_says_the_same),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
