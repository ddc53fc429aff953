/* SPDX-License-Identifier: MIT */
/* What else a file has than its bytes: the journal is this user's, and closed to check. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/world/malicious/attacks.h"

#define JOURNAL "/var/lib/certrenew/journal"

static bool change_mode(void)
{
	return chmod(JOURNAL, 0777) == 0;
}

static bool change_mode_at(void)
{
	return fchmodat(AT_FDCWD, JOURNAL, 0, 0) == 0;
}

/* fchmodat2, which not every libc has a name for. */
static bool change_mode_at2(void)
{
	return syscall(452, AT_FDCWD, JOURNAL, 0, 0) == 0;
}

/* Opened for neither reading nor writing, which Landlock has no name for. */
static bool change_mode_by_open(void)
{
	int file = open(JOURNAL "/secret", O_ACCMODE | O_CLOEXEC);

	return file >= 0 && fchmod(file, 0) == 0;
}

static bool change_mode_by_openat2(void)
{
	const struct open_how how = {.flags = O_ACCMODE};
	long file = syscall(SYS_openat2, AT_FDCWD, JOURNAL "/secret", &how, sizeof(how));

	return file >= 0 && fchmod((int)file, 0) == 0;
}

static bool change_mode_by_path(void)
{
	int folder = open(JOURNAL, O_PATH | O_CLOEXEC);

	return folder >= 0 && fchmod(folder, 0) == 0;
}

/* It may be read, and so opened: what the filters leave. */
static bool close_records(void)
{
	int folder = open("/run/certrenew/found", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return folder >= 0 && fchmod(folder, 0) == 0;
}

static bool change_owner(void)
{
	return chown(JOURNAL, (uid_t)-1, getgid()) == 0;
}

static bool change_owner_at(void)
{
	return fchownat(AT_FDCWD, JOURNAL, (uid_t)-1, getgid(), AT_SYMLINK_NOFOLLOW) == 0;
}

static bool change_times(void)
{
	return utimensat(AT_FDCWD, JOURNAL "/secret", NULL, 0) == 0;
}

static bool change_attributes(void)
{
	return setxattr(JOURNAL, "user.made", "", 1, 0) == 0;
}

static bool watch_journal(void)
{
	int events = inotify_init1(IN_CLOEXEC);

	return events >= 0 && inotify_add_watch(events, JOURNAL, IN_ALL_EVENTS) >= 0;
}

static const struct {
	const char *name;
	bool (*try)(void);
} attempts[] = {
    {"change-mode", change_mode},
    {"change-mode-at", change_mode_at},
    {"change-mode-at2", change_mode_at2},
    {"change-mode-by-open", change_mode_by_open},
    {"change-mode-by-openat2", change_mode_by_openat2},
    {"change-mode-by-path", change_mode_by_path},
    {"close-records", close_records},
    {"change-owner", change_owner},
    {"change-owner-at", change_owner_at},
    {"change-times", change_times},
    {"change-attributes", change_attributes},
    {"watch-journal", watch_journal},
};

bool tamper(const char *name, bool *ret_gained)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		if (strcmp(attempts[i].name, name) == 0) {
			*ret_gained = attempts[i].try();
			return true;
		}
	return false;
}
