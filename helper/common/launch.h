/* SPDX-License-Identifier: MIT */
/* The two ways to a certrenew-helper, also from a process that is not ours to change. libc only. */
#ifndef CERTRENEW_LAUNCH_H
#define CERTRENEW_LAUNCH_H

/*
 * Starts the helper with one end of a new socketpair as its descriptor 3 and nothing else of
 * this process: no descriptor, no environment, no signal mask, no terminal, its own session.
 * The helper forks once more, so it is never this process's child: a host like login(1) that
 * waits for any child must not meet ours.
 * *ret_channel is close-on-exec. Returns 0 or -FAILURE_SYSTEM.
 */
int launch_helper(int *ret_channel);

/*
 * Connects to the socket on which systemd starts helpers, outside of whatever session asks. It
 * never waits: a full queue is an error. *ret_channel is close-on-exec. Returns 0, or
 * -FAILURE_SYSTEM with errno set.
 */
int launch_connect(int *ret_channel);

#endif
