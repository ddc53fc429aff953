/* SPDX-License-Identifier: MIT */
/* What is kept for a person: put off, found, untold; and what stands there instead of it. */
#include <time.h>

#include "helper/record/found.h"
#include "helper/record/later.h"
#include "helper/record/person.h"
#include "helper/record/untold.h"
#include "tests/unit/folder.h"

#define NOW INT64_C(1763791200)

enum { ALICE = 5001, BOB = 5002 };

static struct failure failure;

static struct later word(const char *serial, int64_t when, int64_t not_after)
{
	struct later later = {.when = when, .not_after = not_after};

	certificate_key("CN=Office CA", serial, later.key);
	return later;
}

static int add(unsigned uid, const struct later *later)
{
	struct later_list list = {.items = {*later}, .count = 1};

	return later_add(folder, uid, &list, NOW, &failure);
}

static int64_t when(unsigned uid, const char *serial)
{
	char key[CERTIFICATE_KEY_MAX];
	struct later_list list;

	assert_int_equal(later_read(folder, uid, &list, &failure), 0);
	return later_when(&list, certificate_key("CN=Office CA", serial, key), NOW);
}

/* --- what is put off ---------------------------------------------------------------------- */

static void what_is_put_off_is_remembered_for_this_person(void **state)
{
	struct later first = word("01", NOW - 10, NOW + 100), second = word("02", NOW, NOW + 100);
	struct stat status;

	(void)state;
	assert_int_equal(when(ALICE, "01"), 0);
	assert_int_equal(add(ALICE, &first), 0);
	assert_int_equal(add(ALICE, &second), 0);
	assert_int_equal(when(ALICE, "01"), NOW - 10);
	assert_int_equal(when(ALICE, "02"), NOW);
	assert_int_equal(when(ALICE, "03"), 0);
	assert_int_equal(when(BOB, "01"), 0);
	assert_int_equal(stat(folder_path("5001"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(folder_count(folder, NULL, 0), 1);
}

static void the_last_word_counts(void **state)
{
	struct later first = word("01", NOW - 10, NOW + 100), second = word("01", NOW, NOW + 100);
	struct later_list list;

	(void)state;
	assert_int_equal(add(ALICE, &first), 0);
	assert_int_equal(add(ALICE, &second), 0);
	assert_int_equal(when(ALICE, "01"), NOW);
	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	assert_int_equal(list.count, 1);
}

static void what_has_expired_is_forgotten(void **state)
{
	struct later expired = word("01", NOW - 10, NOW - 1), last = word("02", NOW, NOW);

	(void)state;
	assert_int_equal(add(ALICE, &expired), 0);
	assert_int_equal(folder_count(folder, NULL, 0), 0);
	assert_int_equal(add(ALICE, &last), 0);
	assert_int_equal(when(ALICE, "02"), NOW);
}

static void a_word_from_the_future_does_not_count(void **state)
{
	struct later later = word("01", NOW + 1, NOW + 100);

	(void)state;
	assert_int_equal(add(ALICE, &later), 0);
	assert_int_equal(when(ALICE, "01"), 0);
}

static void of_too_many_the_oldest_are_forgotten(void **state)
{
	struct later_list list;
	struct later later;
	char serial[16];

	(void)state;
	for (int i = 0; i < LATER_MAX + 3; i++) {
		snprintf(serial, sizeof(serial), "%02X", i);
		later = word(serial, NOW - 1000 + i, NOW + 100);
		assert_int_equal(add(ALICE, &later), 0);
	}
	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	assert_int_equal(list.count, LATER_MAX);
	assert_int_equal(when(ALICE, "02"), 0);
	assert_int_equal(when(ALICE, "03"), NOW - 997);
	assert_int_equal(when(ALICE, "42"), NOW - 1000 + 0x42);
}

/* --- damage ------------------------------------------------------------------------------- */

static void a_damaged_line_is_counted_and_hides_no_other(void **state)
{
	static const char *const damages[] = {
	    "\n",
	    "nonsense\n",
	    "0123456789abcdef0123456789abcdef\n",
	    "0123456789abcdef0123456789abcdef 12\n",
	    "0123456789abcdef0123456789abcdef 12 \n",
	    "0123456789abcdef0123456789abcdef 12 13 14\n",
	    "0123456789abcdef0123456789abcdef -1 13\n",
	    "0123456789abcdef0123456789abcdef 9999999999999999999 13\n",
	    "0123456789ABCDEF0123456789ABCDEF 12 13\n",
	    "0123456789abcdef 12 13\n",
	    "0123456789abcdef0123456789abcdef0 12 13\n",
	};
	struct later later = word("01", NOW - 5, NOW + 100);
	struct later_list list;
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		snprintf(text, sizeof(text), "%s%s %lld %lld\n", damages[i], later.key,
			 (long long)later.when, (long long)later.not_after);
		folder_write(folder_path("5001"), text, strlen(text));
		assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
		assert_int_equal(list.damaged, 1);
		assert_int_equal(list.count, 1);
		assert_int_equal(when(ALICE, "01"), NOW - 5);
	}
}

static void a_file_that_breaks_off_or_holds_bytes_is_damaged(void **state)
{
	static const char bytes[] = "0123456789abcdef0123456789abcdef 12 13";
	struct later_list list;

	(void)state;
	folder_write(folder_path("5001"), bytes, strlen(bytes));
	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	assert_int_equal(list.damaged, 1);
	assert_int_equal(list.count, 0);
	folder_write(folder_path("5001"), "\xFF\x00\n\x01", 4);
	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	assert_int_equal(list.damaged, 1);
	assert_int_equal(list.count, 0);
}

static void put_link(void)
{
	folder_write(folder_path("target"), "x\n", 2);
	assert_int_equal(symlink(folder_path("target"), folder_path("5001")), 0);
}

static void put_foreign(void)
{
	folder_write(folder_path("5001"), "x\n", 2);
	if (chown(folder_path("5001"), 5001, 5001) < 0)
		skip(); /* only root can give a file away */
}

static void put_open(void)
{
	folder_write(folder_path("5001"), "x\n", 2);
	assert_int_equal(chmod(folder_path("5001"), 0622), 0);
}

static void put_pipe(void)
{
	assert_int_equal(mkfifo(folder_path("5001"), 0600), 0);
}

static void put_large(void)
{
	folder_write(folder_path("5001"), "x\n", 2);
	assert_int_equal(truncate(folder_path("5001"), (1 << 20) + 1), 0);
}

/* It is not believed, and what is written takes its place; the link's target is left alone. */
static void what_is_not_ours_is_not_read_and_is_replaced(void **state)
{
	static void (*const puts[])(void) = {put_link, put_foreign, put_open, put_pipe, put_large};
	struct later later = word("01", NOW - 5, NOW + 100);
	struct later_list list = {.count = 7};
	struct stat status;
	size_t length;
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(puts); i++) {
		unlink(folder_path("5001"));
		puts[i]();
		assert_int_equal(later_read(folder, ALICE, &list, &failure), -FAILURE_SYSTEM);
		assert_non_null(strstr(failure.detail, "/5001"));
		assert_int_equal(list.count, 7);
		assert_int_equal(add(ALICE, &later), 0);
		assert_int_equal(when(ALICE, "01"), NOW - 5);
		assert_int_equal(lstat(folder_path("5001"), &status), 0);
		assert_true(S_ISREG(status.st_mode));
		assert_int_equal(status.st_uid, geteuid());
	}
	text = folder_read(folder_path("target"), &length);
	assert_string_equal(text, "x\n");
	free(text);
}

static void a_folder_that_others_may_use_is_not_used(void **state)
{
	struct later later = word("01", NOW, NOW + 100);
	struct later_list list;

	(void)state;
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(later_read(folder, ALICE, &list, &failure), -FAILURE_SYSTEM);
	assert_non_null(strstr(failure.detail, "must be a folder of user"));
	assert_int_equal(add(ALICE, &later), -FAILURE_SYSTEM);
	assert_int_equal(later_read("/nowhere", ALICE, &list, &failure), -FAILURE_SYSTEM);
}

/* A run that was ended in the middle left its half; the next one does not stumble over it. */
static void half_a_file_of_another_run_is_no_obstacle(void **state)
{
	struct later later = word("01", NOW, NOW + 100);

	(void)state;
	folder_write(folder_path("5001.new"), "half", 4);
	assert_int_equal(add(ALICE, &later), 0);
	assert_int_equal(when(ALICE, "01"), NOW);
	assert_int_equal(folder_count(folder, NULL, 0), 1);
}

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
	assert_false(found_is_fresh(NOW + 1, NOW));
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

/* --- keys --------------------------------------------------------------------------------- */

static void a_key_is_of_issuer_and_serial_number(void **state)
{
	char key[CERTIFICATE_KEY_MAX], other[CERTIFICATE_KEY_MAX];

	(void)state;
	certificate_key("CN=Office CA", "01", key);
	assert_int_equal(strlen(key), 32);
	assert_int_equal(strspn(key, "0123456789abcdef"), 32);
	assert_string_equal(certificate_key("CN=Office CA", "01", other), key);
	assert_string_not_equal(certificate_key("CN=Office CA", "02", other), key);
	assert_string_not_equal(certificate_key("CN=Other CA", "01", other), key);
	assert_string_not_equal(certificate_key("CN=Office CA0", "1", other), key);
	/* The same before and after it has travelled in a message. */
	certificate_key("CN=Off\xFFice\x01", "01", key);
	assert_string_equal(certificate_key("CN=Off\uFFFDice\uFFFD", "01", other), key);
}

static void a_share_is_stable_and_differs(void **state)
{
	size_t low = 0;

	(void)state;
	assert_true(certificate_share("ab", ALICE) == certificate_share("ab", ALICE));
	assert_true(certificate_share("ab", ALICE) != certificate_share("ab", BOB));
	assert_true(certificate_share("ab", ALICE) != certificate_share("ac", ALICE));
	for (unsigned uid = 0; uid < 1000; uid++)
		low += certificate_share("ab", uid) % 100 < 50;
	assert_in_range(low, 400, 600);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FOLDER(what_is_put_off_is_remembered_for_this_person),
	    IN_A_FOLDER(the_last_word_counts),
	    IN_A_FOLDER(what_has_expired_is_forgotten),
	    IN_A_FOLDER(a_word_from_the_future_does_not_count),
	    IN_A_FOLDER(of_too_many_the_oldest_are_forgotten),
	    IN_A_FOLDER(a_damaged_line_is_counted_and_hides_no_other),
	    IN_A_FOLDER(a_file_that_breaks_off_or_holds_bytes_is_damaged),
	    IN_A_FOLDER(what_is_not_ours_is_not_read_and_is_replaced),
	    IN_A_FOLDER(a_folder_that_others_may_use_is_not_used),
	    IN_A_FOLDER(half_a_file_of_another_run_is_no_obstacle),
	    IN_A_FOLDER(what_was_found_is_read_again),
	    IN_A_FOLDER(what_was_found_is_fresh_for_two_minutes),
	    IN_A_FOLDER(a_record_that_is_none_is_refused_as_a_whole),
	    IN_A_FOLDER(more_messages_than_there_is_room_for_are_an_error),
	    IN_A_FOLDER(what_nobody_heard_is_kept_until_it_was_told),
	    IN_A_FOLDER(what_is_added_while_it_is_told_is_not_lost),
	    IN_A_FOLDER(of_too_many_outcomes_the_oldest_are_forgotten),
	    IN_A_FOLDER(a_damaged_outcome_is_told_of_once_and_gone),
	    cmocka_unit_test(a_key_is_of_issuer_and_serial_number),
	    cmocka_unit_test(a_share_is_stable_and_differs),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
