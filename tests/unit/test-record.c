/* SPDX-License-Identifier: MIT */
/* What was found for a person, and what nobody was there to hear. */
#include <time.h>

#include "helper/record/found.h"
#include "helper/record/untold.h"
#include "tests/unit/folder.h"

#define NOW INT64_C(1763791200)

enum { ALICE = 5001, BOB = 5002 };

static struct failure failure;

/* --- what is found ------------------------------------------------------------------------ */

static struct message *certificate(const char *serial)
{
	struct message *message = message_new(MESSAGE_CERTIFICATE);

	message_put_number(message, FIELD_ROLE, ROLE_SIGNATURE);
	message_put_number(message, FIELD_STATE, 3);
	message_put_number(message, FIELD_DAYS, 20);
	message_put_number(message, FIELD_NOT_BEFORE, NOW - 100);
	message_put_number(message, FIELD_NOT_AFTER, NOW + 100);
	message_put_text(message, FIELD_ISSUER, "CN=陳美玲 CA");
	message_put_text(message, FIELD_SERIAL, serial);
	return message;
}

static struct message *done(int64_t renewed)
{
	struct message *message = message_new(MESSAGE_DONE);

	message_put_text(message, FIELD_SENTENCE, "It is done.");
	message_put_number(message, FIELD_COUNT, renewed);
	message_put_number(message, FIELD_OF, 2);
	return message;
}

static void what_was_found_is_read_again(void **state)
{
	struct frames frames = {.count = 0}, got = {.count = 0};
	int64_t written = 0;

	(void)state;
	assert_int_equal(found_read(folder, ALICE, &got, &written, &failure), 0);
	assert_int_equal(frames_add(&frames, certificate("01"), &failure), 0);
	assert_int_equal(frames_add(&frames, certificate("02"), &failure), 0);
	assert_int_equal(found_write(folder, ALICE, &frames, &failure), 0);
	assert_int_equal(found_read(folder, ALICE, &got, &written, &failure), 1);
	assert_int_equal(got.count, 2);
	assert_string_equal(message_text(got.items[1], FIELD_SERIAL), "02");
	assert_string_equal(message_text(got.items[1], FIELD_ISSUER), "CN=陳美玲 CA");
	assert_true(found_is_fresh(written, time(NULL)));
	frames_free(&got);
	assert_int_equal(found_read(folder, BOB, &got, &written, &failure), 0);
	assert_int_equal(found_forget(folder, ALICE, &failure), 0);
	assert_int_equal(found_forget(folder, ALICE, &failure), 0);
	assert_int_equal(found_read(folder, ALICE, &got, &written, &failure), 0);
	frames_free(&frames);
}

static void what_was_found_is_fresh_for_two_minutes(void **state)
{
	(void)state;
	assert_true(found_is_fresh(NOW, NOW));
	assert_true(found_is_fresh(NOW, NOW + FOUND_FRESH_SECONDS));
	assert_false(found_is_fresh(NOW, NOW + FOUND_FRESH_SECONDS + 1));
	assert_true(found_is_fresh(NOW + 1, NOW));
	assert_false(found_is_fresh(NOW + 2, NOW));
}

static void a_record_that_is_none_is_refused_as_a_whole(void **state)
{
	struct frames frames = {.count = 0}, got = {.count = 0};
	int64_t written = 7;
	size_t length;
	char *bytes;

	(void)state;
	assert_int_equal(frames_add(&frames, certificate("01"), &failure), 0);
	assert_int_equal(found_write(folder, ALICE, &frames, &failure), 0);
	bytes = folder_read(folder_path("5001"), &length);
	for (size_t cut = 1; cut < length; cut++) {
		folder_write(folder_path("5001"), bytes, cut);
		assert_int_equal(found_read(folder, ALICE, &got, &written, &failure),
				 -FAILURE_PROTOCOL);
		assert_int_equal(got.count, 0);
	}
	free(bytes);
	assert_int_equal(frames_add(&frames, done(1), &failure), 0);
	assert_int_equal(found_write(folder, ALICE, &frames, &failure), 0);
	assert_int_equal(found_read(folder, ALICE, &got, &written, &failure), -FAILURE_PROTOCOL);
	frames_free(&frames);
}

