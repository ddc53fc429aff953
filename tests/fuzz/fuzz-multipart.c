/* SPDX-License-Identifier: MIT */
/* A certificate store's answer (RFC 4387): a line with the Content-Type, and the body. */
#include <stdlib.h>

#include "helper/ca/multipart.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	char *content_type = input_line(&input);
	struct multipart multipart;
	struct multipart_part part;
	const uint8_t *last = input.at;
	int next = -1;

	(void)multipart_is_type(content_type, "application/pkix-cert");
	if (multipart_begin(&multipart, content_type, input.at, input.left)) {
		/* Each part lies behind the one before it, and within the body. */
		while ((next = multipart_next(&multipart, &part)) == 1) {
			MUST(part.body >= last);
			last = part.body + part.length;
			MUST(last <= input.at + input.left);
		}
		MUST(next == 0 || next == -1);
	}
	free(content_type);
	return 0;
}
