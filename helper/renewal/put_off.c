/* SPDX-License-Identifier: MIT */
/* What is not spoken of unasked for a while: the person said so, or the CA. */
#include <time.h>

#include "helper/card/naming.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/later.h"
#include "helper/renewal/renewal.h"

static void add(struct later_list *list, X509 *certificate, int64_t when, int64_t until)
{
	char issuer[NAMING_MAX], serial[SERIAL_TEXT_MAX];
	struct later later = {.when = when, .until = until};
	int64_t not_before = 0;

	if (usage_dates(certificate, &not_before, &later.not_after) < 0)
		return;
	certificate_key(naming_whole(X509_get_issuer_name(certificate), issuer, sizeof(issuer)),
			naming_serial(certificate, serial, sizeof(serial)), later.key);
	later_note(list, &later);
}

void put_off(const struct renewal *renewal)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct later_list list = {.count = 0};
	int64_t now = time(NULL);

	for (size_t i = 0; i < renewal->count; i++)
		add(&list, renewal->items[i].entry.old, now, 0);
	if (later_add(PATH_LATER, renewal->task->uid, &list, now, &failure) < 0)
		log_failure(EVENT_PUT_OFF_NOT_NOTED, "that it was put off could not be noted",
			    &failure);
}

static void note_waiting(const struct renewal *renewal, bool waits)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct later_list list = {.count = 0};
	const struct journal_entry *entry;

	for (size_t i = 0; i < renewal->count; i++) {
		entry = &renewal->items[i].entry;
		if (entry->state == JOURNAL_WAITING)
			add(&list, entry->old, 0, waits ? entry->retry_at : 0);
	}
	if (list.count > 0 &&
	    later_wait(PATH_LATER, renewal->task->uid, &list, time(NULL), &failure) < 0)
		log_failure(EVENT_WAIT_NOT_NOTED, "that the CA wants time could not be noted",
			    &failure);
}

void put_off_no_longer(const struct renewal *renewal)
{
	note_waiting(renewal, false);
}

/* Something is begun, and it is not the CA that keeps it from being finished. */
static bool is_stuck(const struct item *item, int64_t now)
{
	const struct journal_entry *entry = &item->entry;

	if (entry->state == JOURNAL_FOUND || entry->state == JOURNAL_DONE)
		return false;
	if (entry->state == JOURNAL_WAITING && entry->retry_at > now)
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
	note_waiting(renewal, true);
}
