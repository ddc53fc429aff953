/* SPDX-License-Identifier: MIT */
/* A folder of a test's own, and what is in it. */
#ifndef CERTRENEW_TESTS_FOLDER_H
#define CERTRENEW_TESTS_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char folder[64];

static inline int folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/certrenew-unit-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int folder_remove_one(const char *path, const struct stat *status, int type,
				    struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int folder_remove(void **state)
{
	(void)state;
	return nftw(folder, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* folder/name; good until the fourth call from now. */
static inline const char *folder_path(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % COUNT_OF(paths)];

	assert_in_range(snprintf(path, PATH_MAX, "%s/%s", folder, name), 1, PATH_MAX - 1);
	return path;
}

static inline void folder_write(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* The whole file, with a NUL behind it; the caller frees it. */
static inline char *folder_read(const char *path, size_t *ret_length)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	long length;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	length = ftell(file);
	assert_true(length >= 0);
	rewind(file);
	text = calloc(1, (size_t)length + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)length, file), length);
	assert_int_equal(fclose(file), 0);
	*ret_length = (size_t)length;
	return text;
}

/* How many files the folder holds; *ret_name is the name of the last one seen. */
static inline size_t folder_count(const char *path, char *ret_name, size_t size)
{
	DIR *entries = opendir(path);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (ret_name != NULL)
			snprintf(ret_name, size, "%s", entry->d_name);
	}
	closedir(entries);
	return count;
}

#endif
