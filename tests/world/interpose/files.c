/* SPDX-License-Identifier: MIT */
/* The wrappers of what needs a descriptor or a process, but for open, which is with what writes. */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/world/interpose/trace.h"

int socket(int domain, int type, int protocol)
{
	AT_POINT(CLASS_FILE, "socket", "", (int)syscall(SYS_socket, domain, type, protocol));
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
	AT_POINT(CLASS_FILE, "socketpair", "",
		 (int)syscall(SYS_socketpair, domain, type, protocol, ends));
}

int pipe2(int ends[2], int flags)
{
	AT_POINT(CLASS_FILE, "pipe2", "", (int)syscall(SYS_pipe2, ends, flags));
}

int pipe(int ends[2])
{
	AT_POINT(CLASS_FILE, "pipe", "", (int)syscall(SYS_pipe2, ends, 0));
}

int dup2(int from, int to)
{
	AT_POINT(CLASS_FILE, "dup2", "", (int)syscall(SYS_dup2, from, to));
}

int pidfd_open(pid_t pid, unsigned flags)
{
	AT_POINT(CLASS_FILE, "pidfd_open", "", (int)syscall(SYS_pidfd_open, pid, flags));
}

static int controlled(int descriptor, int command, void *value, const void *caller)
{
	struct point point = {ACTION_NONE, false, 0};
	int result;

	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		point = point_enter(CLASS_FILE, "fcntl", caller, "");
	if (point.action == ACTION_ERROR)
		return -1;
	result = (int)syscall(SYS_fcntl, descriptor, command, value);
	return point_leave(&point) ? -1 : result;
}

#define FCNTL(name)                                                    \
	int name(int descriptor, int command, ...)                     \
	{                                                              \
		va_list values;                                        \
		void *value;                                           \
                                                                       \
		va_start(values, command);                             \
		value = va_arg(values, void *);                        \
		va_end(values);                                        \
		return controlled(descriptor, command, value, CALLER); \
	}
FCNTL(fcntl)
FCNTL(fcntl64)

/* --- with libc's own function behind it --------------------------------------------------------
 */

#define NEXT(function) ((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

/* It is the one that forks to which something happens, not its child. */
pid_t fork(void)
{
	struct point point = point_enter(CLASS_FILE, "fork", CALLER, "");
	pid_t child;

	if (point.action == ACTION_ERROR)
		return -1;
	child = NEXT(fork)();
	if (child != 0)
		(void)point_leave(&point);
	return child;
}

/* Says by its result, not by errno, what went wrong. */
int posix_spawn(pid_t *ret, const char *path, const posix_spawn_file_actions_t *files,
		const posix_spawnattr_t *attributes, char *const arguments[],
		char *const environment[])
{
	struct point point = point_enter(CLASS_FILE, "posix_spawn", CALLER, path);
	int result;

	if (point.action == ACTION_ERROR)
		return errno;
	result = NEXT(posix_spawn)(ret, path, files, attributes, arguments, environment);
	return point_leave(&point) ? errno : result;
}

#define FOPEN(name)                                                                          \
	FILE *name(const char *path, const char *mode)                                       \
	{                                                                                    \
		bool writes = strpbrk(mode, "wa+") != NULL;                                  \
		struct point point =                                                         \
		    point_enter(writes ? CLASS_WRITE | CLASS_DISK | CLASS_FILE : CLASS_FILE, \
				"fopen", CALLER, path);                                      \
		FILE *result;                                                                \
                                                                                             \
		if (point.action == ACTION_ERROR)                                            \
			return NULL;                                                         \
		result = NEXT(name)(path, mode);                                             \
		(void)point_leave(&point);                                                   \
		return result;                                                               \
	}
FOPEN(fopen)
FOPEN(fopen64)

DIR *opendir(const char *path)
{
	struct point point = point_enter(CLASS_FILE, "opendir", CALLER, path);
	DIR *result;

	if (point.action == ACTION_ERROR)
		return NULL;
	result = NEXT(opendir)(path);
	(void)point_leave(&point);
	return result;
}
