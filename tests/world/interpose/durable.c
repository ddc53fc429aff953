/* SPDX-License-Identifier: MIT */
#include "tests/world/interpose/durable.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILE_MOST = 256 << 10, ENTRIES_MOST = 64 };

struct durable_head *durable_map(const char *path)
{
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	void *map;

	if (file < 0)
		return NULL;
	map = mmap(NULL, DURABLE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	syscall(SYS_close, file);
	return map == MAP_FAILED ? NULL : map;
}

/* Room for one record, and what it is to hold; NULL when the file is full. */
static void *reserve(struct durable_head *durable, size_t length, uint64_t **ret_length)
{
	size_t whole = sizeof(struct durable_record) + ((length + 7) & ~(size_t)7);
	uint64_t at = __atomic_fetch_add(&durable->used, whole, __ATOMIC_SEQ_CST);
	struct durable_record *record;

	if (sizeof(*durable) + at + whole > DURABLE_SIZE) {
		__atomic_fetch_add(&durable->overflow, 1, __ATOMIC_SEQ_CST);
		return NULL;
	}
	record = (void *)((char *)(durable + 1) + at);
	*ret_length = &record->length;
	*record = (struct durable_record){.length = length};
	return record;
}

/* The descriptor itself may be for writing only. */
static void note_file(struct durable_head *durable, int descriptor, const struct stat *status)
{
	struct durable_record *record;
	uint64_t *length;
	char path[48];
	int file;

	record = reserve(durable, (size_t)status->st_size, &length);
	if (record == NULL)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
	file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, record + 1, *length) != (ssize_t)*length)
		__atomic_fetch_add(&durable->overflow, 1, __ATOMIC_SEQ_CST);
	if (file >= 0)
		syscall(SYS_close, file);
	record->inode = status->st_ino;
}

static size_t read_entries(int descriptor, struct durable_entry *entries)
{
	int copy = (int)syscall(SYS_openat, descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *name;
	struct stat status;
	size_t count = 0;

	while (folder != NULL && count < ENTRIES_MOST && (name = readdir(folder)) != NULL) {
		if (strcmp(name->d_name, ".") == 0 || strcmp(name->d_name, "..") == 0 ||
		    fstatat(descriptor, name->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		entries[count] = (struct durable_entry){
		    .inode = status.st_ino,
		    .mode = status.st_mode,
		    .uid = status.st_uid,
		    .gid = status.st_gid,
		};
		strncpy(entries[count].name, name->d_name, DURABLE_NAME - 1);
		count++;
	}
	if (folder != NULL)
		closedir(folder);
	return count;
}

static void note_folder(struct durable_head *durable, int descriptor, const struct stat *status)
{
	struct durable_entry entries[ENTRIES_MOST];
	size_t count = read_entries(descriptor, entries);
	struct durable_record *record;
	uint64_t *length;

	record = reserve(durable, count * sizeof(entries[0]), &length);
	if (record == NULL)
		return;
	memcpy(record + 1, entries, *length);
	record->is_folder = 1;
	record->inode = status->st_ino;
}

void durable_note(struct durable_head *durable, int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status) < 0 || status.st_dev != durable->device)
		return;
	if (S_ISDIR(status.st_mode))
		note_folder(durable, descriptor, &status);
	else if (S_ISREG(status.st_mode) && status.st_size <= FILE_MOST)
		note_file(durable, descriptor, &status);
	else
		__atomic_fetch_add(&durable->overflow, 1, __ATOMIC_SEQ_CST);
}
