/* SPDX-License-Identifier: MIT */
#include "tests/world/vcard/tlv.h"

#include <string.h>

int tlv_read(const uint8_t *bytes, size_t length, struct tlv *ret)
{
	size_t at = 0, value_length;
	unsigned tag;

	if (length < 2)
		return -1;
	tag = bytes[at++];
	if ((tag & 0x1f) == 0x1f)
		tag = tag << 8 | bytes[at++];
	if (at >= length)
		return -1;
	value_length = bytes[at++];
	if (value_length >= 0x80) {
		size_t more = value_length & 0x7f;

		if (more == 0 || more > 2 || more > length - at)
			return -1;
		value_length = 0;
		while (more-- > 0)
			value_length = value_length << 8 | bytes[at++];
	}
	if (value_length > length - at)
		return -1;
	*ret = (struct tlv){tag, bytes + at, value_length, at + value_length};
	return 0;
}

int tlv_find(const uint8_t *bytes, size_t length, unsigned tag, struct tlv *ret)
{
	struct tlv found;

	while (length > 0 && tlv_read(bytes, length, &found) == 0) {
		if (found.tag == tag) {
			*ret = found;
			return 0;
		}
		bytes += found.whole;
		length -= found.whole;
	}
	return -1;
}

size_t tlv_put(uint8_t *out, unsigned tag, const uint8_t *value, size_t length)
{
	size_t at = 0;

	if (tag > 0xff)
		out[at++] = (uint8_t)(tag >> 8);
	out[at++] = (uint8_t)tag;
	if (length > 0xff) {
		out[at++] = 0x82;
		out[at++] = (uint8_t)(length >> 8);
	} else if (length > 0x7f) {
		out[at++] = 0x81;
	}
	out[at++] = (uint8_t)length;
	if (value == NULL)
		return at;
	memcpy(out + at, value, length);
	return at + length;
}
