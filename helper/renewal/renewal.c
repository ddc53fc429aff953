/* SPDX-License-Identifier: MIT */
/*
 * The story: found → agreed → requested → [waiting] → issued → [confirmed] → [moved aside, or taken
 * off] → written → verified → done, one state for each certificate, encryption first, each state on
 * disk before the next.
 *
 * MUST hold at every point, whatever ends this process (the tests of each are named after it):
 *  - the card still signs in: an old certificate is removed only once its successor was read
 *    back and its key shown to be the card's. Two cards get less, for want of room: a full one
 *    lacks a certificate from 'taken off' until the new one is written, one that refuses two
 *    certificates with one CKA_ID between two attribute calls. Both certificates are on disk
 *    then, and the next run ends it;
 *  - nothing issued is lost: it is on disk before the card is touched;
 *  - no CA is asked for what the card will not take, where the card tells;
 *  - no second request is made once 'issued' is on disk;
 *  - a PIN is given to the card as often as a person typed it, and not once more.
 */
#include "helper/renewal/renewal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include <openssl/rand.h>

#include "helper/ca/head_start.h"
#include "helper/ca/request.h"
#include "helper/ca/retry_after.h"
#include "helper/card/usage.h"
#include "helper/card/write.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/found.h"

bool item_is_transaction(const struct item *item)
{
	const struct journal_entry *entry = &item->entry;
	X509_REQ *request;

	if (entry->request_length == 0)
		return false;
	request = request_parse(entry->request, entry->request_length);
	X509_REQ_free(request);
	return request == NULL;
}

bool item_is_unconfirmed(const struct item *item)
{
	return item->entry.state == JOURNAL_ISSUED && item_is_transaction(item);
}

/* A CA that has to be told may take back what it was not told of: until then it is not written. */
static bool is_the_cas(const struct item *item)
{
	return item->entry.state < JOURNAL_ISSUED || item_is_unconfirmed(item);
}

bool item_waits(const struct item *item)
{
	return is_the_cas(item) && item->entry.retry_at != 0;
}

/* What was noted in the future, or for a time beyond any that a CA may name, was noted when the
 * clock was wrong. */
static bool wants_to_be_left_alone(const struct journal_entry *entry, int64_t now)
{
	return entry->retry_at > now && entry->retry_at <= now + RETRY_AFTER_MAX &&
	       entry->updated <= now + CA_CLOCK_SLACK;
}

bool item_needs_ca(const struct item *item, int64_t now)
{
	return item->failure.code == FAILURE_NONE && is_the_cas(item) &&
	       !wants_to_be_left_alone(&item->entry, now);
}

/* The CA's clock, or ours, is wrong; the old certificate is not given up for one that is no good
 * yet. */
static bool begins_later(const struct item *item)
{
	int64_t not_before = 0, not_after = 0;

	return (item->entry.state == JOURNAL_ISSUED || item->entry.state == JOURNAL_CONFIRMED) &&
	       usage_dates(item->entry.issued, &not_before, &not_after) == 0 &&
	       not_before > time(NULL) + CA_CLOCK_SLACK;
}

bool item_needs_card(const struct item *item)
{
	return item->failure.code == FAILURE_NONE && !is_the_cas(item) && !begins_later(item) &&
	       item->entry.state < JOURNAL_DONE;
}

bool item_can_go_on(const struct item *item)
{
	return item_needs_ca(item, time(NULL)) || item_needs_card(item);
}

size_t renewal_count(const struct renewal *renewal, bool (*wanted)(const struct item *))
{
	size_t count = 0;

	for (size_t i = 0; i < renewal->count; i++)
		count += wanted(&renewal->items[i]);
	return count;
}

int renewal_fresh_id(const struct renewal *renewal, struct object_id *ret, struct failure *failure)
{
	struct object_id promised[2 * ITEMS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < renewal->count; i++) {
		promised[count++] = renewal->items[i].entry.id;
		promised[count++] = renewal->items[i].entry.spare;
	}
	return key_fresh_id(renewal->token, promised, count, ret, failure);
}

uint64_t renewal_random(void)
{
	uint64_t number = 0;

	/* Without it nothing is less safe. */
	(void)RAND_bytes((unsigned char *)&number, sizeof(number));
	return number;
}

int item_advance(struct renewal *renewal, struct item *item, enum journal_state state,
		 struct failure *failure)
{
	enum journal_state before = item->entry.state;
	int result;

