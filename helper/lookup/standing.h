/* SPDX-License-Identifier: MIT */
/* A certificate's state as a person wants to know it: its dates, and what its CA says of it. */
#ifndef CERTRENEW_STANDING_H
#define CERTRENEW_STANDING_H

#include "helper/ca/status.h"

enum standing_state {
	STANDING_GOOD,
	STANDING_REVOKED,
	STANDING_UNKNOWN,
	STANDING_NOT_ASKED,
	STANDING_NOT_YET, /* begins in the future */
	STANDING_EXPIRED, /* neither is asked about */
};

struct standing {
	enum standing_state state;
	struct status_answer answer; /* what was said, where it was asked */
};

struct standing_asker;

/*
 * The [ca] section for a certificate's issuer says whom to trust, [status] how to ask. All that is
 * asked takes no longer than STANDING_PATIENCE times [status] timeout; what is left then is not
 * asked. CRLs are kept in this user's cache folder. Returns 0 or -FAILURE_SYSTEM.
 */
enum { STANDING_PATIENCE = 4 };
int standing_open(const struct config *config, struct standing_asker **ret);

void standing_ask(struct standing_asker *asker, X509 *certificate, int64_t now,
		  struct standing *ret);

void standing_close(struct standing_asker *asker); /* NULL is fine */

#endif
