/* SPDX-License-Identifier: MIT */
/* With the PIN given: requests, and what the CA answers. Every state is on disk first. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper/ca/request.h"
#include "helper/ca/retry_after.h"
#include "helper/card/usage.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"
#include "helper/renewal/session.h"

/* A Retry-After up to this many seconds is waited for; a longer one ends the run as waiting. */
enum { WAIT_HERE_MAX = 30 };

/* On disk, in whatever state the entry is, but that something was asked for. */
static int keep_request(struct renewal *renewal, struct item *item, const unsigned char *bytes,
			size_t length, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	unsigned char *copy = malloc(length);
	bool is_first = entry->state < JOURNAL_REQUESTED;

	if (copy == NULL)
		return fail_errno(failure, "no memory for a request");
	memcpy(copy, bytes, length);
	free(entry->request);
	entry->request = copy;
	entry->request_length = length;
	if (is_first)
		entry->retry_at = 0; /* of a CA that was too busy to say what it wants */
	return item_advance(renewal, item, is_first ? JOURNAL_REQUESTED : entry->state, failure);
}

static int make_request(struct session *session, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct ca_enrolment enrolment = {.old = entry->old};
	const struct key *key = NULL;
	struct open_ca *ca = NULL;
	unsigned char *bytes = NULL;
	size_t length = 0;
	int result;

	result = session_key_to_certify(session, item, &key, failure);
	if (result == 0)
		result = session_ca(session, item, &ca, failure);
	if (result < 0)
		return result;
	enrolment.key = key_evp(key);
	result = ca->protocol->make_request(ca->ca, &enrolment, &bytes, &length, failure);
	if (result == 0)
		result = keep_request(session->renewal, item, bytes, length, failure);
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
	struct item *item = enrolling->item;
	const struct journal_entry *entry = &item->entry;

	/* A transaction that is gone on with begins with the bytes that it began with. */
	if (entry->request != NULL && (length < entry->request_length ||
				       memcmp(bytes, entry->request, entry->request_length) != 0))
		item->asked_anew = true;
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
	/* Nothing else is wrong with it: it is kept. */
	if (result < 0 && result != -FAILURE_ISSUED_NOT_YET)
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
static int find_keys(struct session *session, struct item *item, EVP_PKEY **ret_private,
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
	result = session_key_to_certify(session, item, &key, failure);
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
	entry->retry_at = 0;
	X509_free(entry->issued);
	entry->issued = NULL;
	if (result == 0 && entry->new_key)
		result = item_advance(renewal, item, JOURNAL_AGREED, &failure);
	else if (result == 0 && !issued)
		result = journal_forget(renewal->journal, entry, &failure);
	if (result < 0)
		log_failure(EVENT_REFUSAL_STAYS, "a refused request stays in the journal",
			    &failure);
}

/* The certificate waits for so many seconds, counted from now and from a whole one. */
static int come_back(struct renewal *renewal, struct item *item, int64_t delay,
		     struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	int64_t now = time(NULL), not_before = 0, not_after = 0;
	enum journal_state state = entry->state;

	entry->retry_at = now + (delay < RETRY_AFTER_MAX ? delay + 1 : RETRY_AFTER_MAX);
	if (usage_dates(entry->old, &not_before, &not_after) == 0)
		entry->retry_at =
		    retry_in_time(entry->retry_at, now, not_after, renewal->config->critical);
	if (state < JOURNAL_REQUESTED)
		state = JOURNAL_AGREED;
	else if (state < JOURNAL_ISSUED)
		state = JOURNAL_WAITING;
	return item_advance(renewal, item, state, failure);
}

/* Too busy, and it says for how long. */
static bool says_when(int result, const struct failure *failure)
{
	return result == -FAILURE_CA_OVERLOADED && failure->retry_after > 0;
}

/* One sending of the stored bytes, or of what the protocol makes of them. */
static int send_request(struct session *session, struct item *item, struct failure *failure)
{
	struct journal_entry *entry = &item->entry;
	struct enrolling enrolling = {.renewal = session->renewal, .item = item};
	struct ca_events events = {&enrolling, on_request, on_issued};
	struct ca_enrolment enrolment = {.old = entry->old};
	int64_t retry_at = 0, now;
	struct open_ca *ca = NULL;
	int result;

	result = session_ca(session, item, &ca, failure);
	if (result == 0)
		result = find_keys(session, item, &enrolment.key, &enrolling.requested, failure);
	if (result < 0)
		return result;
	now = time(NULL);
	result = ca->protocol->enroll(ca->ca, &enrolment, entry->request, entry->request_length,
				      now, &events, &retry_at, failure);
	EVP_PKEY_free(enrolling.requested);
	if (result == 0 || says_when(result, failure))
		tell_asked_again(session->renewal, item);
	if (result == 0 && retry_at > 0)
		return come_back(session->renewal, item, retry_at - now, failure);
	if (result == 0 && ca->protocol->confirms)
		return item_advance(session->renewal, item, JOURNAL_CONFIRMED, failure);
	if (is_final(result))
		forget_request(session->renewal, item);
	return result;
}

static void rest(int64_t milliseconds)
{
	int64_t until = clock_deadline(milliseconds);
	int left;

	while ((left = clock_left(until)) > 0)
		(void)poll(NULL, 0, left);
}

typedef int (*request_part)(struct session *session, struct item *item, struct failure *failure);

/*
 * HTTP 429 and 503 are about the server, not about one request (RFC 9110 §15.6.4): one that is too
 * busy for one certificate is too busy for the next, or for as long as it said.
 */
static bool is_too_busy(const struct renewal *renewal, const struct config_ca *settings,
			struct failure *ret)
{
	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *one = &renewal->items[i];
		int64_t left = one->busy_until == 0 ? 0 : one->busy_until - clock_now();

		if (one->settings != settings)
			continue;
		if (one->failure.code == FAILURE_CA_OVERLOADED) {
			*ret = one->failure;
			return true;
		}
		if (left > 0) {
			fail(ret, FAILURE_CA_OVERLOADED, "asked for another certificate");
			ret->retry_after = (left + 999) / 1000;
			return true;
		}
	}
	return false;
}

