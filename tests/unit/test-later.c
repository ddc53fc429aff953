/* SPDX-License-Identifier: MIT */
/* What a person put off, and what stands there instead of it. */
#include "helper/ca/retry_after.h"
#include "helper/record/later.h"
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

/* --- what waits ---------------------------------------------------------------------------- */

static int wait(const char *serial, int64_t not_after, int64_t until)
{
	struct later_list list = {.count = 1};

	list.items[0] = word(serial, 0, not_after);
	list.items[0].until = until;
	return later_wait(folder, ALICE, &list, NOW, &failure);
}

static int64_t until(const char *serial)
{
	char key[CERTIFICATE_KEY_MAX];
	struct later_list list;

	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	return later_until(&list, certificate_key("CN=Office CA", serial, key), NOW);
}

static int64_t refused(const char *serial)
{
	char key[CERTIFICATE_KEY_MAX];
	struct later_list list;

	assert_int_equal(later_read(folder, ALICE, &list, &failure), 0);
	assert_int_equal(list.damaged, 0);
	return later_refused(&list, certificate_key("CN=Office CA", serial, key));
}

static void how_often_it_was_refused_is_remembered(void **state)
{
	struct later_list list = {.count = 1};
	struct later said = word("01", NOW, NOW + 100);

	(void)state;
	list.items[0] = word("01", 0, NOW + 100);
	list.items[0].until = NOW + 50;
	list.items[0].refused = 3;
	assert_int_equal(later_wait(folder, ALICE, &list, NOW, &failure), 0);
	assert_int_equal(refused("01"), 3);
	assert_int_equal(refused("02"), 0);
	/* A person's word in between changes nothing of it. */
	assert_int_equal(add(ALICE, &said), 0);
	assert_int_equal(refused("01"), 3);
	assert_int_equal(until("01"), NOW + 50);
	assert_int_equal(when(ALICE, "01"), NOW);
	assert_int_equal(wait("01", NOW + 100, NOW + 60), 0);
	assert_int_equal(refused("01"), 0);
	assert_int_equal(until("01"), NOW + 60);
}

static void what_waits_longer_than_a_ca_may_ask_for_does_not_wait(void **state)
{
	const int64_t longest = NOW + RETRY_UNASKED_MAX;

	(void)state;
	assert_int_equal(wait("01", longest + 1000, longest), 0);
	assert_int_equal(until("01"), longest);
	assert_int_equal(wait("01", longest + 1000, longest + 1), 0);
	assert_int_equal(until("01"), 0);
	/* All that is ever noted, of the longest that a CA may ask for. */
	assert_true(retry_unasked(NOW + RETRY_AFTER_MAX, NOW, NOW + 2 * RETRY_AFTER_MAX, 0,
				  BACK_OFF_MOST / 2) == longest);
	assert_int_equal(wait("01", NOW + 100, NOW + 101), 0);
	assert_int_equal(until("01"), 0);
	assert_int_equal(wait("01", NOW, NOW + 1), 0);
	assert_int_equal(until("01"), 0);
}

static void until_when_it_waits_is_remembered(void **state)
{
	(void)state;
	assert_int_equal(until("01"), 0);
	assert_int_equal(wait("01", NOW + 100, NOW + 50), 0);
	assert_int_equal(until("01"), NOW + 50);
	assert_int_equal(when(ALICE, "01"), 0);
	assert_int_equal(until("02"), 0);
	assert_int_equal(wait("01", NOW + 100, NOW + 60), 0);
	assert_int_equal(until("01"), NOW + 60);
	assert_int_equal(wait("01", NOW + 100, 0), 0);
	assert_int_equal(until("01"), 0);
	assert_int_equal(folder_count(folder, NULL, 0), 0);
}

