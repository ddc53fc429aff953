/* SPDX-License-Identifier: MIT */
/* How a renewal ended, collected from what renew says of it. Pure. */
#ifndef CERTRENEW_DESKTOP_OUTCOME_H
#define CERTRENEW_DESKTOP_OUTCOME_H

#include <stdbool.h>

#include <glib.h>

#include "helper/common/message.h"

struct outcome {
	GPtrArray *lines; /* sentences, in the order in which they came, each once */
	size_t renewed, waiting, failed;
	int64_t new_not_after; /* the earliest of the new certificates; 0: none */
	int64_t retry_at;      /* the earliest; 0: none waits */
	enum failure_code code;
};

struct outcome *outcome_new(void);
/* NULL is fine. */
void outcome_free(struct outcome *outcome);

/* Takes RENEWED, WAITING, FAILED and DONE; returns whether it was one of these. */
bool outcome_take(struct outcome *outcome, const struct message *message);

/* For what has no sentence of the helper's: a crash, a helper that is not there. */
void outcome_take_failure(struct outcome *outcome, enum failure_code code);

/* Nothing was said. */
bool outcome_is_empty(const struct outcome *outcome);

#endif
