/* SPDX-License-Identifier: MIT */
/*
 * The one notification, through libnotify. libnotify waits for the server at every call, so it has
 * a thread of its own: a server that hangs holds up its bubble and nothing else. Only the latest
 * content is shown; what was overtaken meanwhile is not.
 */
#ifndef CERTRENEW_DESKTOP_NOTIFIER_H
#define CERTRENEW_DESKTOP_NOTIFIER_H

#include "helper/desktop/face.h"

enum notifier_event {
	NOTIFIER_RENEW, /* Renew now, or the bubble itself was clicked */
	NOTIFIER_LATER,
	NOTIFIER_DETAILS,
	NOTIFIER_DISMISSED, /* closed by the person */
	NOTIFIER_GONE,	    /* closed for any other reason */
};

struct notifier;

/* `event` is called in the main loop; not for a content that another one has overtaken. */
struct notifier *notifier_new(void (*event)(void *data, enum notifier_event event), void *data);

/* A server has appeared (each time it is a new one), or vanished. */
void notifier_set_server(struct notifier *notifier, bool present);

/* NULL: nothing. The same content again is shown again. */
void notifier_show(struct notifier *notifier, const struct content *content);

/* Closes the bubble; waits for that no longer than a moment. */
void notifier_free(struct notifier *notifier);

#endif
