/* SPDX-License-Identifier: MIT */
/*
 * certrenew revoke: a person whose card is lost finds the certificate in the directory and has it
 * revoked, with the challenge phrase that was agreed with the CA. The order is that of the CAs'
 * own guides: search, list, details, agreement, phrase, reason, done. A question that is not
 * answered ends it, and then nothing was sent.
 */
#ifndef CERTRENEW_REVOKE_H
#define CERTRENEW_REVOKE_H

#include <stdbool.h>

#include "conf/config.h"
#include "helper/lookup/found.h"

enum {
	/* The rest is in exit.h: 0 revoked, 1 nothing was asked for, 2 refused, 3 error. */
	EXIT_UNCLEAR = 4, /* it may have been revoked */
};

struct revoke_options {
	struct found_query query;
	const char *reason; /* NULL: is asked */
	int phrase_file;    /* a descriptor; -1: is asked */
	bool accept;	    /* the agreement */
	bool card;	    /* proven by the card in hand, not by a phrase */
};

/* The whole of it; returns the exit status. */
int revoke_certificate(const struct config *config, const struct revoke_options *options);

/* The same for a certificate of the card in hand, which proves it: --card. */
int revoke_by_card(const struct config *config, const struct revoke_options *options);

/* --- revoke.c, for both ways ------------------------------------------------------------------ */

/* Says on standard error what is wrong; returns EXIT_ERROR. */
int revoke_say_no(const char *sentence);

/* Whether a revocation is configured at all, and the reason, if there is one, permitted: it goes
 * into *ret, -1 for none. Returns EXIT_FINE, or says no. */
int revoke_check(const struct config *config, const char *reason, int *ret);

/* Which of what was found it is about; shows it. Returns its index, or -1 once it is said why. */
int revoke_choose(const struct found *found);

void revoke_log_consent(X509 *certificate, const struct config_revocation *settings);

/* Asks for the certificate's status, and tells it. */
void revoke_show_standing(const struct config *config, X509 *certificate);

/* `certrenew revoke …`, as the command line has it; returns the exit status. */
int revoke_main(int count, char *arguments[]);

/* --- revoke_ask.c: the questions ---------------------------------------------------------------
 */

/* Fills in whom to search for, from `line`. False: no answer. */
bool revoke_ask_whom(struct found_query *query, char *line, size_t size);

/* The agreement's address, that it is final, and whether so be it. */
bool revoke_ask_consent(const struct config_revocation *settings, bool accepted);

/* The agreement alone, where there is one. */
bool revoke_ask_agreement(const struct config_revocation *settings, bool accepted);

/* A CRLReason, or -1 for no answer. */
int revoke_ask_reason(const struct config_revocation *settings);

/* --- revoke_phrase.c
 * ------------------------------------------------------------------------------ */

struct secret;

/* From the terminal, unseen. NULL: no answer, or more than a phrase can be; that is said. */
struct secret *revoke_ask_phrase(const char *prompt);

/* All that comes from a descriptor, but for a line's end. NULL: none, or no phrase; that is said.
 */
struct secret *revoke_read_phrase(int file);

/* --- revoke_tell.c
 * -------------------------------------------------------------------------------- */

struct revocation_answer;

/* Says what became of it, and what to do. Returns the exit status. */
int revoke_tell_failure(const struct failure *failure);
/* The same where the card could not even be read, and so nothing was sent. */
int revoke_tell_unread(const struct failure *failure);
void revoke_tell_done(const struct revocation_answer *answer, int64_t when);
/* What the CA's status service says of it now. */
void revoke_tell_standing(const struct standing *standing);

#endif
