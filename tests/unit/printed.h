/* SPDX-License-Identifier: MIT */
/* What a function writes to standard output. */
#ifndef CERTRENEW_TESTS_PRINTED_H
#define CERTRENEW_TESTS_PRINTED_H

#include <stdio.h>
#include <unistd.h>

#include "tests/unit/unit.h"

struct printed {
	FILE *file;
	int saved; /* standard output */
	char text[1024];
};

static inline void printed_begin(struct printed *printed)
{
	printed->file = tmpfile();
	assert_non_null(printed->file);
	fflush(stdout);
	printed->saved = dup(STDOUT_FILENO);
	dup2(fileno(printed->file), STDOUT_FILENO);
}

/* Returns what was written since. */
static inline const char *printed_end(struct printed *printed)
{
	fflush(stdout);
	dup2(printed->saved, STDOUT_FILENO);
	close(printed->saved);
	rewind(printed->file);
	printed->text[fread(printed->text, 1, sizeof(printed->text) - 1, printed->file)] = '\0';
	fclose(printed->file);
	return printed->text;
}

#endif
