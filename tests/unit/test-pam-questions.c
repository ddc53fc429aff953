/* SPDX-License-Identifier: MIT */
/* The helper's messages as a person meets them through PAM, and the answers that go back. */
#include "tests/unit/pam-host.h"

#define ASK "renew? Two certificates expire in 20 days.\n"

static const char RENEWAL[] = "terms 2000\n"
			      "certificate\n"
			      "certificate\n"
			      "checked 2 2 0\n" ASK "pin? 0 To sign the requests:\n"
			      "step 1 Sending the requests.\n"
			      "pin? 0 To write to the card:\n"
			      "step 2 Writing: do not remove the card.\n"
			      "renewed Encryption: until 2030.\n"
			      "renewed Signature: until 2030.\n"
			      "done Both certificates are renewed.\n";

/* Plays `script` in a session and compares what was shown and what the helper received. */
static void expect(const char *script, const char *const *answers, enum host_manner manner,
		   const char *transcript, const char *received)
{
	const char *after_request;

	host_script(script);
	host.answers = answers;
	host.manner = manner;
	host_session("login");
	assert_string_equal(host.transcript, transcript);
	after_request = strchr(host_received(), '\n');
	assert_non_null(after_request);
	assert_string_equal(after_request + 1, received);
}

static void yes_and_the_pin_twice_renew(void **state)
{
	static const char *const answers[] = {"yes", "123456", "123456", NULL};

	(void)state;
	expect(RENEWAL, answers, HOST_ANSWERS,
	       "info: Two certificates expire in 20 days.\n"
	       "asked: Renew now? [yes/no/later] \n"
	       "info: To sign the requests:\n"
	       "asked unechoed: PIN: \n"
	       "info: Sending the requests.\n"
	       "info: To write to the card:\n"
	       "asked unechoed: PIN: \n"
	       "info: Writing: do not remove the card.\n"
	       "info: Encryption: until 2030.\n"
	       "info: Signature: until 2030.\n"
	       "info: Both certificates are renewed.\n",
	       "YES\nPIN 123456\nPIN 123456\nend\n");
	assert_string_equal(host.log, "");
}

static void no_and_later_and_an_empty_line_ask_for_no_pin(void **state)
{
	static const char *const typed[][2] = {{"no", NULL}, {" Later ", NULL}, {"", NULL}};
	static const char *const received[] = {"NO\nend\n", "LATER\nend\n", "LATER\nend\n"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(typed); i++) {
		expect(RENEWAL, typed[i], HOST_ANSWERS,
		       "info: Two certificates expire in 20 days.\n"
		       "asked: Renew now? [yes/no/later] \n",
		       received[i]);
		assert_string_equal(host.log, "");
	}
}

static void what_is_not_understood_is_asked_again_and_three_times_is_later(void **state)
{
	static const char *const second[] = {"what", "Y", "", NULL};
	static const char *const never[] = {"what", "why", "yeah", "yes", NULL};

	(void)state;
	expect(RENEWAL, second, HOST_ANSWERS,
	       "info: Two certificates expire in 20 days.\n"
	       "asked: Renew now? [yes/no/later] \n"
	       "asked: Renew now? [yes/no/later] \n"
	       "info: To sign the requests:\n"
	       "asked unechoed: PIN: \n",
	       "YES\nCANCEL\nend\n");
	expect(RENEWAL, never, HOST_ANSWERS,
	       "info: Two certificates expire in 20 days.\n"
	       "asked: Renew now? [yes/no/later] \n"
	       "asked: Renew now? [yes/no/later] \n"
	       "asked: Renew now? [yes/no/later] \n",
	       "LATER\nend\n");
}

static void a_question_that_the_host_cannot_show_is_answered_so(void **state)
{
	static const enum host_manner manners[] = {HOST_ERROR, HOST_NULL, HOST_DEAF};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(manners); i++) {
		expect("terms 2000\n" ASK "declined:\nchecked 2 2 0\n", NULL, manners[i],
		       "info: Two certificates expire in 20 days.\n"
		       "asked: Renew now? [yes/no/later] \n",
		       "UNSHOWN\nend\n");
		expect("terms 2000\npin? 0 To sign:\ndeclined:\nfailed 22 Nothing was changed.\n",
		       NULL, manners[i],
		       "info: To sign:\n"
		       "asked unechoed: PIN: \n"
		       "error: Nothing was changed.\n",
		       "CANCEL\nend\n");
		assert_string_equal(host.log, "");
	}
}

