/* SPDX-License-Identifier: MIT */
#include "helper/record/found.h"

#include <stdlib.h>

#include "helper/record/person.h"

static int replace(const char *folder, unsigned uid, const void *bytes, size_t length,
		   struct failure *failure)
{
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	result = person_write(&person, bytes, length, failure);
	person_close(&person);
	return result;
}

int found_write(const char *folder, unsigned uid, const struct frames *certificates,
		struct failure *failure)
{
	unsigned char *bytes = NULL;
	size_t length = 0;
	int result;

	result = frames_encode(certificates, 0, &bytes, &length, failure);
	if (result == 0)
		result = replace(folder, uid, bytes, length, failure);
	free(bytes);
	return result;
}

static int decode(const struct file_content *content, struct frames *ret, struct failure *failure)
{
	struct frames frames;
	int result;

	result = frames_decode(content->bytes, content->length, &frames, failure);
	if (result < 0)
		return result;
	for (size_t i = 0; i < frames.count; i++) {
		if (message_type(frames.items[i]) == MESSAGE_CERTIFICATE)
			continue;
		frames_free(&frames);
		return fail(failure, FAILURE_PROTOCOL, "not only certificates");
	}
	*ret = frames;
	return 1;
}

int found_read(const char *folder, unsigned uid, struct frames *ret, int64_t *ret_written,
	       struct failure *failure)
{
	struct file_content content = {.bytes = NULL};
	struct person person;
	int result;

	result = person_open(folder, uid, &person, failure);
	if (result < 0)
		return result;
	result = person_read(&person, &content, failure);
	person_close(&person);
	if (result == 1) {
		*ret_written = content.written;
		result = decode(&content, ret, failure);
	}
	file_free(&content);
	return result;
}

int found_is_fresh(int64_t written, int64_t now)
{
	/* A file system may be a moment ahead of time(2), which counts a second late. */
	return written <= now + 1 && now - written <= FOUND_FRESH_SECONDS;
}

int found_forget(const char *folder, unsigned uid, struct failure *failure)
{
	return replace(folder, uid, NULL, 0, failure);
}
