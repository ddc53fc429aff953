/* SPDX-License-Identifier: MIT */
/* What the helper said of the cards in the readers. Pure: no clock, no bus. */
#ifndef CERTRENEW_DESKTOP_CARD_H
#define CERTRENEW_DESKTOP_CARD_H

#include <stdbool.h>

#include <glib.h>

#include "helper/card/validity.h"
#include "helper/common/message.h"

struct card_certificate {
	enum certificate_role role;
	enum validity_state state;
	int64_t days, not_before, not_after, renewable_from;
	char *cn, *o, *issuer, *serial;
};

struct card {
	gatomicrefcount holders;
	char *serial, *label;
	GPtrArray *certificates; /* struct card_certificate */
	bool remind;		 /* the helper says that it is time to speak of it */
	bool unfinished;	 /* a renewal of it was begun */
	int64_t retry_at;	 /* and the CA wants to be left alone until then; 0: it does not */
};

/* Adds what a MESSAGE_CERTIFICATE says to the card that it is on; `cards` owns its cards. */
void card_take(GPtrArray *cards, const struct message *message);

GPtrArray *cards_new(void);

/* The soonest to expire first. */
void cards_sort(GPtrArray *cards);

struct card *card_hold(struct card *card);
/* NULL is fine. */
void card_release(struct card *card);

/* The certificates that can be renewed now: how many, and the one that expires first, or NULL. */
size_t card_due_count(const struct card *card);
const struct card_certificate *card_soonest(const struct card *card);
/* How many are past renewal, and the one that expired last, or NULL. */
size_t card_expired_count(const struct card *card);
const struct card_certificate *card_expired(const struct card *card);

/* Something can be done for it, or the person be told how far it is. */
bool card_can_renew(const struct card *card);
/* And it is time to say so unasked. */
bool card_wants_word(const struct card *card, int64_t now);
bool card_is_critical(const struct card *card);

/* The first day on which anything on these cards can be renewed; 0 if nothing ever can. */
int64_t cards_renewable_from(const GPtrArray *cards);

#endif
