/* SPDX-License-Identifier: MIT */
/* Deadlines on the clock that nobody sets (CLOCK_MONOTONIC), in milliseconds. */
#ifndef CERTRENEW_CLOCK_H
#define CERTRENEW_CLOCK_H

#include <stdint.h>

int64_t clock_now(void);

/* now + timeout_ms; a negative timeout is no deadline. */
int64_t clock_deadline(int64_t timeout_ms);

/* What poll(2) takes: milliseconds left, 0 when it has passed, -1 for no deadline. */
int clock_left(int64_t deadline);

#endif
