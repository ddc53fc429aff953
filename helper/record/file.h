/* SPDX-License-Identifier: MIT */
/*
 * Files that are this user's alone, in folders that are this user's alone: what is kept for a
 * person, and the journal. A file is replaced in one step, so that a power cut leaves what stood
 * there before or what stands there after, and one that somebody else put there is not believed.
 */
#ifndef CERTRENEW_RECORD_FILE_H
#define CERTRENEW_RECORD_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "helper/common/failure.h"

/* What was read; freed with file_free. */
struct file_content {
	unsigned char *bytes; /* with a NUL behind them */
	size_t length;
	int64_t written; /* when, in seconds since the epoch */
};

/*
 * Opens a folder of this user's that nobody else may use (mode 0700, no symbolic link). Returns
 * its descriptor, or -FAILURE_SYSTEM.
 */
int file_open_folder(int parent, const char *name, struct failure *failure);

/* To a name of its own first, fsynced, then over the old one, and the folder fsynced: 0, or -1 with
 * errno. Two processes must not replace one name at the same time. */
int file_replace(int folder, const char *name, const void *bytes, size_t length);

/*
 * Room for `length` bytes in the file_replace of this name that comes next, so that a disk which
 * fills up meanwhile cannot keep it from being done: 0, or -1 with errno. (Not on a file system
 * that writes elsewhere what it writes over.)
 */
int file_reserve(int folder, const char *name, size_t length);

/* Gives back what file_reserve reserved, if it did. */
void file_release(int folder, const char *name);

/*
 * Reads a regular file of this user's that nobody else may write, of at most `most` bytes. Returns
 * 1, 0 if there is none, or -1 with errno (ELOOP for a symbolic link, EPERM for somebody else's,
 * EFBIG).
 */
int file_read(int folder, const char *name, size_t most, struct file_content *ret);

/* Safe on a zeroed struct. */
void file_free(struct file_content *content);

#endif