	item->entry.state = state;
	result = journal_save(renewal->journal, &item->entry, failure);
	if (result < 0)
		item->entry.state = before;
	return result;
}

static bool needs_ca_now(const struct item *item)
{
	return item_needs_ca(item, time(NULL));
}

static bool waits_for_ca(const struct item *item)
{
	return item->failure.code == FAILURE_NONE && item_waits(item);
}

static void note_waiting(struct renewal *renewal)
{
	for (size_t i = 0; i < renewal->count; i++) {
		struct item *item = &renewal->items[i];

		item->waiting = waits_for_ca(item);
		if (item->failure.code == FAILURE_NONE && begins_later(item))
			fail(&item->failure, FAILURE_ISSUED_NOT_YET, "kept until it is valid");
	}
}

/*
 * What is issued in vain is a certificate too many, and the old one may be revoked for it. A card
 * that is to make new keys needs no question: making them is a write, and comes before the request.
 */
static int may_write(struct renewal *renewal, struct failure *failure)
{
	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *item = &renewal->items[i];

		if (needs_ca_now(item) && item->settings->key != KEY_NEW)
			return write_is_granted(renewal->token, item->entry.old, failure);
	}
	return 0;
}

/* The way to the CA is looked for while a person types. */
static void start_towards_ca(struct renewal *renewal)
{
	for (size_t i = 0; i < renewal->count && renewal->start == NULL; i++)
		if (needs_ca_now(&renewal->items[i]))
			renewal->start = head_start_begin(renewal->items[i].settings);
}

/* The PIN is given, the requests are made and answered, the session is ended. */
static int ask_the_ca(struct renewal *renewal, struct failure *failure)
{
	int result = 0;

	if (renewal_count(renewal, needs_ca_now) == 0)
		return 0;
	start_towards_ca(renewal);
	if (!renewal->logged_in)
		result = consent_with_pin(renewal, PIN_TO_REQUEST, failure);
	if (result == 0)
		result = may_write(renewal, failure);
	if (result == 0)
		result = request_from_ca(renewal, failure);
	head_start_end(renewal->start);
	renewal->start = NULL;
	if (result < 0 || renewal->config->pin_reentry)
		consent_end(renewal);
	return result;
}

/* From here on nobody may end us: what was begun on the card is finished. */
static void hold_on(struct renewal *renewal)
{
	dialogue_stage(renewal->dialogue, REPORT_WRITING);
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
}

static int write_the_card(struct renewal *renewal, struct failure *failure)
{
	int result = 0;

	if (renewal_count(renewal, item_needs_card) == 0)
		return 0;
	if (!renewal->logged_in)
		result = consent_with_pin(renewal, PIN_TO_WRITE, failure);
	else
		result = token_refresh(renewal->token, failure);
	if (result < 0)
		return result;
	hold_on(renewal);
	result = write_to_card(renewal, failure);
	consent_end(renewal);
	return result;
}

/* What was found before is no longer what is on the card. */
static void forget_found(const struct renewal *renewal)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (found_forget(PATH_FOUND, renewal->task->uid, &failure) < 0)
		log_failure(EVENT_FOUND_STAYS, "what was found before is still kept", &failure);
}

int renewal_run(struct renewal *renewal, struct failure *failure)
{
	int result;

	result = gather(renewal, failure);
	if (result == 0)
		result = consent_to_renew(renewal, failure);
	if (result == 0)
		standing_check(renewal);
	/* Two with the CA, two with the card; what was issued before needs the card only. */
	renewal->steps = renewal_count(renewal, needs_ca_now) > 0 ? 4 : 2;
	if (result == 0 && renewal_count(renewal, item_can_go_on) > 0)
		put_off_no_longer(renewal);
	if (result == 0)
		result = ask_the_ca(renewal, failure);
	note_waiting(renewal);
	if (result == 0)
		result = write_the_card(renewal, failure);
	consent_end(renewal);
	put_off_for_ca(renewal);
	if (renewal->card_changed)
		forget_found(renewal);
	if (result < 0) {
		tell_failure(renewal, failure);
		return result;
	}
	tell_outcome(renewal);
	*failure = (struct failure){.code = FAILURE_NONE};
	for (size_t i = 0; i < renewal->count; i++)
		if (renewal->items[i].failure.code != FAILURE_NONE)
			*failure = renewal->items[i].failure;
	return -(int)failure->code;
}
