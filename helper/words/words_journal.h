/* SPDX-License-Identifier: MIT */
/* A renewal that stopped half-way, in a person's words: for status and for the administrator. */
#ifndef CERTRENEW_WORDS_JOURNAL_H
#define CERTRENEW_WORDS_JOURNAL_H

#include <stdint.h>

#include "helper/common/journal_state.h"
#include "helper/words/sentence.h"

/* A table's cell: "issued, not on the card yet"; 0 is a record that cannot be read. */
const char *words_journal_state(enum journal_state state);

/* What the person does next, into `out` of SENTENCE_MAX bytes; returns it. `retry_at` is when the
 * CA wants to be asked again, for JOURNAL_WAITING. */
char *words_journal_next(char *out, enum journal_state state, int64_t retry_at);

/* The same as a table's cell, into `out` of SENTENCE_MAX bytes: "write it to the card". */
char *words_journal_step(char *out, enum journal_state state, int64_t retry_at);

/* What is given up with it, for an administrator who discards it; of JOURNAL_MOVED_ASIDE, why it
 * cannot be. Returns `out`. */
char *words_journal_lost(char *out, enum journal_state state);

#endif
