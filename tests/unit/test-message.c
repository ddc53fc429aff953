/* SPDX-License-Identifier: MIT */
/* Messages from the sender's and the reader's side; test-message-refusals.c has the rest. */
#include "tests/unit/wire.h"

static struct frame frame;

static struct message *made(enum message_type type)
{
	struct message *message = message_new(type);

	assert_non_null(message);
	return message;
}

/* Encodes, decodes and frees the first. */
static struct message *there_and_back(struct message *message)
{
	struct message *back = NULL;
	unsigned char *bytes = NULL;
	size_t length = 0;

	assert_int_equal(message_encode(message, &bytes, &length), 0);
	assert_int_equal(message_decode(bytes, length, &back, NULL), 0);
	assert_non_null(back);
	free(bytes);
	message_free(message);
	return back;
}

/* Whatever was wrong when it was built is told when it is sent. */
static void assert_spoilt(struct message *message)
{
	unsigned char *bytes = NULL;
	size_t length = 7;

	assert_int_equal(message_encode(message, &bytes, &length), -FAILURE_PROTOCOL);
	assert_null(bytes);
	assert_int_equal(length, 7);
	message_free(message);
}

static void assert_usual(const struct message *message, unsigned field)
{
	const unsigned char *pin, *bytes;
	size_t length = 0;

	assert_true(message_has(message, field));
	switch (wire_kind(field)) {
	case WIRE_NUMBER:
		assert_int_equal(message_number(message, field), wire_number(field));
		break;
	case WIRE_TEXT:
		assert_string_equal(message_text(message, field), wire_text(field));
		break;
	case WIRE_BYTES:
		bytes = message_bytes(message, field, &length);
		assert_int_equal(length, sizeof(wire_bytes));
		assert_memory_equal(bytes, wire_bytes, length);
		break;
	case WIRE_SECRET:
		pin = message_secret(message, &length);
		assert_int_equal(length, sizeof(wire_pin) - 1);
		assert_memory_equal(pin, wire_pin, length);
		break;
	}
}

static void every_type_travels_with_every_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];
		struct message *message = made(type->type);

		for (unsigned field = 1; field < WIRE_FIELDS; field++)
			if (wire_has(type, field))
				wire_put(message, field);
		message = there_and_back(message);
		assert_int_equal(message_type(message), type->type);
		for (unsigned field = 0; field < WIRE_FIELDS; field++) {
			if (wire_has(type, field))
				assert_usual(message, field);
			else
				assert_false(message_has(message, field));
		}
		message_free(message);
	}
}

static void every_type_travels_with_its_required_fields_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];
		struct message *message = made(type->type);

		for (unsigned field = 1; field < WIRE_FIELDS; field++)
			if (wire_lists(type->required, field))
				wire_put(message, field);
		message = there_and_back(message);
		for (unsigned field = 0; field < WIRE_FIELDS; field++)
			assert_int_equal(message_has(message, field),
					 wire_lists(type->required, field));
		message_free(message);
	}
}

static void the_bytes_on_the_wire_are_those_of_the_specification(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];
		struct message *message = made(type->type);
		unsigned char *bytes = NULL;
		size_t length = 0;

		/* The order of the puts does not matter. */
		for (unsigned field = WIRE_FIELDS; field-- > 1;)
			if (wire_has(type, field))
				wire_put(message, field);
		frame_fill(&frame, type, false, 0);
		assert_int_equal(message_encode(message, &bytes, &length), 0);
		assert_int_equal(length, frame.length);
		assert_memory_equal(bytes, frame.bytes, length);
		free(bytes);
		message_free(message);
	}
}

static void a_type_that_does_not_exist_cannot_be_made(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 2 * WIRE_TYPES; type++) {
		struct message *message = message_new(type);

		assert_int_equal(message != NULL, wire_type(type) != NULL);
		message_free(message);
	}
}

static void a_field_that_its_type_does_not_list_cannot_be_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		for (unsigned field = 0; field < WIRE_FIELDS; field++) {
			struct message *message = made(wire_types[i].type);

			if (wire_has(&wire_types[i], field)) {
				message_free(message);
				continue;
			}
			for (unsigned other = 1; other < WIRE_FIELDS; other++)
				if (wire_has(&wire_types[i], other))
					wire_put(message, other);
			wire_put(message, field);
			assert_false(message_has(message, field));
			assert_spoilt(message);
		}
	}
}

