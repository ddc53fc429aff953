/* SPDX-License-Identifier: MIT */
/*
 * The agent itself: what is known, what is shown, what runs.
 *
 *	idle → asking → renewing → told → idle …
 *	         ↕
 *	       details
 *
 * `idle` shows nothing, `reading` says that a person's demand is being looked into, `asking` is the
 * question, `details` a window over it, `renewing` lasts as long as the helper's conversation,
 * `told` is a result or a notice until it is closed. What is to be said meanwhile waits in a queue.
 */
#ifndef CERTRENEW_DESKTOP_AGENT_H
#define CERTRENEW_DESKTOP_AGENT_H

#include <stdbool.h>

#include <gio/gio.h>

struct agent;

struct agent_setup {
	GDBusConnection *bus; /* the session's */
	const char *language; /* as in LANG */
	const char *pinentry; /* a path, or NULL */
};

struct agent *agent_new(const struct agent_setup *setup);

/* Asks what is due, and speaks of it if it is time to; `demand`: as agent_demand. */
void agent_start(struct agent *agent, bool demand);

/* A person wants to renew now, whatever was said or put off before. */
void agent_demand(struct agent *agent);

/* Leaves a running renewal to finish by itself; closes what is shown. */
void agent_free(struct agent *agent);

#endif
