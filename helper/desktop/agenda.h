/* SPDX-License-Identifier: MIT */
/*
 * What is to be said, one thing after the other: how a renewal ended that nobody heard of, the
 * questions, soonest first, and last what has expired. Pure: its caller has the clock.
 */
#ifndef CERTRENEW_DESKTOP_AGENDA_H
#define CERTRENEW_DESKTOP_AGENDA_H

#include "helper/desktop/face.h"
#include "helper/desktop/inquiry.h"

struct item {
	struct card *card;	 /* of a question, or NULL */
	bool can_renew;		 /* the question offers it */
	bool demanded;		 /* the person said so already: the window is opened at once */
	struct content *content; /* of a notice, or NULL */
};

/* NULL is fine. */
void item_free(struct item *item);

struct agenda;

struct agenda *agenda_new(void);
void agenda_free(struct agenda *agenda);

/*
 * Puts on the agenda what the helper's answer gives reason to say, in place of the questions that
 * stood there. A card that was inserted is asked about once, or again while it is `current`, the
 * one that is being asked about (or NULL). What has expired is said once, a demand is always
 * answered. Returns whether anything is to be said.
 */
bool agenda_take(struct agenda *agenda, enum inquiry_reason reason, const struct findings *findings,
		 const char *current, int64_t now);

/* Takes the content. */
void agenda_notice(struct agenda *agenda, struct content *content);
void agenda_drop_questions(struct agenda *agenda);
/* The card may be asked about again when it is inserted: it was pulled before its time. */
void agenda_forget(struct agenda *agenda, const char *serial);

/* The next one, for the caller to free, or NULL. */
struct item *agenda_next(struct agenda *agenda);

/*
 * When to ask the helper again, in seconds since the epoch; 0: never. Where it could not be told
 * what is due, though it was time to know: after a while.
 */
int64_t agenda_moment(enum inquiry_reason reason, const struct findings *findings, int64_t now);

#endif
