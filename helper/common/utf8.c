/* SPDX-License-Identifier: MIT */
#include "helper/common/utf8.h"

#include <string.h>

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

size_t utf8_character(const unsigned char *text, size_t length)
{
	unsigned char first;
	size_t need;

	if (length == 0)
		return 0;
	first = text[0];
	if (first < 0x80)
		return 1;
	need = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (first < 0xC2 || first > 0xF4 || length < need)
		return 0;
	for (size_t i = 1; i < need; i++)
		if (!is_continuation(text[i]))
			return 0;
	if ((first == 0xE0 && text[1] < 0xA0) || (first == 0xED && text[1] > 0x9F) ||
	    (first == 0xF0 && text[1] < 0x90) || (first == 0xF4 && text[1] > 0x8F))
		return 0;
	return need;
}

bool utf8_is_valid(const unsigned char *text, size_t length)
{
	size_t step;

	for (size_t at = 0; at < length; at += step) {
		step = utf8_character(text + at, length - at);
		if (step == 0 || text[at] == '\0')
			return false;
	}
	return true;
}

/* Characters that would act on a terminal or on the order of the text around them. */
static bool is_harmful(const unsigned char *character, size_t length)
{
	unsigned code;

	if (length == 1)
		return (character[0] < 0x20 && character[0] != '\n') || character[0] == 0x7F;
	if (length == 2) /* C1 controls, U+061C */
		return (character[0] == 0xC2 && character[1] < 0xA0) ||
		       (character[0] == 0xD8 && character[1] == 0x9C);
	if (length != 3)
		return false;
	code = (character[0] & 0x0Fu) << 12 | (character[1] & 0x3Fu) << 6 | (character[2] & 0x3Fu);
	return (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069);
}

bool utf8_is_clean(const unsigned char *text, size_t length)
{
	size_t step;

	for (size_t at = 0; at < length; at += step) {
		step = utf8_character(text + at, length - at);
		if (step == 0 || text[at] == '\0' || is_harmful(text + at, step))
			return false;
	}
	return true;
}

size_t utf8_clean(const char *text, char *out, size_t size)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	const unsigned char *in = (const unsigned char *)text;
	size_t left = strlen(text), used = 0, step, put;
	const char *from;

	while (left > 0) {
		step = utf8_character(in, left);
		from = (const char *)in;
		put = step;
		if (step == 0 || is_harmful(in, step)) {
			from = replacement;
			put = sizeof(replacement) - 1;
			step = step == 0 ? 1 : step;
		}
		if (used + put >= size)
			break;
		memcpy(out + used, from, put);
		used += put;
		in += step;
		left -= step;
	}
	out[used] = '\0';
	return used;
}

size_t utf8_clean_line(const char *text, char *out, size_t size)
{
	size_t length = utf8_clean(text, out, size);

	for (size_t i = 0; i < length; i++)
		if (out[i] == '\n')
			out[i] = ' ';
	return length;
}
