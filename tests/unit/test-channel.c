/* SPDX-License-Identifier: MIT */
/* Messages on their way over a socket: deadlines, peers that close, peers that cheat. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "tests/unit/channel_ends.h"

/* A machine under load may be late by this, but never early. */
enum { LATE_MS = 5000 };

static void they_close(void)
{
	close(theirs);
	theirs = -1;
}

static void they_write(const void *bytes, size_t length)
{
	assert_int_equal(send(theirs, bytes, length, MSG_NOSIGNAL), length);
}

/* A peer in a process of its own, for what happens while we wait. */
static pid_t they_write_slowly(const struct frame *what, useconds_t pause)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0) {
		they_close();
		return pid;
	}
	close(ours);
	for (size_t i = 0; i < what->length; i++) {
		usleep(pause);
		if (send(theirs, what->bytes + i, 1, MSG_NOSIGNAL) != 1)
			_exit(0);
	}
	usleep(LATE_MS * 1000);
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void assert_not_received(int timeout_ms, enum failure_code code)
{
	struct message *const untouched = (struct message *)&frame;
	struct message *message = untouched;
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(message_receive(ours, timeout_ms, &message, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	assert_string_not_equal(failure.detail, "");
	assert_ptr_equal(message, untouched);
}

static struct message *received(int timeout_ms)
{
	struct message *message = NULL;

	assert_int_equal(message_receive(ours, timeout_ms, &message, NULL), 0);
	assert_non_null(message);
	return message;
}

static void assert_took(int64_t begun, int64_t at_least)
{
	assert_in_range(clock_now() - begun, at_least, at_least + LATE_MS);
}

static void messages_arrive_in_order_and_one_at_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		frame_fill(&frame, &wire_types[i], false, 0);
		they_write(frame.bytes, frame.length);
	}
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		struct message *message = received(0);

		assert_int_equal(message_type(message), wire_types[i].type);
		message_free(message);
	}
	assert_not_received(0, FAILURE_TIMEOUT);
}

static void what_is_sent_is_received(void **state)
{
	struct message *message = message_new(MESSAGE_PIN);
	size_t length = 0;

	(void)state;
	message_put_secret(message, "123456", 6);
	assert_int_equal(message_send(theirs, message), 0);
	message = received(1000);
	assert_memory_equal(message_secret(message, &length), "123456", 6);
	assert_int_equal(length, 6);
	message_free(message);
}

static void the_largest_message_passes_a_small_buffer(void **state)
{
	static const unsigned fields[] = {FIELD_USER, FIELD_SERVICE, FIELD_LANGUAGE, FIELD_TOKEN};
	const int small = 1;
	char text[MESSAGE_TEXT_MAX];
	struct message *message;
	pid_t pid;

	(void)state;
	assert_int_equal(setsockopt(theirs, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 40] = '\0';
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		message = message_new(MESSAGE_REQUEST);
		message_put_number(message, FIELD_ACTION, REQUEST_LOGIN);
		for (size_t i = 0; i < COUNT_OF(fields); i++)
			message_put_text(message, fields[i], text);
		_exit(message_send(theirs, message) == 0 ? 0 : 1);
	}
	message = received(LATE_MS);
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		assert_string_equal(message_text(message, fields[i]), text);
	message_free(message);
	end(pid);
}

static void silence_ends_with_the_deadline(void **state)
{
	int64_t begun = clock_now();

	(void)state;
	assert_not_received(100, FAILURE_TIMEOUT);
	assert_took(begun, 100);
	begun = clock_now();
	assert_not_received(0, FAILURE_TIMEOUT);
	assert_took(begun, 0);
}

static void the_deadline_is_for_the_whole_message(void **state)
{
	int64_t begun = clock_now();
	pid_t pid;

	(void)state;
	frame_fill(&frame, wire_type(MESSAGE_CERTIFICATE), false, 0);
	pid = they_write_slowly(&frame, 20000);
	assert_not_received(300, FAILURE_TIMEOUT);
	assert_took(begun, 300);
	end(pid);
}

static void a_message_that_drips_in_time_is_received(void **state)
{
	struct message *message;
	pid_t pid;

	(void)state;
	frame_fill(&frame, wire_type(MESSAGE_CHOICE), false, 0);
	pid = they_write_slowly(&frame, 2000);
	message = received(LATE_MS);
	assert_int_equal(message_type(message), MESSAGE_CHOICE);
	message_free(message);
	end(pid);
}

static void without_a_deadline_the_wait_is_for_ever(void **state)
{
	pid_t pid;

	(void)state;
	frame_fill(&frame, wire_type(MESSAGE_YES), false, 0);
	pid = they_write_slowly(&frame, 50000);
	message_free(received(-1));
	end(pid);
}

static void ignore(int number)
{
	(void)number;
}

static void signals_neither_end_nor_lengthen_a_wait(void **state)
{
	const struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = ignore}, before;
	int64_t begun = clock_now();

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_not_received(200, FAILURE_TIMEOUT);
	assert_took(begun, 200);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
}

static void a_peer_that_closes_between_two_messages_is_gone(void **state)
{
	(void)state;
	frame_fill(&frame, wire_type(MESSAGE_NO), false, 0);
	they_write(frame.bytes, frame.length);
	they_close();
	message_free(received(1000));
	assert_not_received(1000, FAILURE_CANCELLED);
	assert_not_received(-1, FAILURE_CANCELLED);
}

