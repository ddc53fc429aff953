/* SPDX-License-Identifier: MIT */
/*
 * What a search found, with each certificate's state: the directory's answer and the status that
 * its CA tells. Also for `revoke`, which begins with the same search.
 */
#ifndef CERTRENEW_FOUND_H
#define CERTRENEW_FOUND_H

#include "helper/ca/directory.h"
#include "helper/lookup/standing.h"

enum found_wanted { WANTED_VALID, WANTED_REVOKED, WANTED_EXPIRED, WANTED_ANY };

struct found_query {
	const char *email, *name; /* one of them */
	const char *serial;	  /* hexadecimal; NULL: all */
	enum found_wanted wanted;
};

struct found {
	struct directory_result directory; /* only what is wanted */
	struct standing *standings;	   /* of each entry */
};

/* "valid", "revoked", "expired", "any"; returns 0, or -1 for another word. */
int found_wanted_parse(const char *text, enum found_wanted *ret);

/*
 * Searches, asks the status of what has begun and has not ended, and leaves out what is not
 * wanted. WANTED_VALID keeps what could not be asked: a lost card's certificate can be found while
 * a responder is down. Returns 0, also for nothing found, with *ret that the caller clears, or the
 * failure of directory_search; -FAILURE_PROTOCOL also for a serial number that is none.
 */
int found_search(const struct config *config, const struct found_query *query, struct found *ret,
		 struct failure *failure);

/* Safe on a zeroed struct. */
void found_clear(struct found *found);

#endif
