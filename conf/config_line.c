/* SPDX-License-Identifier: MIT */
#include "conf/config_line.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define KEY	LETTERS "0123456789_-"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * The length of the UTF-8 character (RFC 3629) at `text`, or 0 if it is none: no overlong forms,
 * no surrogates, nothing above U+10FFFF.
 */
static size_t character(const unsigned char *text, size_t left, unsigned *ret_code)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned lead = text[0];
	size_t length = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	unsigned code = length == 1 ? lead : lead & (0x7fu >> length);

	if (length == 0 || length > left || lead > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return length;
}

static int check_characters(const char *line, size_t length, struct config_reason *reason)
{
	const unsigned char *text = (const unsigned char *)line;
	unsigned code = 0;

	for (size_t i = 0, step; i < length; i += step) {
		step = character(text + i, length - i, &code);
		if (step == 0)
			return config_refuse(
			    reason,
			    "byte %zu of the line (0x%02x) is not UTF-8; save the file as UTF-8",
			    i + 1, text[i]);
		if (code == 0)
			return config_refuse(
			    reason, "byte %zu of the line is NUL; save the file as UTF-8 text",
			    i + 1);
		if ((code < 0x20 && code != '\t') || (code >= 0x7f && code <= 0x9f))
			return config_refuse(
			    reason,
			    "byte %zu of the line is a control character (0x%02x); remove it",
			    i + 1, code);
	}
	return 0;
}

/* Ends the line at a '#' or ';' that begins it, follows a blank, or begins the value. */
static void cut_comment(char *text)
{
	bool may_begin = true;
	bool in_key = true;

	for (; *text; text++) {
		if (may_begin && (*text == '#' || *text == ';')) {
			*text = '\0';
			break;
		}
		may_begin = is_blank(*text) || (in_key && *text == '=');
		in_key = in_key && *text != '=';
	}
}

static char *trim(char *text)
{
	size_t length = 0;

	while (is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

int config_line_clean(char *line, size_t length, bool first, char **ret,
		      struct config_reason *reason)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (length > 0 && line[length - 1] == '\n')
		line[--length] = '\0';
	if (length > 0 && line[length - 1] == '\r')
		line[--length] = '\0';
	if (length >= CONFIG_LINE_MAX)
		return config_refuse(reason, "the line is longer than %d bytes; shorten it",
				     CONFIG_LINE_MAX - 1);
	if (first && strncmp(line, mark, strlen(mark)) == 0) {
		line += strlen(mark);
		length -= strlen(mark);
	}
	if (check_characters(line, length, reason) < 0)
		return -1;
	cut_comment(line);
	*ret = trim(line);
	return 0;
}

int config_line_header(const char *text, struct config_header *ret, struct config_reason *reason)
{
	struct config_header header = {.section = ""};
	const char *section = text + 1 + strspn(text + 1, " \t");
	size_t length = strspn(section, KEY);
	const char *rest = section + length;
	const char *quote = NULL;

	rest += strspn(rest, " \t");
	header.named = *rest == '"';
	if (header.named) {
		quote = rest + 1;
		rest = quote + strcspn(quote, "\"]\\");
		if (rest - quote > CONFIG_NAME_MAX)
			return config_refuse(
			    reason, "the section's name is longer than %d bytes; shorten it",
			    CONFIG_NAME_MAX);
		memcpy(header.name, quote, (size_t)(rest - quote));
		if (*rest == '"')
			rest++;
		else
			rest = "";
	}
	if (length == 0 || length > CONFIG_NAME_MAX || strcmp(rest, "]") != 0)
		return config_refuse(reason,
				     "'%s' is not a section's heading; write [section] or [ca "
				     "\"name\"], alone on its line",
				     config_excerpt(text).text);
	memcpy(header.section, section, length);
	*ret = header;
	return 0;
}

bool config_line_is_assignment(const char *text)
{
	size_t length = strspn(text, KEY);

	return length > 0 && length <= CONFIG_NAME_MAX &&
	       text[length + strspn(text + length, " \t")] == '=';
}

size_t config_line_cut(const char *text, size_t room)
{
	size_t length = strlen(text);

	if (length <= room)
		return length;
	for (size_t i = room; i > 0; i--) {
		if (!is_blank(text[i - 1]) && !is_blank(text[i]) && !strchr("#;", text[i]))
			return i;
	}
	return 0;
}
