/* SPDX-License-Identifier: MIT */
/* The journal's folders and files; what stands in a file is journal_format.c's. */
#include "helper/renewal/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "helper/record/file.h"

enum { FILE_MAX = 1 << 20, NAME_LENGTH = 128, ENTRIES_MAX = 32 };

/* A certificate of 48 kB, in base64; a person's has two. */
enum { ROOM_FOR_ISSUED = 64 << 10 };

static const char unfinished_suffix[] = ".journal";

struct journal {
	int folder;
	char name[TOKEN_NAME_MAX]; /* for the log */
};

/* Whatever is wrong with the journal's files is told as the journal's failure. */
static int open_folder(int parent, const char *name, struct failure *failure)
{
	int folder = file_open_folder(parent, name, failure);

	if (folder < 0 && failure != NULL)
		failure->code = FAILURE_JOURNAL;
	return folder < 0 ? -FAILURE_JOURNAL : folder;
}

int journal_open(const char *path, const char *token_serial, const char *token_label,
		 struct journal **ret, struct failure *failure)
{
	struct journal *journal;
	int parent, folder;

	parent = open_folder(AT_FDCWD, path, failure);
	if (parent < 0)
		return parent;
	journal = calloc(1, sizeof(*journal));
	if (journal == NULL) {
		close(parent);
		return fail_errno(failure, "no memory for the journal");
	}
	token_name(token_serial, token_label, journal->name);
	folder = -FAILURE_JOURNAL;
	if (mkdirat(parent, journal->name, 0700) < 0 && errno != EEXIST)
		fail(failure, FAILURE_JOURNAL, "%s/%s: %s", path, journal->name, strerror(errno));
	else if (fsync(parent) < 0)
		fail(failure, FAILURE_JOURNAL, "%s: %s", path, strerror(errno));
	else
		folder = open_folder(parent, journal->name, failure);
	close(parent);
	if (folder < 0) {
		free(journal);
		return folder;
	}
	journal->folder = folder;
	*ret = journal;
	return 0;
}

/* "signature-" and the start of the SHA-256 of the old certificate's key: bound to both. */
static int entry_name(const struct journal_entry *entry, char out[NAME_LENGTH])
{
	unsigned char digest[SHA256_DIGEST_LENGTH], *key = NULL;
	int length, used;

	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(entry->old), &key);
	if (length < 0)
		return -1;
	SHA256(key, (size_t)length, digest);
	OPENSSL_free(key);
	used = snprintf(out, NAME_LENGTH, "%s-",
			entry->role == ROLE_ENCRYPTION ? "encryption" : "signature");
	for (int i = 0; i < 16; i++)
		used += snprintf(out + used, (size_t)(NAME_LENGTH - used), "%02x", digest[i]);
	return 0;
}

/* What the CA may have been asked for is kept, also on a disk that is full when it comes. */
static int save(struct journal *journal, const struct journal_entry *entry, const char *name,
		const char *text, size_t length)
{
	if (file_replace(journal->folder, name, text, length) < 0)
		return -1;
	if (entry->state != JOURNAL_REQUESTED && entry->state != JOURNAL_WAITING)
		return 0;
	return file_reserve(journal->folder, name, length + ROOM_FOR_ISSUED);
}

int journal_save(struct journal *journal, struct journal_entry *entry, struct failure *failure)
{
	char base[NAME_LENGTH], name[NAME_LENGTH + 16], *text = NULL;
	size_t length = 0;
	int result;

	if (entry_name(entry, base) < 0)
		return fail(failure, FAILURE_JOURNAL, "a key cannot be encoded");
	entry->updated = time(NULL);
	result = journal_encode(entry, &text, &length, failure);
	if (result < 0)
		return result;
	snprintf(name, sizeof(name), "%s%s", base, unfinished_suffix);
	if (save(journal, entry, name, text, length) < 0)
		result = fail(failure, FAILURE_JOURNAL, "%s/%s: %s", journal->name, name,
			      strerror(errno));
	free(text);
	return result;
}

int journal_archive(struct journal *journal, const struct journal_entry *entry,
		    struct failure *failure)
{
	char base[NAME_LENGTH], from[NAME_LENGTH + 16], to[NAME_LENGTH + 48];

