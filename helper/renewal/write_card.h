/* SPDX-License-Identifier: MIT */
/* What writing a certificate is made of: write_card.c puts it in order, make_room.c knows the cards
 * that do not simply take the new certificate beside the old one. */
#ifndef CERTRENEW_WRITE_CARD_H
#define CERTRENEW_WRITE_CARD_H

#include "helper/card/write.h"
#include "helper/renewal/renewal.h"

/* Whether the card holds the certificate, under this CKA_ID (NULL: under any): 1, 0, or a failure
 * of the driver. */
int is_on_card(const struct renewal *renewal, X509 *certificate, const struct object_id *id,
	       struct failure *failure);

/* Returns 0 if the private key of what was issued is under its CKA_ID, -FAILURE_NO_KEY, or a
 * failure of the driver. */
int key_is_on_card(const struct renewal *renewal, const struct journal_entry *entry,
		   struct failure *failure);

/* Writes what was issued under `id`. Returns 0 also for an error of the driver after which the card
 * holds it. */
int write_and_look(struct renewal *renewal, const struct item *item, const struct object_id *id,
		   struct failure *failure);

/*
 * A full card, as *failure says: the old certificate, which the journal holds, makes way for the
 * new one, and comes back if that cannot be written or read back. It also comes back if an earlier
 * run took it off, and *failure says why the new one cannot be written now. Returns 0 once the new
 * one was read back.
 */
int write_instead_of_old(struct renewal *renewal, struct item *item, struct failure *failure);

/*
 * A card that refuses two certificates with one CKA_ID: the new one is written under another
 * CKA_ID, or was by an interrupted run, is read back, and the two change places. If the token does
 * not let it, the old one is moved aside before the new one is written; and comes back if that was
 * not what the card minded. Returns 0 once the new one is under the key's CKA_ID, or
 * -FAILURE_CARD_FULL, with the old one where it was.
 */
int write_beside_old(struct renewal *renewal, struct item *item, struct failure *failure);

#endif
