/* SPDX-License-Identifier: MIT */
/* With the PIN given: keys, requests, and what the CA answers. Every state is on disk first. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper/ca/request.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"
#include "helper/renewal/renewal.h"

/* A Retry-After up to this many seconds is waited for; a longer one ends the run as waiting. */
enum { WAIT_HERE_MAX = 30, KEYS_MAX = ITEMS_MAX + 1 };

/* A key of the card in use, and the connection to each CA, as long as the session lasts. */
struct open_key {
	CK_OBJECT_HANDLE object;
	struct key *key;
};

struct open_ca {
	const struct config_ca *settings;
	const struct ca_protocol *protocol;
	struct ca *ca;
	struct ca_identity identity;
};

struct request {
	struct renewal *renewal;
	struct open_key keys[KEYS_MAX];
	size_t key_count;
	struct open_ca cas[ITEMS_MAX];
	size_t ca_count;
};

/* The connections first: they hold keys; the keys before the session is logged out. */
static void close_all(struct request *request)
{
	for (size_t i = 0; i < request->ca_count; i++)
		request->cas[i].protocol->close(request->cas[i].ca);
	for (size_t i = 0; i < request->key_count; i++)
		key_close(request->keys[i].key);
}

static int use_key(struct request *request, const struct object_id *id, EVP_PKEY *public,
		   bool must_sign, const struct key **ret, struct failure *failure)
{
	struct token *token = request->renewal->token;
	struct open_key *slot = &request->keys[request->key_count];
	struct key_seen seen;
	int result;

	result = key_look_by_id(token, id, public, &seen, failure);
	if (result < 0)
		return result;
	if (seen.private_key == 0)
		return fail(failure, FAILURE_NO_KEY,
			    "no private key with the certificate's CKA_ID");
	if (must_sign && !seen.can_sign)
		return fail(failure, FAILURE_KEY_CANNOT_SIGN, "CKA_SIGN is false");
	for (size_t i = 0; i < request->key_count; i++) {
		if (request->keys[i].object == seen.private_key) {
			*ret = request->keys[i].key;
			return 0;
		}
	}
	if (request->key_count == KEYS_MAX)
		return fail(failure, FAILURE_CARD_ERROR, "too many keys");
	result = key_open(token, seen.private_key, id, public, &slot->key, failure);
	if (result < 0)
		return result;
	slot->object = seen.private_key;
	request->key_count++;
	*ret = slot->key;
	return 0;
}

/*
 * Who speaks to the CA: the card's signature certificate of the same subject (RFC 7030 §3.3.2);
 * a card without one speaks with the certificate that is renewed.
 */
static int identify(struct request *request, const struct item *item, struct ca_identity *ret,
		    struct failure *failure)
{
	const struct certificate *speaker = item_speaker(request->renewal, item);
	const struct object_id *id = speaker != NULL ? &speaker->id : &item->entry.old_id;
	X509 *certificate = speaker != NULL ? speaker->x509 : item->entry.old;
	const struct key *key = NULL;
	int result;

	result = use_key(request, id, X509_get0_pubkey(certificate), true, &key, failure);
	if (result == 0)
		*ret = (struct ca_identity){certificate, key_evp(key), key_is_tls12_only(key)};
	return result;
}

/* One connection for all certificates of one CA. */
static int use_ca(struct request *request, const struct item *item, struct open_ca **ret,
		  struct failure *failure)
{
	struct open_ca *slot = &request->cas[request->ca_count];
	int result;

	for (size_t i = 0; i < request->ca_count; i++) {
		if (request->cas[i].settings == item->settings) {
			*ret = &request->cas[i];
			return 0;
		}
	}
	result = identify(request, item, &slot->identity, failure);
	if (result < 0)
		return result;
	slot->settings = item->settings;
	slot->protocol = item->protocol;
	result = item->protocol->open(item->settings, &slot->identity, &slot->ca, failure);
	if (result < 0)
		return result;
	request->ca_count++;
	*ret = slot;
	return 0;
}

/* The key that the new certificate is for: the old one, or one that is made on the card now. */
static int key_to_certify(struct request *request, struct item *item, const struct key **ret,
			  struct failure *failure)
{
	struct renewal *renewal = request->renewal;
	struct journal_entry *entry = &item->entry;
	EVP_PKEY *like = X509_get0_pubkey(entry->old), *public = NULL;
	bool must_sign = item->protocol->supports(item->settings, entry->role, like, false, NULL) ==
			 -FAILURE_KEY_CANNOT_SIGN;
	int result;

