/* SPDX-License-Identifier: MIT */
/*
 * What message.c (what is said), message_channel.c (how it travels) and message_rules.c (what is
 * permitted) share.
 */
#ifndef CERTRENEW_MESSAGE_FORMAT_H
#define CERTRENEW_MESSAGE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "helper/common/message.h"

enum {
	FORMAT_LENGTH = 4, /* the length that opens a frame */
	FORMAT_HEADER = FORMAT_LENGTH + 1,
	FORMAT_FIELD_HEADER = 3,
	FIELD_LIMIT = 128, /* one past the largest field number */
};

enum field_kind { KIND_NONE, KIND_TEXT, KIND_NUMBER, KIND_BYTES, KIND_SECRET };

enum { FIELDS_MAX = 18 };

struct message_rule {
	enum message_type type;
	unsigned char required[FIELDS_MAX], optional[FIELDS_MAX]; /* 0-terminated */
};

/* KIND_NONE for a field that does not exist. */
enum field_kind message_kind_of(unsigned field);
/* NULL for a type that does not exist. */
const struct message_rule *message_rule_of(unsigned type);
bool message_permits(const struct message_rule *rule, unsigned field);

/* A frame's memory; that of a PIN is locked and left out of core files. format_release wipes it. */
unsigned char *format_allocate(unsigned type, size_t length);
void format_release(unsigned type, unsigned char *frame, size_t length);
/* As message_encode, into such memory. */
int format_encode(const struct message *message, unsigned char **ret, size_t *ret_length);

/* Big-endian, in `size` bytes. */
static inline void format_put_number(unsigned char *bytes, uint64_t number, size_t size)
{
	for (size_t i = size; i-- > 0; number >>= 8)
		bytes[i] = (unsigned char)(number & 0xFF);
}

static inline uint64_t format_get_number(const unsigned char *bytes, size_t size)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | bytes[i];
	return number;
}

#endif
