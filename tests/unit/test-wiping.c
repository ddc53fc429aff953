/* SPDX-License-Identifier: MIT */
/* A PIN is wiped wherever it was. The wiping itself is watched: this program's own takes the
 * place of libc's. */
#undef _FORTIFY_SOURCE /* with which explicit_bzero is an inline function */
#include <sys/socket.h>
#include <unistd.h>

#include "helper/card/pin.h"
#include "tests/unit/wire.h"

static const char pin[] = "4711-0815";
static int wiped;

static void watch(void *bytes, size_t length)
{
	volatile unsigned char *at = bytes;
	void *volatile seen = bytes; /* the compiler believes that nobody reads it */

	wiped += memmem(seen, length, pin, strlen(pin)) != NULL;
	for (size_t i = 0; i < length; i++)
		at[i] = 0;
}

void explicit_bzero(void *bytes, size_t length)
{
	watch(bytes, length);
}

/* What the fortified inline function calls. */
void __explicit_bzero_chk(void *bytes, size_t length, size_t room);
void __explicit_bzero_chk(void *bytes, size_t length, size_t room)
{
	(void)room;
	watch(bytes, length);
}

static struct message *pin_message(void)
{
	struct message *message = message_new(MESSAGE_PIN);

	message_put_secret(message, pin, strlen(pin));
	wiped = 0;
	return message;
}

static void a_message_wipes_its_pin_when_it_is_freed(void **state)
{
	struct message *message = pin_message();

	(void)state;
	message_free(message);
	assert_int_equal(wiped, 1);
}

static void a_pin_that_is_replaced_is_wiped(void **state)
{
	struct message *message = pin_message();

	(void)state;
	message_put_secret(message, "1", 1);
	assert_int_equal(wiped, 1);
	message_free(message);
}

static void sending_wipes_the_message_and_what_was_sent(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(message_send(ends[0], pin_message()), 0);
	assert_int_equal(wiped, 2);
	close(ends[1]);
	assert_int_equal(message_send(ends[0], pin_message()), -FAILURE_SYSTEM);
	assert_int_equal(wiped, 2);
	close(ends[0]);
}

static void receiving_wipes_what_was_received(void **state)
{
	struct message *message = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(message_send(ends[0], pin_message()), 0);
	wiped = 0;
	assert_int_equal(message_receive(ends[1], 1000, &message, NULL), 0);
	assert_int_equal(wiped, 1);
	message_free(message);
	assert_int_equal(wiped, 2);
	close(ends[0]);
	close(ends[1]);
}

static void a_message_that_is_refused_or_cut_is_wiped(void **state)
{
	static struct frame frame;
	struct message *message = NULL;
	int ends[2];

	(void)state;
	frame_begin(&frame, MESSAGE_PIN);
	frame_add(&frame, FIELD_PIN, pin, strlen(pin));
	frame_add(&frame, FIELD_PIN, pin, strlen(pin));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(send(ends[0], frame.bytes, frame.length, 0), frame.length);
	wiped = 0;
	assert_int_equal(message_receive(ends[1], 1000, &message, NULL), -FAILURE_PROTOCOL);
	assert_int_equal(wiped, 2);
	assert_int_equal(send(ends[0], frame.bytes, frame.length - 1, 0), frame.length - 1);
	close(ends[0]);
	wiped = 0;
	assert_int_equal(message_receive(ends[1], 1000, &message, NULL), -FAILURE_PROTOCOL);
	assert_int_equal(wiped, 1);
	close(ends[1]);
}

/* What core files leave out is the kernel's to say: "dd" among its flags of the memory. */
static bool is_left_out(const void *memory)
{
	unsigned long from, until, address = (unsigned long)memory;
	FILE *maps = fopen("/proc/self/smaps", "r");
	bool within = false, left_out = false;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &until) == 2)
			within = from <= address && address < until;
		else if (within && strncmp(line, "VmFlags:", 8) == 0)
			left_out = strstr(line, " dd") != NULL;
	}
	fclose(maps);
	return left_out;
}

static void a_pin_in_a_message_is_left_out_of_core_files(void **state)
{
	struct message *message = pin_message();
	struct secret *secret = secret_new(pin, strlen(pin));
	size_t length = 0;
	int elsewhere = 0;

	(void)state;
	assert_true(is_left_out(message_secret(message, &length)));
	assert_true(is_left_out(secret));
	assert_false(is_left_out(&elsewhere));
	secret_free(secret);
	message_free(message);
}

static void a_secret_is_wiped_when_it_is_freed(void **state)
{
	struct secret *secret = secret_new(pin, strlen(pin));

	(void)state;
	assert_non_null(secret);
	assert_int_equal(secret->length, strlen(pin));
	assert_string_equal((const char *)secret->bytes, pin);
	wiped = 0;
	secret_free(secret);
	assert_int_equal(wiped, 1);
	secret_free(NULL);
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

static void a_pin_that_is_kept_is_wiped_at_the_latest_with_its_token(void **state)
{
	CK_FUNCTION_LIST p11 = {.C_CloseSession = close_session};
	struct driver driver = {.p11 = &p11};
	struct token *token = calloc(1, sizeof(*token));

	(void)state;
	assert_non_null(token);
	token->driver = &driver;
	assert_int_equal(pin_keep(token, secret_new(pin, strlen(pin)), NULL), 0);
	wiped = 0;
	token_close(token);
	assert_int_equal(wiped, 1);
}

static void a_secret_holds_the_longest_pin_and_no_longer_one(void **state)
{
	char longest[SECRET_MAX + 1];
	struct secret *secret;

	(void)state;
	memset(longest, '1', sizeof(longest));
	secret = secret_new(longest, SECRET_MAX);
	assert_non_null(secret);
	assert_int_equal(secret->length, SECRET_MAX);
	assert_memory_equal(secret->bytes, longest, SECRET_MAX);
	assert_int_equal(secret->bytes[SECRET_MAX], 0);
	secret_free(secret);
	assert_null(secret_new(longest, SECRET_MAX + 1));
	secret = secret_new(NULL, 0);
	assert_non_null(secret);
	assert_int_equal(secret->length, 0);
	secret_free(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_message_wipes_its_pin_when_it_is_freed),
	    cmocka_unit_test(a_pin_that_is_replaced_is_wiped),
	    cmocka_unit_test(sending_wipes_the_message_and_what_was_sent),
	    cmocka_unit_test(receiving_wipes_what_was_received),
	    cmocka_unit_test(a_message_that_is_refused_or_cut_is_wiped),
	    cmocka_unit_test(a_pin_in_a_message_is_left_out_of_core_files),
	    cmocka_unit_test(a_secret_is_wiped_when_it_is_freed),
	    cmocka_unit_test(a_pin_that_is_kept_is_wiped_at_the_latest_with_its_token),
	    cmocka_unit_test(a_secret_holds_the_longest_pin_and_no_longer_one),
	};

	return cmocka_run_group_tests_name("wiping", tests, NULL, NULL);
}
