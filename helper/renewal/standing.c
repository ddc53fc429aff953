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
		log_line(LOG_NOTICE, "status of certificate %s: unknown to its CA", serial);
	/* That nobody is named is how the CA wants it. */
	if (answer->status == STATUS_NOT_ASKED)
		log_failure(answer->failure.code == FAILURE_CONFIG ? LOG_INFO : LOG_NOTICE, what,
			    &answer->failure);
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

static void ask(struct renewal *renewal, struct item *item, int64_t deadline)
{
	const struct status_settings settings = {
	    .config = &renewal->config->status,
	    .trust = item->settings->trust,
	    .environment = item->settings->environment,
	    .cache = PATH_CACHE,
	    .deadline = deadline,
	};
	struct status_answer answer = {.status = STATUS_NOT_ASKED};
	struct status *status = NULL;

	if (status_open(&settings, &status, &answer.failure) == 0)
		status_ask(status, item->entry.old, time(NULL), &answer);
	status_close(status);
	if (answer.status == STATUS_REVOKED)
		refuse(renewal, item, &answer);
	else
		log_standing(item, &answer);
}

void standing_check(struct renewal *renewal)
{
	int64_t deadline = clock_deadline(renewal->config->status.timeout * 1000);

	if (renewal->config->status.check == CHECK_OFF)
		return;
	dialogue_stage(renewal->dialogue, REPORT_WORKING);
	for (size_t i = 0; i < renewal->count; i++)
		if (renewal->items[i].settings != NULL &&
		    item_needs_ca(&renewal->items[i], time(NULL)))
			ask(renewal, &renewal->items[i], deadline);
}
