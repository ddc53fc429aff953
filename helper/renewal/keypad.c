/* SPDX-License-Identifier: MIT */
/*
 * A card reader's own keypad: while the driver waits there for a person, nothing else of this
 * process runs. A thread watches, and has the last word if the driver never comes back.
 */
#include <time.h>
#include <unistd.h>

#include "helper/common/log.h"
#include "helper/renewal/renewal.h"
#include "helper/words/words.h"

/* Nothing was asked of the card but to let the person in: there is nothing to be finished. */
static void give_up(struct renewal *renewal)
{
	struct failure failure;

	fail(&failure, FAILURE_KEYPAD, "C_Login has not returned for %lld ms",
	     (long long)renewal->dialogue->question_timeout_ms);
	if (renewal->task->action == REQUEST_REVOKE || renewal->task->action == REQUEST_PHRASE)
		revoke_tell_failed(renewal, &failure);
	else
		tell_failure(renewal, &failure);
	renewal->dialogue->report.code = FAILURE_KEYPAD;
	dialogue_stage(renewal->dialogue, REPORT_END);
	_exit(1);
}

static void *watch(void *context)
{
	struct renewal *renewal = context;
	struct keypad *keypad = &renewal->keypad;
	int64_t ms = renewal->dialogue->question_timeout_ms;
	struct timespec until;
	int waited = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(ms / 1000);
	pthread_mutex_lock(&keypad->lock);
	while (keypad->waits && waited == 0)
		waited =
		    pthread_cond_clockwait(&keypad->ended, &keypad->lock, CLOCK_MONOTONIC, &until);
	/* With the lock held, so that a driver that comes back just now changes nothing. */
	if (keypad->waits)
		give_up(renewal);
	pthread_mutex_unlock(&keypad->lock);
	return NULL;
}

static void begin(struct renewal *renewal)
{
	struct keypad *keypad = &renewal->keypad;

	/* A person attends, whom the helper gives as long as for an answer. */
	dialogue_stage(renewal->dialogue, REPORT_ASKING);
	pthread_mutex_init(&keypad->lock, NULL);
	pthread_cond_init(&keypad->ended, NULL);
	keypad->waits = true;
	keypad->watched = pthread_create(&keypad->watcher, NULL, watch, renewal) == 0;
	if (!keypad->watched)
		log_line(EVENT_KEYPAD_UNWATCHED,
			 "nobody watches the keypad: the helper ends us in time");
}

static void end(struct renewal *renewal)
{
	struct keypad *keypad = &renewal->keypad;

	pthread_mutex_lock(&keypad->lock);
	keypad->waits = false;
	pthread_cond_signal(&keypad->ended);
	pthread_mutex_unlock(&keypad->lock);
	if (keypad->watched)
		pthread_join(keypad->watcher, NULL);
	pthread_cond_destroy(&keypad->ended);
	pthread_mutex_destroy(&keypad->lock);
	dialogue_stage(renewal->dialogue, REPORT_WORKING);
}

void keypad_attend(void *context, bool begins, bool again)
{
	struct renewal *renewal = context;
	char sentence[WORDS_MAX];
	struct message *notice;

	if (!begins) {
		end(renewal);
		return;
	}
	if (again) {
		notice = message_new(MESSAGE_NOTICE);
		message_put_text(notice, FIELD_SENTENCE,
				 words_use_keypad(sentence, renewal->token->info.label));
		dialogue_say(renewal->dialogue, notice);
	}
	begin(renewal);
}
