/* SPDX-License-Identifier: MIT */
/* Why a certificate was revoked (RFC 5280 §5.3.1): as a number, as its name, in plain words. */
#ifndef CERTRENEW_REASONS_H
#define CERTRENEW_REASONS_H

/* "keyCompromise"; NULL for a number that is none. */
const char *reason_name(int reason);

/* "the card or its key was lost or stolen"; NULL for a number that is none. */
const char *reason_words(int reason);

/* The number for a name; -1 if it is none. */
int reason_parse(const char *name);

#endif
