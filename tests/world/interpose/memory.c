/* SPDX-License-Identifier: MIT */
/* The wrappers of what needs memory, and of the clock on the wall. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/world/interpose/trace.h"

/* glibc's allocator, under the names by which it can be had without looking it up. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
int posix_memalign(void **ret, size_t alignment, size_t size);
char *strdup(const char *text);
char *strndup(const char *text, size_t length);

static bool is_refused(const char *name, const void *caller)
{
	struct point point = point_enter(CLASS_MEMORY, name, caller, "");

	if (point.action != ACTION_ERROR)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return is_refused("malloc", CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return is_refused("calloc", CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return is_refused("realloc", CALLER) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
	if (is_refused("memalign", CALLER))
		return ENOMEM;
	*ret = __libc_memalign(alignment, size);
	return *ret == NULL ? ENOMEM : 0;
}

char *strndup(const char *text, size_t length)
{
	size_t used = strnlen(text, length);
	char *copy = is_refused("strdup", CALLER) ? NULL : __libc_malloc(used + 1);

	if (copy != NULL) {
		memcpy(copy, text, used);
		copy[used] = '\0';
	}
	return copy;
}

char *strdup(const char *text)
{
	char *copy = is_refused("strdup", CALLER) ? NULL : __libc_malloc(strlen(text) + 1);

	return copy == NULL ? NULL : strcpy(copy, text);
}

#define MMAP(name)                                                                             \
	void *name(void *at, size_t length, int protection, int flags, int file, off_t offset) \
	{                                                                                      \
		if (is_refused("mmap", CALLER))                                                \
			return MAP_FAILED;                                                     \
		return (void *)syscall(SYS_mmap, at, length, protection, flags, file, offset); \
	}
MMAP(mmap)
MMAP(mmap64)

/* --- the clock ---------------------------------------------------------------------------------
 */

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int result = (int)syscall(SYS_clock_gettime, clock, ret);

	if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += point_clock();
	return result;
}

time_t time(time_t *ret)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret != NULL)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *ret, void *zone)
{
	struct timespec now = {0};

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}
