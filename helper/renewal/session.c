/* SPDX-License-Identifier: MIT */
#include "helper/renewal/session.h"

#include <stdlib.h>

#include "helper/common/log.h"

/* The connections first: they hold keys; the keys before the session is logged out. */
void session_close(struct session *session)
{
	for (size_t i = 0; i < session->ca_count; i++)
		session->cas[i].protocol->close(session->cas[i].ca);
	for (size_t i = 0; i < session->key_count; i++)
		key_close(session->keys[i].key);
	/* No signature of this step follows. */
	if (pin_forget(session->renewal->token))
		session->renewal->logged_in = false;
}

int session_explain(struct renewal *renewal, int result, struct failure *failure)
{
	const struct failure *refused = pin_refused(renewal->token);
	struct failure other;

	if (result < 0 && refused != NULL) {
		*failure = *refused;
		return -(int)refused->code;
	}
	if (result == -FAILURE_CARD_ERROR && token_look(renewal->token, &other) < 0) {
		*failure = other;
		result = -(int)other.code;
	}
	if (result == -FAILURE_CARD_REMOVED &&
	    token_refresh(renewal->token, &other) == -FAILURE_OTHER_CARD)
		*failure = other;
	return result < 0 ? -(int)failure->code : 0;
}

/* One that was found fit to sign is fit for all. */
static bool is_open(const struct open_key *one, const struct object_id *id, EVP_PKEY *public,
		    bool must_sign)
{
	return object_id_equal(&one->id, id) && EVP_PKEY_eq(key_evp(one->key), public) == 1 &&
	       (one->signs || !must_sign);
}

static int use_key(struct session *session, const struct object_id *id, EVP_PKEY *public,
		   bool must_sign, const struct key **ret, struct failure *failure)
{
	struct token *token = session->renewal->token;
	struct open_key *slot = &session->keys[session->key_count];
	struct key_seen seen;
	int result;

	for (size_t i = 0; i < session->key_count; i++) {
		if (is_open(&session->keys[i], id, public, must_sign)) {
			*ret = session->keys[i].key;
			return 0;
		}
	}

	result = key_look_by_id(token, id, public, &seen, failure);
	if (result < 0)
		return result;
	if (seen.private_key == 0)
		return fail(failure, FAILURE_NO_KEY,
			    "no private key with the certificate's CKA_ID");
	if (must_sign && !seen.can_sign)
		return fail(failure, FAILURE_KEY_CANNOT_SIGN, "CKA_SIGN is false");
	if (must_sign && !key_kind_signs(token, public))
		return fail(failure, FAILURE_KEY_UNSUPPORTED,
			    "the token has no mechanism to sign with a key of type %s",
			    EVP_PKEY_get0_type_name(public));
	for (size_t i = 0; i < session->key_count; i++) {
		if (session->keys[i].object == seen.private_key) {
			session->keys[i].signs = session->keys[i].signs || must_sign;
			*ret = session->keys[i].key;
			return 0;
		}
	}
	if (session->key_count == KEYS_MAX)
		return fail(failure, FAILURE_CARD_ERROR, "too many keys");
	result = key_open(token, &seen, id, public, &slot->key, failure);
	if (result < 0)
		return result;
	slot->object = seen.private_key;
	slot->id = *id;
	slot->signs = must_sign;
	session->key_count++;
	*ret = slot->key;
	return 0;
}

int session_identity(struct session *session, const struct object_id *id, X509 *certificate,
		     struct ca_identity *ret, struct failure *failure)
{
	const struct key *key = NULL;
	int result = use_key(session, id, X509_get0_pubkey(certificate), true, &key, failure);

	if (result == 0)
		*ret = (struct ca_identity){certificate, key_evp(key), key_is_tls12_only(key)};
	return result;
}

/*
 * Who speaks to the CA: the card's signature certificate of the same subject (RFC 7030 §3.3.2);
 * a card without one speaks with the certificate that is renewed.
 */
