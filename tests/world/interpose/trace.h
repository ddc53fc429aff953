/* SPDX-License-Identifier: MIT */
/* Counting the calls, and what happens at one of them. */
#ifndef CERTRENEW_INTERPOSE_TRACE_H
#define CERTRENEW_INTERPOSE_TRACE_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/world/interpose/control.h"

#pragma GCC visibility push(hidden)

/*
 * The file of `count`: shared by all processes of a run, mapped before anything could forbid to
 * open it. The first line is the number of calls in binary; the others are text, one for each call,
 * until the file is full; for calls that need memory, for the one alone at which something
 * happened.
 */
enum { TRACE_LINE = 96 };

struct point {
	enum action action; /* what the wrapper is to do: ACTION_ERROR, ACTION_SHORT or nothing */
	bool kill_after;
	int error_after; /* an errno, 0: none */
};

/* Before the call: counts it, notes it, kills. `caller` is the wrapper's return address. */
struct point point_enter(unsigned classes, const char *name, const void *caller,
			 const char *detail);

/* After it: kills. Returns whether it is to be said that the call failed (errno is set). */
bool point_leave(const struct point *point);

/* How far the wall clock is ahead. */
int64_t point_clock(void);

/* The descriptor was fsynced. */
void point_synced(int descriptor);

#define CALLER __builtin_return_address(0)

/* The call itself, between entering and leaving the point. */
#define AT_POINT(classes, name, detail, call)                                    \
	do {                                                                     \
		struct point point = point_enter(classes, name, CALLER, detail); \
		__typeof__(call) result;                                         \
                                                                                 \
		if (point.action == ACTION_ERROR)                                \
			return -1;                                               \
		result = call;                                                   \
		return point_leave(&point) ? -1 : result;                        \
	} while (0)

#pragma GCC visibility pop

#endif
