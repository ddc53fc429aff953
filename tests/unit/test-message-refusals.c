/* SPDX-License-Identifier: MIT */
/* What a receiver MUST refuse: each clause of message.h, a test. */
#include "tests/unit/wire.h"

static struct frame frame;

static void an_unknown_type_is_refused(void **state)
{
	(void)state;
	for (unsigned type = 0; type < WIRE_TYPES; type++) {
		if (wire_type(type) != NULL)
			continue;
		frame_begin(&frame, type);
		frame_refused(&frame);
	}
}

/* Also a known one, where its type does not list it. */
static void a_field_that_the_type_does_not_list_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];

		for (unsigned extra = 0; extra < WIRE_FIELDS; extra++) {
			if (wire_has(type, extra))
				continue;
			frame_begin(&frame, type->type);
			for (unsigned field = 0; field < WIRE_FIELDS; field++)
				if (field == extra || wire_has(type, field))
					frame_add_usual(&frame, field);
			frame_refused(&frame);
		}
	}
}

static void a_missing_required_field_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		for (size_t j = 0; wire_types[i].required[j] != 0; j++) {
			frame_fill(&frame, &wire_types[i], false, wire_types[i].required[j]);
			frame_refused(&frame);
		}
	}
}

static void a_field_twice_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];

		for (unsigned twice = 1; twice < WIRE_FIELDS; twice++) {
			if (!wire_has(type, twice))
				continue;
			frame_begin(&frame, type->type);
			for (unsigned field = 1; field < WIRE_FIELDS; field++) {
				if (wire_has(type, field))
					frame_add_usual(&frame, field);
				if (field == twice)
					frame_add_usual(&frame, field);
			}
			frame_refused(&frame);
		}
	}
}

static void fields_out_of_order_are_refused(void **state)
{
	unsigned last;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		const struct wire_type *type = &wire_types[i];

		/* Each field behind all others; only the last one is at home there. */
		for (unsigned late = 1; late < WIRE_FIELDS; late++) {
			if (!wire_has(type, late))
				continue;
			frame_fill(&frame, type, false, late);
			last = 0;
			for (unsigned field = 1; field < WIRE_FIELDS; field++)
				if (wire_has(type, field) && field != late)
					last = field;
			frame_add_usual(&frame, late);
			if (late < last)
				frame_refused(&frame);
			else
				message_free(frame_accepted(&frame));
		}
	}
	frame_begin(&frame, MESSAGE_FAILED);
	frame_add_usual(&frame, FIELD_NEXT);
	frame_add_usual(&frame, FIELD_CODE);
	frame_refused(&frame);
	frame_begin(&frame, MESSAGE_FAILED);
	frame_add_usual(&frame, FIELD_CODE);
	frame_add_usual(&frame, FIELD_NEXT);
	frame_add_usual(&frame, FIELD_SAID);
	frame_refused(&frame);
}

static void a_text_that_is_not_utf8_is_refused(void **state)
{
	static const char *const texts[] = {
	    "\x80",	    "caf\xE9",		"\xC0\xAF",
	    "\xED\xA0\x80", "\xF4\x90\x80\x80", "ends with \xE9\x99",
	    "\xFE",	    "\xEF\xBB\xBF\xBF",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		frame_begin(&frame, MESSAGE_NOTICE);
		frame_add(&frame, FIELD_SENTENCE, texts[i], strlen(texts[i]));
		frame_refused(&frame);
	}
}

/* The sender would have replaced it: whoever sends it is not one of ours. */
static void a_text_that_acts_on_a_terminal_is_refused(void **state)
{
	static const char *const texts[] = {
	    "\x1B[2J",
	    "\a",
	    "a\tb",
	    "a\rb",
	    "\x7F",
	    "\xC2\x9B"
	    "2J",
	    "\xD8\x9C",
	    "\xE2\x80\x8F",
	    "\xE2\x80\xA8",
	    "\xE2\x80\xAE"
	    "fdp",
	    "\xE2\x81\xA6",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		frame_begin(&frame, MESSAGE_NOTICE);
		frame_add(&frame, FIELD_SENTENCE, texts[i], strlen(texts[i]));
		frame_refused(&frame);
	}
}