static void more_messages_than_there_is_room_for_are_an_error(void **state)
{
	struct frames frames = {.count = 0};

	(void)state;
	for (int i = 0; i < FRAMES_MAX; i++)
		assert_int_equal(frames_add(&frames, certificate("01"), &failure), 0);
	assert_int_equal(frames_add(&frames, certificate("01"), &failure), -FAILURE_SYSTEM);
	assert_int_equal(frames_add(&frames, NULL, &failure), -FAILURE_SYSTEM);
	assert_int_equal(frames.count, FRAMES_MAX);
	frames_free(&frames);
}

/* --- what nobody heard -------------------------------------------------------------------- */

static void add_untold(int64_t renewed)
{
	struct frames frames = {.count = 0};

	assert_int_equal(frames_add(&frames, done(renewed), &failure), 0);
	assert_int_equal(untold_add(folder, ALICE, &frames, &failure), 0);
	frames_free(&frames);
}

static int64_t untold_number(const struct untold *untold, size_t index)
{
	return message_number(untold->outcomes.items[index], FIELD_COUNT);
}

static void what_nobody_heard_is_kept_until_it_was_told(void **state)
{
	struct untold untold = {.outcomes.count = 0};

	(void)state;
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 0);
	add_untold(1);
	add_untold(2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 1);
		assert_int_equal(untold.outcomes.count, 2);
		assert_int_equal(untold_number(&untold, 0), 1);
		assert_int_equal(untold_number(&untold, 1), 2);
		if (i == 0)
			untold_free(&untold);
	}
	assert_int_equal(untold_forget(folder, ALICE, &untold, &failure), 0);
	assert_int_equal(folder_count(folder, NULL, 0), 0);
	assert_int_equal(untold_forget(folder, ALICE, &untold, &failure), 0);
	untold_free(&untold);
}

static void what_is_added_while_it_is_told_is_not_lost(void **state)
{
	struct untold told = {.outcomes.count = 0}, left = {.outcomes.count = 0};

	(void)state;
	add_untold(1);
	assert_int_equal(untold_read(folder, ALICE, &told, &failure), 1);
	add_untold(2);
	assert_int_equal(untold_forget(folder, ALICE, &told, &failure), 0);
	assert_int_equal(untold_read(folder, ALICE, &left, &failure), 1);
	assert_int_equal(left.outcomes.count, 1);
	assert_int_equal(untold_number(&left, 0), 2);
	/* Told by two at once: the second forgets nothing that it has not told. */
	assert_int_equal(untold_forget(folder, ALICE, &told, &failure), 0);
	untold_free(&left);
	assert_int_equal(untold_read(folder, ALICE, &left, &failure), 1);
	untold_free(&left);
	untold_free(&told);
}

static void of_too_many_outcomes_the_oldest_are_forgotten(void **state)
{
	struct untold untold = {.outcomes.count = 0};

	(void)state;
	for (int i = 0; i < UNTOLD_MAX + 2; i++)
		add_untold(i);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 1);
	assert_int_equal(untold.outcomes.count, UNTOLD_MAX);
	assert_int_equal(untold_number(&untold, 0), 2);
	untold_free(&untold);
}

static void a_damaged_outcome_is_told_of_once_and_gone(void **state)
{
	struct frames frames = {.count = 0};
	struct untold untold = {.outcomes.count = 0};

	(void)state;
	folder_write(folder_path("5001"), "garbage", 7);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), -FAILURE_PROTOCOL);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 0);
	assert_int_equal(frames_add(&frames, certificate("01"), &failure), 0);
	assert_int_equal(found_write(folder, ALICE, &frames, &failure), 0);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), -FAILURE_PROTOCOL);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 0);
	folder_write(folder_path("5001"), "garbage", 7);
	add_untold(1);
	assert_int_equal(untold_read(folder, ALICE, &untold, &failure), 1);
	assert_int_equal(untold.outcomes.count, 1);
	untold_free(&untold);
	frames_free(&frames);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FOLDER(what_was_found_is_read_again),
	    IN_A_FOLDER(what_was_found_is_fresh_for_two_minutes),
	    IN_A_FOLDER(a_record_that_is_none_is_refused_as_a_whole),
	    IN_A_FOLDER(more_messages_than_there_is_room_for_are_an_error),
	    IN_A_FOLDER(what_nobody_heard_is_kept_until_it_was_told),
	    IN_A_FOLDER(what_is_added_while_it_is_told_is_not_lost),
	    IN_A_FOLDER(of_too_many_outcomes_the_oldest_are_forgotten),
	    IN_A_FOLDER(a_damaged_outcome_is_told_of_once_and_gone),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
