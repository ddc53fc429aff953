/* SPDX-License-Identifier: MIT */
#include "conf/config_error.h"

#include <stdarg.h>
#include <string.h>

#include "helper/common/utf8.h"

int config_refuse(struct config_reason *reason, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	va_end(arguments);
	return -1;
}

static void describe_place(const struct config_place *place, char *buffer, size_t size)
{
	char line[16] = "";
	char section[128] = "";

	if (place->line)
		snprintf(line, sizeof(line), ":%u", place->line);
	if (place->section && place->ca)
		snprintf(section, sizeof(section), " [%s \"%s\"]", place->section, place->ca);
	else if (place->section)
		snprintf(section, sizeof(section), " [%s]", place->section);
	snprintf(buffer, size, "%s:%s%s%s%s", line, section, place->key ? " " : "",
		 place->key ? place->key : "", section[0] || place->key ? ":" : "");
}

int config_fail(struct config_error *error, const char *path, const struct config_place *place,
		const char *format, ...)
{
	char where[224];
	char what[sizeof(((struct config_reason *)0)->text)], text[sizeof(error->text)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);

	describe_place(place, where, sizeof(where));
	/* A path may be longer than the text: then the reason matters more than the path's end. */
	snprintf(text, sizeof(text), "%.255s%s %s", path, where, what);
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	/* A quoted value may turn the line around, or have been cut within a character. */
	utf8_clean_line(text, error->text, sizeof(error->text));
	return -1;
}

struct config_excerpt config_excerpt(const char *value)
{
	struct config_excerpt excerpt = {""};
	size_t room = sizeof(excerpt.text) - sizeof("…");
	size_t length = strlen(value);
	bool cut = length > room;

	if (cut) {
		length = room;
		while (length > 0 && ((unsigned char)value[length] & 0xc0) == 0x80)
			length--;
	}
	snprintf(excerpt.text, sizeof(excerpt.text), "%.*s%s", (int)length, value, cut ? "…" : "");
	return excerpt;
}