	if (entry_name(entry, base) < 0)
		return fail(failure, FAILURE_JOURNAL, "a key cannot be encoded");
	snprintf(from, sizeof(from), "%s%s", base, unfinished_suffix);
	file_release(journal->folder, from);
	snprintf(to, sizeof(to), "%s-%lld.%s", base, (long long)entry->updated,
		 journal_state_name(entry->state));
	/* A name that is taken (two in one second) gets the next second's. */
	for (int64_t later = 1; faccessat(journal->folder, to, F_OK, 0) == 0 && later < 60; later++)
		snprintf(to, sizeof(to), "%s-%lld.%s", base, (long long)(entry->updated + later),
			 journal_state_name(entry->state));
	if (renameat(journal->folder, from, journal->folder, to) < 0 || fsync(journal->folder) < 0)
		return fail(failure, FAILURE_JOURNAL, "%s/%s: %s", journal->name, to,
			    strerror(errno));
	return 0;
}

int journal_forget(struct journal *journal, const struct journal_entry *entry,
		   struct failure *failure)
{
	char base[NAME_LENGTH], name[NAME_LENGTH + 16];

	if (entry_name(entry, base) < 0)
		return fail(failure, FAILURE_JOURNAL, "a key cannot be encoded");
	snprintf(name, sizeof(name), "%s%s", base, unfinished_suffix);
	file_release(journal->folder, name);
	if (unlinkat(journal->folder, name, 0) < 0 || fsync(journal->folder) < 0)
		return fail(failure, FAILURE_JOURNAL, "%s/%s: %s", journal->name, name,
			    strerror(errno));
	return 0;
}

static int read_entry(struct journal *journal, const char *name, struct journal_entry *ret,
		      struct failure *failure)
{
	struct file_content content = {.bytes = NULL};
	struct failure why = {.code = FAILURE_NONE};
	int result;

	result = file_read(journal->folder, name, FILE_MAX, &content);
	if (result != 1)
		return fail(failure, FAILURE_JOURNAL, "%s/%s cannot be read: %s", journal->name,
			    name, strerror(errno));
	result = journal_decode((const char *)content.bytes, content.length, ret, &why);
	if (result < 0)
		fail(failure, FAILURE_JOURNAL, "%s/%s: %.300s", journal->name, name, why.detail);
	file_free(&content);
	return result;
}

static bool is_unfinished(const char *name)
{
	size_t length = strlen(name), suffix = strlen(unfinished_suffix);

	return length > suffix && strcmp(name + length - suffix, unfinished_suffix) == 0;
}

/* NULL at the end, with errno 0, or with that of a folder that cannot be read any further. */
static const struct dirent *next_unfinished(DIR *folder)
{
	const struct dirent *file;

	do {
		errno = 0;
		file = readdir(folder);
	} while (file != NULL && !is_unfinished(file->d_name));
	return file;
}

static int in_order_of_renewal(const void *a, const void *b)
{
	const struct journal_entry *left = a, *right = b;

	return (int)left->role - (int)right->role;
}

int journal_unfinished(struct journal *journal, struct journal_entry **ret, size_t *ret_count,
		       struct failure *failure)
{
	struct journal_entry *entries = calloc(ENTRIES_MAX, sizeof(*entries));
	int copy = openat(journal->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *file;
	size_t count = 0;
	int result = 0;

	if (entries == NULL || folder == NULL)
		result = fail(failure, FAILURE_JOURNAL, "%s: %s", journal->name, strerror(errno));
	while (result == 0 && (file = next_unfinished(folder)) != NULL) {
		if (count == ENTRIES_MAX)
			result =
			    fail(failure, FAILURE_JOURNAL, "%s: more than %d unfinished entries",
				 journal->name, ENTRIES_MAX);
		else
			result = read_entry(journal, file->d_name, &entries[count], failure);
		count += result == 0;
	}
	if (result == 0 && errno != 0)
		result = fail(failure, FAILURE_JOURNAL, "%s: %s", journal->name, strerror(errno));
	if (folder != NULL)
		closedir(folder);
	else if (copy >= 0)
		close(copy);
	if (result < 0) {
		journal_entries_free(entries, count);
		return result;
	}
	qsort(entries, count, sizeof(*entries), in_order_of_renewal);
	*ret = entries;
	*ret_count = count;
	return 0;
}

void journal_entries_free(struct journal_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		journal_entry_clear(&entries[i]);
	free(entries);
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	close(journal->folder);
	free(journal);
}
