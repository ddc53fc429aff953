/* SPDX-License-Identifier: MIT */
/* Languages' names: only a shipped catalogue is ever chosen, and every text has a meaning then. */
#include <stdlib.h>
#include <string.h>

#include "helper/words/language.h"
#include "helper/words/languages.h"
#include "tests/fuzz/input.h"

/* The text comes out of our own program, whichever name asked for it. */
static bool is_shipped(const char *text, const char *english)
{
	const unsigned char *at = (const unsigned char *)text;
	bool found = text == english;

	for (size_t i = 0; i < languages_count; i++)
		found = found || (at >= languages[i].start && at < languages[i].end);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char english[] = "PIN: ", one[] = "%lld day", many[] = "%lld days";
	struct input input = {data, size};
	uint8_t flags = input_byte(&input);
	char *names = input_text(input.at, input.left);

	language_choose(names, (flags & 1) != 0);
	MUST(is_shipped(language_text(english), english));
	MUST(is_shipped(language_text(names), names));
	MUST(is_shipped(language_text_in(names, english), english));
	MUST(strlen(language_gap()) <= 1);
	(void)language_plural(one, many, (signed char)flags);
	MUST(setenv("LANGUAGE", names, 1) == 0 && setenv("LANG", names, 1) == 0);
	MUST(strlen(language_of_environment()) <= strlen(names));
	free(names);
	return 0;
}