static int identify(struct session *session, const struct item *item, struct ca_identity *ret,
		    struct failure *failure)
{
	const struct certificate *speaker = renewal_speaker(session->renewal, item->entry.old);
	const struct object_id *id = speaker != NULL ? &speaker->id : &item->entry.old_id;
	X509 *certificate = speaker != NULL ? speaker->x509 : item->entry.old;

	return session_identity(session, id, certificate, ret, failure);
}

int session_ca(struct session *session, const struct item *item, struct open_ca **ret,
	       struct failure *failure)
{
	struct open_ca *slot = &session->cas[session->ca_count];
	int result;

	for (size_t i = 0; i < session->ca_count; i++) {
		if (session->cas[i].settings == item->settings) {
			*ret = &session->cas[i];
			return 0;
		}
	}
	result = identify(session, item, &slot->identity, failure);
	if (result < 0)
		return result;
	slot->settings = item->settings;
	slot->protocol = item->protocol;
	result = item->protocol->open(item->settings, &slot->identity, session->renewal->start,
				      &slot->ca, failure);
	if (result < 0)
		return result;
	session->ca_count++;
	*ret = slot;
	return 0;
}

static bool no_key_was_made(const struct renewal *renewal, const struct journal_entry *entry)
{
	CK_ATTRIBUTE template = {CKA_ID, (void *)entry->id.bytes, entry->id.length};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 1;
	int result = object_find(renewal->token, &template, 1, &objects, &count, NULL);

	free(objects);
	return result == 0 && count == 0;
}

/* Nothing was asked for and nothing is on the card: no renewal has begun. */
static int give_up_new_key(struct renewal *renewal, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct failure why = *failure, ignored;

	if (entry->state == JOURNAL_AGREED && journal_forget(renewal->journal, entry, &ignored) < 0)
		log_failure(EVENT_UNBEGUN_STAYS,
			    "a renewal that was not begun stays in the journal", &ignored);
	entry->state = JOURNAL_FOUND;
	entry->new_key = false;
	entry->id = entry->old_id;
	return fail(failure, FAILURE_NO_ROOM_FOR_KEY, "%.400s", why.detail);
}

int session_key_to_certify(struct session *session, struct item *item, const struct key **ret,
			   struct failure *failure)
{
	struct renewal *renewal = session->renewal;
	struct journal_entry *entry = &item->entry;
	EVP_PKEY *like = X509_get0_pubkey(entry->old), *public = NULL;
	struct key_seen old = {.present = false};
	bool must_sign = item->protocol->supports(item->settings, entry->role, like, false, NULL) ==
			 -FAILURE_KEY_CANNOT_SIGN;
	int result;

	if (entry->state < JOURNAL_REQUESTED && !entry->new_key && item->settings->key == KEY_NEW) {
		result = renewal_fresh_id(renewal, &entry->id, failure);
		if (result < 0)
			return result;
		entry->new_key = true;
		/* The CKA_ID is known before the key is: an interrupted run leaves no orphan. */
		result = item_advance(renewal, item, JOURNAL_AGREED, failure);
		if (result < 0)
			return result;
	}
	if (!entry->new_key)
		return use_key(session, &entry->id, like, must_sign, ret, failure);
	result = key_look_by_id(renewal->token, &entry->old_id, like, &old, failure);
	if (result < 0)
		return result;
	result =
	    key_generate(renewal->token, like, entry->role, old.private_key != 0 && old.wants_pin,
			 &entry->label, &entry->id, &public, failure);
	if (result == -FAILURE_CARD_FULL && no_key_was_made(renewal, entry))
		return give_up_new_key(renewal, item, failure);
	renewal->card_changed = true;
	if (result == 0)
		result = use_key(session, &entry->id, public, must_sign, ret, failure);
	EVP_PKEY_free(public);
	return result;
}