static void a_host_without_a_conversation_is_asked_nothing(void **state)
{
	static const struct pam_conv none = {.conv = NULL};
	pam_handle_t *pamh;

	(void)state;
	host_script("terms 2000\nnotice Expires.\n" ASK "declined:\nchecked 2 2 0\n");
	pamh = host_start("login", HOST_USER);
	pam_set_item(pamh, PAM_CONV, &none);
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_non_null(strstr(host_received(), "UNSHOWN\nend\n"));
	assert_string_equal(host.log, "");
	pam_end(pamh, PAM_SUCCESS);
}

static void a_wrong_pin_is_typed_again_only_by_the_person(void **state)
{
	static const char *const answers[] = {"111111", "123456", NULL};

	(void)state;
	expect("terms 2000\npin? 0 To sign:\npin? 5 The PIN was wrong. Last try:\n"
	       "waiting The CA needs until tomorrow. | Sign in again then.\n",
	       answers, HOST_ANSWERS,
	       "info: To sign:\n"
	       "asked unechoed: PIN: \n"
	       "info: The PIN was wrong. Last try:\n"
	       "asked unechoed: PIN: \n"
	       "info: The CA needs until tomorrow.\nSign in again then.\n",
	       "PIN 111111\nPIN 123456\nend\n");
	assert_string_equal(host.log, "");
}

static void an_empty_pin_cancels(void **state)
{
	static const char *const answers[] = {"", NULL};

	(void)state;
	expect("terms 2000\npin? 4 Last try:\ndeclined:\nfailed 20 Cancelled.\n", answers,
	       HOST_ANSWERS, "info: Last try:\nasked unechoed: PIN: \nerror: Cancelled.\n",
	       "CANCEL\nend\n");
	assert_string_equal(host.log, "");
}

/* Renew is given enough of it to see that. */
static void a_pin_longer_than_any_stays_too_long(void **state)
{
	char longest[256], longer[400], received[300];
	const char *const fits[] = {longest, NULL}, *const exceeds[] = {longer, NULL};

	(void)state;
	memset(longest, '7', 255);
	memset(longer, '7', 399);
	longest[255] = longer[399] = '\0';
	snprintf(received, sizeof(received), "PIN %s\nend\n", longest);
	expect("terms 2000\npin? 0 To sign:\ndone Renewed.\n", fits, HOST_ANSWERS,
	       "info: To sign:\nasked unechoed: PIN: \ninfo: Renewed.\n", received);
	snprintf(received, sizeof(received), "PIN %s7\nend\n", longest);
	expect("terms 2000\npin? 0 To sign:\ndone Renewed.\n", exceeds, HOST_ANSWERS,
	       "info: To sign:\nasked unechoed: PIN: \ninfo: Renewed.\n", received);
	assert_string_equal(host.log, "");
}

static void a_reader_with_a_keypad_asks_for_the_pin_itself(void **state)
{
	(void)state;
	expect("terms 2000\npin? 8 Type the PIN at the reader.\ndone Renewed.\n", NULL,
	       HOST_ANSWERS, "info: Type the PIN at the reader.\ninfo: Renewed.\n", "PIN \nend\n");
}

static void a_card_is_chosen_by_its_number(void **state)
{
	static const struct {
		const char *answers[4], *received;
		int asked;
	} cases[] = {
	    {{"2", NULL}, "CHOICE 2\nend\n", 1},
	    {{" 1 ", NULL}, "CHOICE 1\nend\n", 1},
	    {{"3", "office", "1", NULL}, "CHOICE 1\nend\n", 3},
	    {{"0", "-1", "1x", NULL}, "CANCEL\nend\n", 3},
	    {{"99999999999999999999", "+2", "2 1", NULL}, "CANCEL\nend\n", 3},
	    {{"", NULL}, "CANCEL\nend\n", 1},
	    {{NULL}, "CANCEL\nend\n", 1},
	};
	char transcript[256];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		snprintf(transcript, sizeof(transcript), "info: Office or home?\n");
		for (int j = 0; j < cases[i].asked; j++)
			strcat(transcript, "asked: Which one? \n");
		expect("terms 2000\ntokens? 2 Office or home?\nchecked 0 2 0\n", cases[i].answers,
		       HOST_ANSWERS, transcript, cases[i].received);
		assert_string_equal(host.log, "");
	}
}

static void notices_and_failures_say_what_to_do_next(void **state)
{
	(void)state;
	expect("terms 2000\nnotice Expires in 20 days. | Renew it.\nfailed 41 No card. | Insert "
	       "it.\n",
	       NULL, HOST_ANSWERS,
	       "info: Expires in 20 days.\nRenew it.\nerror: No card.\nInsert it.\n", "end\n");
	assert_string_equal(host.log, "");
}

