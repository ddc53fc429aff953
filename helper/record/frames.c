/* SPDX-License-Identifier: MIT */
#include "helper/record/frames.h"

#include <stdlib.h>
#include <string.h>

#include "helper/common/message_format.h"

int frames_add(struct frames *frames, struct message *message, struct failure *failure)
{
	if (message == NULL)
		return fail_errno(failure, "no memory for a message");
	if (frames->count == FRAMES_MAX) {
		message_free(message);
		return fail(failure, FAILURE_SYSTEM, "more than %d messages", FRAMES_MAX);
	}
	frames->items[frames->count++] = message;
	return 0;
}

struct message *frames_copy(const struct message *message)
{
	struct message *copy = NULL;
	unsigned char *frame = NULL;
	size_t length = 0;

	if (message_encode(message, &frame, &length) == 0)
		(void)message_decode(frame, length, &copy, NULL);
	free(frame);
	return copy;
}

int frames_encode(const struct frames *frames, size_t from, unsigned char **ret, size_t *ret_length,
		  struct failure *failure)
{
	unsigned char *all = NULL, *frame = NULL, *larger;
	size_t used = 0, length = 0;
	int result;

	for (size_t i = from; i < frames->count; i++) {
		result = message_encode(frames->items[i], &frame, &length);
		larger = result < 0 ? NULL : realloc(all, used + length);
		if (larger == NULL) {
			free(frame);
			free(all);
			return fail(failure, FAILURE_SYSTEM, "a message cannot be encoded");
		}
		all = larger;
		memcpy(all + used, frame, length);
		used += length;
		free(frame);
		frame = NULL;
	}
	*ret = all;
	*ret_length = used;
	return 0;
}

/* The whole length of the frame that begins here; 0 if it is cut off. */
static size_t frame_length(const unsigned char *bytes, size_t left)
{
	uint64_t length;

	if (left < FORMAT_LENGTH)
		return 0;
	length = FORMAT_LENGTH + format_get_number(bytes, FORMAT_LENGTH);
	return length > left ? 0 : (size_t)length;
}

int frames_decode(const unsigned char *bytes, size_t length, struct frames *ret,
		  struct failure *failure)
{
	struct frames frames = {.count = 0};
	struct message *message;
	size_t one;
	int result = 0;

	for (size_t at = 0; at < length && result == 0; at += one) {
		message = NULL;
		one = frame_length(bytes + at, length - at);
		if (one == 0)
			result = fail(failure, FAILURE_PROTOCOL, "a message is cut off");
		else
			result = message_decode(bytes + at, one, &message, failure);
		if (result == 0)
			result = frames_add(&frames, message, failure);
	}
	if (result < 0) {
		frames_free(&frames);
		return result;
	}
	*ret = frames;
	return 0;
}

void frames_free(struct frames *frames)
{
	for (size_t i = 0; i < frames->count; i++)
		message_free(frames->items[i]);
	frames->count = 0;
}
