/* SPDX-License-Identifier: MIT */
/* The end of the desktop that the agent was started by, seen at its display: the session bus may
 * outlive it. */
#ifndef CERTRENEW_DESKTOP_DISPLAY_H
#define CERTRENEW_DESKTOP_DISPLAY_H

struct display;

/* Connects to WAYLAND_DISPLAY's server, else to DISPLAY's. NULL: there is neither, and `gone` is
 * never called. */
struct display *display_new(void (*gone)(void *data), void *data);

/* NULL is fine. */
void display_free(struct display *display);

#endif