	if (entry->state == JOURNAL_FOUND && item->settings->key == KEY_NEW) {
		result = key_fresh_id(renewal->token, &entry->id, failure);
		if (result < 0)
			return result;
		entry->new_key = true;
		/* The CKA_ID is known before the key is: an interrupted run leaves no orphan. */
		result = item_advance(renewal, item, JOURNAL_AGREED, failure);
		if (result < 0)
			return result;
	}
	if (!entry->new_key)
		return use_key(request, &entry->id, like, must_sign, ret, failure);
	renewal->card_changed = true;
	result = key_generate(renewal->token, like, entry->role, &entry->label, &entry->id, &public,
			      failure);
	if (result == 0)
		result = use_key(request, &entry->id, public, must_sign, ret, failure);
	EVP_PKEY_free(public);
	return result;
}

/* On disk, in whatever state the entry is, but that something was asked for. */
static int keep_request(struct renewal *renewal, struct item *item, const unsigned char *bytes,
			size_t length, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	unsigned char *copy = malloc(length);

	if (copy == NULL)
		return fail_errno(failure, "no memory for a request");
	memcpy(copy, bytes, length);
	free(entry->request);
	entry->request = copy;
	entry->request_length = length;
	return item_advance(renewal, item,
			    entry->state < JOURNAL_REQUESTED ? JOURNAL_REQUESTED : entry->state,
			    failure);
}

static int make_request(struct request *request, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct ca_enrolment enrolment = {.old = entry->old};
	const struct key *key = NULL;
	struct open_ca *ca = NULL;
	unsigned char *bytes = NULL;
	size_t length = 0;
	int result;

	result = key_to_certify(request, item, &key, failure);
	if (result == 0)
		result = use_ca(request, item, &ca, failure);
	if (result < 0)
		return result;
	enrolment.key = key_evp(key);
	result = ca->protocol->make_request(ca->ca, &enrolment, &bytes, &length, failure);
	if (result == 0)
		result = keep_request(request->renewal, item, bytes, length, failure);
	OPENSSL_free(bytes);
	return result;
}

/* --- the answer ---------------------------------------------------------------------------- */

/* One enrolment, for what it tells on the way. */
struct enrolling {
	struct renewal *renewal;
	struct item *item;
	EVP_PKEY *requested; /* public */
};

static int on_request(void *context, const unsigned char *bytes, size_t length,
		      struct failure *failure)
{
	struct enrolling *enrolling = context;

	return keep_request(enrolling->renewal, enrolling->item, bytes, length, failure);
}

static int on_issued(void *context, X509 *issued, STACK_OF(X509) *intermediates,
		     struct failure *failure)
{
	struct enrolling *enrolling = context;
	struct journal_entry *entry = &enrolling->item->entry;
	X509 *before = entry->issued;
	int result;

	result =
	    ca_judge_issued(issued, entry->old, enrolling->requested,
			    enrolling->item->settings->trust, intermediates, time(NULL), failure);
	if (result < 0)
		return result;
	entry->issued = X509_dup(issued);
	entry->retry_at = 0;
	result = entry->issued == NULL
		     ? fail_errno(failure, "no memory for a certificate")
		     : item_advance(enrolling->renewal, enrolling->item, JOURNAL_ISSUED, failure);
	if (result < 0) {
		X509_free(entry->issued);
		entry->issued = before;
		return result;
	}
	X509_free(before);
	return 0;
}

/* The public key that a stored request was made for. */
static EVP_PKEY *requested_key(const struct item *item)
{
	X509_REQ *request;
	EVP_PKEY *key;

	if (!item->entry.new_key)
		return X509_get_pubkey(item->entry.old);
	request = request_parse(item->entry.request, item->entry.request_length);
	key = request == NULL ? NULL : X509_REQ_get_pubkey(request);
	X509_REQ_free(request);
	return key;
}

/* The keys that sending takes: the one that is certified, private where the protocol wants it. */
static int find_keys(struct request *request, struct item *item, EVP_PKEY **ret_private,
		     EVP_PKEY **ret_requested, struct failure *failure)
{
	const struct key *key = NULL;
	int result;

	if (item->protocol->make_request != NULL) {
		*ret_requested = requested_key(item);
		return *ret_requested != NULL
			   ? 0
			   : fail(failure, FAILURE_JOURNAL, "the request's key cannot be read");
	}
	result = key_to_certify(request, item, &key, failure);
	if (result < 0)
		return result;
	*ret_private = *ret_requested = key_evp(key);
	return EVP_PKEY_up_ref(*ret_requested) == 1
		   ? 0
		   : fail(failure, FAILURE_SYSTEM, "a key cannot be kept");
}

