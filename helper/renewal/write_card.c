/* SPDX-License-Identifier: MIT */
/*
 * What was issued goes on the card: written, read back, its key shown to be the card's, and only
 * then is the old certificate removed.
 */
#include <stdlib.h>

#include "helper/common/log.h"
#include "helper/renewal/write_card.h"

int is_on_card(const struct renewal *renewal, X509 *certificate, const struct object_id *id,
	       struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, certificate, id, &objects, &count, failure);
	free(objects);
	return result < 0 ? result : count > 0;
}

int key_is_on_card(const struct renewal *renewal, const struct journal_entry *entry,
		   struct failure *failure)
{
	struct key_seen seen = {.present = false};
	int result;

	result = key_look_by_id(renewal->token, &entry->id, X509_get0_pubkey(entry->issued), &seen,
				failure);
	if (result == 0 && seen.private_key == 0)
		result =
		    fail(failure, FAILURE_NO_KEY, "the new certificate's key is not on the card");
	return result;
}

/* A write that answers an error may have succeeded all the same: the card is asked. */
int write_and_look(struct renewal *renewal, const struct item *item, const struct object_id *id,
		   struct failure *failure)
{
	const struct journal_entry *entry = &item->entry;
	struct failure ignored;
	int result;

	renewal->card_changed = true;
	/* A card that shows its certificates to nobody but their owner goes on doing so. */
	result = write_certificate(renewal->token, entry->issued, id, &entry->label,
				   renewal->hidden, failure);
	if (result < 0 && is_on_card(renewal, entry->issued, id, &ignored) == 1)
		return 0;
	return result;
}

/*
 * Beside the old one, if the card lets it. An interrupted run may have left the new one under the
 * key's CKA_ID, where it belongs, or on its way there.
 */
static int put_on_card(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct failure ignored;
	int result;

	result = is_on_card(renewal, entry->issued, &entry->id, failure);
	if (result == 1)
		goto out;
	if (result == 0)
		result = is_on_card(renewal, entry->issued, NULL, failure);
	if (result == 1)
		result = write_beside_old(renewal, item, failure);
	else if (result == 0)
		result = write_and_look(renewal, item, &entry->id, failure);
	if (result == 0 || result == -FAILURE_CARD_REMOVED)
		goto out;
	/* Which of the two a card minds first, the CKA_ID or the certificate's size, is its own. */
	if (result != -FAILURE_CARD_FULL && entry->state != JOURNAL_TAKEN_OFF && !entry->new_key &&
	    is_on_card(renewal, entry->old, NULL, &ignored) == 1)
		result = write_beside_old(renewal, item, failure);
	if (result == -FAILURE_CARD_FULL || entry->state == JOURNAL_TAKEN_OFF)
		result = write_instead_of_old(renewal, item, failure);
out:
	return result < 0 ? result : item_advance(renewal, item, JOURNAL_WRITTEN, failure);
}

/* Read back byte for byte, under the right CKA_ID, with the private key behind it. */
static int verify(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int result;

	result = is_on_card(renewal, entry->issued, &entry->id, failure);
	if (result < 0)
		return result;
	if (result == 0)
		return fail(failure, FAILURE_NOT_WRITTEN,
			    "the new certificate is not on the card, or has another CKA_ID");
	result = key_is_on_card(renewal, entry, failure);
	return result < 0 ? result : item_advance(renewal, item, JOURNAL_VERIFIED, failure);
}

/* All of the certificate's objects but `kept`; one that stays does not keep the others. */
static int remove_all(struct renewal *renewal, X509 *certificate, CK_OBJECT_HANDLE kept,
		      struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	struct failure one = {.code = FAILURE_NONE};
	size_t count = 0;
	int result;

	result = write_find(renewal->token, certificate, NULL, &objects, &count, failure);
	for (size_t i = 0; i < count && result != -FAILURE_CARD_REMOVED; i++) {
		if (objects[i] == kept || write_remove(renewal->token, objects[i], &one) == 0)
			continue;
		*failure = one;
		result = -(int)one.code;
	}
	free(objects);
	return result;
}

/* What an interrupted run left of the new certificate beside the object that was verified. */
static void remove_strays(struct renewal *renewal, const struct journal_entry *entry)
{
	struct failure failure = {.code = FAILURE_NONE};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, entry->issued, &entry->id, &objects, &count, &failure);
	if (result == 0 && count > 0)
		result = remove_all(renewal, entry->issued, objects[0], &failure);
	free(objects);
	if (result < 0)
		log_failure(EVENT_NEW_TWICE, "the new certificate may be on the card twice",
			    &failure);
}

/*
 * Whether the old certificate stays, beside the new one, for good: the card never lets it go, or
 * did not twice. It is not due by then, and nobody is to be asked for a PIN at each login for it.
 */
static bool stays_for_good(const struct item *item, int result)
{
	return result == -FAILURE_CARD_FIXED ||
	       (result < 0 && result != -FAILURE_CARD_REMOVED && item->tried_to_remove);
}

/*
 * The old certificate goes, and an old signature key with it; an old encryption key never does,
 * and its certificate is kept in the journal: old mail is still to be read.
 */
static int remove_old(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int result;

	if (item->resumed || entry->spare.length > 0)
		remove_strays(renewal, entry);
	result = remove_all(renewal, entry->old, 0, failure);
	if (result == 0 && entry->new_key && entry->role == ROLE_SIGNATURE)
		result = key_destroy(renewal->token, &entry->old_id, X509_get0_pubkey(entry->old),
				     failure);
	if (stays_for_good(item, result)) {
		log_failure(EVENT_OLD_STAYS_BESIDE,
			    "the old certificate stays on the card beside the new one", failure);
		result = 0;
	}
	if (result == 0)
		result = item_advance(renewal, item, JOURNAL_DONE, failure);
	return result < 0 ? result : journal_archive(renewal->journal, entry, failure);
}

typedef int (*card_part)(struct renewal *renewal, struct item *item, struct failure *failure);

/* What fails for one certificate must not keep the other from being written. */
static void for_each(struct renewal *renewal, card_part part)
{
	for (size_t i = 0; i < renewal->count; i++) {
		struct item *item = &renewal->items[i];
		struct failure failure = {.code = FAILURE_NONE};

		if (!item_needs_card(item) || part(renewal, item, &failure) == 0)
			continue;
		/* Whatever the driver said: a card that is gone says all. */
		(void)token_look(renewal->token, &failure);
		item->failure = failure;
	}
}

/* The renewal has succeeded by now: an old certificate that stays is removed by the next run. */
static int finish(struct renewal *renewal, struct item *item, struct failure *failure)
{
	item->renewed = true;
	if (remove_old(renewal, item, failure) < 0)
		log_failure(EVENT_OLD_STAYS, "the old certificate is still on the card", failure);
	return 0;
}

/*
 * An interrupted run's word is not enough: what it wrote and verified is looked for, written if it
 * is not there, and verified again before anything is removed.
 */
int write_to_card(struct renewal *renewal, struct failure *failure)
{
	(void)failure;
	tell_step(renewal, STEP_WRITING);
	for_each(renewal, put_on_card);
	tell_step(renewal, STEP_VERIFYING);
	for_each(renewal, verify);
	for_each(renewal, finish);
	return 0;
}
