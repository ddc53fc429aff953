/* SPDX-License-Identifier: MIT */
/* Before the first PIN: a certificate that its CA revoked is not renewed. */
#include <time.h>

#include "helper/ca/status.h"
#include "helper/card/naming.h"
#include "helper/common/clock.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/renewal/renewal.h"
#include "helper/words/words.h"

static void log_standing(const struct item *item, const struct status_answer *answer)
{
	char serial[SERIAL_TEXT_MAX], what[128];

	naming_serial(item->entry.old, serial, sizeof(serial));
	snprintf(what, sizeof(what), "status of certificate %s: not asked", serial);
	if (answer->status == STATUS_UNKNOWN)
		log_line(EVENT_STATUS_UNKNOWN, "status of certificate %s: unknown to its CA",
			 serial);
	/* That nobody is named is how the CA wants it. */
	if (answer->status == STATUS_NOT_ASKED)
		log_failure(answer->failure.code == FAILURE_CONFIG ? EVENT_STATUS_NOBODY_NAMED
								   : EVENT_STATUS_NOT_ASKED,
			    what, &answer->failure);
}

static void refuse(struct renewal *renewal, struct item *item, const struct status_answer *answer)
{
	struct message *notice = message_new(MESSAGE_NOTICE);
	char sentence[WORDS_MAX], serial[SERIAL_TEXT_MAX];

	fail(&item->failure, FAILURE_REVOKED, "certificate %s was revoked at %lld, reason %d",
	     naming_serial(item->entry.old, serial, sizeof(serial)), (long long)answer->revoked_at,
	     answer->reason);
	message_put_text(notice, FIELD_SENTENCE,
			 words_revoked(sentence, item->entry.role, answer->revoked_at));
	dialogue_say(renewal->dialogue, notice);
}

/* What is known of one CA: its lists, and which of its servers do not answer, are asked for once.
 */
struct asker {
	const struct config_ca *ca;
	struct status *status;
	int64_t deadline;
};

static int turn_to(struct asker *asker, const struct renewal *renewal, const struct config_ca *ca,
		   struct failure *failure)
{
	const struct status_settings settings = {
	    .config = &renewal->config->status,
	    .trust = ca->trust,
	    .environment = ca->environment,
	    .cache = PATH_CACHE,
	    .deadline = asker->deadline,
	};

	if (asker->status != NULL && asker->ca == ca)
		return 0;
	status_close(asker->status);
	asker->status = NULL;
	asker->ca = ca;
	return status_open(&settings, &asker->status, failure);
}

static void ask(struct asker *asker, struct renewal *renewal, struct item *item)
{
	struct status_answer answer = {.status = STATUS_NOT_ASKED};

	if (turn_to(asker, renewal, item->settings, &answer.failure) == 0)
		status_ask(asker->status, item->entry.old, time(NULL), &answer);
	if (answer.status == STATUS_REVOKED)
		refuse(renewal, item, &answer);
	else
		log_standing(item, &answer);
}

void standing_check(struct renewal *renewal)
{
	struct asker asker = {
	    .deadline = clock_deadline(renewal->config->status.timeout * 1000),
	};

	if (renewal->config->status.check == CHECK_OFF)
		return;
	dialogue_stage(renewal->dialogue, REPORT_WORKING);
	for (size_t i = 0; i < renewal->count; i++)
		if (renewal->items[i].settings != NULL &&
		    item_needs_ca(&renewal->items[i], time(NULL)))
			ask(&asker, renewal, &renewal->items[i]);
	status_close(asker.status);
}
