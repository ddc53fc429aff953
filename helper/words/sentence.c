/* SPDX-License-Identifier: MIT */
#include "helper/words/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "helper/common/utf8.h"

static bool on_desktop;

/* Takes away what a cut left of a last character. */
static void end_at_character(char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t at = 0, character;

	while (at < length) {
		character = utf8_character(bytes + at, length - at);
		if (character == 0)
			break;
		at += character;
	}
	text[at] = '\0';
}

static void print(char *out, size_t used, const char *format, va_list values)
{
	size_t room = SENTENCE_MAX - used;
	int length = vsnprintf(out + used, room, format, values);

	if (length < 0)
		out[used] = '\0';
	else if ((size_t)length >= room)
		end_at_character(out, SENTENCE_MAX - 1);
}

static void __attribute__((format(printf, 2, 3))) append(char *out, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	print(out, strlen(out), format, values);
	va_end(values);
}

char *sentence_make(char *out, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	print(out, 0, format, values);
	va_end(values);
	return out;
}

char *sentence_add(char *out, const char *sentence)
{
	if (out[0] != '\0' && sentence[0] != '\0')
		append(out, "%s", language_gap());
	append(out, "%s", sentence);
	return out;
}

char *sentence_add_line(char *out, const char *line)
{
	append(out, "\n%s", line);
	return out;
}

static char *local_time(char *out, int64_t when, const char *format)
{
	time_t seconds = (time_t)when;
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL || strftime(out, DATE_MAX, format, &local) == 0)
		snprintf(out, DATE_MAX, "?");
	return out;
}

char *sentence_date(char out[DATE_MAX], int64_t when)
{
	/* Translators: as strftime(3) has it; numbers only, no names of months or days. */
	return local_time(out, when, language_text_in("date", "%Y-%m-%d"));
}

char *sentence_time(char out[DATE_MAX], int64_t when)
{
	/* Translators: as strftime(3) has it; numbers only, no names of months or days. */
	return local_time(out, when, language_text_in("date and time", "%Y-%m-%d %H:%M"));
}

char *sentence_name(char out[NAME_MAX_SHOWN], const char *name)
{
	utf8_clean_line(name, out, NAME_MAX_SHOWN);
	return out;
}

const char *sentence_for_role(enum certificate_role role, const char *encryption,
			      const char *signature)
{
	return role == ROLE_ENCRYPTION ? encryption : signature;
}

void sentence_choose_place(bool desktop)
{
	on_desktop = desktop;
}

const char *sentence_for_place(const char *terminal, const char *desktop)
{
	return on_desktop && desktop != NULL ? desktop : terminal;
}
