/* SPDX-License-Identifier: MIT */
/* The message itself; message_rules.c says what is permitted, message_channel.c carries it. */
#include "helper/common/message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "helper/common/message_format.h"
#include "helper/common/secret.h"
#include "helper/common/utf8.h"

struct field {
	unsigned char *bytes; /* a text has a NUL behind its `length` bytes */
	size_t length;
};

struct message {
	enum message_type type;
	const struct message_rule *rule;
	bool spoilt; /* a put failed: message_encode reports it */
	struct field fields[FIELD_LIMIT];
};

struct message *message_new(enum message_type type)
{
	const struct message_rule *rule = message_rule_of(type);
	struct message *message;

	if (rule == NULL)
		return NULL;
	message = calloc(1, sizeof(*message));
	if (message != NULL) {
		message->type = type;
		message->rule = rule;
	}
	return message;
}

static unsigned char *allocate(enum field_kind kind, size_t length)
{
	return kind == KIND_SECRET ? secret_allocate(length + 1) : malloc(length + 1);
}

static void release(enum field_kind kind, const struct field *field)
{
	if (field->bytes == NULL)
		return;
	if (kind == KIND_SECRET) {
		secret_release(field->bytes, field->length + 1);
	} else {
		explicit_bzero(field->bytes, field->length);
		free(field->bytes);
	}
}

void message_free(struct message *message)
{
	if (message == NULL)
		return;
	for (unsigned i = 0; i < FIELD_LIMIT; i++)
		release(message_kind_of(i), &message->fields[i]);
	free(message);
}

enum message_type message_type(const struct message *message)
{
	return message->type;
}

/* Takes a copy; a second put of one field replaces the first. */
static void put(struct message *message, unsigned field, enum field_kind kind, const void *bytes,
		size_t length)
{
	unsigned char *copy;

	if (message == NULL)
		return;
	if (!message_permits(message->rule, field) || message_kind_of(field) != kind) {
		message->spoilt = true;
		return;
	}
	copy = allocate(kind, length);
	if (copy == NULL) {
		message->spoilt = true;
		return;
	}
	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	release(kind, &message->fields[field]);
	message->fields[field] = (struct field){copy, length};
}

void message_put_text(struct message *message, enum message_field field, const char *text)
{
	char clean[MESSAGE_TEXT_MAX + 1];
	size_t length;

	if (text == NULL)
		return;
	length = utf8_clean(text, clean, sizeof(clean));
	put(message, field, KIND_TEXT, clean, length);
}

void message_put_number(struct message *message, enum message_field field, int64_t number)
{
	unsigned char bytes[8];

	format_put_number(bytes, (uint64_t)number, sizeof(bytes));
	put(message, field, KIND_NUMBER, bytes, sizeof(bytes));
}

void message_put_secret(struct message *message, const void *bytes, size_t length)
{
	if (length > SECRET_CUT) {
		if (message != NULL)
			message->spoilt = true;
		return;
	}
	put(message, FIELD_PIN, KIND_SECRET, bytes, length);
}

void message_put_bytes(struct message *message, enum message_field field, const void *bytes,
		       size_t length)
{
	if (length <= MESSAGE_BYTES_MAX)
		put(message, field, KIND_BYTES, bytes, length);
}

static const struct field *get(const struct message *message, unsigned field, enum field_kind kind)
{
	if (field >= FIELD_LIMIT || message_kind_of(field) != kind ||
	    message->fields[field].bytes == NULL)
		return NULL;
	return &message->fields[field];
}

int message_has(const struct message *message, enum message_field field)
{
	return (unsigned)field < FIELD_LIMIT && message->fields[field].bytes != NULL;
}

const char *message_text(const struct message *message, enum message_field field)
{
	const struct field *found = get(message, field, KIND_TEXT);

	return found == NULL ? "" : (const char *)found->bytes;
}

int64_t message_number(const struct message *message, enum message_field field)
{
	const struct field *found = get(message, field, KIND_NUMBER);

	return found == NULL ? 0 : (int64_t)format_get_number(found->bytes, found->length);
}

const unsigned char *message_bytes(const struct message *message, enum message_field field,
				   size_t *ret_length)
{
	const struct field *found = get(message, field, KIND_BYTES);

	if (found == NULL)
		return NULL;
	*ret_length = found->length;
	return found->bytes;
}

const unsigned char *message_secret(const struct message *message, size_t *ret_length)
{
	const struct field *found = get(message, FIELD_PIN, KIND_SECRET);

	if (found == NULL)
		return NULL;
	*ret_length = found->length;
	return found->bytes;
}

static bool is_complete(const struct message *message)
{
	const unsigned char *field;

	for (field = message->rule->required; *field != 0; field++)
		if (message->fields[*field].bytes == NULL)
			return false;
	return true;
}

unsigned char *format_allocate(unsigned type, size_t length)
{
	return type == MESSAGE_PIN ? secret_allocate(length) : malloc(length);
}

