/* SPDX-License-Identifier: MIT */
/* Both ends of a channel in one process, anew for each test. */
#ifndef CERTRENEW_TESTS_CHANNEL_ENDS_H
#define CERTRENEW_TESTS_CHANNEL_ENDS_H

#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/wire.h"

static int ours, theirs;
static struct frame frame;

static int open_channel(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	ours = ends[0];
	theirs = ends[1];
	return 0;
}

static int close_channel(void **state)
{
	(void)state;
	if (ours >= 0)
		close(ours);
	if (theirs >= 0)
		close(theirs);
	return 0;
}

#endif
