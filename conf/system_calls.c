/* SPDX-License-Identifier: MIT */
#include "conf/system_calls.h"

#include <asm/unistd.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	int number;
} calls[] = {
/* Made from asm/unistd.h by the Makefile. */
#include "system_calls.inc"
};

int system_call_number(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return -1;
}

const char *system_call_name(unsigned number)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if ((unsigned)calls[i].number == number)
			return calls[i].name;
	return "unknown";
}
