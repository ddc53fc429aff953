/* SPDX-License-Identifier: MIT */
#include "helper/check/record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper/common/paths.h"

static int write_message(FILE *file, struct message *message)
{
	unsigned char *frame = NULL;
	size_t length = 0;
	int result;

	result = message_encode(message, &frame, &length);
	message_free(message);
	if (result == 0 && fwrite(frame, 1, length, file) != length)
		result = -FAILURE_SYSTEM;
	free(frame);
	return result;
}

static int write_all(FILE *file, const struct findings *findings)
{
	int result = 0;

	for (size_t i = 0; i < findings->count; i++)
		for (size_t j = 0; j < findings->tokens[i].certificates.count && result == 0; j++)
			result = write_message(file, findings_message(&findings->tokens[i], j));
	return result;
}

int record_write(unsigned uid, const struct findings *findings, struct failure *failure)
{
	char path[128], temporary[160];
	FILE *file;
	int descriptor, result;

	snprintf(path, sizeof(path), "%s/%u", PATH_FOUND, uid);
	snprintf(temporary, sizeof(temporary), "%s.%ld", path, (long)getpid());
	descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (file == NULL) {
		if (descriptor >= 0)
			close(descriptor);
		return fail_errno(failure, "%s", temporary);
	}
	result = write_all(file, findings);
	if (fclose(file) != 0 || result < 0 || rename(temporary, path) < 0) {
		result = fail_errno(failure, "%s", path);
		unlink(temporary);
	}
	return result;
}
