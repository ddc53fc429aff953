/* SPDX-License-Identifier: MIT */
/* The sentences of certrenew-lookup that more than one of its parts says. */
#ifndef CERTRENEW_PHRASES_H
#define CERTRENEW_PHRASES_H

#include "helper/lookup/standing.h"
#include "helper/words/sentence.h"

enum { PHRASE_MAX = SENTENCE_MAX };

/* "valid", "revoked", "not asked" …: for a column of a list. */
const char *phrase_state(enum standing_state state);

/* "revoked on 2026-01-02: the card or its key was lost or stolen" */
char *phrase_standing(char out[PHRASE_MAX], const struct standing *standing);

/* "signature", "encryption", "signature and encryption" */
const char *phrase_usage(X509 *certificate);

/* What became of a search, and what to do about it. */
const char *phrase_search_failed(const struct config_directory *settings, enum failure_code code);

#endif
