/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>

#include "helper/ca/request.h"
#include "helper/command/exit.h"
#include "helper/journal/journal_command.h"
#include "helper/words/language.h"

/* More than an entry's file can hold. */
enum { PEM_MAX = 2 << 20 };

static int write_request(FILE *out, const struct journal_entry *entry)
{
	X509_REQ *request;
	int written;

	if (entry->request == NULL)
		return 0;
	request = request_parse(entry->request, entry->request_length);
	if (request != NULL)
		written = PEM_write_X509_REQ(out, request);
	else
		/* By CMP it is a message and what was answered to it. */
		written = PEM_write(out, "CMP TRANSACTION", "", entry->request,
				    (long)entry->request_length) > 0;
	X509_REQ_free(request);
	return written;
}

static int write_pem(FILE *out, const struct journal_entry *entry, enum export_what what)
{
	X509 *certificate = what == EXPORT_OLD ? entry->old : entry->issued;

	if (what == EXPORT_REQUEST)
		return write_request(out, entry);
	return certificate != NULL ? PEM_write_X509(out, certificate) : 0;
}

/* The child: its exit status says whether there was anything. */
static void make_pem(const struct account *account, struct records *records, struct record *record,
		     enum export_what what, int pipe)
{
	struct failure failure = {.code = FAILURE_NONE};
	FILE *out = fdopen(pipe, "w");
	int written = 0;

	if (out == NULL || child_drop(account) < 0)
		_exit(EXIT_ERROR);
	if (records_read(records, &failure) < 0)
		_exit(journal_error(_("the record cannot be read"), &failure));
	if (record->damaged)
		_exit(journal_error(_("the record cannot be read"), &record->why));
	written = write_pem(out, &record->entry, what);
	if (written != 1)
		fprintf(stderr, "certrenew: %s\n", _("This record does not hold that."));
	_exit(written == 1 && fclose(out) == 0 ? EXIT_FINE : EXIT_ERROR);
}

/* All of it, before anything is written: a file that is there is whole. */
static char *read_all(int pipe, size_t *ret_length)
{
	char *bytes = malloc(PEM_MAX);
	size_t used = 0;
	ssize_t got = bytes == NULL ? 0 : 1;

	while (got > 0 && used < PEM_MAX) {
		got = read(pipe, bytes + used, PEM_MAX - used);
		if (got > 0)
			used += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	if (got != 0) {
		free(bytes);
		return NULL;
	}
	*ret_length = used;
	return bytes;
}

static int save(const char *path, const char *bytes, size_t length, struct failure *failure)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *out = file < 0 ? NULL : fdopen(file, "w");
	bool written;

	if (out == NULL) {
		fail_errno(failure, "%s", path);
		if (file >= 0)
			close(file);
		return -FAILURE_SYSTEM;
	}
	written = fwrite(bytes, 1, length, out) == length && fflush(out) == 0 && fsync(file) == 0;
	if (fclose(out) == 0 && written)
		return 0;
	fail_errno(failure, "%s", path);
	unlink(path);
	return -FAILURE_SYSTEM;
}

int journal_export(const struct account *account, struct records *records, struct record *record,
		   enum export_what what, const char *path)
{
	struct failure failure = {.code = FAILURE_NONE};
	int ends[2], status = 0, result = EXIT_ERROR;
	size_t length = 0;
	char *bytes;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return EXIT_ERROR;
	child = fork();
	if (child == 0)
		make_pem(account, records, record, what, ends[1]);
	close(ends[1]);
	bytes = read_all(ends[0], &length);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	/* Why not, the child has said. */
	if (child > 0 && status == 0 && bytes != NULL)
		result = save(path, bytes, length, &failure) == 0
			     ? EXIT_FINE
			     : journal_error(_("not exported"), &failure);
	free(bytes);
	return result;
}
