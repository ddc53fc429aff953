/* SPDX-License-Identifier: MIT */
/* The sentences of certrenew-lookup that more than one of its parts says. */
#ifndef CERTRENEW_PHRASES_H
#define CERTRENEW_PHRASES_H

#include <stddef.h>
#include <stdint.h>

#include "helper/lookup/standing.h"

enum { PHRASE_MAX = 256 };

/* "valid", "revoked", "not asked" …: for a column of a list. */
const char *phrase_state(enum standing_state state);

/* "revoked on 2026-01-02: the card or its key was lost or stolen" */
char *phrase_standing(char out[PHRASE_MAX], const struct standing *standing);

/* "2026-12-12", local time. */
char *phrase_date(char out[PHRASE_MAX], int64_t when);

/* "signature", "encryption", "signature and encryption" */
const char *phrase_usage(X509 *certificate);

/* What became of a search, and what to do about it. */
const char *phrase_search_failed(const struct config_directory *settings, enum failure_code code);

#endif
