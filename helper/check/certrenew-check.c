/* SPDX-License-Identifier: MIT */
/*
 * certrenew-check: reads the card's public certificates and says what each is due. User
 * _certrenew, no PIN, no network, no journal. Started by certrenew-helper with the front end's
 * channel on descriptor 3 and the control pipe on 4; it may block or crash in the vendor's driver,
 * which is why it is a process of its own.
 */
#include <time.h>

#include <openssl/crypto.h>

#include "helper/check/check.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/found.h"
#include "helper/sandbox/sandbox.h"
#include "helper/words/language.h"
#include "helper/words/sentence.h"
#include "helper/words/words.h"

void check_note_for_log(struct check *check)
{
	struct report *report = &check->dialogue.report;
	const struct message *first = check->certificates.items[0];
	size_t renewable = 0, expired = 0;

	if (check->certificates.count == 0)
		return;
	for (size_t i = 0; i < check->certificates.count; i++)
		expired +=
		    message_number(check->certificates.items[i], FIELD_STATE) == VALIDITY_EXPIRED;
	renewable = remind_count(check);
	report->renewable = (uint8_t)(renewable > 255 ? 255 : renewable);
	report->expired = (uint8_t)(expired > 255 ? 255 : expired);
	snprintf(report->token_serial, sizeof(report->token_serial), "%s",
		 message_text(first, FIELD_TOKEN_SERIAL));
	snprintf(report->token_label, sizeof(report->token_label), "%s",
		 message_text(first, FIELD_TOKEN_LABEL));
}

int check_open_driver(struct check *check, struct failure *failure)
{
	int result;

	if (check->driver != NULL)
		return 0;
	result = driver_open(check->config, &check->driver, failure);
	return result < 0 ? result : sandbox_after_driver(SANDBOX_CHECK, check->config, failure);
}

int check_read_card(struct check *check, struct failure *failure)
{
	int result;

	result = check_open_driver(check, failure);
	if (result == 0)
		result = findings_read(&check->task, check->config, check->driver, time(NULL),
				       &check->findings, failure);
	for (size_t i = 0; i < check->findings.count; i++)
		for (size_t j = 0; j < check->findings.tokens[i].certificates.count && result == 0;
		     j++)
			result =
			    frames_add(&check->certificates,
				       findings_message(&check->findings.tokens[i], j), failure);
	if (result == 0)
		check_note_for_log(check);
	return result;
}

void check_record(const struct check *check)
{
	struct failure ignored = {.code = FAILURE_NONE};

	/* Of one card alone nobody shall think that it is all that is there. */
	if (check->task.token_serial[0] == '\0' &&
	    found_write(PATH_FOUND, check->task.uid, &check->certificates, &ignored) < 0)
		log_failure(EVENT_FOUND_NOT_RECORDED, "what was found could not be recorded",
			    &ignored);
}

int check_read_and_record(struct check *check, struct failure *failure)
{
	int result;

	result = check_read_card(check, failure);
	if (result == 0)
		check_record(check);
	return result;
}

static int act(struct check *check, struct failure *failure)
{
	struct config_error error = {""};
	int result;

	if (config_load(check->task.config, true, &check->config, &error) < 0)
		return fail(failure, FAILURE_CONFIG, "%s", error.text);
	check->dialogue.question_timeout_ms = check->config->question_timeout * 1000;
	dialogue_stage(&check->dialogue, REPORT_READING);
	result = sandbox_before_driver(SANDBOX_CHECK, check->config, DIALOGUE_CONTROL, failure);
	if (result < 0)
		return result;
	switch (check->task.action) {
	case REQUEST_LOGIN:
		return login_session(check, failure);
	case REQUEST_ACCOUNT:
		return login_account(check, failure);
	case REQUEST_STATUS:
		return login_status(check, failure);
	case REQUEST_RENEW:
		return login_renew(check, failure);
	case REQUEST_DUE:
		return due_tell(check, failure);
	case REQUEST_LATER:
		return due_later(check, failure);
	case REQUEST_WATCH:
		return watch_for_card(check, failure);
	case REQUEST_REVOKE:
		return login_revoke(check, failure);
	case REQUEST_PHRASE:
		return login_set_phrase(check, failure);
	case REQUEST_VERIFY:
		return verify_written(check, failure);
	}
	return fail(failure, FAILURE_PROTOCOL, "unknown action");
}

/*
 * At a login only what concerns the person is said: an empty reader and somebody else's card are
 * none of it, a driver that does not work is the log's. CHECKED with nothing in it ends the matter
 * for the module, and with the reason in it for the agent.
 */
static void tell_failure(struct check *check, const struct failure *failure)
{
	enum request_action action = check->task.action;
	bool login = action == REQUEST_LOGIN || action == REQUEST_ACCOUNT;
	bool told = failure->code == FAILURE_NOTHING_DUE || failure->code == FAILURE_EXPIRED;
	char sentence[WORDS_MAX], next[WORDS_MAX];

	if (action == REQUEST_VERIFY) {
		log_failure(EVENT_CARD_STALE, "after the renewal", failure);
		return;
	}
	/* The log last: whoever signs in waits for the answer. */
	if (login)
		say_checked(check, FAILURE_NONE, 0);
	else if (action == REQUEST_DUE || action == REQUEST_WATCH)
		say_checked(check, failure->code, 0);
	else if (!told)
		say_failed(check, failure->code, words_failed(sentence, failure->code, 0),
			   words_next(next, failure->code));
	if (action == REQUEST_WATCH)
		log_failure(EVENT_NOT_WATCHED, "no card is waited for", failure);
	else if (!told &&
		 !(login && (failure->code == FAILURE_NO_CARD || failure->code == FAILURE_NO_CA)))
		log_failure(EVENT_CARD_NOT_READ, "the card was not read", failure);
}

int main(int count, char *arguments[])
{
	struct check check = {
	    .dialogue = {.channel = DIALOGUE_CHANNEL, .control = DIALOGUE_CONTROL},
	};
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	task_begin("certrenew-check");
	/* The first error of OpenSSL's, a key that is left undecoded, would load the texts of all;
	 * nobody reads them here. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL);
	if (task_read(count, arguments, &check.task) < 0)
		return 2;
	language_choose(check.task.language, check.task.console);
	sentence_choose_place(check.task.desktop);
	result = act(&check, &failure);
	if (result < 0)
		tell_failure(&check, &failure);
	check.dialogue.report.code = (uint8_t)-result;
	dialogue_stage(&check.dialogue, REPORT_END);
	frames_free(&check.certificates);
	findings_free(&check.findings);
	driver_close(check.driver);
	config_free(check.config);
	return result < 0;
}