static void a_field_is_put_as_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		for (unsigned field = 1; field < WIRE_FIELDS; field++) {
			struct message *message = made(wire_types[i].type);

			if (!wire_has(&wire_types[i], field)) {
				message_free(message);
				continue;
			}
			for (unsigned other = 1; other < WIRE_FIELDS; other++)
				if (wire_has(&wire_types[i], other))
					wire_put(message, other);
			if (wire_kind(field) == WIRE_NUMBER)
				message_put_text(message, field, "12345678");
			else
				message_put_number(message, field, 1);
			assert_spoilt(message);
		}
	}
}

static void a_message_without_a_required_field_cannot_be_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];

		for (size_t j = 0; type->required[j] != 0; j++) {
			struct message *message = made(type->type);

			for (unsigned field = 1; field < WIRE_FIELDS; field++)
				if (wire_has(type, field) && field != type->required[j])
					wire_put(message, field);
			assert_spoilt(message);
		}
	}
}

static void a_message_over_the_limit_cannot_be_sent(void **state)
{
	static const enum message_field texts[] = {FIELD_USER, FIELD_SERVICE, FIELD_LANGUAGE,
						   FIELD_TOKEN};
	struct message *message = made(MESSAGE_REQUEST);
	char text[MESSAGE_TEXT_MAX];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	message_put_number(message, FIELD_ACTION, REQUEST_LOGIN);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		message_put_text(message, texts[i], text);
	assert_spoilt(message);
}

static void numbers_travel_whole(void **state)
{
	static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, 0x80, INT64_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct message *message = made(MESSAGE_CHOICE);

		message_put_number(message, FIELD_CHOICE, numbers[i]);
		message = there_and_back(message);
		assert_int_equal(message_number(message, FIELD_CHOICE), numbers[i]);
		message_free(message);
	}
}

static void a_pin_may_be_of_any_bytes(void **state)
{
	unsigned char pin[SECRET_CUT];
	const unsigned char *got;
	size_t got_length;

	(void)state;
	for (size_t i = 0; i < sizeof(pin); i++)
		pin[i] = (unsigned char)(255 - i);
	for (size_t length = 0; length <= sizeof(pin); length++) {
		struct message *message = made(MESSAGE_PIN);

		message_put_secret(message, pin, length);
		message = there_and_back(message);
		got_length = SECRET_CUT + 1;
		got = message_secret(message, &got_length);
		assert_non_null(got);
		assert_int_equal(got_length, length);
		assert_memory_equal(got, pin, length);
		message_free(message);
	}
}

static void a_pin_that_is_longer_than_a_cut_one_cannot_be_sent(void **state)
{
	char pin[SECRET_CUT + 1];
	struct message *message = made(MESSAGE_PIN);

	(void)state;
	memset(pin, '1', sizeof(pin));
	message_put_secret(message, pin, sizeof(pin));
	assert_spoilt(message);
	/* Not even after one that was right. */
	message = made(MESSAGE_PIN);
	message_put_secret(message, "1234", 4);
	message_put_secret(message, pin, sizeof(pin));
	assert_spoilt(message);
}

static void an_absent_field_is_empty_zero_or_null(void **state)
{
	struct message *message = made(MESSAGE_CANCEL);
	size_t length = 7;

	(void)state;
	for (unsigned field = 0; field < WIRE_FIELDS; field++) {
		assert_false(message_has(message, field));
		assert_string_equal(message_text(message, field), "");
		assert_int_equal(message_number(message, field), 0);
	}
	assert_null(message_secret(message, &length));
	assert_int_equal(length, 7);
	message_free(message);
}

static void a_field_is_read_as_what_it_is(void **state)
{
	struct message *message = made(MESSAGE_FAILED);

	(void)state;
	message_put_number(message, FIELD_CODE, 0x4142434445464748);
	message_put_text(message, FIELD_NEXT, "12345678");
	assert_string_equal(message_text(message, FIELD_CODE), "");
	assert_int_equal(message_number(message, FIELD_NEXT), 0);
	message_free(message);
}

