/* SPDX-License-Identifier: MIT */
#include "helper/command/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "helper/common/utf8.h"

/* What a terminal obeys, or the order of the text around it: all of it below U+10000. */
static void print_escaped(const unsigned char *character, size_t length)
{
	unsigned code = length == 1 ? character[0] : character[0] & (length == 2 ? 0x1Fu : 0x0Fu);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (character[i] & 0x3Fu);
	printf("\\u%04x", code);
}

static void print_character(const char *character, size_t length)
{
	unsigned char first = (unsigned char)character[0];

	if (length == 0)
		printf("\\ufffd");
	else if (first == '"' || first == '\\')
		printf("\\%c", first);
	else if (first == '\n' || !utf8_is_clean((const unsigned char *)character, length))
		print_escaped((const unsigned char *)character, length);
	else
		fwrite(character, 1, length, stdout);
}

void json_text(const char *text)
{
	size_t left, length;

	if (text == NULL) {
		printf("null");
		return;
	}
	putchar('"');
	for (left = strlen(text); left > 0; text += length, left -= length) {
		length = utf8_character((const unsigned char *)text, left);
		print_character(text, length);
		if (length == 0)
			length = 1;
	}
	putchar('"');
}

void json_member(const char *name, const char *text)
{
	printf(", \"%s\": ", name);
	json_text(text);
}

void json_time(const char *name, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm utc;
	char text[32];

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		text[0] = '\0';
	json_member(name, text);
}

const char *json_error_name(enum failure_code code)
{
	return code == FAILURE_NONE ? NULL : failure_name(code);
}
