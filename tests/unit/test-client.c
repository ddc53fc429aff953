/* SPDX-License-Identifier: MIT */
/* A front end's side: what the helper may say, and when. */
#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/client.h"
#include "tests/unit/channel_ends.h"

static const struct wire_type *wire_of(enum message_type type)
{
	const struct wire_type *found = wire_type(type);

	assert_non_null(found);
	return found;
}

static void they_say(enum message_type type)
{
	frame_fill(&frame, wire_of(type), false, 0);
	assert_int_equal(send(theirs, frame.bytes, frame.length, MSG_NOSIGNAL), frame.length);
}

static void assert_heard(struct client_heard *heard, enum message_type type)
{
	struct message *message = NULL;

	they_say(type);
	assert_int_equal(client_receive(ours, heard, &message, NULL), 0);
	assert_int_equal(message_type(message), type);
	message_free(message);
}

static void assert_refused(struct client_heard *heard, enum message_type type)
{
	struct message *message = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	const struct client_heard before = *heard;

	they_say(type);
	assert_int_equal(client_receive(ours, heard, &message, &failure), -FAILURE_PROTOCOL);
	assert_int_equal(failure.code, FAILURE_PROTOCOL);
	assert_non_null(strstr(failure.detail, "out of order"));
	assert_null(message);
	assert_memory_equal(heard, &before, sizeof(before));
}

static bool is_the_helpers(enum message_type type)
{
	return (type >= MESSAGE_TERMS && type <= MESSAGE_DONE) || type == MESSAGE_UNFINISHED;
}

static void the_helper_begins_with_its_terms_or_a_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		enum message_type type = (enum message_type)wire_types[i].type;
		struct client_heard heard = {.anything = false};

		if (type == MESSAGE_TERMS || type == MESSAGE_FAILED)
			assert_heard(&heard, type);
		else
			assert_refused(&heard, type);
	}
}

static void what_a_front_end_sends_is_not_the_helpers(void **state)
{
	struct client_heard heard = {.anything = false};

	(void)state;
	assert_heard(&heard, MESSAGE_TERMS);
	for (size_t i = 0; i < COUNT_OF(wire_types); i++)
		if (!is_the_helpers((enum message_type)wire_types[i].type))
			assert_refused(&heard, (enum message_type)wire_types[i].type);
}

static void terms_come_once(void **state)
{
	struct client_heard heard = {.anything = false};

	(void)state;
	assert_heard(&heard, MESSAGE_TERMS);
	assert_refused(&heard, MESSAGE_TERMS);
	assert_heard(&heard, MESSAGE_CHECKED);
	assert_refused(&heard, MESSAGE_TERMS);
}

static void what_was_found_is_said_once(void **state)
{
	struct client_heard heard = {.anything = false}, due = {.asks_due = true};

	(void)state;
	assert_heard(&heard, MESSAGE_TERMS);
	assert_heard(&heard, MESSAGE_CHECKED);
	assert_refused(&heard, MESSAGE_CHECKED);
	assert_heard(&due, MESSAGE_TERMS);
	assert_heard(&due, MESSAGE_CHECKED);
	assert_refused(&due, MESSAGE_CHECKED);
}

static void say_terms(int64_t timeout_ms)
{
	struct message *terms = message_new(MESSAGE_TERMS);

	message_put_number(terms, FIELD_TIMEOUT, timeout_ms);
	assert_int_equal(message_send(theirs, terms), 0);
}

static void assert_not_in_time(struct client_heard *heard)
{
	struct message *message = NULL;
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(client_receive(ours, heard, &message, &failure), -FAILURE_TIMEOUT);
	assert_int_equal(failure.code, FAILURE_TIMEOUT);
	assert_null(message);
}

/* Until the first question, as nobody can be typing. */
static void behind_the_terms_silence_has_an_end(void **state)
{
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;

	(void)state;
	say_terms(-1);
	assert_int_equal(client_receive(ours, &heard, &message, NULL), 0);
	message_free(message);
	assert_int_equal(heard.silence_ms, CLIENT_GRACE_MS);
	heard.silence_ms = 50;
	assert_not_in_time(&heard);
	assert_heard(&heard, MESSAGE_NOTICE);
	assert_not_in_time(&heard);
}

