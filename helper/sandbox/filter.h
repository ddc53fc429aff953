/* SPDX-License-Identifier: MIT */
/*
 * Loading the filters of system calls. They are compiled when certrenew is built
 * (filters/compile.c, with libseccomp), as that would take a login longer than all the rest of the
 * sandbox; here they are completed by what is known only now.
 */
#ifndef CERTRENEW_FILTER_H
#define CERTRENEW_FILTER_H

#include "helper/sandbox/sandbox.h"

enum filter_time { FILTER_BEFORE_DRIVER, FILTER_AFTER_DRIVER };

/*
 * For all threads of this process, or for none. [card] sandbox_calls are permitted besides. Needs
 * no_new_privs. Returns 0 or -FAILURE_NO_SANDBOX.
 */
int filter_load(enum sandbox_program program, enum filter_time time, const struct config *config,
		struct failure *failure);

#endif
