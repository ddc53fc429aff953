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
