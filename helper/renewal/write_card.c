/* SPDX-License-Identifier: MIT */
/*
 * What was issued goes on the card: written, read back, its key shown to be the card's, and only
 * then is the old certificate removed.
 */
#include <stdlib.h>

#include "helper/card/write.h"
#include "helper/common/log.h"
#include "helper/renewal/renewal.h"

static int is_on_card(struct renewal *renewal, X509 *certificate, CK_OBJECT_HANDLE *ret_object,
		      struct failure *failure)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, certificate, &objects, &count, failure);
	if (result < 0)
		return result;
	if (count > 0)
		*ret_object = objects[0];
	free(objects);
	return count > 0;
}

/* A write that answers an error may have succeeded all the same: the card is asked. */
static int write_and_look(struct renewal *renewal, struct item *item, struct failure *failure)
{
	const struct journal_entry *entry = &item->entry;
	CK_OBJECT_HANDLE object;
	struct failure ignored;
	int result;

	renewal->card_changed = true;
	result =
	    write_certificate(renewal->token, entry->issued, &entry->id, &entry->label, failure);
	if (result < 0 && is_on_card(renewal, entry->issued, &object, &ignored) == 1)
		return 0;
	return result;
}

/* Some cards refuse two certificates with one CKA_ID: the old one makes room, and comes back if
 * that was not what the card minded. */
static int write_in_its_place(struct renewal *renewal, struct item *item, CK_OBJECT_HANDLE old,
			      struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	enum journal_state unwritten =
	    item_is_transaction(item) ? JOURNAL_CONFIRMED : JOURNAL_ISSUED;
	struct failure ignored;
	int result;

	if (entry->spare.length == 0) {
		result = key_fresh_id(renewal->token, &entry->spare, failure);
		if (result < 0)
			return result;
	}
	result = item_advance(renewal, item, JOURNAL_MOVED_ASIDE, failure);
	if (result == 0)
		result = write_move(renewal->token, old, &entry->spare, failure);
	if (result < 0)
		return result;
	result = write_and_look(renewal, item, failure);
	if (result == 0)
		return 0;
	if (write_move(renewal->token, old, &entry->old_id, &ignored) < 0)
		log_failure(LOG_ERR, "the old certificate stays aside", &ignored);
	else if (item_advance(renewal, item, unwritten, &ignored) < 0)
		log_failure(LOG_WARNING, "the journal", &ignored);
	return result;
}

static int put_on_card(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	CK_OBJECT_HANDLE object = 0, old = 0;
	struct failure ignored;
	int result;

	result = is_on_card(renewal, entry->issued, &object, failure);
	if (result < 0)
		return result;
	if (result == 0) {
		result = write_and_look(renewal, item, failure);
		if (result == -FAILURE_CARD_REMOVED || result == 0)
			goto out;
		if (!entry->new_key && is_on_card(renewal, entry->old, &old, &ignored) == 1)
			result = write_in_its_place(renewal, item, old, failure);
	}
out:
	return result < 0 ? result : item_advance(renewal, item, JOURNAL_WRITTEN, failure);
}

/* Read back byte for byte, under the right CKA_ID, with the private key behind it. */
static int verify(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	CK_OBJECT_HANDLE object = 0;
	struct object_id id = {.length = 0};
	CK_ATTRIBUTE attribute = {CKA_ID, id.bytes, sizeof(id.bytes)};
	struct key_seen seen = {.present = false};
	int result;

	result = is_on_card(renewal, entry->issued, &object, failure);
	if (result < 0)
		return result;
	if (result == 0)
		return fail(failure, FAILURE_NOT_WRITTEN, "the new certificate is not on the card");
	if (object_read(renewal->token, object, &attribute, 1) == CKR_OK &&
	    attribute.ulValueLen != CK_UNAVAILABLE_INFORMATION)
		id.length = attribute.ulValueLen;
	if (!object_id_equal(&id, &entry->id))
		return fail(failure, FAILURE_NOT_WRITTEN, "the new certificate has another CKA_ID");
	result = key_look_by_id(renewal->token, &entry->id, X509_get0_pubkey(entry->issued), &seen,
				failure);
	if (result < 0)
		return result;
	if (seen.private_key == 0)
		return fail(failure, FAILURE_NO_KEY,
			    "the new certificate's key is not on the card");
	return item_advance(renewal, item, JOURNAL_VERIFIED, failure);
}

/*
 * The old certificate goes, and an old signature key with it; an old encryption key never does,
 * and its certificate is kept in the journal: old mail is still to be read.
 */
static int remove_old(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;
	int result;

	result = write_find(renewal->token, entry->old, &objects, &count, failure);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = write_remove(renewal->token, objects[i], failure);
	free(objects);
	if (result == 0 && entry->new_key && entry->role == ROLE_SIGNATURE)
		result = key_destroy(renewal->token, &entry->old_id, X509_get0_pubkey(entry->old),
				     failure);
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
		log_failure(LOG_WARNING, "the old certificate is still on the card", failure);
	return 0;
}

/*
 * An interrupted run's word is not enough: what it wrote and verified is looked for, written if it
 * is not there, and verified again before anything is removed.
 */
int write_to_card(struct renewal *renewal, struct failure *failure)
{
	(void)failure;
	tell_step(renewal, STEP_WRITING, false);
	for_each(renewal, put_on_card);
	tell_step(renewal, STEP_VERIFYING, false);
	for_each(renewal, verify);
	for_each(renewal, finish);
	return 0;
}
