/* SPDX-License-Identifier: MIT */
/* Whether this person is the one who sits at the machine: fast user switching. */
#ifndef CERTRENEW_DESKTOP_SEAT_H
#define CERTRENEW_DESKTOP_SEAT_H

#include <stdbool.h>

struct seat;

/* `changed` is called whenever logind says something new of the seat. */
struct seat *seat_new(void (*changed)(void *data), void *data);

/* True also where nothing can be said: no logind, or a person who is not on the seat at all. */
bool seat_is_active(void);

void seat_free(struct seat *seat);

#endif