static int ask(struct session *session, struct item *item, request_part part,
	       struct failure *failure)
{
	int result;

	if (is_too_busy(session->renewal, item->settings, failure)) {
		result = -FAILURE_CA_OVERLOADED;
	} else {
		result = part(session, item, failure);
		if (says_when(result, failure))
			item->busy_until = clock_deadline((int64_t)failure->retry_after * 1000);
	}
	return says_when(result, failure)
		   ? come_back(session->renewal, item, failure->retry_after, failure)
		   : result;
}

/* A CA that says 'at once' again and again is asked less and less often. */
static int ask_patiently(struct session *session, struct item *item, request_part part,
			 struct failure *failure)
{
	int64_t deadline = clock_deadline(item->settings->timeout * 1000), wait, least = 1;
	int result = ask(session, item, part, failure);

	for (; result == 0 && item_waits(item); least *= 2) {
		wait = item->entry.retry_at - time(NULL);
		wait = wait < least ? least : wait;
		if (wait > WAIT_HERE_MAX || wait * 1000 > clock_left(deadline))
			break;
		wait *= 1000;
		wait += retry_jitter(wait, renewal_random());
		tell_step(session->renewal, STEP_WAITING);
		rest(wait);
		result = ask(session, item, part, failure);
	}
	return result;
}

static bool wants_making(const struct item *item)
{
	return item_needs_ca(item, time(NULL)) && item->entry.state < JOURNAL_REQUESTED &&
	       item->protocol->make_request != NULL;
}

static bool wants_sending(const struct item *item)
{
	return item_needs_ca(item, time(NULL)) &&
	       (item->entry.state >= JOURNAL_REQUESTED || item->protocol->make_request == NULL);
}

/* What fails for one certificate must not keep the other from being renewed. */
static void for_each(struct session *session, bool (*wanted)(const struct item *),
		     request_part part)
{
	struct renewal *renewal = session->renewal;

	for (size_t i = 0; i < renewal->count; i++) {
		struct failure failure = {.code = FAILURE_NONE};
		int result;

		if (!wanted(&renewal->items[i]))
			continue;
		result = ask_patiently(session, &renewal->items[i], part, &failure);
		if (session_explain(renewal, result, &failure) == 0)
			continue;
		renewal->items[i].failure = failure;
	}
}

int request_from_ca(struct renewal *renewal, struct failure *failure)
{
	struct session session = {.renewal = renewal};

	(void)failure;
	tell_step(renewal, STEP_REQUESTING);
	for_each(&session, wants_making, make_request);
	tell_step(renewal, STEP_SENDING);
	for_each(&session, wants_sending, send_request);
	session_close(&session);
	return 0;
}
