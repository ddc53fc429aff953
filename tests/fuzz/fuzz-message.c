/* SPDX-License-Identifier: MIT */
/* One frame of the front-end channel: what is accepted is encoded to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "helper/common/message_format.h"
#include "helper/common/secret.h"
#include "tests/fuzz/input.h"

static void must_be_sound(const struct message *message)
{
	size_t length = 0;

	for (unsigned field = 0; field < FIELD_LIMIT; field++) {
		const char *text = message_text(message, field);

		MUST(strlen(text) <= MESSAGE_TEXT_MAX && input_is_clean(text));
		if (!message_has(message, field))
			MUST(text[0] == '\0' && message_number(message, field) == 0 &&
			     message_bytes(message, field, &length) == NULL);
		else
			MUST(message_permits(message_rule_of(message_type(message)), field));
	}
	if (message_secret(message, &length) != NULL)
		MUST(length <= SECRET_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message *message = NULL;
	struct failure failure = {.code = FAILURE_NONE};
	unsigned char *frame = NULL;
	size_t length = 0;

	if (message_decode(data, size, &message, &failure) < 0) {
		MUST(message == NULL && failure.code == FAILURE_PROTOCOL);
		MUST(input_is_clean_line(failure.detail));
		return 0;
	}
	must_be_sound(message);
	MUST(message_encode(message, &frame, &length) == 0);
	MUST(length == size && memcmp(frame, data, size) == 0);
	free(frame);
	message_free(message);
	return 0;
}
