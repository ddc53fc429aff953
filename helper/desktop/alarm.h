/* SPDX-License-Identifier: MIT */
/* One moment of the calendar's time at which the agent asks again; it outlasts a suspend and
 * follows a clock that is set. */
#ifndef CERTRENEW_DESKTOP_ALARM_H
#define CERTRENEW_DESKTOP_ALARM_H

#include <stdint.h>

struct alarm_clock;

/* Returns NULL where the kernel has no such timer. */
struct alarm_clock *alarm_new(void (*rings)(void *data), void *data);

/* Seconds since the epoch, instead of what was set before; 0: never. */
void alarm_set(struct alarm_clock *alarm, int64_t when);

/* The moment that is set, or 0. */
int64_t alarm_get(const struct alarm_clock *alarm);

/* NULL is fine, here and above. */
void alarm_free(struct alarm_clock *alarm);

#endif
