/* SPDX-License-Identifier: MIT */
/*
 * One window of pinentry's, over the Assuan protocol. Everything here waits for a person, so it
 * runs on a thread of its own (dialog.h).
 */
#ifndef CERTRENEW_DESKTOP_PINENTRY_H
#define CERTRENEW_DESKTOP_PINENTRY_H

#include <stdbool.h>

#include <glib.h>

#include "helper/common/secret.h"

enum pinentry_kind { PINENTRY_PIN, PINENTRY_CONFIRM, PINENTRY_MESSAGE };

enum pinentry_result {
	PINENTRY_ACCEPTED,
	PINENTRY_DECLINED, /* the person's Cancel or Later; or an empty PIN */
	PINENTRY_TIMEOUT,  /* nobody answered */
	PINENTRY_UNUSABLE, /* no pinentry, or none that can show itself: no answer of a person's */
};

struct pinentry_question {
	enum pinentry_kind kind;
	char *program; /* a path; NULL: the first in PATH that can show a window */
	char *title, *description, *prompt, *ok, *cancel; /* prompt, cancel: may be NULL */
	int timeout_s;
};

/* How another thread ends the window. */
struct pinentry_leash;

/* Returns NULL when there is no memory. */
struct pinentry_leash *pinentry_leash_new(void);
/* NULL is fine. */
void pinentry_leash_free(struct pinentry_leash *leash);

/* *ret_pin is filled for PINENTRY_PIN and PINENTRY_ACCEPTED only; a PIN that is longer than any is
 * cut to SECRET_CUT, which renew sees. */
enum pinentry_result pinentry_ask(const struct pinentry_question *question,
				  struct pinentry_leash *leash, struct secret **ret_pin);

/* From any thread: the window closes, and none opens any more. */
void pinentry_end(struct pinentry_leash *leash);

/* Whether a flavour, as pinentry names it, can show itself: a text one needs a terminal. Pure. */
bool pinentry_flavour_is_usable(const char *flavour, bool has_terminal);

/* "COMMAND text" as the protocol wants it, escaped and cut at a character's border to the longest
 * line that it permits. Free with g_free. Pure. */
char *pinentry_line(const char *command, const char *text);

#endif
