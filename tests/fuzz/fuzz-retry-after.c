/* SPDX-License-Identifier: MIT */
/* Retry-After: any value, at any time, is a moment within the range. */
#include <stdlib.h>

#include "helper/ca/retry_after.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	int64_t now = (int64_t)input_short(&input) << 17, at;
	char *value = input_text(input.at, input.left);

	at = retry_after(value, now);
	MUST(at >= now + RETRY_AFTER_MIN && at <= now + RETRY_AFTER_MAX);
	free(value);
	return 0;
}
