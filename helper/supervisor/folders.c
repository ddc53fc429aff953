/* SPDX-License-Identifier: MIT */
#include "helper/supervisor/folders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/common/paths.h"

enum { PATH_LENGTH = 256 };

static const struct {
	const char *path;
	mode_t mode;
	int ours; /* of the account that check and renew run as; otherwise root's */
} folders[] = {
    {PATH_RUN, 0755, 0},    {PATH_LOCKS, 0700, 0},   {PATH_FOUND, 0700, 1},
    {PATH_STATE, 0755, 0},  {PATH_JOURNAL, 0700, 1}, {PATH_LATER, 0700, 1},
    {PATH_UNTOLD, 0700, 1}, {PATH_HOME, 0700, 1},    {PATH_CACHE, 0700, 1},
};

/* Of the folder that this one is in: its name is to be there after a power cut. */
static int sync_parent(const char *path)
{
	char parent[PATH_LENGTH];
	int folder, result;

	snprintf(parent, sizeof(parent), "%s", path);
	*strrchr(parent, '/') = '\0';
	folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -1;
	result = fsync(folder);
	close(folder);
	return result;
}

/*
 * A driver can take its own user's rights to a folder away, and so keep every later run out. What
 * was open to others is left as it is: whoever was to use it refuses to.
 */
static void put_right(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (folder < 0)
		return;
	/* Where it fails, whoever needs the folder says so. */
	if (fstat(folder, &status) == 0 && status.st_uid == uid && status.st_gid == gid)
		(void)fchmod(folder, mode);
	close(folder);
}

static bool is_closed(const struct stat *status)
{
	return (status->st_mode & 07077) == 0 && (status->st_mode & 0700) != 0700;
}

/* Under a name of its own first: many logins may make it at once, and none of them may meet it
 * before it has its owner. The parents are root's alone, so nobody else can put anything there. */
static int make_folder(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	char temporary[PATH_LENGTH];
	struct stat status;
	int saved;

	if (lstat(path, &status) == 0) {
		if (uid != 0 && is_closed(&status))
			put_right(path, mode, uid, gid);
		return 0;
	}
	snprintf(temporary, sizeof(temporary), "%s.%d", path, (int)getpid());
	/* One of a process that was killed right here serves as well. */
	if (mkdir(temporary, 0700) < 0 && errno != EEXIST)
		return -1;
	if (chown(temporary, uid, gid) == 0 && chmod(temporary, mode) == 0 &&
	    renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return sync_parent(path);
	saved = errno;
	rmdir(temporary);
	errno = saved;
	return saved == EEXIST ? 0 : -1;
}

int folders_make(uid_t uid, gid_t gid, struct failure *failure)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (make_folder(folders[i].path, folders[i].mode, folders[i].ours ? uid : 0,
				folders[i].ours ? gid : 0) < 0)
			return fail_errno(failure, "%s", folders[i].path);
	return 0;
}

int folders_check(uid_t uid, gid_t gid, struct failure *failure)
{
	struct stat status;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *path = folders[i].path;

		if (lstat(path, &status) < 0) {
			if (errno == ENOENT)
				continue;
			return fail_errno(failure, "%s cannot be looked at", path);
		}
		if (!S_ISDIR(status.st_mode))
			return fail(failure, FAILURE_SYSTEM, "%s is not a folder", path);
		if (status.st_uid != (folders[i].ours ? uid : 0) ||
		    status.st_gid != (folders[i].ours ? gid : 0))
			return fail(failure, FAILURE_SYSTEM,
				    "%s belongs to user %u and group %u, and not to %s", path,
				    (unsigned)status.st_uid, (unsigned)status.st_gid,
				    folders[i].ours ? CERTRENEW_USER : "root");
		if ((status.st_mode & 07777) != folders[i].mode)
			return fail(failure, FAILURE_SYSTEM, "%s has mode %04o, and not %04o", path,
				    (unsigned)status.st_mode & 07777, (unsigned)folders[i].mode);
	}
	return 0;
}

DIR *folders_open(int parent, const char *name)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = folder < 0 ? NULL : fdopendir(folder);

	if (stream == NULL && folder >= 0)
		close(folder);
	return stream;
}

static int has_unfinished(int parent, const char *token)
{
	static const char suffix[] = ".journal";
	DIR *folder = folders_open(parent, token);
	const struct dirent *file;
	size_t length;
	int found = 0;

	while (folder != NULL && !found && (file = readdir(folder)) != NULL) {
		length = strlen(file->d_name);
		found = length > strlen(suffix) &&
			strcmp(file->d_name + length - strlen(suffix), suffix) == 0;
	}
	if (folder != NULL)
		closedir(folder);
	return found;
}

static int is_token_name(const char *name)
{
	if (strncmp(name, "label-", 6) == 0)
		name += 6;
	return name[0] != '\0' && name[strspn(name, "0123456789abcdef")] == '\0';
}

void folders_unfinished(char *out, size_t size)
{
	DIR *journal = folders_open(AT_FDCWD, PATH_JOURNAL);
	const struct dirent *token;
	size_t used = 0;

	out[0] = '\0';
	while (journal != NULL && (token = readdir(journal)) != NULL) {
		if (!is_token_name(token->d_name) ||
		    !has_unfinished(dirfd(journal), token->d_name) ||
		    used + strlen(token->d_name) + 2 > size)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? "," : "",
					 token->d_name);
	}
	if (journal != NULL)
		closedir(journal);
}

int folders_open_lock(const char *token, struct failure *failure)
{
	char path[PATH_LENGTH];
	int lock;

	snprintf(path, sizeof(path), "%s/%s", PATH_LOCKS, token);
	lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	return lock < 0 ? fail_errno(failure, "%s", path) : lock;
}

int folders_lock(const char *token, struct failure *failure)
{
	int result, lock = folders_open_lock(token, failure);

	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) == 0)
		return lock;
	result = errno == EWOULDBLOCK
		     ? fail(failure, FAILURE_BUSY, "%s/%s is locked", PATH_LOCKS, token)
		     : fail_errno(failure, "%s/%s cannot be locked", PATH_LOCKS, token);
	close(lock);
	return result;
}
