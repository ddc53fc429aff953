/* SPDX-License-Identifier: MIT */
#include "helper/sandbox/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/system_calls.h"
#include "helper/sandbox/filters/own_pid.h"

struct filter {
	const struct sock_filter *instructions;
	size_t count;
};

/* Made by filters/compile.c: `filters`, by program and time, and `filters_architecture`. */
#include "filters.inc"

/* Jumps reach 255 instructions, of which each call takes two. */
_Static_assert(1 + 2 * SYSTEM_CALLS_MAX <= UINT8_MAX, "calls that a filter permits besides");

enum { INSTRUCTIONS_MAX = 1024 };

static size_t add(struct sock_filter *at, size_t used, struct sock_filter instruction)
{
	at[used] = instruction;
	return used + 1;
}

/* Permits the calls that the configuration names, before the filter proper is asked. */
static size_t add_calls(struct sock_filter *at, char *const *calls)
{
	size_t used = 0, count = 0;

	while (calls[count] != NULL)
		count++;
	if (count == 0)
		return 0;
	used = add(at, used,
		   (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						offsetof(struct seccomp_data, arch)));
	used = add(at, used,
		   (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, filters_architecture, 0,
						(uint8_t)(1 + 2 * count)));
	used = add(at, used,
		   (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						offsetof(struct seccomp_data, nr)));
	for (size_t i = 0; i < count; i++) {
		used =
		    add(at, used,
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						     (uint32_t)system_call_number(calls[i]), 0, 1));
		used =
		    add(at, used, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	}
	return used;
}

/* Our own number, where the filter compares with one; and what becomes of forbidden calls. */
static void complete(struct sock_filter *instruction, const struct config *config)
{
	if (instruction->code == (BPF_JMP | BPF_JEQ | BPF_K) && instruction->k == FILTER_OWN_PID)
		instruction->k = (uint32_t)getpid();
	if (config->sandbox == SANDBOX_LOG && instruction->code == (BPF_RET | BPF_K) &&
	    instruction->k == SECCOMP_RET_TRAP)
		instruction->k = SECCOMP_RET_LOG;
}

/* How many filters this process has, as the kernel counts them; -1 if that cannot be known. */
static int count_filters(void)
{
	static const char field[] = "\nSeccomp_filters:";
	char status[4096] = "";
	int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, status, sizeof(status) - 1);
	const char *found = length < 0 ? NULL : strstr(status, field);

	if (file >= 0)
		close(file);
	return found == NULL ? -1 : atoi(found + strlen(field));
}

/*
 * A filter of the driver's own could have the kernel answer that ours was loaded. (With log,
 * nothing is enforced, and the kernel may be one that does not count.)
 */
static int make_sure(const struct config *config, int before, struct failure *failure)
{
	int now;

	if (config->sandbox != SANDBOX_ENFORCE)
		return 0;
	now = count_filters();
	if (before < 0 || now != before + 1)
		return fail(failure, FAILURE_NO_SANDBOX,
			    "seccomp: %d filters after one was added to %d", now, before);
	return 0;
}

int filter_load(enum sandbox_program program, enum filter_time time, const struct config *config,
		struct failure *failure)
{
	const struct filter *filter = &filters[program][time];
	struct sock_filter all[INSTRUCTIONS_MAX];
	struct sock_fprog loaded = {.filter = all};
	int before = count_filters();
	size_t used;
	long result;

	used = add_calls(all, config->sandbox_calls);
	if (used + filter->count > INSTRUCTIONS_MAX)
		return fail(failure, FAILURE_NO_SANDBOX, "too many system calls are named");
	for (size_t i = 0; i < filter->count; i++, used++) {
		all[used] = filter->instructions[i];
		complete(&all[used], config);
	}
	loaded.len = (unsigned short)used;
	result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &loaded);
	if (result < 0)
		return fail(failure, FAILURE_NO_SANDBOX, "seccomp: %s", strerror(errno));
	/* A thread that has a filter of its own making escapes ours. */
	if (result > 0)
		return fail(failure, FAILURE_NO_SANDBOX, "seccomp: thread %ld takes no filter",
			    result);
	return make_sure(config, before, failure);
}
