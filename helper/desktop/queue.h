/* SPDX-License-Identifier: MIT */
/* What is still to be said, in order: how a renewal ended that nobody heard of, the questions, what
 * has expired. Pure. */
#ifndef CERTRENEW_DESKTOP_QUEUE_H
#define CERTRENEW_DESKTOP_QUEUE_H

#include "helper/desktop/card.h"
#include "helper/desktop/face.h"

struct item {
	struct card *card;	 /* of a question, or NULL */
	bool can_renew;		 /* the question offers it */
	struct content *content; /* of a notice, or NULL */
};

/* NULL is fine. */
void item_free(struct item *item);

struct queue;

struct queue *queue_new(void);
void queue_free(struct queue *queue);

/* Takes the content; notices come before questions unless `last`. */
void queue_notice(struct queue *queue, struct content *content, bool last);
/* Holds the card. */
void queue_question(struct queue *queue, struct card *card, bool can_renew);

/* Questions are asked anew each time the helper answers. */
void queue_drop_questions(struct queue *queue);
/* Whether the card is asked about in the queue. */
bool queue_has_card(const struct queue *queue, const char *serial);

/* The next one, for the caller to free, or NULL. */
struct item *queue_next(struct queue *queue);

#endif
