/* SPDX-License-Identifier: MIT */
/*
 * The wire as message.h specifies it, a second time and on its own: which fields each type has,
 * and frames made by hand, right and wrong.
 */
#ifndef CERTRENEW_TESTS_WIRE_H
#define CERTRENEW_TESTS_WIRE_H

#include <inttypes.h>

#include "helper/common/message.h"
#include "helper/common/secret.h"
#include "tests/unit/unit.h"

enum { WIRE_TYPES = 256, WIRE_FIELDS = 256, WIRE_HEADER = 5, WIRE_FIELD_HEADER = 3 };

struct wire_type {
	enum message_type type;
	unsigned char required[8], optional[12]; /* ascending, 0-terminated */
};

static const struct wire_type wire_types[] = {
    {MESSAGE_REQUEST,
     {FIELD_ACTION},
     {FIELD_USER, FIELD_SERVICE, FIELD_LANGUAGE, FIELD_TOKEN, FIELD_PROMPT, FIELD_CONFIG,
      FIELD_FLAGS, FIELD_REASON, FIELD_ISSUER, FIELD_SERIAL, FIELD_TOKEN_SERIAL}},
    {MESSAGE_TERMS, {FIELD_TIMEOUT}, {0}},
    {MESSAGE_CERTIFICATE,
     {FIELD_ROLE, FIELD_STATE, FIELD_DAYS, FIELD_NOT_BEFORE, FIELD_NOT_AFTER, FIELD_ISSUER,
      FIELD_SERIAL},
     {FIELD_SENTENCE, FIELD_RENEWABLE_FROM, FIELD_RETRY_AT, FIELD_SUBJECT_CN, FIELD_SUBJECT_O,
      FIELD_SUBJECT, FIELD_TOKEN_LABEL, FIELD_TOKEN_SERIAL, FIELD_UNFINISHED, FIELD_REMIND,
      FIELD_CERTIFICATE}},
    {MESSAGE_CHECKED,
     {FIELD_COUNT, FIELD_OF, FIELD_EXPIRED},
     {FIELD_SENTENCE, FIELD_CODE, FIELD_AGAIN_AT, FIELD_PROMPT}},
    {MESSAGE_NOTICE, {FIELD_SENTENCE}, {FIELD_NEXT}},
    {MESSAGE_ASK_TOKEN, {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_OF}, {0}},
    {MESSAGE_ASK_RENEW,
     {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_YES_WORDS, FIELD_NO_WORDS, FIELD_LATER_WORDS},
     {FIELD_DAYS, FIELD_NOT_AFTER}},
    {MESSAGE_ASK_PIN,
     {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_PIN_WHY, FIELD_PIN_NOTE},
     {FIELD_TOKEN_LABEL, FIELD_TOKEN_SERIAL}},
    {MESSAGE_STEP, {FIELD_SENTENCE, FIELD_STEP, FIELD_STEP_NUMBER, FIELD_STEP_OF}, {0}},
    {MESSAGE_RENEWED, {FIELD_SENTENCE, FIELD_ROLE, FIELD_NOT_AFTER, FIELD_NEW_NOT_AFTER}, {0}},
    {MESSAGE_WAITING, {FIELD_SENTENCE, FIELD_ROLE, FIELD_RETRY_AT}, {FIELD_NEXT}},
    {MESSAGE_FAILED, {FIELD_CODE}, {FIELD_SENTENCE, FIELD_ROLE, FIELD_SAID, FIELD_NEXT}},
    {MESSAGE_DONE, {FIELD_SENTENCE, FIELD_COUNT, FIELD_OF}, {FIELD_SAID, FIELD_NEXT}},
    {MESSAGE_UNFINISHED,
     {FIELD_SENTENCE, FIELD_TOKEN_SERIAL, FIELD_UNFINISHED, FIELD_NEXT},
     {FIELD_ROLE, FIELD_RETRY_AT, FIELD_TOKEN_LABEL, FIELD_SINCE}},
    {MESSAGE_YES, {0}, {0}},
    {MESSAGE_NO, {0}, {0}},
    {MESSAGE_LATER, {0}, {0}},
    {MESSAGE_UNSHOWN, {0}, {0}},
    {MESSAGE_CANCEL, {0}, {0}},
    {MESSAGE_CHOICE, {FIELD_CHOICE}, {0}},
    {MESSAGE_PIN, {FIELD_PIN}, {0}},
};

enum wire_kind { WIRE_TEXT, WIRE_NUMBER, WIRE_BYTES, WIRE_SECRET };

static const unsigned char wire_numbers[] = {
    FIELD_ACTION,      FIELD_FLAGS,	     FIELD_ROLE,	  FIELD_STATE,	  FIELD_DAYS,
    FIELD_NOT_BEFORE,  FIELD_NOT_AFTER,	     FIELD_NEW_NOT_AFTER, FIELD_RETRY_AT, FIELD_UNFINISHED,
    FIELD_REMIND,      FIELD_RENEWABLE_FROM, FIELD_PIN_WHY,	  FIELD_PIN_NOTE, FIELD_STEP,
    FIELD_STEP_NUMBER, FIELD_STEP_OF,	     FIELD_CODE,	  FIELD_COUNT,	  FIELD_OF,
    FIELD_EXPIRED,     FIELD_TIMEOUT,	     FIELD_AGAIN_AT,	  FIELD_CHOICE,	  FIELD_REASON,
    FIELD_SINCE,
};

static inline enum wire_kind wire_kind(unsigned field)
{
	if (field == FIELD_PIN)
		return WIRE_SECRET;
	if (field == FIELD_CERTIFICATE)
		return WIRE_BYTES;
	return memchr(wire_numbers, (int)field, sizeof(wire_numbers)) != NULL ? WIRE_NUMBER
									      : WIRE_TEXT;
}