static void a_text_with_a_nul_is_refused(void **state)
{
	(void)state;
	for (size_t at = 0; at < 5; at++) {
		char text[] = "abcde";

		text[at] = '\0';
		frame_begin(&frame, MESSAGE_NOTICE);
		frame_add(&frame, FIELD_SENTENCE, text, 5);
		frame_refused(&frame);
	}
}

static void a_number_that_is_not_of_8_bytes_is_refused(void **state)
{
	static const unsigned char zeros[300];

	(void)state;
	for (size_t length = 0; length <= sizeof(zeros); length++) {
		frame_begin(&frame, MESSAGE_CHOICE);
		frame_add(&frame, FIELD_CHOICE, zeros, length);
		if (length == 8)
			message_free(frame_accepted(&frame));
		else
			frame_refused(&frame);
	}
}

static void a_text_or_a_pin_that_is_too_long_is_refused(void **state)
{
	char text[MESSAGE_TEXT_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t over = 0; over < 2; over++) {
		frame_begin(&frame, MESSAGE_NOTICE);
		frame_add(&frame, FIELD_SENTENCE, text, MESSAGE_TEXT_MAX + over);
		if (over == 0)
			message_free(frame_accepted(&frame));
		else
			frame_refused(&frame);
		frame_begin(&frame, MESSAGE_PIN);
		frame_add(&frame, FIELD_PIN, text, SECRET_CUT + over);
		if (over == 0)
			message_free(frame_accepted(&frame));
		else
			frame_refused(&frame);
	}
}

static void a_certificate_that_is_too_long_is_refused(void **state)
{
	static unsigned char bytes[MESSAGE_BYTES_MAX + 1];
	struct message *message = message_new(MESSAGE_CERTIFICATE);

	(void)state;
	for (size_t over = 0; over < 2; over++) {
		frame_fill(&frame, wire_type(MESSAGE_CERTIFICATE), true, 0);
		frame_add(&frame, FIELD_CERTIFICATE, bytes, MESSAGE_BYTES_MAX + over);
		if (over == 0)
			message_free(frame_accepted(&frame));
		else
			frame_refused(&frame);
	}
	message_put_bytes(message, FIELD_CERTIFICATE, bytes, sizeof(bytes));
	assert_false(message_has(message, FIELD_CERTIFICATE));
	message_put_bytes(message, FIELD_CERTIFICATE, bytes, sizeof(bytes) - 1);
	assert_true(message_has(message, FIELD_CERTIFICATE));
	message_free(message);
}

static void trailing_bytes_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		for (size_t extra = 1; extra <= 12; extra++) {
			/* Inside the length that the frame tells … */
			frame_fill(&frame, &wire_types[i], false, 0);
			memset(frame.bytes + frame.length, 0, extra);
			frame.length += extra;
			frame_seal(&frame);
			frame_refused(&frame);
			/* … and behind it. */
			frame_fill(&frame, &wire_types[i], false, 0);
			memset(frame.bytes + frame.length, 0, extra);
			frame.length += extra;
			frame_refused(&frame);
		}
	}
}

static void a_length_that_is_not_the_frames_is_refused(void **state)
{
	static const unsigned char lengths[][4] = {
	    {0, 0, 0, 0}, {0, 0, 0, 11}, {0, 0, 0, 13}, {0xFF, 0xFF, 0xFF, 0xFF}, {1, 0, 0, 12},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		frame_fill(&frame, wire_type(MESSAGE_CHOICE), false, 0);
		memcpy(frame.bytes, lengths[i], 4);
		frame_refused(&frame);
	}
}

static void a_frame_over_the_limit_is_refused(void **state)
{
	static const unsigned fields[] = {FIELD_USER, FIELD_SERVICE, FIELD_LANGUAGE, FIELD_TOKEN};
	char text[MESSAGE_TEXT_MAX];
	size_t rest;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t over = 0; over < 2; over++) {
		frame_begin(&frame, MESSAGE_REQUEST);
		frame_add_usual(&frame, FIELD_ACTION);
		for (size_t i = 0; i < 3; i++)
			frame_add(&frame, fields[i], text, sizeof(text));
		rest = 4 + MESSAGE_MAX - frame.length - WIRE_FIELD_HEADER;
		frame_add(&frame, fields[3], text, rest + over);
		assert_int_equal(frame.length, 4 + MESSAGE_MAX + over);
		if (over == 0)
			message_free(frame_accepted(&frame));
		else
			frame_refused(&frame);
	}
}

