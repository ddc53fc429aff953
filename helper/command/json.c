/* SPDX-License-Identifier: MIT */
#include "helper/command/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "helper/common/utf8.h"

static void print_character(const char *character, size_t length)
{
	unsigned char first = (unsigned char)character[0];

	if (length == 0)
		printf("\\ufffd");
	else if (first == '"' || first == '\\')
		printf("\\%c", first);
	else if (first < 0x20 || first == 0x7f)
		printf("\\u%04x", first);
	/* U+0080 to U+009F: a terminal obeys these, too. */
	else if (first == 0xc2 && (unsigned char)character[1] < 0xa0)
		printf("\\u00%02x", (unsigned char)character[1]);
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