static inline bool wire_lists(const unsigned char *fields, unsigned field)
{
	return field != 0 && strchr((const char *)fields, (int)field) != NULL;
}

static inline bool wire_has(const struct wire_type *type, unsigned field)
{
	return wire_lists(type->required, field) || wire_lists(type->optional, field);
}

/* NULL for a number that is no type. */
static inline const struct wire_type *wire_type(unsigned number)
{
	for (size_t i = 0; i < COUNT_OF(wire_types); i++)
		if (wire_types[i].type == number)
			return &wire_types[i];
	return NULL;
}

/* --- values that each field is given ------------------------------------------------------ */

static inline int64_t wire_number(unsigned field)
{
	return (field % 2 == 0 ? 1 : -1) * INT64_C(0x0102030405060708) * field;
}

static inline const char *wire_text(unsigned field)
{
	static char text[64];

	snprintf(text, sizeof(text), "field %u\nof 陳美玲 \"=,\\", field);
	return text;
}

static const char wire_bytes[] = "0\x82\0\xFF\n";
static const char wire_pin[] = "12 34\n\x01\xFF";

static inline void wire_put(struct message *message, unsigned field)
{
	if (wire_kind(field) == WIRE_NUMBER)
		message_put_number(message, field, wire_number(field));
	else if (wire_kind(field) == WIRE_TEXT)
		message_put_text(message, field, wire_text(field));
	else if (wire_kind(field) == WIRE_BYTES)
		message_put_bytes(message, field, wire_bytes, sizeof(wire_bytes));
	else
		message_put_secret(message, wire_pin, sizeof(wire_pin) - 1);
}

/* --- frames by hand ----------------------------------------------------------------------- */

struct frame {
	unsigned char bytes[1 << 17];
	size_t length;
};

/* Sets the length that opens the frame to what follows it. */
static inline void frame_seal(struct frame *frame)
{
	size_t length = frame->length - 4;

	for (size_t i = 4; i-- > 0; length >>= 8)
		frame->bytes[i] = (unsigned char)length;
}

static inline void frame_begin(struct frame *frame, unsigned type)
{
	memset(frame->bytes, 0xA5, WIRE_HEADER);
	frame->bytes[4] = (unsigned char)type;
	frame->length = WIRE_HEADER;
	frame_seal(frame);
}

static inline void frame_add(struct frame *frame, unsigned field, const void *bytes, size_t length)
{
	unsigned char *at = frame->bytes + frame->length;

	assert_true(frame->length + WIRE_FIELD_HEADER + length <= sizeof(frame->bytes));
	at[0] = (unsigned char)field;
	at[1] = (unsigned char)(length >> 8);
	at[2] = (unsigned char)length;
	memcpy(at + WIRE_FIELD_HEADER, bytes, length);
	frame->length += WIRE_FIELD_HEADER + length;
	frame_seal(frame);
}

/* The field with its usual value. */
static inline void frame_add_usual(struct frame *frame, unsigned field)
{
	uint64_t number = (uint64_t)wire_number(field);
	unsigned char bytes[8];

	if (wire_kind(field) == WIRE_TEXT) {
		frame_add(frame, field, wire_text(field), strlen(wire_text(field)));
	} else if (wire_kind(field) == WIRE_BYTES) {
		frame_add(frame, field, wire_bytes, sizeof(wire_bytes));
	} else if (wire_kind(field) == WIRE_SECRET) {
		frame_add(frame, field, wire_pin, sizeof(wire_pin) - 1);
	} else {
		for (size_t i = sizeof(bytes); i-- > 0; number >>= 8)
			bytes[i] = (unsigned char)number;
		frame_add(frame, field, bytes, sizeof(bytes));
	}
}

/* Every field that the type has but `left_out`; with `only_required`, the required ones. */
static inline void frame_fill(struct frame *frame, const struct wire_type *type, bool only_required,
			      unsigned left_out)
{
	frame_begin(frame, type->type);
	for (unsigned field = 1; field < WIRE_FIELDS; field++)
		if (field != left_out && (wire_lists(type->required, field) ||
					  (!only_required && wire_lists(type->optional, field))))
			frame_add_usual(frame, field);
}

/* Decodes from memory that ends where the frame ends, so that a byte too many is noticed. */
static inline int frame_decode(const struct frame *frame, struct message **ret,
			       struct failure *failure)
{
	unsigned char *copy = malloc(frame->length == 0 ? 1 : frame->length);
	int result;

	assert_non_null(copy);
	memcpy(copy, frame->bytes, frame->length);
	result = message_decode(copy, frame->length, ret, failure);
	free(copy);
	return result;
}

static inline void frame_refused(const struct frame *frame)
{
	struct message *const untouched = (struct message *)frame;
	struct message *message = untouched;
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(frame_decode(frame, &message, &failure), -FAILURE_PROTOCOL);
	assert_int_equal(failure.code, FAILURE_PROTOCOL);
	assert_string_not_equal(failure.detail, "");
	assert_ptr_equal(message, untouched);
	assert_int_equal(frame_decode(frame, &message, NULL), -FAILURE_PROTOCOL);
}

/* The caller frees it. */
static inline struct message *frame_accepted(const struct frame *frame)
{
	struct message *message = NULL;
	struct failure failure = {.code = FAILURE_NONE};

	if (frame_decode(frame, &message, &failure) != 0)
		fail_msg("%s", failure.detail);
	assert_non_null(message);
	return message;
}

#endif
