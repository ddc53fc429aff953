/* SPDX-License-Identifier: MIT */
/*
 * The challenge phrases that the RA knows, and what it does for one who has the right one. They are
 * kept in FOLDER/phrases, a line each: a certificate's name (its serial number, or what the CA
 * calls it otherwise), a TAB, the phrase; read each time, as tests write it while the RA runs.
 */
#ifndef CERTRENEW_TESTS_PHRASES_H
#define CERTRENEW_TESTS_PHRASES_H

#include "tests/world/ra/ra.h"

enum { PHRASE_MAX = 256, PHRASE_NAME_MAX = 512 };

enum revoked {
	REVOKED,
	REVOKED_BEFORE,
	REVOKED_UNKNOWN,
	REVOKED_NOT_FOR_THIS_REASON, /* --refuse-reason */
	REVOKED_ERROR,
};

/* The last phrase of that name. False: there is none. */
bool phrase_of(const struct ra *ra, const char *name, char ret[PHRASE_MAX]);

/* Adds a line, which counts from now on. */
bool phrase_set(const struct ra *ra, const char *name, const char *phrase);

/* Whether --phrase-tries wrong ones were given for the name. */
bool phrase_is_limited(const struct ra *ra, const char *name);
void phrase_was_wrong(struct ra *ra, const char *name);

/* In the CA's index, by `how` ("mac", "signature", "form") in the log. */
enum revoked revoke_certificate(struct ra *ra, const char *how, const char *serial, int reason);

#endif
