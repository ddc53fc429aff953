/* SPDX-License-Identifier: MIT */
#include "tests/world/interpose/trace.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/world/interpose/durable.h"

static const char control_path[] = "/etc/certrenew-interpose";

/* The card's driver and what notes its calls: what they write is the card, or the test's own. */
static const char *const foreign[] = {"softhsm", "shim.so", "libstdc++", "interpose.so"};

static struct control control;
static struct durable_head *durable;
static char *trace; /* NULL: this process is none that matters */
static size_t trace_size;
static int64_t ahead;

static void map_trace(void)
{
	int file = (int)syscall(SYS_openat, AT_FDCWD, control.trace, O_RDWR | O_CLOEXEC);
	struct stat status;
	void *map = MAP_FAILED;

	if (file < 0)
		return;
	if (fstat(file, &status) == 0 && status.st_size >= TRACE_LINE)
		map = (void *)syscall(SYS_mmap, NULL, status.st_size, PROT_READ | PROT_WRITE,
				      MAP_SHARED, file, 0);
	syscall(SYS_close, file);
	if (map == MAP_FAILED)
		return;
	trace_size = (size_t)status.st_size;
	trace = map;
}

__attribute__((constructor)) static void begin(void)
{
	int result = control_read(control_path, &control);

	if (result < 0)
		fprintf(stderr, "%s: a line that means nothing\n", control_path);
	if (result != 0)
		return;
	if (control.durable[0] != '\0' &&
	    strncmp(program_invocation_short_name, "certrenew", 9) == 0)
		durable = durable_map(control.durable);
	if (strcmp(control.program, program_invocation_short_name) != 0)
		return;
	ahead = control.ahead;
	if (control.trace[0] != '\0')
		map_trace();
}

static bool is_counted(const void *caller)
{
	Dl_info info;

	if (dladdr(caller, &info) == 0 || info.dli_fname == NULL)
		return control.from[0] == '\0';
	if (control.from[0] != '\0')
		return strstr(info.dli_fname, control.from) != NULL;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (strstr(info.dli_fname, foreign[i]) != NULL)
			return false;
	return true;
}

/* Looking a caller up takes a while, and memory is asked for tens of thousands of times. */
static bool counts(const void *caller)
{
	static uintptr_t known[1024]; /* callers, shifted to make room for the answer */
	uintptr_t *place = &known[((uintptr_t)caller >> 2) % 1024];
	uintptr_t value = __atomic_load_n(place, __ATOMIC_RELAXED);

	if (value >> 1 != (uintptr_t)caller) {
		value = (uintptr_t)caller << 1 | is_counted(caller);
		__atomic_store_n(place, value, __ATOMIC_RELAXED);
	}
	return (value & 1) != 0;
}

static void note(uint64_t number, const char *name, const char *detail, bool hit)
{
	char line[TRACE_LINE + 1];

	if ((number + 1) * TRACE_LINE > trace_size)
		return;
	snprintf(line, sizeof(line), "%-5llu %-7d %s %-11s %-80s", (unsigned long long)number,
		 (int)getpid(), hit ? "!" : "-", name, detail);
	line[TRACE_LINE - 1] = '\n';
	memcpy(trace + number * TRACE_LINE, line, TRACE_LINE);
}

static void end_process(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
}

struct point point_enter(unsigned classes, const char *name, const void *caller, const char *detail)
{
	struct point point = {ACTION_NONE, false, 0};
	int saved = errno;
	uint64_t number;
	bool hit;

	if (trace == NULL || (classes & control.classes) == 0 || !counts(caller))
		return point;
	number = __atomic_add_fetch((uint64_t *)trace, 1, __ATOMIC_SEQ_CST);
	hit = control.nth != 0 &&
	      (number == control.nth || (control.onwards && number > control.nth));
	if (control.classes != CLASS_MEMORY)
		note(number, name, detail, hit);
	else if (number == control.nth)
		note(1, name, detail, hit);
	errno = saved;
	if (!hit)
		return point;
	if (control.action == ACTION_CLOCK)
		ahead = control.seconds;
	if (control.action == ACTION_KILL && !control.after)
		end_process();
	point.kill_after = control.action == ACTION_KILL;
	if (control.action == ACTION_ERROR && control.after)
		point.error_after = control.error;
	else if (control.action == ACTION_ERROR || control.action == ACTION_SHORT)
		point.action = control.action;
	if (point.action == ACTION_ERROR)
		errno = control.error;
	return point;
}

bool point_leave(const struct point *point)
{
	if (point->kill_after)
		end_process();
	if (point->error_after != 0)
		errno = point->error_after;
	return point->error_after != 0;
}

int64_t point_clock(void)
{
	return ahead;
}

void point_synced(int descriptor)
{
	int saved = errno;

	if (durable != NULL)
		durable_note(durable, descriptor);
	errno = saved;
}
