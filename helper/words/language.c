/* SPDX-License-Identifier: MIT */
#include "helper/words/language.h"

#include <stdlib.h>

void language_choose(const char *names, bool console)
{
	(void)names;
	(void)console;
}

const char *language_of_environment(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *value;

	for (size_t i = 0; i < 3; i++) {
		value = getenv(variables[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "";
}

const char *language_text(const char *english)
{
	return english;
}

const char *language_text_in(const char *context, const char *english)
{
	(void)context;
	return english;
}

const char *language_plural(const char *one, const char *many, long long number)
{
	return number == 1 ? one : many;
}
