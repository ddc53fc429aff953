/* SPDX-License-Identifier: MIT */
#include "helper/journal/records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "helper/common/paths.h"
#include "helper/record/file.h"
#include "helper/supervisor/folders.h"
#include "helper/words/language.h"

enum { RECORDS_MAX = 1024, FILE_MAX = 1 << 20 };

static bool ends_in(const char *name, const char *suffix)
{
	size_t length = strlen(name), part = strlen(suffix);

	return length > part && strcmp(name + length - part, suffix) == 0;
}

static void name_record(struct record *record, const char *folder, const char *file)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char path[2 * RECORD_NAME_MAX];
	int length;

	snprintf(record->folder, sizeof(record->folder), "%s", folder);
	snprintf(record->file, sizeof(record->file), "%s", file);
	length = snprintf(path, sizeof(path), "%s/%s", folder, file);
	SHA256((const unsigned char *)path, (size_t)length, digest);
	snprintf(record->id, sizeof(record->id), "%02x%02x%02x%02x", digest[0], digest[1],
		 digest[2], digest[3]);
	(void)token_name_read(folder, record->serial, record->label);
	record->archived = file[0] != '\0' && !ends_in(file, ".journal");
}

static void add(struct records *records, const char *folder, const char *file)
{
	records->more = records->more || records->count == RECORDS_MAX;
	if (records->count < RECORDS_MAX)
		name_record(&records->items[records->count++], folder, file);
}

static void add_folder(struct records *records, int parent, const char *name)
{
	DIR *folder = folders_open(parent, name);
	char serial[TOKEN_NAME_MAX], label[TOKEN_NAME_MAX];
	const struct dirent *file;

	if (folder == NULL || token_name_read(name, serial, label) < 0) {
		add(records, name, "");
		if (folder != NULL)
			closedir(folder);
		return;
	}
	/* What a replacement that was cut off left behind is nobody's record. */
	while ((file = readdir(folder)) != NULL)
		if (file->d_name[0] != '.' && !ends_in(file->d_name, ".new"))
			add(records, name, file->d_name);
	closedir(folder);
}

/* Each card's together, what is unfinished first, the rest by name, which ends in its time. */
static int in_order(const void *a, const void *b)
{
	const struct record *left = a, *right = b;
	int order = strcmp(left->folder, right->folder);

	if (order == 0)
		order = (int)left->archived - (int)right->archived;
	return order != 0 ? order : strcmp(left->file, right->file);
}

int records_names(struct records *ret, struct failure *failure)
{
	struct records records = {.items = calloc(RECORDS_MAX, sizeof(*records.items))};
	DIR *journal = folders_open(AT_FDCWD, PATH_JOURNAL);
	const struct dirent *folder;

	if (journal == NULL && errno == ENOENT && records.items != NULL) {
		*ret = records;
		return 0;
	}
	if (journal == NULL || records.items == NULL) {
		fail(failure, FAILURE_JOURNAL, "%s: %s", PATH_JOURNAL, strerror(errno));
		free(records.items);
		if (journal != NULL)
			closedir(journal);
		return -FAILURE_JOURNAL;
	}
	while ((folder = readdir(journal)) != NULL)
		if (folder->d_name[0] != '.')
			add_folder(&records, dirfd(journal), folder->d_name);
	closedir(journal);
	if (records.count > 0)
		qsort(records.items, records.count, sizeof(*records.items), in_order);
	*ret = records;
	return 0;
}

struct record *records_find(const struct records *records, const char *id, struct failure *failure)
{
	struct record *found = NULL;

	for (size_t i = 0; id[0] != '\0' && i < records->count; i++) {
		if (strncmp(records->items[i].id, id, strlen(id)) != 0)
			continue;
		if (found != NULL) {
			fail(failure, FAILURE_JOURNAL, "%s", _("several IDs begin so"));
			return NULL;
		}
		found = &records->items[i];
	}
	if (found == NULL)
		fail(failure, FAILURE_JOURNAL, "%s", _("there is no such ID"));
	return found;
}

/* Why a name cannot be read, where errno alone says little. */
static const char *reason(void)
{
	switch (errno) {
	case ELOOP:
		return "a symbolic link";
	case EPERM:
		return "no file, or not of " CERTRENEW_USER " alone";
	case EFBIG:
		return "too large";
	default:
		return strerror(errno);
	}
}

static int read_record(int folder, struct record *record, struct failure *failure)
{
	struct file_content content = {.bytes = NULL};
	int result;

	errno = ENOENT;
	result = file_read(folder, record->file, FILE_MAX, &content);
	if (result != 1)
		return fail(failure, FAILURE_JOURNAL, "%s", reason());
	result =
	    journal_decode((const char *)content.bytes, content.length, &record->entry, failure);
	file_free(&content);
	return result;
}

static void read_one(int journal, struct record *record)
{
	struct failure *why = &record->why;
	int folder = file_open_folder(journal, record->folder, why);

	record->misplaced = folder < 0 || record->file[0] == '\0' ||
			    (record->serial[0] == '\0' && record->label[0] == '\0');
	if (folder >= 0 && record->misplaced)
		fail(why, FAILURE_JOURNAL, "not the folder of a card");
	record->damaged = record->misplaced || read_record(folder, record, why) < 0;
	if (folder >= 0)
		close(folder);
}

int records_read(struct records *records, struct failure *failure)
{
	int journal;

	if (records->count == 0)
		return 0;
	journal = file_open_folder(AT_FDCWD, PATH_JOURNAL, failure);
	if (journal < 0)
		return journal;
	for (size_t i = 0; i < records->count; i++)
		read_one(journal, &records->items[i]);
	close(journal);
	return 0;
}

void records_free(struct records *records)
{
	for (size_t i = 0; i < records->count; i++)
		journal_entry_clear(&records->items[i].entry);
	free(records->items);
	*records = (struct records){.items = NULL};
}

int record_put_aside(const struct record *record, struct failure *failure)
{
	char path[sizeof(PATH_JOURNAL) + RECORD_NAME_MAX], to[RECORD_NAME_MAX + 48];
	int folder, result = 0;

	snprintf(path, sizeof(path), "%s/%s", PATH_JOURNAL, record->folder);
	folder = file_open_folder(AT_FDCWD, path, failure);
	if (folder < 0)
		return -FAILURE_JOURNAL;
	snprintf(to, sizeof(to), "%.*s-%lld.damaged",
		 (int)(strlen(record->file) - strlen(".journal")), record->file,
		 (long long)time(NULL));
	if (renameat(folder, record->file, folder, to) < 0 || fsync(folder) < 0)
		result = fail(failure, FAILURE_JOURNAL, "%s: %s", record->file, strerror(errno));
	close(folder);
	return result;
}
