/* SPDX-License-Identifier: MIT */
/*
 * The wrappers of what writes, creates, removes, makes it last, or needs a descriptor. They call
 * the kernel themselves; libc's own inner calls (of stdio, of syslog) don't pass here.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/world/interpose/trace.h"

/* glibc's own, for what was compiled with _FORTIFY_SOURCE. */
int __open_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

static const char *number(int descriptor, char *out, size_t size)
{
	snprintf(out, size, "%d", descriptor);
	return out;
}

static const char *described(int descriptor, size_t length, char *out, size_t size)
{
	snprintf(out, size, "%d, %zu bytes", descriptor, length);
	return out;
}

/* A file on a disk, which may be full; not a pipe, a socket or a terminal. */
static unsigned class_of(int descriptor)
{
	struct stat status;
	int saved = errno;
	bool disk =
	    fstat(descriptor, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));

	errno = saved;
	return disk ? CLASS_WRITE | CLASS_DISK : CLASS_WRITE;
}

static int opened(int folder, const char *path, int flags, mode_t mode, const void *caller)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
	struct point point = point_enter(
	    writes ? CLASS_WRITE | CLASS_DISK | CLASS_FILE : CLASS_FILE, "open", caller, path);
	int result;

	if (point.action == ACTION_ERROR)
		return -1;
	result = (int)syscall(SYS_openat, folder, path, flags, mode);
	if (point_leave(&point)) {
		int saved = errno;

		syscall(SYS_close, result);
		errno = saved;
		return -1;
	}
	return result;
}

static mode_t mode_of(int flags, va_list values)
{
	return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(values, mode_t)
									  : 0;
}

#define OPEN(name)                                                  \
	int name(const char *path, int flags, ...)                  \
	{                                                           \
		va_list values;                                     \
		mode_t mode;                                        \
                                                                    \
		va_start(values, flags);                            \
		mode = mode_of(flags, values);                      \
		va_end(values);                                     \
		return opened(AT_FDCWD, path, flags, mode, CALLER); \
	}
#define OPENAT(name)                                              \
	int name(int folder, const char *path, int flags, ...)    \
	{                                                         \
		va_list values;                                   \
		mode_t mode;                                      \
                                                                  \
		va_start(values, flags);                          \
		mode = mode_of(flags, values);                    \
		va_end(values);                                   \
		return opened(folder, path, flags, mode, CALLER); \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags)
{
	return opened(AT_FDCWD, path, flags, 0, CALLER);
}

int __open64_2(const char *path, int flags)
{
	return opened(AT_FDCWD, path, flags, 0, CALLER);
}

int __openat_2(int folder, const char *path, int flags)
{
	return opened(folder, path, flags, 0, CALLER);
}

int __openat64_2(int folder, const char *path, int flags)
{
	return opened(folder, path, flags, 0, CALLER);
}

/* A descriptor that close says it failed to close is closed all the same. */
int close(int descriptor)
{
	int flags = (int)syscall(SYS_fcntl, descriptor, F_GETFL), result;
	struct point point = {ACTION_NONE, false, 0};
	char detail[32];

	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		point = point_enter(class_of(descriptor), "close", CALLER,
				    number(descriptor, detail, sizeof(detail)));
	result = (int)syscall(SYS_close, descriptor);
	if (point.action == ACTION_ERROR)
		errno = EIO;
	return point_leave(&point) || point.action == ACTION_ERROR ? -1 : result;
}

static ssize_t half(const struct point *point, size_t length)
{
	return (ssize_t)(point->action == ACTION_SHORT && length > 1 ? length / 2 : length);
}

#define WRITES(name, call)                                                              \
	do {                                                                            \
		char detail[48];                                                        \
		struct point point =                                                    \
		    point_enter(class_of(descriptor), name, CALLER,                     \
				described(descriptor, length, detail, sizeof(detail))); \
		ssize_t result;                                                         \
                                                                                        \
		if (point.action == ACTION_ERROR)                                       \
			return -1;                                                      \
		length = (size_t)half(&point, length);                                  \
		result = call;                                                          \
		return point_leave(&point) ? -1 : result;                               \
	} while (0)

