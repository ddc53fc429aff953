/* SPDX-License-Identifier: MIT */
/* Reports to the helper, by whoever has the control pipe: a driver has it. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/dialogue.h"
#include "tests/world/malicious/attacks.h"

static const struct {
	const char *name;
	uint8_t stage;
	int times;
	size_t length;
} lies[] = {
    /* Nobody may end what writes to the card: check would hang for ever. */
    {"writing", REPORT_WRITING, 1, sizeof(struct report)},
    {"watching", REPORT_WATCHING, 1, sizeof(struct report)},
    {"unknown", 99, 1, sizeof(struct report)},
    {"twice", REPORT_END, 2, sizeof(struct report)},
    {"short", REPORT_END, 1, 5},
};

static bool tell(uint8_t stage, size_t length)
{
	const struct report report = {.stage = stage, .to_renew = 1};

	return write(DIALOGUE_CONTROL, &report, length) == (ssize_t)length;
}

bool lie(const char *name)
{
	size_t i = 0;

	while (i < sizeof(lies) / sizeof(lies[0]) && strcmp(lies[i].name, name) != 0)
		i++;
	if (i == sizeof(lies) / sizeof(lies[0]))
		return false;
	for (int told = 0; told < lies[i].times; told++)
		if (!tell(lies[i].stage, lies[i].length))
			return false;
	pause();
	return true;
}
