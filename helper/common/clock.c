/* SPDX-License-Identifier: MIT */
#include "helper/common/clock.h"

#include <limits.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_deadline(int64_t timeout_ms)
{
	return timeout_ms < 0 ? -1 : clock_now() + timeout_ms;
}

int clock_left(int64_t deadline)
{
	int64_t left;

	if (deadline < 0)
		return -1;
	left = deadline - clock_now();
	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