static void a_second_put_replaces_the_first(void **state)
{
	struct message *message = made(MESSAGE_FAILED);

	(void)state;
	message_put_number(message, FIELD_CODE, 1);
	message_put_number(message, FIELD_CODE, 2);
	message_put_text(message, FIELD_NEXT, "the first, and longer");
	message_put_text(message, FIELD_NEXT, "the second");
	message = there_and_back(message);
	assert_int_equal(message_number(message, FIELD_CODE), 2);
	assert_string_equal(message_text(message, FIELD_NEXT), "the second");
	message_free(message);
}

static void no_text_puts_nothing_and_an_empty_one_an_empty_one(void **state)
{
	struct message *message = made(MESSAGE_NOTICE);

	(void)state;
	message_put_text(message, FIELD_NEXT, NULL);
	message_put_text(message, FIELD_SENTENCE, "");
	message = there_and_back(message);
	assert_false(message_has(message, FIELD_NEXT));
	assert_true(message_has(message, FIELD_SENTENCE));
	assert_string_equal(message_text(message, FIELD_SENTENCE), "");
	message_free(message);
}

static void a_text_is_made_harmless_when_it_is_put(void **state)
{
	struct message *message = made(MESSAGE_NOTICE);

	(void)state;
	message_put_text(message, FIELD_SENTENCE,
			 "\x1B[2J\xC3(\xE2\x80\xAE"
			 "evil\r\nend");
	message = there_and_back(message);
	assert_string_equal(message_text(message, FIELD_SENTENCE), "\uFFFD[2J\uFFFD(\uFFFD"
								   "evil\uFFFD\nend");
	message_free(message);
}

static void a_text_that_is_too_long_is_cut_between_characters(void **state)
{
	char text[2 * MESSAGE_TEXT_MAX + 1] = "";
	size_t length;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		struct message *message = made(MESSAGE_NOTICE);

		memset(text, 'a', shift);
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "陳", 4);
		message_put_text(message, FIELD_SENTENCE, text);
		message = there_and_back(message);
		length = strlen(message_text(message, FIELD_SENTENCE));
		assert_in_range(length, MESSAGE_TEXT_MAX - 3, MESSAGE_TEXT_MAX);
		assert_int_equal((length - shift) % 3, 0);
		assert_memory_equal(message_text(message, FIELD_SENTENCE), text, length);
		message_free(message);
	}
}

static void a_builder_without_memory_needs_no_checks(void **state)
{
	unsigned char *bytes = NULL;
	size_t length = 0;

	(void)state;
	message_put_text(NULL, FIELD_SENTENCE, "text");
	message_put_number(NULL, FIELD_CODE, 1);
	message_put_secret(NULL, "1234", 4);
	message_put_secret(NULL,
			   "1\0"
			   "4",
			   3);
	assert_int_equal(message_encode(NULL, &bytes, &length), -FAILURE_SYSTEM);
	assert_int_equal(message_send(-1, NULL), -FAILURE_SYSTEM);
	message_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type_travels_with_every_field),
	    cmocka_unit_test(every_type_travels_with_its_required_fields_alone),
	    cmocka_unit_test(the_bytes_on_the_wire_are_those_of_the_specification),
	    cmocka_unit_test(a_type_that_does_not_exist_cannot_be_made),
	    cmocka_unit_test(a_field_that_its_type_does_not_list_cannot_be_sent),
	    cmocka_unit_test(a_field_is_put_as_what_it_is),
	    cmocka_unit_test(a_message_without_a_required_field_cannot_be_sent),
	    cmocka_unit_test(a_message_over_the_limit_cannot_be_sent),
	    cmocka_unit_test(numbers_travel_whole),
	    cmocka_unit_test(a_pin_may_be_of_any_bytes),
	    cmocka_unit_test(a_pin_that_is_longer_than_a_cut_one_cannot_be_sent),
	    cmocka_unit_test(an_absent_field_is_empty_zero_or_null),
	    cmocka_unit_test(a_field_is_read_as_what_it_is),
	    cmocka_unit_test(a_second_put_replaces_the_first),
	    cmocka_unit_test(no_text_puts_nothing_and_an_empty_one_an_empty_one),
	    cmocka_unit_test(a_text_is_made_harmless_when_it_is_put),
	    cmocka_unit_test(a_text_that_is_too_long_is_cut_between_characters),
	    cmocka_unit_test(a_builder_without_memory_needs_no_checks),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