void format_release(unsigned type, unsigned char *frame, size_t length)
{
	if (type == MESSAGE_PIN) {
		secret_release(frame, length);
	} else {
		explicit_bzero(frame, length);
		free(frame);
	}
}

static int measure(const struct message *message, size_t *ret_length)
{
	size_t length = FORMAT_HEADER;

	if (message == NULL)
		return -FAILURE_SYSTEM;
	for (size_t i = 0; i < FIELD_LIMIT; i++)
		if (message->fields[i].bytes != NULL)
			length += FORMAT_FIELD_HEADER + message->fields[i].length;
	if (message->spoilt || !is_complete(message) || length - FORMAT_LENGTH > MESSAGE_MAX)
		return -FAILURE_PROTOCOL;
	*ret_length = length;
	return 0;
}

static void write_frame(const struct message *message, unsigned char *frame, size_t length)
{
	size_t at = FORMAT_HEADER;

	format_put_number(frame, length - FORMAT_LENGTH, FORMAT_LENGTH);
	frame[FORMAT_LENGTH] = (unsigned char)message->type;
	for (size_t i = 0; i < FIELD_LIMIT; i++) {
		const struct field *field = &message->fields[i];

		if (field->bytes == NULL)
			continue;
		frame[at] = (unsigned char)i;
		format_put_number(frame + at + 1, field->length, 2);
		memcpy(frame + at + FORMAT_FIELD_HEADER, field->bytes, field->length);
		at += FORMAT_FIELD_HEADER + field->length;
	}
}

int format_encode(const struct message *message, unsigned char **ret, size_t *ret_length)
{
	size_t length = 0;
	int result = measure(message, &length);

	if (result < 0)
		return result;
	*ret = format_allocate(message->type, length);
	if (*ret == NULL)
		return -FAILURE_SYSTEM;
	write_frame(message, *ret, length);
	*ret_length = length;
	return 0;
}

int message_encode(const struct message *message, unsigned char **ret, size_t *ret_length)
{
	size_t length = 0;
	int result = measure(message, &length);
	unsigned char *frame;

	if (result < 0)
		return result;
	frame = malloc(length);
	if (frame == NULL)
		return -FAILURE_SYSTEM;
	write_frame(message, frame, length);
	*ret = frame;
	*ret_length = length;
	return 0;
}

static bool is_acceptable(unsigned field, const unsigned char *bytes, size_t length)
{
	switch (message_kind_of(field)) {
	case KIND_NUMBER:
		return length == 8;
	case KIND_TEXT:
		return length <= MESSAGE_TEXT_MAX && utf8_is_clean(bytes, length);
	case KIND_BYTES:
		return length <= MESSAGE_BYTES_MAX;
	case KIND_SECRET:
		return length <= SECRET_CUT;
	default:
		return false;
	}
}

/* One field at `at`; returns its whole length, or 0 if it is refused. */
static size_t decode_field(struct message *message, const unsigned char *at, size_t left,
			   unsigned *last)
{
	size_t length;
	unsigned field;

	if (left < FORMAT_FIELD_HEADER)
		return 0;
	field = at[0];
	length = (size_t)format_get_number(at + 1, 2);
	if (field <= *last || length > left - FORMAT_FIELD_HEADER ||
	    !message_permits(message->rule, field) ||
	    !is_acceptable(field, at + FORMAT_FIELD_HEADER, length))
		return 0;
	put(message, field, message_kind_of(field), at + FORMAT_FIELD_HEADER, length);
	*last = field;
	return FORMAT_FIELD_HEADER + length;
}

int message_decode(const unsigned char *frame, size_t length, struct message **ret,
		   struct failure *failure)
{
	struct message *message = NULL;
	unsigned last = 0;
	size_t step;

	if (length < FORMAT_HEADER || length - FORMAT_LENGTH > MESSAGE_MAX ||
	    format_get_number(frame, FORMAT_LENGTH) != length - FORMAT_LENGTH)
		return fail(failure, FAILURE_PROTOCOL, "a message of a wrong length");
	if (message_rule_of(frame[FORMAT_LENGTH]) == NULL)
		return fail(failure, FAILURE_PROTOCOL, "unknown message type %u",
			    (unsigned)frame[FORMAT_LENGTH]);
	message = message_new(frame[FORMAT_LENGTH]);
	if (message == NULL)
		return fail_errno(failure, "no memory for a message");
	for (size_t at = FORMAT_HEADER; at < length; at += step) {
		step = decode_field(message, frame + at, length - at, &last);
		if (step == 0) {
			fail(failure, FAILURE_PROTOCOL, "message %u: field %u at byte %zu refused",
			     (unsigned)message->type, (unsigned)frame[at], at);
			goto refuse;
		}
	}
	if (message->spoilt || !is_complete(message)) {
		fail(failure, FAILURE_PROTOCOL, "message %u: incomplete", (unsigned)message->type);
		goto refuse;
	}
	*ret = message;
	return 0;
refuse:
	message_free(message);
	return -FAILURE_PROTOCOL;
}
