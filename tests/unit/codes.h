/* SPDX-License-Identifier: MIT */
/* Every failure code, read from failure.h itself, so that none can be forgotten in a test. */
#ifndef CERTRENEW_TESTS_CODES_H
#define CERTRENEW_TESTS_CODES_H

#include "helper/common/failure.h"
#include "tests/unit/unit.h"

enum { CODES_MAX = 128 };

struct code {
	enum failure_code code;
	char name[64]; /* "FAILURE_CARD_REMOVED" */
};

static struct code codes[CODES_MAX];
static size_t code_count;

/* A group's set-up. Tests run in the repository's top folder. */
static inline int codes_read(void **state)
{
	FILE *header = fopen("helper/common/failure.h", "re");
	char line[512], name[64];
	int number;

	(void)state;
	if (header == NULL)
		return -1;
	while (fgets(line, sizeof(line), header) != NULL) {
		if (sscanf(line, " %63[A-Z_] = %d", name, &number) != 2 ||
		    strncmp(name, "FAILURE_", 8) != 0 || code_count == CODES_MAX)
			continue;
		codes[code_count].code = (enum failure_code)number;
		snprintf(codes[code_count++].name, sizeof(codes[0].name), "%s", name);
	}
	fclose(header);
	return code_count > 40 && code_count < CODES_MAX ? 0 : -1;
}

#endif
