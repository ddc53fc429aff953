/* SPDX-License-Identifier: MIT */
/*
 * Cards that do not simply take the new certificate beside the old one: a full one, and one that
 * refuses two certificates with one CKA_ID.
 *
 * Both certificates are in the journal, fsynced, before the old one is touched. Whatever ends this
 * process, the card lacks one certificate object at most, and the next run finds by the
 * certificates' bytes what is where: put_on_card in write_card.c begins with that.
 */
#include <stdlib.h>

#include "helper/common/log.h"
#include "helper/renewal/write_card.h"

/* The old certificate is where it was, the new one is not on the card. */
static void note_unwritten(struct renewal *renewal, struct item *item)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (item_advance(renewal, item,
			 item_is_transaction(item) ? JOURNAL_CONFIRMED : JOURNAL_ISSUED,
			 &failure) < 0)
		log_failure(EVENT_STATE_NOT_NOTED, "the journal", &failure);
}

/* --- a full card -------------------------------------------------------------------------- */

/* Of the old certificate's objects the one to go: rather one that is not the key's, which so stays
 * what it was. */
static int choose_victim(const struct renewal *renewal, const struct journal_entry *entry,
			 CK_OBJECT_HANDLE *ret_object, struct write_seen *ret,
			 struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, entry->old, NULL, &objects, &count, failure);
	if (result == 0 && count == 0)
		result = fail(failure, FAILURE_CARD_FULL, "and the old certificate is not on it");
	for (size_t i = 0; result == 0 && i < count; i++) {
		*ret_object = objects[i];
		result = write_look(renewal->token, objects[i], ret, failure);
		if (result == 0 && !object_id_equal(&ret->id, &entry->old_id))
			break;
	}
	free(objects);
	return result;
}

static int take_off(struct renewal *renewal, struct item *item, CK_OBJECT_HANDLE victim,
		    const struct write_seen *seen, struct failure *failure)
{
	struct failure ignored;
	int result, there;

	/* On disk, both certificates with it, before the card's own copy goes. */
	result = item_advance(renewal, item, JOURNAL_TAKEN_OFF, failure);
	if (result < 0)
		return result;
	result = write_remove(renewal->token, victim, failure);
	if (result == 0 || result == -FAILURE_CARD_REMOVED)
		return result;
	there = is_on_card(renewal, item->entry.old, &seen->id, &ignored);
	if (there == 0)
		return 0;
	/* A card that does not say may lack it. */
	if (there == 1)
		note_unwritten(renewal, item);
	return result;
}

static void put_back(struct renewal *renewal, struct item *item, const struct write_seen *seen)
{
	X509 *old = item->entry.old;
	struct failure failure = {.code = FAILURE_NONE};

	if (write_restore(renewal->token, old, seen, &failure) < 0 &&
	    is_on_card(renewal, old, &seen->id, &failure) != 1) {
		log_failure(EVENT_OLD_IN_JOURNAL_ONLY, "the old certificate is in the journal only",
			    &failure);
		return;
	}
	log_line(EVENT_OLD_BACK, "the old certificate is on the card again");
	note_unwritten(renewal, item);
}

/* Where the old one is, as far as the journal knows, if an earlier run took it off. */
static struct write_seen remembered(const struct journal_entry *entry)
{
	return (struct write_seen){.id = entry->old_id, .label = entry->label};
}

/* A card that did not take one back is trusted with no other. */
static bool lacks_another(const struct renewal *renewal, const struct item *item)
{
	for (size_t i = 0; i < renewal->count; i++)
		if (&renewal->items[i] != item &&
		    renewal->items[i].entry.state == JOURNAL_TAKEN_OFF)
			return true;
	return false;
}

int write_instead_of_old(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct write_seen seen = remembered(entry);
	CK_OBJECT_HANDLE victim = 0;
	bool taken_off;
	int result, there = 1;

	if (entry->old == NULL || entry->issued == NULL)
		return fail(failure, FAILURE_CARD_FULL, "and the journal lacks a certificate");
	if (lacks_another(renewal, item))
		return fail(failure, FAILURE_CARD_FULL, "and lacks another certificate already");
	result = -(int)failure->code;
	if (entry->state == JOURNAL_TAKEN_OFF)
		there = is_on_card(renewal, entry->old, NULL, failure);
	/* A card that does not say may lack it: the entry is all that tells the next run. */
	if (there < 0)
		return there;
	taken_off = there == 0;
	if (!taken_off && result != -FAILURE_CARD_FULL) {
		note_unwritten(renewal, item);
		return result;
	}
	if (!taken_off) {
		/* As certain as it can be before the new certificate is there to be verified. */
		result = key_is_on_card(renewal, entry, failure);
		if (result == 0)
			result = choose_victim(renewal, entry, &victim, &seen, failure);
		if (result == 0)
			result = take_off(renewal, item, victim, &seen, failure);
		if (result < 0)
			return result;
		log_line(EVENT_MADE_ROOM, "the card is full: the old certificate makes way");
		result = write_and_look(renewal, item, &entry->id, failure);
	}
	if (result == 0 && is_on_card(renewal, entry->issued, &entry->id, failure) != 1)
		result = fail(failure, FAILURE_NOT_WRITTEN,
			      "what took the old certificate's place cannot be read back");
	if (result < 0 && result != -FAILURE_CARD_REMOVED)
		put_back(renewal, item, &seen);
	return result;
}

