/* SPDX-License-Identifier: MIT */
/* What is not spoken of unasked for a while: the person said so, or the CA. */
#include <time.h>

#include "helper/ca/retry_after.h"
#include "helper/card/naming.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/later.h"
#include "helper/renewal/renewal.h"

/* Returns whether the certificate's dates can be read. */
static bool name_it(X509 *certificate, struct later *ret)
{
	char issuer[NAMING_MAX], serial[SERIAL_TEXT_MAX];
	int64_t not_before = 0;

	if (usage_dates(certificate, &not_before, &ret->not_after) < 0)
		return false;
	certificate_key(naming_whole(X509_get_issuer_name(certificate), issuer, sizeof(issuer)),
			naming_serial(certificate, serial, sizeof(serial)), ret->key);
	return true;
}

void put_off(const struct renewal *renewal)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct later_list list = {.count = 0};
	int64_t now = time(NULL);

	for (size_t i = 0; i < renewal->count; i++) {
		struct later later = {.when = now};

		if (name_it(renewal->items[i].entry.old, &later))
			later_note(&list, &later);
	}
	if (later_add(PATH_LATER, renewal->task->uid, &list, now, &failure) < 0)
		log_failure(EVENT_PUT_OFF_NOT_NOTED, "that it was put off could not be noted",
			    &failure);
}

/* The CA is there for nobody, or has no time: the request is not to blame. One that did not answer
 * in time may have issued, and is asked at the next login. */
static bool is_left_alone(const struct item *item)
{
	switch (item->failure.code) {
	case FAILURE_CA_UNREACHABLE:
	case FAILURE_CA_OVERLOADED:
	case FAILURE_CA_ERROR:
		return true;
	default:
		return false;
	}
}

/* It is gone on with now, and if that breaks off, again. */
static bool no_longer(const struct renewal *renewal, const struct item *item, int64_t now,
		      struct later *later)
{
	(void)renewal;
	(void)now;
	later->until = 0;
	return item_waits(item);
}

/* It has answered, if only with a no. */
static bool is_answered(const struct item *item)
{
	return item->entry.state >= JOURNAL_ISSUED || item->failure.code == FAILURE_CA_DENIED ||
	       item->failure.code == FAILURE_CA_REFUSED;
}

/* How it stands at the run's end; where the CA was not asked, as before. */
static bool as_it_ended(const struct renewal *renewal, const struct item *item, int64_t now,
			struct later *later)
{
	if (is_left_alone(item)) {
		later->refused++;
		later->until = now + back_off(later->refused, renewal_random());
	} else if (item_waits(item)) {
		later->refused = 0;
		later->until = retry_unasked(item->entry.retry_at, now, later->not_after,
					     renewal->config->critical, renewal_random());
	} else if (is_answered(item)) {
		later->refused = 0;
		later->until = 0;
	} else {
		return false;
	}
	return true;
}

static void note(const struct renewal *renewal,
		 bool (*judge)(const struct renewal *, const struct item *, int64_t now,
			       struct later *))
{
	struct later_list before = {.count = 0}, list = {.count = 0};
	struct failure failure = {.code = FAILURE_NONE};
	int64_t now = time(NULL);

	(void)later_read(PATH_LATER, renewal->task->uid, &before, NULL);
	for (size_t i = 0; i < renewal->count; i++) {
		const struct item *item = &renewal->items[i];
		struct later later = {.when = 0}, was;

		if (!name_it(item->entry.old, &later))
			continue;
		later.refused = later_refused(&before, later.key);
		later.until = later_until(&before, later.key, now);
		was = later;
		if (judge(renewal, item, now, &later) &&
		    (later.until != was.until || later.refused != was.refused))
			later_note(&list, &later);
	}
	if (list.count > 0 && later_wait(PATH_LATER, renewal->task->uid, &list, now, &failure) < 0)
		log_failure(EVENT_WAIT_NOT_NOTED, "that the CA wants time could not be noted",
			    &failure);
}

void put_off_no_longer(const struct renewal *renewal)
{
	note(renewal, no_longer);
}

/* Something is begun, and it is not the CA that keeps it from being finished. */
static bool is_stuck(const struct item *item, int64_t now)
{
	const struct journal_entry *entry = &item->entry;

	if (entry->state == JOURNAL_FOUND || entry->state == JOURNAL_DONE || is_left_alone(item))
		return false;
	if (item_waits(item) && entry->retry_at > now)
		return false;
	/* A request that was refused is forgotten, and nothing is begun any more. */
	return entry->new_key || entry->state > JOURNAL_WAITING || entry->request != NULL;
}

void put_off_for_ca(const struct renewal *renewal)
{
	int64_t now = time(NULL);

	for (size_t i = 0; i < renewal->count; i++)
		if (is_stuck(&renewal->items[i], now))
			return;
	note(renewal, as_it_ended);
}
