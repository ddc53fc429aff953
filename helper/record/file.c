/* SPDX-License-Identifier: MIT */
#include "helper/record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LENGTH = 256 };

/* errno of what failed, not of the closing after it. */
static int give_up(int descriptor)
{
	int saved = errno;

	if (descriptor >= 0)
		close(descriptor);
	errno = saved;
	return -1;
}

int file_open_folder(int parent, const char *name, struct failure *failure)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (folder < 0)
		return fail_errno(failure, "%s", name);
	if (fstat(folder, &status) < 0) {
		(void)give_up(folder);
		return fail_errno(failure, "%s", name);
	}
	if (status.st_uid != geteuid() || (status.st_mode & 077) != 0) {
		close(folder);
		return fail(failure, FAILURE_SYSTEM,
			    "%s must be a folder of user %u alone (mode 0700)", name,
			    (unsigned)geteuid());
	}
	return folder;
}

static int write_all(int file, const unsigned char *bytes, size_t length)
{
	ssize_t written;

	while (length > 0) {
		written = write(file, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* What is to take the name's place. One that is there is written over, not emptied: the room that
 * it has may be all that there is. */
static int open_next(int folder, const char *name, char temporary[NAME_LENGTH])
{
	snprintf(temporary, NAME_LENGTH, "%s.new", name);
	return openat(folder, temporary, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int file_reserve(int folder, const char *name, size_t length)
{
	char temporary[NAME_LENGTH];
	int file = open_next(folder, name, temporary), error;

	if (file < 0)
		return -1;
	error = posix_fallocate(file, 0, (off_t)length);
	if (close(file) < 0 && error == 0)
		error = errno;
	if (error != 0)
		unlinkat(folder, temporary, 0);
	errno = error;
	return error == 0 ? 0 : -1;
}

void file_release(int folder, const char *name)
{
	char temporary[NAME_LENGTH];

	snprintf(temporary, sizeof(temporary), "%s.new", name);
	unlinkat(folder, temporary, 0);
}

int file_replace(int folder, const char *name, const void *bytes, size_t length)
{
	char temporary[NAME_LENGTH];
	int file = open_next(folder, name, temporary);

	if (file < 0)
		goto remove;
	if (write_all(file, bytes, length) < 0 || ftruncate(file, (off_t)length) < 0 ||
	    fsync(file) < 0) {
		(void)give_up(file);
		goto remove;
	}
	if (close(file) < 0 || renameat(folder, temporary, folder, name) < 0)
		goto remove;
	return fsync(folder);
remove:
	file = errno;
	unlinkat(folder, temporary, 0);
	errno = file;
	return -1;
}

static int examine(int file, size_t most, struct stat *status)
{
	if (fstat(file, status) < 0)
		return -1;
	if (!S_ISREG(status->st_mode) || status->st_uid != geteuid() ||
	    (status->st_mode & 022) != 0) {
		errno = EPERM;
		return -1;
	}
	if ((uintmax_t)status->st_size > most) {
		errno = EFBIG;
		return -1;
	}
	return 0;
}

static int read_all(int file, unsigned char *bytes, size_t length)
{
	ssize_t got;

	while (length > 0) {
		got = read(file, bytes, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return -1;
		bytes += got;
		length -= (size_t)got;
	}
	return 0;
}

int file_read(int folder, const char *name, size_t most, struct file_content *ret)
{
	/* Not blocking: what is there in its place may be a pipe. */
	int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct file_content content;
	struct stat status;

	if (file < 0)
		return errno == ENOENT ? 0 : -1;
	if (examine(file, most, &status) < 0)
		return give_up(file);
	content = (struct file_content){
	    .bytes = malloc((size_t)status.st_size + 1),
	    .length = (size_t)status.st_size,
	    .written = status.st_mtime,
	};
	if (content.bytes == NULL || read_all(file, content.bytes, content.length) < 0) {
		file_free(&content);
		return give_up(file);
	}
	close(file);
	content.bytes[content.length] = '\0';
	*ret = content;
	return 1;
}

void file_free(struct file_content *content)
{
	free(content->bytes);
	*content = (struct file_content){.bytes = NULL};
}
