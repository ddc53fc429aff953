/* SPDX-License-Identifier: MIT */
/* Which files check and renew reach, whatever their owner and mode would permit. */
#ifndef CERTRENEW_LANDLOCK_H
#define CERTRENEW_LANDLOCK_H

#include "helper/sandbox/sandbox.h"

/*
 * Needs no_new_privs; holds for this thread and those that it starts. What is on the list and not
 * on this machine is left out. Returns 0 or -FAILURE_NO_SANDBOX.
 *
 * Relies on the first version of Landlock (Linux 5.13) and on nothing newer: its rules for the
 * network (6.7) and for signals (6.12) are not used, the filters do that. It does not restrict
 * connecting to a Unix socket, nor stat().
 */
int landlock_close(enum sandbox_program program, const struct config *config,
		   struct failure *failure);

#endif