/* A refusal is final for this request; the next run makes a new one. */
static bool is_final(int result)
{
	return result == -FAILURE_CA_DENIED || result == -FAILURE_CA_REFUSED ||
	       (result <= -FAILURE_ISSUED_WRONG_KEY && result >= -FAILURE_ISSUED_WRONG_USAGE);
}

/*
 * With the old key there is nothing to go on with; a new key waits for the next run. A certificate
 * that the CA would not have confirmed is put away with its request.
 */
static void forget_request(struct renewal *renewal, struct item *item)
{
	struct journal_entry *entry = &item->entry;
	bool issued = entry->issued != NULL;
	struct failure failure;
	int result = 0;

	if (issued)
		result = journal_archive(renewal->journal, entry, &failure);
	free(entry->request);
	entry->request = NULL;
	entry->request_length = 0;
	X509_free(entry->issued);
	entry->issued = NULL;
	if (result == 0 && entry->new_key)
		result = item_advance(renewal, item, JOURNAL_AGREED, &failure);
	else if (result == 0 && !issued)
		result = journal_forget(renewal->journal, entry, &failure);
	if (result < 0)
		log_failure(LOG_WARNING, "a refused request stays in the journal", &failure);
}

/* One sending of the stored bytes, or of what the protocol makes of them. */
static int send_once(struct request *request, struct item *item, struct open_ca *ca,
		     struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct enrolling enrolling = {.renewal = request->renewal, .item = item};
	struct ca_events events = {&enrolling, on_request, on_issued};
	struct ca_enrolment enrolment = {.old = entry->old};
	int64_t retry_at = 0;
	int result;

	result = find_keys(request, item, &enrolment.key, &enrolling.requested, failure);
	if (result < 0)
		return result;
	result = ca->protocol->enroll(ca->ca, &enrolment, entry->request, entry->request_length,
				      time(NULL), &events, &retry_at, failure);
	EVP_PKEY_free(enrolling.requested);
	if (result == 0 && retry_at > 0) {
		entry->retry_at = retry_at;
		return item_advance(request->renewal, item, JOURNAL_WAITING, failure);
	}
	if (result == 0 && ca->protocol->confirms)
		return item_advance(request->renewal, item, JOURNAL_CONFIRMED, failure);
	if (is_final(result))
		forget_request(request->renewal, item);
	return result;
}

static int send_request(struct request *request, struct item *item, struct failure *failure)
{
	int64_t deadline = clock_deadline(item->settings->timeout * 1000), wait;
	struct open_ca *ca = NULL;
	int result;

	result = use_ca(request, item, &ca, failure);
	if (result == 0)
		result = send_once(request, item, ca, failure);
	while (result == 0 && item->entry.state == JOURNAL_WAITING) {
		wait = item->entry.retry_at - time(NULL);
		wait = wait < 1 ? 1 : wait;
		if (wait > WAIT_HERE_MAX || wait * 1000 > clock_left(deadline))
			break;
		tell_step(request->renewal, STEP_WAITING, false);
		sleep((unsigned)wait);
		result = send_once(request, item, ca, failure);
	}
	return result;
}

typedef int (*request_part)(struct request *request, struct item *item, struct failure *failure);

static bool wants_making(const struct item *item)
{
	return item->failure.code == FAILURE_NONE && item->entry.state < JOURNAL_REQUESTED &&
	       item->protocol->make_request != NULL;
}

static bool wants_sending(const struct item *item)
{
	return item_needs_ca(item, time(NULL)) &&
	       (item->entry.state >= JOURNAL_REQUESTED || item->protocol->make_request == NULL);
}

/* What fails for one certificate must not keep the other from being renewed. */
static void for_each(struct request *request, bool (*wanted)(const struct item *),
		     request_part part)
{
	struct renewal *renewal = request->renewal;

	for (size_t i = 0; i < renewal->count; i++) {
		struct failure failure = {.code = FAILURE_NONE};

		if (!wanted(&renewal->items[i]) || part(request, &renewal->items[i], &failure) == 0)
			continue;
		/* A key that does not sign says little; a card that is gone says all. */
		if (failure.code == FAILURE_CARD_ERROR)
			(void)token_refresh(renewal->token, &failure);
		renewal->items[i].failure = failure;
	}
}

int request_from_ca(struct renewal *renewal, struct failure *failure)
{
	struct request request = {.renewal = renewal};

	(void)failure;
	tell_step(renewal, STEP_REQUESTING, false);
	for_each(&request, wants_making, make_request);
	tell_step(renewal, STEP_SENDING, false);
	for_each(&request, wants_sending, send_request);
	close_all(&request);
	return 0;
}