static void a_peer_that_closes_within_a_message_breaks_the_rules(void **state)
{
	(void)state;
	frame_fill(&frame, wire_type(MESSAGE_CHOICE), false, 0);
	for (size_t length = 1; length < frame.length; length++) {
		close_channel(NULL);
		open_channel(NULL);
		they_write(frame.bytes, length);
		they_close();
		assert_not_received(1000, FAILURE_PROTOCOL);
	}
}

static void lengths_that_no_message_has_are_refused_at_once(void **state)
{
	static const unsigned char lengths[][4] = {
	    {0, 0, 0, 0},
	    {0, 0, 0x40, 1}, /* MESSAGE_MAX and one more */
	    {0x7F, 0xFF, 0xFF, 0xFF},
	    {0xFF, 0xFF, 0xFF, 0xFF},
	};
	int64_t begun = clock_now();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		they_write(lengths[i], 4);
		assert_not_received(-1, FAILURE_PROTOCOL);
	}
	assert_took(begun, 0);
}

static void a_message_that_is_none_is_refused(void **state)
{
	(void)state;
	frame_begin(&frame, 0xFF);
	they_write(frame.bytes, frame.length);
	assert_not_received(1000, FAILURE_PROTOCOL);
	/* The stream is still in step behind it. */
	frame_fill(&frame, wire_type(MESSAGE_LATER), false, 0);
	they_write(frame.bytes, frame.length);
	message_free(received(1000));
}

static void a_closed_peer_raises_no_sigpipe(void **state)
{
	struct sigaction action = {.sa_handler = SIG_DFL}, before;

	(void)state;
	assert_int_equal(sigaction(SIGPIPE, &action, &before), 0);
	they_close();
	assert_int_equal(message_send(ours, message_new(MESSAGE_YES)), -FAILURE_SYSTEM);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
}

static void what_was_wrong_in_building_is_told_by_send(void **state)
{
	struct message *message = message_new(MESSAGE_NOTICE);

	(void)state;
	message_put_text(message, FIELD_SENTENCE, "text");
	message_put_number(message, FIELD_ROLE, ROLE_SIGNATURE);
	assert_int_equal(message_send(theirs, message), -FAILURE_PROTOCOL);
	assert_int_equal(message_send(theirs, message_new(MESSAGE_NOTICE)), -FAILURE_PROTOCOL);
	assert_not_received(0, FAILURE_TIMEOUT);
}

/* Somebody who has stopped, or means harm: our side is not held up for ever. */
static void a_peer_that_never_reads_is_given_up(void **state)
{
	struct message *message;
	int result = 0, sent = 0;

	(void)state;
	while (result == 0) {
		message = message_new(MESSAGE_PIN);
		message_put_secret(message, "123456", 6);
		result = message_send_within(ours, 20, message);
		sent += result == 0;
	}
	assert_int_equal(result, -FAILURE_SYSTEM);
	/* What fitted is there, whole, and the last one is cut off at most. */
	for (; sent > 0; sent--) {
		message = NULL;
		assert_int_equal(message_receive(theirs, 0, &message, NULL), 0);
		assert_int_equal(message_type(message), MESSAGE_PIN);
		message_free(message);
	}
	message = NULL;
	assert_int_equal(message_receive(theirs, 0, &message, NULL), -FAILURE_TIMEOUT);
}

static void a_descriptor_that_is_no_channel_is_an_error(void **state)
{
	(void)state;
	close(ours);
	ours = -1;
	assert_not_received(100, FAILURE_SYSTEM);
	assert_int_equal(message_send(-1, message_new(MESSAGE_YES)), -FAILURE_SYSTEM);
}

#define ON_A_CHANNEL(test) cmocka_unit_test_setup_teardown(test, open_channel, close_channel)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_A_CHANNEL(messages_arrive_in_order_and_one_at_a_time),
	    ON_A_CHANNEL(what_is_sent_is_received),
	    ON_A_CHANNEL(the_largest_message_passes_a_small_buffer),
	    ON_A_CHANNEL(silence_ends_with_the_deadline),
	    ON_A_CHANNEL(the_deadline_is_for_the_whole_message),
	    ON_A_CHANNEL(a_message_that_drips_in_time_is_received),
	    ON_A_CHANNEL(without_a_deadline_the_wait_is_for_ever),
	    ON_A_CHANNEL(signals_neither_end_nor_lengthen_a_wait),
	    ON_A_CHANNEL(a_peer_that_closes_between_two_messages_is_gone),
	    ON_A_CHANNEL(a_peer_that_closes_within_a_message_breaks_the_rules),
	    ON_A_CHANNEL(lengths_that_no_message_has_are_refused_at_once),
	    ON_A_CHANNEL(a_message_that_is_none_is_refused),
	    ON_A_CHANNEL(a_closed_peer_raises_no_sigpipe),
	    ON_A_CHANNEL(what_was_wrong_in_building_is_told_by_send),
	    ON_A_CHANNEL(a_peer_that_never_reads_is_given_up),
	    ON_A_CHANNEL(a_descriptor_that_is_no_channel_is_an_error),
	};

	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
