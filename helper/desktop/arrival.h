/* SPDX-License-Identifier: MIT */
/* Waits for the helper's socket to appear. */
#ifndef CERTRENEW_DESKTOP_ARRIVAL_H
#define CERTRENEW_DESKTOP_ARRIVAL_H

struct arrival;

/* `arrived` is called whenever it may be worth another try: the socket was made or changed. */
struct arrival *arrival_new(void (*arrived)(void *data), void *data);

/* NULL is fine. */
void arrival_free(struct arrival *arrival);

#endif
