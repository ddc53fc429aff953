/* SPDX-License-Identifier: MIT */
/* The wire's numbers, shared by message.c (what is said) and message_channel.c (how it travels). */
#ifndef CERTRENEW_MESSAGE_FORMAT_H
#define CERTRENEW_MESSAGE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum {
	FORMAT_LENGTH = 4, /* the length that opens a frame */
	FORMAT_HEADER = FORMAT_LENGTH + 1,
	FORMAT_FIELD_HEADER = 3,
	FIELD_LIMIT = 128, /* one past the largest field number */
};

enum field_kind { KIND_NONE, KIND_TEXT, KIND_NUMBER, KIND_BYTES, KIND_SECRET };

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