static void what_is_said_and_what_waits_leave_each_other_alone(void **state)
{
	struct later first = word("01", NOW - 10, NOW + 100), second = word("01", NOW, NOW + 100);

	(void)state;
	assert_int_equal(add(ALICE, &first), 0);
	assert_int_equal(wait("01", NOW + 100, NOW + 50), 0);
	assert_int_equal(when(ALICE, "01"), NOW - 10);
	assert_int_equal(add(ALICE, &second), 0);
	assert_int_equal(until("01"), NOW + 50);
	assert_int_equal(wait("01", NOW + 100, 0), 0);
	assert_int_equal(when(ALICE, "01"), NOW);
}

static void what_has_expired_still_waits(void **state)
{
	(void)state;
	assert_int_equal(wait("01", NOW - 1, NOW + 1), 0);
	assert_int_equal(until("01"), NOW + 1);
	assert_int_equal(wait("01", NOW - 1, NOW), 0);
	assert_int_equal(folder_count(folder, NULL, 0), 0);
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
	    "0123456789abcdef0123456789abcdef 12 13\n",
	    "0123456789abcdef0123456789abcdef 12 13 \n",
	    "0123456789abcdef0123456789abcdef 12 13 x\n",
	    "0123456789abcdef0123456789abcdef 12 13 14 15 16\n",
	    "0123456789abcdef0123456789abcdef 12 13 14 x\n",
	    "0123456789abcdef0123456789abcdef 12 13 14 \n",
	    "0123456789abcdef0123456789abcdef -1 13 0\n",
	    "0123456789abcdef0123456789abcdef 9999999999999999999 13 0\n",
	    "0123456789ABCDEF0123456789ABCDEF 12 13 0\n",
	    "0123456789abcdef 12 13 0\n",
	    "0123456789abcdef0123456789abcdef0 12 13 0\n",
	};
	struct later later = word("01", NOW - 5, NOW + 100);
	struct later_list list;
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		snprintf(text, sizeof(text), "%s%s %lld %lld 0\n", damages[i], later.key,
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
	static const char bytes[] = "0123456789abcdef0123456789abcdef 12 13 14";
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

static uint64_t share(const char *issuer, const char *subject, const char *token, unsigned uid)
{
	return certificate_share(issuer, subject, token, uid);
}

static void a_share_is_stable_and_differs(void **state)
{
	const uint64_t one = share("CN=A", "CN=B", "01", ALICE);
	size_t low = 0;

	(void)state;
	assert_true(one == UINT64_C(0xf6d8990ee7e47752));
	assert_true(one != share("CN=A", "CN=B", "01", BOB));
	assert_true(one != share("CN=A", "CN=B", "02", ALICE));
	assert_true(one != share("CN=A", "CN=C", "01", ALICE));
	assert_true(one != share("CN=C", "CN=B", "01", ALICE));
	assert_true(one != share("CN=ACN", "=B", "01", ALICE));
	for (unsigned uid = 0; uid < 1000; uid++)
		low += share("CN=A", "CN=B", "01", uid) % 100 < 50;
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
	    IN_A_FOLDER(until_when_it_waits_is_remembered),
	    IN_A_FOLDER(how_often_it_was_refused_is_remembered),
	    IN_A_FOLDER(what_waits_longer_than_a_ca_may_ask_for_does_not_wait),
	    IN_A_FOLDER(what_is_said_and_what_waits_leave_each_other_alone),
	    IN_A_FOLDER(what_has_expired_still_waits),
	    IN_A_FOLDER(a_damaged_line_is_counted_and_hides_no_other),
	    IN_A_FOLDER(a_file_that_breaks_off_or_holds_bytes_is_damaged),
	    IN_A_FOLDER(what_is_not_ours_is_not_read_and_is_replaced),
	    IN_A_FOLDER(a_folder_that_others_may_use_is_not_used),
	    IN_A_FOLDER(half_a_file_of_another_run_is_no_obstacle),
	    cmocka_unit_test(a_key_is_of_issuer_and_serial_number),
	    cmocka_unit_test(a_share_is_stable_and_differs),
	};

	return cmocka_run_group_tests_name("later", tests, NULL, NULL);
}
