/* SPDX-License-Identifier: MIT */
/* BER-TLV as cards use it (ISO 7816-4 §5.2.2): tags of one or two bytes, lengths of up to three. */
#ifndef CERTRENEW_TESTS_VCARD_TLV_H
#define CERTRENEW_TESTS_VCARD_TLV_H

#include <stddef.h>
#include <stdint.h>

struct tlv {
	unsigned tag;
	const uint8_t *value;
	size_t length;
	size_t whole; /* with its tag and its length */
};

/* The one that the bytes begin with. Returns 0, or -1 if they do not begin with a whole one. */
int tlv_read(const uint8_t *bytes, size_t length, struct tlv *ret);

/* The first one with this tag among those that the bytes are; -1: none. */
int tlv_find(const uint8_t *bytes, size_t length, unsigned tag, struct tlv *ret);

/* Writes one, and returns how long it is; `value` NULL: only its tag and its length. */
size_t tlv_put(uint8_t *out, unsigned tag, const uint8_t *value, size_t length);

#endif
