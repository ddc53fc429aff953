/* SPDX-License-Identifier: MIT */
/* What is kept for a person, three kinds of file: read, added to, and read again. */
#include <stdlib.h>
#include <string.h>

#include "helper/record/found.h"
#include "helper/record/later.h"
#include "helper/record/untold.h"
#include "tests/fuzz/input.h"

static void put_off(const uint8_t *data, size_t size)
{
	static const struct later_list nothing = {.count = 0};
	struct later_list list = {.count = 0}, again = {.count = 0};
	const char *folder = input_folder();
	size_t kept = 0;

	input_file("0", data, size);
	MUST(later_read(folder, 0, &list, NULL) == 0 && list.count <= LATER_MAX);
	for (size_t i = 0; i < list.count; i++) {
		MUST(strlen(list.items[i].key) == CERTIFICATE_KEY_MAX - 1);
		(void)later_when(&list, list.items[i].key, INPUT_NOW);
		(void)later_until(&list, list.items[i].key, INPUT_NOW);
	}
	MUST(later_add(folder, 0, &nothing, 0, NULL) == 0);
	MUST(later_read(folder, 0, &again, NULL) == 0 && again.damaged == 0);
	/* Nothing has expired at the beginning of time; what says nothing is left out. */
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].when != 0 || list.items[i].until != 0 ||
		    list.items[i].refused != 0)
			MUST(memcmp(&again.items[kept++], &list.items[i], sizeof(again.items[0])) ==
			     0);
	MUST(again.count == kept);
}

static void found(const uint8_t *data, size_t size)
{
	struct frames frames = {.count = 0};
	unsigned char *bytes = NULL;
	int64_t written = 0;
	size_t length = 0;

	input_file("0", data, size);
	if (found_read(input_folder(), 0, &frames, &written, NULL) != 1)
		return;
	MUST(frames_encode(&frames, 0, &bytes, &length, NULL) == 0);
	MUST(length == size && (size == 0 || memcmp(bytes, data, size) == 0));
	free(bytes);
	frames_free(&frames);
}

static void untold(const uint8_t *data, size_t size)
{
	struct untold untold = {.outcomes.count = 0};

	input_file("0", data, size);
	if (untold_read(input_folder(), 0, &untold, NULL) != 1)
		return;
	for (size_t i = 0; i < untold.outcomes.count; i++)
		MUST(message_type(untold.outcomes.items[i]) != MESSAGE_CERTIFICATE);
	MUST(untold_forget(input_folder(), 0, &untold, NULL) == 0);
	untold_free(&untold);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	put_off(data, size);
	found(data, size);
	untold(data, size);
	return 0;
}