static void a_failure_without_words_is_not_shown(void **state)
{
	(void)state;
	expect("terms 2000\nfailed 7\n", NULL, HOST_ANSWERS, "", "end\n");
	assert_string_equal(host.log, "");
}

static void texts_that_cannot_be_shown_are_no_error(void **state)
{
	(void)state;
	expect("terms 2000\nnotice Expires in 20 days.\nchecked 1 2 0\n", NULL, HOST_DEAF,
	       "info: Expires in 20 days.\n", "end\n");
	assert_string_equal(host.log, "");
}

/* Each is one line in the log, no word to the person, and a login that goes on. */
static void garbage_and_crashes_cost_one_line_in_the_log(void **state)
{
	static const struct {
		const char *script, *log;
	} cases[] = {
	    {"", "certrenew-helper ended without a result"},
	    {"terms 2000\n", "certrenew-helper ended without a result"},
	    {"terms 2000\ncertificate\ncrash\n", "certrenew-helper ended without a result"},
	    {"terms 2000\nchecked 2 2 0\n" ASK, "certrenew-helper ended without a result"},
	    {"bytes 00 00 00 04 de ad be ef\nhold\n", "unknown message type 222"},
	    {"bytes 00 00 00 28 0d 14 00\n", "the peer closed within a message"},
	    {"bytes ff ff ff ff 0d\nhold\n", "a message of 4294967295 bytes"},
	    {"bytes 00 00 00 00\nhold\n", "a message of 0 bytes"},
	    {"terms 2000\nanswer\nhold\n", "message 40 from the helper, out of order"},
	    {"terms 2000\nterms 9000\nhold\n", "message 10 from the helper, out of order"},
	    {"notice Expires.\nhold\n", "message 13 from the helper, out of order"},
	    {ASK "hold\n", "message 15 from the helper, out of order"},
	    {"pin? 0 To sign:\nhold\n", "message 16 from the helper, out of order"},
	    {"terms 2000\nchecked 1 2 0\nchecked 1 2 0\nhold\n",
	     "message 12 from the helper, out of order"},
	    {"terms 2000\ndone Renewed.\npin? 0 To sign:\nhold\n", "message 16 behind the end"},
	    {"bytes 00 00 00 0e 0d 14 00 02 68 69 00 00 00 00 00 00 00 00\nhold\n",
	     "message 13: field 0 at byte 10 refused"},
	    /* What would act on the terminal: the sender would have replaced it. */
	    {"bytes 00 00 00 09 0d 14 00 05 68 1b 5b 32 4a\nhold\n",
	     "message 13: field 20 at byte 5 refused"},
	    {"bytes 00 00 00 07 0d 14 00 03 e2 80 ae\nhold\n",
	     "message 13: field 20 at byte 5 refused"},
	};
	static const char *const yes[] = {"yes", NULL};
	char log[256];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		host_script(cases[i].script);
		host.answers = yes;
		host_session("login");
		snprintf(log, sizeof(log), "warning: CR604 %s; the login goes on\n", cases[i].log);
		assert_string_equal(host.log, log);
		host_received();
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(yes_and_the_pin_twice_renew),
	    cmocka_unit_test(no_and_later_and_an_empty_line_ask_for_no_pin),
	    cmocka_unit_test(what_is_not_understood_is_asked_again_and_three_times_is_later),
	    cmocka_unit_test(a_question_that_the_host_cannot_show_is_answered_so),
	    cmocka_unit_test(a_host_without_a_conversation_is_asked_nothing),
	    cmocka_unit_test(a_wrong_pin_is_typed_again_only_by_the_person),
	    cmocka_unit_test(an_empty_pin_cancels),
	    cmocka_unit_test(a_pin_longer_than_any_stays_too_long),
	    cmocka_unit_test(a_reader_with_a_keypad_asks_for_the_pin_itself),
	    cmocka_unit_test(a_card_is_chosen_by_its_number),
	    cmocka_unit_test(notices_and_failures_say_what_to_do_next),
	    cmocka_unit_test(a_failure_without_words_is_not_shown),
	    cmocka_unit_test(texts_that_cannot_be_shown_are_no_error),
	    cmocka_unit_test(garbage_and_crashes_cost_one_line_in_the_log),
	};

	(void)argc;
	host_begin(argv);
	return host_end(cmocka_run_group_tests(tests, NULL, NULL));
}
