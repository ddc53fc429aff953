/* SPDX-License-Identifier: MIT */
/*
 * The desktop agent's own few texts. Each function with `out` writes into a buffer of WORDS_MAX
 * bytes (words.h) and returns it; names from a card are cleaned and put on one line. A
 * notification's summary ends without a full stop.
 */
#ifndef CERTRENEW_WORDS_DESKTOP_H
#define CERTRENEW_WORDS_DESKTOP_H

#include <stddef.h>
#include <stdint.h>

#include "helper/words/words.h"

/* The question: "Your card's certificates expire in 20 days, on 2026-12-12". */
char *desktop_due(char *out, size_t certificates, int64_t days_left, int64_t not_after);
const char *desktop_unfinished(void);
/* Whose they are; "" if the certificate names nobody. */
char *desktop_holder(char *out, const char *cn, const char *o);
const char *desktop_how_to_renew(void);

/* Buttons and window titles. */
const char *desktop_renew_now(void);
const char *desktop_later(void);
const char *desktop_details(void);
const char *desktop_title(void);
const char *desktop_ok(void);
const char *desktop_cancel(void);
const char *desktop_use_last_try(void);

/* While it runs. */
const char *desktop_reading(void);
const char *desktop_renewing(void);
const char *desktop_answer_in_window(void);
const char *desktop_do_not_remove(void);

/* How it ended: summaries. */
char *desktop_renewed(char *out, size_t certificates, int64_t not_after);
const char *desktop_partly_renewed(void);
const char *desktop_waiting(void);
const char *desktop_not_renewed(void);
char *desktop_expired(char *out, size_t certificates, int64_t not_after);
const char *desktop_nothing_due(void);
/* And bodies. */
char *desktop_renewable_from(char *out, int64_t when);
const char *desktop_nobody_answered(void);
const char *desktop_no_window(void);
const char *desktop_in_terminal(void);
const char *desktop_unreachable(void);
char *desktop_unreachable_next(char *out);
/* On a terminal. */
const char *desktop_no_bus(void);

/* A line of the Details window, or of the confirmation. */
char *desktop_line_holder(char *out, const char *name);
char *desktop_line_organisation(char *out, const char *name);
char *desktop_line_issuer(char *out, const char *name);
char *desktop_line_card(char *out, const char *label);
char *desktop_line_validity(char *out, enum certificate_role role, int64_t not_before,
			    int64_t not_after);
char *desktop_line_until(char *out, int64_t not_after);

#endif
