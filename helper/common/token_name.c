/* SPDX-License-Identifier: MIT */
#include "helper/common/token_name.h"

#include <stdio.h>
#include <string.h>

char *token_name(const char *serial, const char *label, char out[TOKEN_NAME_MAX])
{
	const char *from = serial[0] != '\0' ? serial : label;
	size_t used;

	used = (size_t)snprintf(out, TOKEN_NAME_MAX, "%s", serial[0] != '\0' ? "" : "label-");
	for (; *from != '\0' && used + 2 < TOKEN_NAME_MAX; from++, used += 2)
		snprintf(out + used, TOKEN_NAME_MAX - used, "%02x", (unsigned char)*from);
	return out;
}

static int digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

int token_name_read(const char *name, char *serial, char *label)
{
	static const char of_label[] = "label-";
	bool is_label = strncmp(name, of_label, strlen(of_label)) == 0;
	char *out = is_label ? label : serial;
	size_t length = 0;
	int high, low;

	serial[0] = label[0] = '\0';
	if (is_label)
		name += strlen(of_label);
	for (; *name != '\0' && length + 1 < TOKEN_NAME_MAX; name += 2) {
		high = digit(name[0]);
		low = high < 0 ? -1 : digit(name[1]);
		if (low < 0 || (high == 0 && low == 0))
			break;
		out[length++] = (char)(high << 4 | low);
	}
	if (*name == '\0' && length > 0) {
		out[length] = '\0';
		return 0;
	}
	out[0] = '\0';
	return -1;
}

bool token_name_listed(const char *names, const char *name)
{
	size_t length = strlen(name), part;

	for (; *names != '\0'; names += part + (names[part] == ',')) {
		part = strcspn(names, ",");
		if (part == length && memcmp(names, name, length) == 0)
			return true;
	}
	return false;
}
