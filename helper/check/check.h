/* SPDX-License-Identifier: MIT */
/*
 * certrenew-check: one task, what was found, and with whom it speaks. certrenew-check.c reads the
 * card and starts what was asked for; login.c answers PAM and the command, due.c the desktop's
 * agent, watch.c waits for a card, verify.c looks once more after a renewal; remind.c knows what to
 * speak of now, strangers.c of what not to.
 */
#ifndef CERTRENEW_CHECK_H
#define CERTRENEW_CHECK_H

#include "helper/check/findings.h"
#include "helper/common/dialogue.h"
#include "helper/record/frames.h"

struct check {
	struct task task;
	struct config *config;
	struct dialogue dialogue;
	struct driver *driver;
	struct findings findings;   /* the tokens, when the card was read by this process */
	struct frames certificates; /* a CERTIFICATE message for each, also when it was not */
};

/* Loads the driver, once. */
int check_open_driver(struct check *check, struct failure *failure);

/* Reads the cards: fills the findings and, for each certificate, its message. */
int check_read_card(struct check *check, struct failure *failure);

/* Keeps what was found for the person, if it is all of it; that it could not is the log's. */
void check_record(const struct check *check);

/* Both. */
int check_read_and_record(struct check *check, struct failure *failure);

/* The report names a card and what it is due, also where nothing is to be renewed. */
void check_note_for_log(struct check *check);

/* --- what is asked for: each returns 0, or the failure that the person is to be told ------- */

int login_session(struct check *check, struct failure *failure);
int login_account(struct check *check, struct failure *failure);
int login_status(struct check *check, struct failure *failure);
int login_renew(struct check *check, struct failure *failure);
/* -FAILURE_OTHER_CARD: no card holds the certificate. */
int login_revoke(struct check *check, struct failure *failure);
int login_set_phrase(struct check *check, struct failure *failure);
int due_tell(struct check *check, struct failure *failure);
int due_later(struct check *check, struct failure *failure);
/* Whether a fresh process, this one, is shown what renew wrote: 0, or -FAILURE_CARD_STALE with
 * where the driver's cache is. */
int verify_written(struct check *check, struct failure *failure);
/* 0 once a card was inserted. */
int watch_for_card(struct check *check, struct failure *failure);

/* --- remind.c ------------------------------------------------------------------------------ */

/*
 * Judges each certificate by the present clock and by what the person put off: state, days, the
 * sentence, FIELD_UNFINISHED and FIELD_REMIND are set anew. Returns the next time at which it is
 * time to speak, 0 for none.
 */
int64_t remind_judge(struct check *check);

/* Whether it is time to speak of one of the token's certificates. */
bool remind_of_token(const struct check *check, const struct found_token *token);

/*
 * Notes that the person put off, now, whatever can be renewed on the card with this serial number
 * ("": on any). What was put off already, or is not spoken of yet, is no different by that.
 */
int remind_put_off(const struct check *check, const char *token_serial, struct failure *failure);

/* How many can be renewed; an unfinished renewal of a card without such a certificate is one. */
size_t remind_count(const struct check *check);

/* --- say.c --------------------------------------------------------------------------------- */

void say_notice(struct check *check, const char *sentence, const char *next);
void say_failed(struct check *check, enum failure_code code, const char *sentence,
		const char *next);
void say_certificates(struct check *check);
/* CHECKED; `code` FAILURE_NONE when the card was read, `again_at` 0 for never. */
void say_checked(struct check *check, enum failure_code code, int64_t again_at);
/* What nobody was there to hear, and forgets it once it was heard: as it is, or as notices. */
void say_untold(struct check *check, bool as_notices);

#endif
