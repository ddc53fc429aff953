/* SPDX-License-Identifier: MIT */
/*
 * Every sentence of check and renew, in a person's words. Each function writes into a buffer of
 * WORDS_MAX bytes and returns it. Dates are shown in local time, days are counted in UTC.
 */
#ifndef CERTRENEW_WORDS_H
#define CERTRENEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "helper/card/validity.h"
#include "helper/common/message.h"
#include "helper/words/sentence.h"

enum { WORDS_MAX = SENTENCE_MAX };

/* One certificate's line: "Signature certificate: expires in 20 days, on 2026-12-12." */
char *words_certificate(char *out, enum certificate_role role, const struct validity *validity,
			int64_t not_before, int64_t not_after);

/* "Your card's certificates expire in 20 days, on 2026-12-12." with whose they are. */
char *words_due(char *out, size_t certificates, int64_t days_left, int64_t not_after,
		const char *cn, const char *o);

/* What to do where nobody is asked. */
char *words_due_next(char *out);

/* The same for what can no longer be renewed. */
char *words_expired(char *out, size_t certificates, int64_t not_after);

/* An interrupted renewal of this card. */
char *words_unfinished(char *out);

char *words_ask_renew_prompt(char *out);
/* Which certificate is to be revoked, and that it is final. */
char *words_ask_revoke(char *out, enum certificate_role role, const char *cn, const char *serial);
char *words_ask_revoke_prompt(char *out);
/* That a revocation cannot be undone. */
const char *words_final(void);
/* What counts as each answer: in the person's language and in English, separated by blanks. */
const char *words_yes(void);
const char *words_no(void);
const char *words_later(void);

char *words_ask_token(char *out, const char *const *labels, const char *const *serials,
		      size_t count);
/* The same where it is not about a renewal. */
char *words_ask_which(char *out, const char *const *labels, const char *const *serials,
		      size_t count);
char *words_ask_token_prompt(char *out);

/* A new challenge phrase of at least so many characters, and once more. */
char *words_ask_phrase(char *out, int64_t length);
char *words_ask_phrase_again(char *out);
char *words_ask_phrase_prompt(char *out);
/* Why it is asked for again: too short, or not twice the same. */
char *words_phrase_refused(char *out, bool short_one);
char *words_phrase_set(char *out);

/* `again`: another PIN of the same card was taken a moment ago. */
char *words_ask_pin(char *out, enum pin_why why, unsigned note, bool again,
		    const char *token_label);
char *words_ask_pin_prompt(char *out);
/* Said while the keypad waits, for a key that wants the PIN for each signature. */
char *words_use_keypad(char *out, const char *token_label);
/* Before the last try: a question, answered yes or no. */
char *words_ask_last_try(char *out);
char *words_ask_last_try_prompt(char *out);

char *words_step(char *out, enum step step, int number, int of);

char *words_renewed(char *out, enum certificate_role role, int64_t old_not_after,
		    int64_t new_not_after);
char *words_waiting(char *out, enum certificate_role role, int64_t retry_at);
char *words_waiting_next(char *out);
/* An earlier request was not answered; `anew`: it was not the same that was sent again. */
char *words_asked_again(char *out, enum certificate_role role, bool anew);
char *words_done(char *out, size_t renewed, size_t of);

/* What failed (for a role, or 0) and what to do next; `renewable_from` for FAILURE_NOTHING_DUE. */
char *words_failed(char *out, enum failure_code code, enum certificate_role role);
char *words_next(char *out, enum failure_code code);
/* What the CA itself said. */
char *words_said(char *out, const char *said);
/* What became of the card before the failure. */
enum card_state {
	CARD_AS_BEFORE,
	CARD_SIGNS_IN,	  /* changed, but nothing was issued */
	CARD_ISSUED_KEPT, /* and what was issued is not on it, or not all of it */
	CARD_LACKS_ONE,	  /* or may: the old certificate has made room */
};
char *words_card_state(char *out, enum card_state state);
char *words_nothing_due(char *out, int64_t renewable_from);
/* A revocation that was just made. */
char *words_revocation(char *out, int64_t when);
/* One certificate that its CA has revoked. */
char *words_revoked(char *out, enum certificate_role role, int64_t revoked_at);

#endif