static void nothing_and_less_than_a_header_are_refused(void **state)
{
	(void)state;
	for (size_t length = 0; length < WIRE_HEADER; length++) {
		memset(frame.bytes, 0, WIRE_HEADER);
		frame.length = length;
		frame_refused(&frame);
		if (length == 4) {
			frame_seal(&frame);
			frame_refused(&frame);
		}
	}
}

/* Whether a frame of this length ends between two fields, with all that is required before it. */
static bool is_whole(const struct wire_type *type, const struct frame *whole, size_t length)
{
	size_t at = WIRE_HEADER, required = 0;

	while (at < length) {
		required += wire_lists(type->required, whole->bytes[at]);
		at +=
		    WIRE_FIELD_HEADER + (size_t)(whole->bytes[at + 1] << 8 | whole->bytes[at + 2]);
	}
	return at == length && required == strlen((const char *)type->required);
}

static void a_frame_cut_at_any_byte_is_refused(void **state)
{
	static struct frame whole;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		frame_fill(&whole, &wire_types[i], false, 0);
		for (size_t length = 0; length < whole.length; length++) {
			memcpy(frame.bytes, whole.bytes, length);
			frame.length = length;
			frame_refused(&frame);
			if (length < WIRE_HEADER)
				continue;
			/* Also where the length was made to fit the cut. */
			frame_seal(&frame);
			if (is_whole(&wire_types[i], &whole, length))
				message_free(frame_accepted(&frame));
			else
				frame_refused(&frame);
		}
	}
}

/* What is accepted has one form: no two frames are the same message. */
static void a_changed_byte_is_refused_or_is_another_message(void **state)
{
	struct message *message;
	unsigned char *bytes, before;
	size_t length;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wire_types); i++) {
		frame_fill(&frame, &wire_types[i], false, 0);
		for (size_t at = 0; at < frame.length; at++) {
			before = frame.bytes[at];
			for (unsigned bit = 0; bit < 8; bit++) {
				frame.bytes[at] = (unsigned char)(before ^ 1u << bit);
				message = NULL;
				if (frame_decode(&frame, &message, NULL) < 0)
					continue;
				bytes = NULL;
				assert_int_equal(message_encode(message, &bytes, &length), 0);
				assert_int_equal(length, frame.length);
				assert_memory_equal(bytes, frame.bytes, length);
				free(bytes);
				message_free(message);
			}
			frame.bytes[at] = before;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_unknown_type_is_refused),
	    cmocka_unit_test(a_field_that_the_type_does_not_list_is_refused),
	    cmocka_unit_test(a_missing_required_field_is_refused),
	    cmocka_unit_test(a_field_twice_is_refused),
	    cmocka_unit_test(fields_out_of_order_are_refused),
	    cmocka_unit_test(a_text_that_is_not_utf8_is_refused),
	    cmocka_unit_test(a_text_that_acts_on_a_terminal_is_refused),
	    cmocka_unit_test(a_text_with_a_nul_is_refused),
	    cmocka_unit_test(a_number_that_is_not_of_8_bytes_is_refused),
	    cmocka_unit_test(a_text_or_a_pin_that_is_too_long_is_refused),
	    cmocka_unit_test(a_certificate_that_is_too_long_is_refused),
	    cmocka_unit_test(trailing_bytes_are_refused),
	    cmocka_unit_test(a_length_that_is_not_the_frames_is_refused),
	    cmocka_unit_test(a_frame_over_the_limit_is_refused),
	    cmocka_unit_test(nothing_and_less_than_a_header_are_refused),
	    cmocka_unit_test(a_frame_cut_at_any_byte_is_refused),
	    cmocka_unit_test(a_changed_byte_is_refused_or_is_another_message),
	};

	return cmocka_run_group_tests_name("message refusals", tests, NULL, NULL);
}
