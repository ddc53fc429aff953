/* SPDX-License-Identifier: MIT */
/*
 * test-without CALL COMMAND...: runs the command on a kernel that has no such system call, as far
 * as it can tell.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char *arguments[])
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	int call;

	if (count < 3 || context == NULL)
		return 2;
	call = seccomp_syscall_resolve_name(arguments[1]);
	if (call == __NR_SCMP_ERROR ||
	    seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0) < 0 ||
	    seccomp_load(context) < 0) {
		fprintf(stderr, "test-without: %s\n", arguments[1]);
		return 2;
	}
	execv(arguments[2], arguments + 2);
	perror(arguments[2]);
	return 2;
}
