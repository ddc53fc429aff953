/* SPDX-License-Identifier: MIT */
#include "helper/sandbox/sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "helper/common/report.h"
#include "helper/sandbox/filter.h"
#include "helper/sandbox/landlock.h"

#ifndef SANITIZED
/* A signal's handler has no other way to know it. */
static int control_pipe = -1;

/* _exit is permitted, and leaves no way back into whoever made the call. */
static void forbidden(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	report_forbidden(control_pipe, (uint32_t)info->si_syscall);
	_exit(STATUS_FORBIDDEN);
}

static int catch_forbidden(int control, struct failure *failure)
{
	struct sigaction action = {.sa_sigaction = forbidden, .sa_flags = SA_SIGINFO};

	control_pipe = control;
	sigfillset(&action.sa_mask);
	if (sigaction(SIGSYS, &action, NULL) < 0)
		return fail(failure, FAILURE_NO_SANDBOX, "SIGSYS cannot be handled");
	return 0;
}
#endif

int sandbox_before_driver(enum sandbox_program program, const struct config *config, int control,
			  struct failure *failure)
{
#ifdef SANITIZED
	(void)program, (void)config, (void)control, (void)failure;
	return 0;
#else
	int result;

	if (config->sandbox == SANDBOX_OFF)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(failure, FAILURE_NO_SANDBOX, "no_new_privs cannot be set");
	result = catch_forbidden(control, failure);
	if (result == 0 && config->sandbox == SANDBOX_ENFORCE)
		result = landlock_close(program, config, failure);
	if (result == 0)
		result = filter_load(program, FILTER_BEFORE_DRIVER, config, failure);
	return result;
#endif
}

int sandbox_after_driver(enum sandbox_program program, const struct config *config,
			 struct failure *failure)
{
#ifdef SANITIZED
	(void)program, (void)config, (void)failure;
	return 0;
#else
	if (config->sandbox == SANDBOX_OFF)
		return 0;
	return filter_load(program, FILTER_AFTER_DRIVER, config, failure);
#endif
}
