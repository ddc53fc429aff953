/* SPDX-License-Identifier: MIT */
#include "helper/ca/said.h"

#include <string.h>

#include "helper/common/utf8.h"

enum { SAID_MAX = 500, SAID_READ_MAX = 2000 };

void said_keep(const unsigned char *words, size_t length, struct failure *failure)
{
	char line[SAID_READ_MAX + 1], cleaned[SAID_MAX + 1];
	size_t used = 0;

	if (failure == NULL)
		return;
	for (size_t i = 0; i < length && words[i] != '\0' && used < SAID_READ_MAX; i++) {
		unsigned char c = words[i];

		if (c == '\r' || c == '\n' || c == '\t')
			c = ' ';
		if (c != ' ' || (used > 0 && line[used - 1] != ' '))
			line[used++] = (char)c;
	}
	while (used > 0 && line[used - 1] == ' ')
		used--;
	line[used] = '\0';
	utf8_clean(line, cleaned, sizeof(cleaned));
	memcpy(failure->said, cleaned, sizeof(cleaned));
}

_Static_assert(sizeof(((struct failure *)0)->said) >= SAID_MAX + 1, "the CA's words fit");
