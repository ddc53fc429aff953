/* SPDX-License-Identifier: MIT */
/*
 * test-durable begin FILE FOLDER: from now on the fsyncs of certrenew's programs are noted in FILE;
 * all that is in FOLDER, a file system of its own, is taken to have been synced. test-durable cut
 * FILE FOLDER: makes FOLDER what a power cut would have left of it, and prints what was lost.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/world/interpose/durable.h"

/* --- begin -------------------------------------------------------------------------------------
 */

static void note_all(struct durable_head *durable, int folder)
{
	DIR *names = fdopendir(dup(folder));
	const struct dirent *name;
	int descriptor;

	if (names == NULL)
		err(1, "a folder");
	while ((name = readdir(names)) != NULL) {
		if (strcmp(name->d_name, ".") == 0 || strcmp(name->d_name, "..") == 0)
			continue;
		descriptor = openat(folder, name->d_name, O_RDONLY | O_NOFOLLOW);
		if (descriptor < 0)
			err(1, "%s", name->d_name);
		if (name->d_type == DT_DIR)
			note_all(durable, descriptor);
		else
			durable_note(durable, descriptor);
		close(descriptor);
	}
	closedir(names);
	durable_note(durable, folder);
}

static void begin(const char *file, const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY), made;
	struct durable_head *durable;
	struct stat status;

	/* A new one: what still runs keeps the old. */
	unlink(file);
	made = open(file, O_RDWR | O_CREAT | O_EXCL, 0666);
	if (folder < 0 || made < 0 || fstat(folder, &status) < 0 ||
	    ftruncate(made, DURABLE_SIZE) < 0 || fchmod(made, 0666) < 0)
		err(1, "%s, %s", file, path);
	durable = durable_map(file);
	if (durable == NULL)
		err(1, "%s", file);
	*durable = (struct durable_head){.device = status.st_dev, .root = status.st_ino};
	note_all(durable, folder);
}

/* --- cut ---------------------------------------------------------------------------------------
 */

/* The last record of this inode; NULL if it was never synced. */
static const struct durable_record *last_of(const struct durable_head *durable, uint64_t inode)
{
	const char *at = (const char *)(durable + 1), *end = at + durable->used;
	const struct durable_record *record, *last = NULL;

	for (; at < end; at += sizeof(*record) + ((record->length + 7) & ~(uint64_t)7)) {
		record = (const void *)at;
		if (record->inode == inode)
			last = record;
	}
	return last;
}

static const struct durable_entry *entry_of(const struct durable_record *record, const char *name)
{
	const struct durable_entry *entries;

	if (record == NULL)
		return NULL;
	entries = (const void *)(record + 1);
	for (size_t i = 0; i < record->length / sizeof(*entries); i++)
		if (strcmp(entries[i].name, name) == 0)
			return &entries[i];
	return NULL;
}

static int is_itself(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What the folder holds now is removed, and what is lost with it told. */
static void empty(const struct durable_head *durable, int folder, const struct durable_record *kept)
{
	DIR *names = fdopendir(dup(folder));
	const struct durable_entry *entry;
	const struct dirent *name;
	int inner;

	rewinddir(names);
	while ((name = readdir(names)) != NULL) {
		if (is_itself(name->d_name))
			continue;
		entry = entry_of(kept, name->d_name);
		if (entry == NULL)
			printf("lost: %s\n", name->d_name);
		if (name->d_type != DT_DIR) {
			if (entry != NULL && entry->inode != name->d_ino)
				printf("as before: %s\n", name->d_name);
			unlinkat(folder, name->d_name, 0);
			continue;
		}
		inner = openat(folder, name->d_name, O_RDONLY | O_DIRECTORY);
		empty(durable, inner, entry == NULL ? NULL : last_of(durable, entry->inode));
		close(inner);
		unlinkat(folder, name->d_name, AT_REMOVEDIR);
	}
	closedir(names);
}

static void make_file(int folder, const struct durable_entry *entry,
		      const struct durable_record *record)
{
	int file = openat(folder, entry->name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (file < 0 || fchown(file, entry->uid, entry->gid) < 0 ||
	    fchmod(file, entry->mode & 07777) < 0 ||
	    (record != NULL && write(file, record + 1, record->length) != (ssize_t)record->length))
		err(1, "%s", entry->name);
	if (record == NULL)
		printf("empty: %s\n", entry->name);
	close(file);
}

static void make_folder(const struct durable_head *durable, int folder,
			const struct durable_record *record)
{
	const struct durable_entry *entries;
	int inner;

	if (record == NULL)
		return;
	entries = (const void *)(record + 1);
	for (size_t i = 0; i < record->length / sizeof(*entries); i++) {
		if (!S_ISDIR(entries[i].mode)) {
			make_file(folder, &entries[i], last_of(durable, entries[i].inode));
			continue;
		}
		if (mkdirat(folder, entries[i].name, 0700) < 0 ||
		    fchownat(folder, entries[i].name, entries[i].uid, entries[i].gid, 0) < 0 ||
		    fchmodat(folder, entries[i].name, entries[i].mode & 07777, 0) < 0)
			err(1, "%s", entries[i].name);
		inner = openat(folder, entries[i].name, O_RDONLY | O_DIRECTORY);
		make_folder(durable, inner, last_of(durable, entries[i].inode));
		close(inner);
	}
}

static void cut(const char *file, const char *path)
{
	const struct durable_head *durable = durable_map(file);
	int folder = open(path, O_RDONLY | O_DIRECTORY);
	const struct durable_record *record;

	if (durable == NULL || folder < 0)
		err(1, "%s, %s", file, path);
	if (durable->overflow > 0)
		errx(1, "%s: %llu fsyncs are not noted", file,
		     (unsigned long long)durable->overflow);
	record = last_of(durable, durable->root);
	empty(durable, folder, record);
	make_folder(durable, folder, record);
	close(folder);
}

int main(int count, char *arguments[])
{
	if (count == 4 && strcmp(arguments[1], "begin") == 0)
		begin(arguments[2], arguments[3]);
	else if (count == 4 && strcmp(arguments[1], "cut") == 0)
		cut(arguments[2], arguments[3]);
	else
		errx(2, "test-durable begin|cut FILE FOLDER");
	return 0;
}
