/* SPDX-License-Identifier: MIT */
/* The command line of check and renew, an argument a line: what is read is what was written. */
#include <stdlib.h>
#include <string.h>

#include "helper/common/task.h"
#include "tests/fuzz/input.h"

static void must_be_written_so(const struct task *task, char *const *arguments)
{
	char text[TASK_TEXT_MAX], *again[TASK_ARGUMENTS];
	int i = 0;

	if (task_write(task, arguments[0], text, again) < 0)
		return; /* longer than any that the helper writes */
	for (; again[i] != NULL; i++)
		MUST(arguments[i] != NULL && strcmp(again[i], arguments[i]) == 0);
	MUST(arguments[i] == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *arguments[TASK_ARGUMENTS + 2] = {input_text((const uint8_t *)"program", 7)};
	struct task task;
	int count = 1;

	while (input.left > 0 && count <= TASK_ARGUMENTS)
		arguments[count++] = input_line(&input);
	if (task_read(count, arguments, &task) == 0)
		must_be_written_so(&task, arguments);
	for (int i = 0; i < count; i++)
		free(arguments[i]);
	return 0;
}