ssize_t write(int descriptor, const void *bytes, size_t length)
{
	WRITES("write", syscall(SYS_write, descriptor, bytes, length));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t at)
{
	WRITES("pwrite", syscall(SYS_pwrite64, descriptor, bytes, length, at));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t at)
{
	WRITES("pwrite", syscall(SYS_pwrite64, descriptor, bytes, length, at));
}

ssize_t send(int descriptor, const void *bytes, size_t length, int flags)
{
	WRITES("send", syscall(SYS_sendto, descriptor, bytes, length, flags, NULL, 0));
}

ssize_t sendto(int descriptor, const void *bytes, size_t length, int flags,
	       const struct sockaddr *to, socklen_t to_length)
{
	WRITES("sendto", syscall(SYS_sendto, descriptor, bytes, length, flags, to, to_length));
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
	char detail[32];

	AT_POINT(CLASS_WRITE, "sendmsg", number(descriptor, detail, sizeof(detail)),
		 syscall(SYS_sendmsg, descriptor, message, flags));
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
	char detail[32];

	AT_POINT(CLASS_WRITE, "writev", number(descriptor, detail, sizeof(detail)),
		 syscall(SYS_writev, descriptor, parts, count));
}

/* Without a point a call that failed has synced nothing. */
static int synced(long call, const char *name, int descriptor, const void *caller)
{
	char detail[32];
	struct point point = point_enter(class_of(descriptor), name, caller,
					 number(descriptor, detail, sizeof(detail)));
	int result;

	if (point.action == ACTION_ERROR)
		return -1;
	result = (int)syscall(call, descriptor);
	if (result == 0)
		point_synced(descriptor);
	return point_leave(&point) ? -1 : result;
}

int fsync(int descriptor)
{
	return synced(SYS_fsync, "fsync", descriptor, CALLER);
}

int fdatasync(int descriptor)
{
	return synced(SYS_fdatasync, "fdatasync", descriptor, CALLER);
}

int ftruncate(int descriptor, off_t length)
{
	char detail[32];

	AT_POINT(class_of(descriptor), "ftruncate", number(descriptor, detail, sizeof(detail)),
		 (int)syscall(SYS_ftruncate, descriptor, length));
}

/* Says by its result, not by errno, what went wrong. */
int posix_fallocate(int descriptor, off_t from, off_t length)
{
	char detail[32];
	struct point point = point_enter(class_of(descriptor), "fallocate", CALLER,
					 number(descriptor, detail, sizeof(detail)));
	int result;

	if (point.action == ACTION_ERROR)
		return errno;
	result = syscall(SYS_fallocate, descriptor, 0, from, length) < 0 ? errno : 0;
	return point_leave(&point) ? errno : result;
}

int flock(int descriptor, int operation)
{
	char detail[32];

	AT_POINT(CLASS_WRITE, "flock", number(descriptor, detail, sizeof(detail)),
		 (int)syscall(SYS_flock, descriptor, operation));
}

int rename(const char *from, const char *to)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "rename", to, (int)syscall(SYS_rename, from, to));
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "renameat", to,
		 (int)syscall(SYS_renameat, from_folder, from, to_folder, to));
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "renameat2", to,
		 (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

int unlink(const char *path)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "unlink", path, (int)syscall(SYS_unlink, path));
}

int unlinkat(int folder, const char *path, int flags)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "unlinkat", path,
		 (int)syscall(SYS_unlinkat, folder, path, flags));
}

int mkdir(const char *path, mode_t mode)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "mkdir", path, (int)syscall(SYS_mkdir, path, mode));
}

int mkdirat(int folder, const char *path, mode_t mode)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "mkdirat", path,
		 (int)syscall(SYS_mkdirat, folder, path, mode));
}

int chmod(const char *path, mode_t mode)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "chmod", path, (int)syscall(SYS_chmod, path, mode));
}

int fchmod(int descriptor, mode_t mode)
{
	char detail[32];

	AT_POINT(class_of(descriptor), "fchmod", number(descriptor, detail, sizeof(detail)),
		 (int)syscall(SYS_fchmod, descriptor, mode));
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	AT_POINT(CLASS_WRITE | CLASS_DISK, "chown", path, (int)syscall(SYS_chown, path, uid, gid));
}
