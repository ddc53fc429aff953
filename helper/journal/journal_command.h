/* SPDX-License-Identifier: MIT */
/*
 * certrenew journal: what an administrator may see and do of renewals. certrenew-journal.c says who
 * may, and gives root's rights away; records.c reads; describe.c shows; export.c and discard.c are
 * the two that do something.
 */
#ifndef CERTRENEW_JOURNAL_COMMAND_H
#define CERTRENEW_JOURNAL_COMMAND_H

#include "helper/journal/records.h"
#include "helper/supervisor/child.h"

enum export_what { EXPORT_OLD, EXPORT_NEW, EXPORT_REQUEST };

/* Each returns the command's exit status (exit.h). */
int journal_list(const struct records *records, bool json);
int journal_show(const struct record *record, bool json);

/* What --json prints where list, or show, did not come so far. */
void journal_json_failed(bool list, enum failure_code code);

/*
 * Writes one certificate or request as PEM into a new file (mode 0600). Called by root: a child
 * with the account's rights reads, and only what it made of it is written with root's.
 */
int journal_export(const struct account *account, struct records *records, struct record *record,
		   enum export_what what, const char *path);

/* As the account. `lock` is the token's lock file; asks, unless `yes`. */
int journal_discard(struct records *records, struct record *record, int lock, bool yes);

/* "certrenew: WHAT: why". Returns EXIT_ERROR. */
int journal_error(const char *what, const struct failure *failure);

/* Says what is damaged and what to do about it, into `out` of SENTENCE_MAX bytes. */
char *journal_advice(char *out, const struct record *record);

#endif
