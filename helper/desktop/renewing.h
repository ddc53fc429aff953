/* SPDX-License-Identifier: MIT */
/* One renewal: the conversation with the helper, its windows, its steps. */
#ifndef CERTRENEW_DESKTOP_RENEWING_H
#define CERTRENEW_DESKTOP_RENEWING_H

#include "helper/desktop/card.h"
#include "helper/desktop/face.h"
#include "helper/desktop/outcome.h"

struct renewing;

struct renewing_end {
	struct outcome *outcome;
	bool put_off;	  /* the person said later, which the helper has noted */
	bool walked_away; /* a window was closed because nobody answered */
	bool unusable;	  /* no window could be shown */
	bool retreated;	  /* the questions were answered by renewing_retreat */
};

struct renewing_events {
	void (*progress)(void *data, const struct progress *progress);
	/* The renewing is freed when this returns. */
	void (*end)(void *data, const struct renewing_end *end);
};

struct renewing_setup {
	struct card *card;
	const char *language;
	const char *pinentry; /* a path, or NULL */
};

/* Returns NULL with *failure if the helper cannot be reached. */
struct renewing *renewing_start(const struct renewing_setup *setup,
				const struct renewing_events *events, void *data,
				struct failure *failure);

/* The seat is another's: an open question is left unanswered, and so is whatever comes until `away`
 * ends; what runs goes on. */
void renewing_retreat(struct renewing *renewing, bool away);

/* Leaves: the helper finishes a write by itself. No event follows. NULL is fine. */
void renewing_leave(struct renewing *renewing);

#endif
