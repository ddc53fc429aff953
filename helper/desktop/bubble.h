/* SPDX-License-Identifier: MIT */
/*
 * What is to be seen, and where: the present content, the server that shows it, whichever that is
 * at the moment. A server that is late, or is restarted, shows the present content again.
 */
#ifndef CERTRENEW_DESKTOP_BUBBLE_H
#define CERTRENEW_DESKTOP_BUBBLE_H

#include <gio/gio.h>

#include "helper/desktop/notifier.h"

struct bubble;

struct bubble *bubble_new(GDBusConnection *bus,
			  void (*event)(void *data, enum notifier_event event), void *data);

/* Takes the content; NULL: nothing. */
void bubble_show(struct bubble *bubble, struct content *content);

/* Shows the present content again: some servers close it on a click. */
void bubble_again(struct bubble *bubble);

/* Shows nothing until it may again. */
void bubble_hide(struct bubble *bubble, bool hidden);

void bubble_free(struct bubble *bubble);

#endif