static void however_long_the_terms_are(void **state)
{
	struct client_heard heard = {.anything = false};
	struct message *message = NULL;

	(void)state;
	say_terms(INT64_MAX);
	assert_int_equal(client_receive(ours, &heard, &message, NULL), 0);
	message_free(message);
	assert_int_equal(heard.silence_ms, CLIENT_GRACE_MS + 24 * 60 * 60 * 1000);
}

static void half_a_message_has_an_end_at_any_time(void **state)
{
	struct client_heard heard = {.anything = false};

	(void)state;
	assert_heard(&heard, MESSAGE_TERMS);
	assert_heard(&heard, MESSAGE_ASK_RENEW);
	frame_fill(&frame, wire_of(MESSAGE_STEP), false, 0);
	assert_int_equal(send(theirs, frame.bytes, frame.length - 1, MSG_NOSIGNAL),
			 frame.length - 1);
	assert_not_in_time(&heard);
}

static void a_whole_renewal_is_heard(void **state)
{
	static const enum message_type story[] = {
	    MESSAGE_TERMS,     MESSAGE_CERTIFICATE, MESSAGE_CHECKED, MESSAGE_NOTICE,
	    MESSAGE_ASK_TOKEN, MESSAGE_ASK_RENEW,   MESSAGE_ASK_PIN, MESSAGE_ASK_PIN,
	    MESSAGE_STEP,      MESSAGE_RENEWED,	    MESSAGE_WAITING, MESSAGE_FAILED,
	    MESSAGE_DONE,
	};
	struct client_heard heard = {.anything = false};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(story); i++)
		assert_heard(&heard, story[i]);
}

/* Whoever speaks behind the end is not asked for a PIN any more, nor shown as a success. */
static void behind_the_end_there_is_nothing_but_a_failure(void **state)
{
	struct client_heard heard = {.anything = false};

	(void)state;
	assert_heard(&heard, MESSAGE_TERMS);
	assert_heard(&heard, MESSAGE_DONE);
	for (size_t i = 0; i < COUNT_OF(wire_types); i++)
		if (wire_types[i].type != MESSAGE_FAILED)
			assert_refused(&heard, (enum message_type)wire_types[i].type);
	assert_heard(&heard, MESSAGE_FAILED);
	assert_refused(&heard, MESSAGE_DONE);
}

/* Who asks what is due is told first how earlier renewals ended; there is nothing to be asked. */
static void earlier_ends_come_before_what_is_due(void **state)
{
	static const enum message_type story[] = {
	    MESSAGE_TERMS, MESSAGE_RENEWED,	MESSAGE_DONE,	 MESSAGE_WAITING,
	    MESSAGE_DONE,  MESSAGE_CERTIFICATE, MESSAGE_CHECKED,
	};
	struct client_heard heard = {.asks_due = true};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(story); i++) {
		assert_heard(&heard, story[i]);
		assert_refused(&heard, MESSAGE_TERMS);
		assert_refused(&heard, MESSAGE_ASK_PIN);
		assert_refused(&heard, MESSAGE_ASK_RENEW);
		assert_refused(&heard, MESSAGE_ASK_TOKEN);
		assert_refused(&heard, MESSAGE_STEP);
	}
}

#define ON_A_CHANNEL(test) cmocka_unit_test_setup_teardown(test, open_channel, close_channel)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_A_CHANNEL(the_helper_begins_with_its_terms_or_a_failure),
	    ON_A_CHANNEL(what_a_front_end_sends_is_not_the_helpers),
	    ON_A_CHANNEL(terms_come_once),
	    ON_A_CHANNEL(what_was_found_is_said_once),
	    ON_A_CHANNEL(behind_the_terms_silence_has_an_end),
	    ON_A_CHANNEL(however_long_the_terms_are),
	    ON_A_CHANNEL(half_a_message_has_an_end_at_any_time),
	    ON_A_CHANNEL(a_whole_renewal_is_heard),
	    ON_A_CHANNEL(earlier_ends_come_before_what_is_due),
	    ON_A_CHANNEL(behind_the_end_there_is_nothing_but_a_failure),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