/* --- a card that refuses two certificates with one CKA_ID ----------------------------------- */

/* Every object of the certificate under `from` (NULL: under any). */
static int move_all(struct renewal *renewal, X509 *certificate, const struct object_id *from,
		    const struct object_id *to, struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, certificate, from, &objects, &count, failure);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = write_move(renewal->token, objects[i], to, failure);
	free(objects);
	return result;
}

/* The new one, which stands where it is of no use to anybody, and is in the journal. */
static void clear_away(struct renewal *renewal, const struct item *item)
{
	struct failure failure = {.code = FAILURE_NONE};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, item->entry.issued, NULL, &objects, &count, &failure);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = write_remove(renewal->token, objects[i], &failure);
	free(objects);
	if (result < 0)
		log_failure(EVENT_NEW_ELSEWHERE, "the new certificate stays under another CKA_ID",
			    &failure);
}

/* If the old one is under the key's CKA_ID. */
static int move_aside(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int result;

	result = is_on_card(renewal, entry->old, &entry->id, failure);
	if (result != 1)
		return result;
	/* Anew each time: what an earlier run chose may be taken by now. */
	result = renewal_fresh_id(renewal, &entry->spare, failure);
	if (result == 0)
		result = item_advance(renewal, item, JOURNAL_MOVED_ASIDE, failure);
	if (result == 0)
		result = move_all(renewal, entry->old, &entry->id, &entry->spare, failure);
	return result;
}

static void move_back(struct renewal *renewal, struct item *item)
{
	struct journal_entry *entry = &item->entry;
	struct failure failure = {.code = FAILURE_NONE};
	int moved, there;

	if (entry->state != JOURNAL_MOVED_ASIDE)
		return;
	moved = move_all(renewal, entry->old, &entry->spare, &entry->old_id, &failure);
	there = is_on_card(renewal, entry->old, &entry->old_id, &failure);
	if (there == 1)
		note_unwritten(renewal, item);
	else if (moved < 0 || there < 0)
		log_failure(EVENT_OLD_STAYS_ASIDE, "the old certificate stays aside", &failure);
}

/* The new one is on the card, under another CKA_ID than the key's. Between the two moves the key
 * has no certificate. */
static int change_places(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int result;

	result = move_aside(renewal, item, failure);
	if (result == 0)
		result = move_all(renewal, entry->issued, NULL, &entry->id, failure);
	if (result == 0 && is_on_card(renewal, entry->issued, &entry->id, failure) != 1)
		result = fail(failure, FAILURE_NOT_WRITTEN, "the new certificate did not move");
	return result;
}

/* Under a CKA_ID of its own, and read back. */
static int write_beside(struct renewal *renewal, struct item *item, struct failure *failure)
{
	X509 *issued = item->entry.issued;
	struct object_id fresh;
	int result;

	result = is_on_card(renewal, issued, NULL, failure);
	if (result != 0)
		return result < 0 ? result : 0;
	result = renewal_fresh_id(renewal, &fresh, failure);
	if (result == 0)
		result = write_and_look(renewal, item, &fresh, failure);
	if (result == 0 && is_on_card(renewal, issued, &fresh, failure) != 1)
		result = fail(failure, FAILURE_NOT_WRITTEN,
			      "what was written beside the old one cannot be read back");
	return result;
}

static int write_in_its_place(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int result;

	result = move_aside(renewal, item, failure);
	if (result == 0)
		result = write_and_look(renewal, item, &entry->id, failure);
	return result;
}

int write_beside_old(struct renewal *renewal, struct item *item, struct failure *failure)
{
	int result;

	result = write_beside(renewal, item, failure);
	/* What does not fit beside the old one does not fit beside it moved aside. */
	if (result == -FAILURE_CARD_FULL) {
		move_back(renewal, item);
		return result;
	}
	if (result == 0)
		result = change_places(renewal, item, failure);
	if (result == 0 || result == -FAILURE_CARD_REMOVED)
		return result;
	log_failure(EVENT_PLACES_KEPT, "the two certificates cannot change places", failure);
	move_back(renewal, item);
	clear_away(renewal, item);
	result = write_in_its_place(renewal, item, failure);
	if (result < 0 && result != -FAILURE_CARD_REMOVED)
		move_back(renewal, item);
	return result;
}
