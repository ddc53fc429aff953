/* SPDX-License-Identifier: MIT */
/*
 * What check and renew take from themselves, since they load a vendor's driver and read what a
 * card and a server send. Two doors are closed, one behind the other:
 *
 * - sandbox_before_driver, before a byte of the driver is loaded, as a driver may start threads
 *   while it is: no new privileges, Landlock (landlock.c), and a first filter that takes every
 *   system call by which a process reaches another one.
 * - sandbox_after_driver, after C_Initialize and before a byte of the card is read: a filter for
 *   all threads that leaves no call but those of a list (filters/).
 *
 * With [card] sandbox = enforce, what cannot be closed is a failure, and a call that a filter
 * forbids ends the process: its number goes to the helper as the last report. With log, the
 * filters let it pass with a line in the kernel's log, and Landlock, which can do no such thing, is
 * left away. Builds with sanitizers, which need more than any driver, have no sandbox.
 */
#ifndef CERTRENEW_SANDBOX_H
#define CERTRENEW_SANDBOX_H

#include "conf/config.h"
#include "helper/common/failure.h"

enum sandbox_program { SANDBOX_CHECK, SANDBOX_RENEW };

/* `control` is the helper's pipe. Returns 0 or -FAILURE_NO_SANDBOX. */
int sandbox_before_driver(enum sandbox_program program, const struct config *config, int control,
			  struct failure *failure);

/* Returns 0 or -FAILURE_NO_SANDBOX. */
int sandbox_after_driver(enum sandbox_program program, const struct config *config,
			 struct failure *failure);

#endif
