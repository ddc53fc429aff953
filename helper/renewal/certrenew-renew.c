/* SPDX-License-Identifier: MIT */
/*
 * certrenew-renew: renews one card's certificates, or revokes one, or sets their
 * challenge phrase. User _certrenew; the
 * card, the PIN, the CA and the journal are here and nowhere else. Started by certrenew-helper with
 * the front end's channel on descriptor 3 and the control pipe on 4, once check has found something
 * to do.
 */
#include <stdio.h>

#include <curl/curl.h>

#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/renewal/renewal.h"
#include "helper/sandbox/sandbox.h"
#include "helper/words/language.h"
#include "helper/words/sentence.h"

struct renew {
	struct task task;
	struct config *config;
	struct dialogue dialogue;
	struct driver *driver;
	struct renewal renewal;
};

/* Only the journal is read. */
static bool only_tells(const struct renew *renew)
{
	return renew->task.action == REQUEST_STATUS;
}

/* Nothing is written to the card. */
static bool leaves_card(const struct renew *renew)
{
	return renew->task.action == REQUEST_REVOKE || renew->task.action == REQUEST_PHRASE;
}

static int open_token(struct renew *renew, struct failure *failure)
{
	struct token_info info;
	int result;

	result = token_find(renew->driver, renew->task.token_serial, renew->task.token_label, &info,
			    failure);
	if (result < 0)
		return result;
	if (!leaves_card(renew) && (info.flags & CKF_WRITE_PROTECTED) != 0)
		return fail(failure, FAILURE_CARD_READ_ONLY, "the token is write-protected");
	return token_open(renew->driver, &info, !leaves_card(renew), &renew->renewal.token,
			  failure);
}

static int prepare(struct renew *renew, struct failure *failure)
{
	struct config_error error = {""};
	int result;

	if (config_load(renew->task.config, true, &renew->config, &error) < 0)
		return fail(failure, FAILURE_CONFIG, "%s", error.text);
	log_name_people(renew->config->log_subject);
	renew->dialogue.question_timeout_ms = renew->config->question_timeout * 1000;
	snprintf(renew->dialogue.report.token_serial, sizeof(renew->dialogue.report.token_serial),
		 "%s", renew->task.token_serial);
	dialogue_stage(&renew->dialogue, REPORT_READING);
	result = sandbox_before_driver(SANDBOX_RENEW, renew->config, DIALOGUE_CONTROL, failure);
	if (result < 0)
		return result;
	/* There is no driver, and nothing to wait for before the journal is read. */
	if (only_tells(renew))
		return sandbox_after_driver(SANDBOX_RENEW, renew->config, failure);
	if (renew->task.busy)
		return fail(failure, FAILURE_BUSY, "another conversation has this card");
	if (!leaves_card(renew))
		result = journal_open(PATH_JOURNAL, renew->task.token_serial,
				      renew->task.token_label, &renew->renewal.journal, failure);
	if (result == 0)
		result = driver_open(renew->config, &renew->driver, failure);
	if (result == 0)
		result = sandbox_after_driver(SANDBOX_RENEW, renew->config, failure);
	return result < 0 ? result : open_token(renew, failure);
}

static void clean_up(struct renew *renew)
{
	struct renewal *renewal = &renew->renewal;

	for (size_t i = 0; i < renewal->count; i++)
		journal_entry_clear(&renewal->items[i].entry);
	frames_free(&renewal->outcome);
	certificates_free(&renewal->certificates);
	token_close(renewal->token);
	journal_close(renewal->journal);
	driver_close(renew->driver);
	config_free(renew->config);
	curl_global_cleanup();
}

static int run(struct renewal *renewal, struct failure *failure)
{
	if (renewal->task->action == REQUEST_STATUS)
		return tell_unfinished(renewal->task->unfinished, renewal->dialogue, failure);
	if (renewal->task->action == REQUEST_REVOKE)
		return revoke_run(renewal, failure);
	if (renewal->task->action == REQUEST_PHRASE)
		return set_phrase_run(renewal, failure);
	return renewal_run(renewal, failure);
}

int main(int count, char *arguments[])
{
	struct renew renew = {
	    .dialogue = {.channel = DIALOGUE_CHANNEL, .control = DIALOGUE_CONTROL},
	};
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	task_begin("certrenew-renew");
	if (task_read(count, arguments, &renew.task) < 0)
		return 2;
	language_choose(renew.task.language, renew.task.console);
	sentence_choose_place(renew.task.desktop);
	renew.renewal.task = &renew.task;
	renew.renewal.dialogue = &renew.dialogue;
	result = prepare(&renew, &failure);
	renew.renewal.config = renew.config;
	if (result == 0)
		result = run(&renew.renewal, &failure);
	else if (only_tells(&renew))
		log_failure(EVENT_UNFINISHED_NOT_KNOWN, "what is unfinished is not known",
			    &failure);
	else if (renew.task.busy)
		tell_busy(&renew.dialogue);
	else if (leaves_card(&renew))
		revoke_tell_failed(&renew.renewal, &failure);
	else
		tell_failure(&renew.renewal, &failure);
	renew.dialogue.report.code = (uint8_t)-result;
	dialogue_stage(&renew.dialogue, REPORT_END);
	clean_up(&renew);
	return result < 0;
}
