/* SPDX-License-Identifier: MIT */
/* Starting check and renew without a right more than they need, and following them. */
#ifndef CERTRENEW_CHILD_H
#define CERTRENEW_CHILD_H

#include <sys/types.h>

#include "helper/common/report.h"
#include "helper/common/task.h"

struct account {
	uid_t uid;
	gid_t gid;
};

struct child {
	pid_t pid;
	int handle;  /* a pidfd */
	int control; /* the pipe's reading end */
};

/* The account that the children run as. Returns 0 or -FAILURE_SYSTEM. */
int child_account(struct account *ret, struct failure *failure);

/* Makes this process the account's, with no way back and no_new_privs. Returns 0 or -1. */
int child_drop(const struct account *account);

/*
 * Starts a program as the account: no groups but its own, no way back, no capability in its
 * bounding set, no_new_privs, no core and few other resources, a clean environment with a HOME of
 * its own, / as folder, and no descriptor but the channel (3), the control pipe (4) and the token's
 * lock (5, if `lock` >= 0: it outlives us while a write goes on).
 */
int child_start(const struct account *account, const char *path, const struct task *task,
		int channel, int lock, struct child *ret, struct failure *failure);

/*
 * Waits for the next report, until `deadline` (clock.h; -1: none), or until the peer of `channel`
 * hangs up (-1: whether or not it does). Returns 1 with *ret filled, 0 when the child has ended,
 * -FAILURE_TIMEOUT, -FAILURE_CANCELLED for the peer, or -FAILURE_PROTOCOL. One that has run out of
 * time is stopped (SIGSTOP), so that it can begin nothing before it is abandoned.
 */
int child_follow(const struct child *child, int64_t deadline, int channel, struct report *ret,
		 struct failure *failure);

/* After its end: 0 or -FAILURE_CRASHED with the signal or status in *failure, -FAILURE_SANDBOX for
 * the signal of a forbidden call. */
int child_reap(struct child *child, struct failure *failure);

/* Kills and does not wait: it may hang in the kernel, and a login goes on. */
void child_abandon(struct child *child);

#endif
