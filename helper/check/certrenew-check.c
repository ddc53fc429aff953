/* SPDX-License-Identifier: MIT */
/*
 * certrenew-check: reads the card's public certificates and says what each is due. User
 * _certrenew, no PIN, no network, no journal. Started by certrenew-helper with the front end's
 * channel on descriptor 3 and the control pipe on 4; it may block or crash in the vendor's driver,
 * which is why it is a process of its own.
 */
#include <stdlib.h>
#include <time.h>

#include <openssl/objects.h>

#include "helper/card/naming.h"
#include "helper/check/findings.h"
#include "helper/check/record.h"
#include "helper/common/dialogue.h"
#include "helper/common/log.h"
#include "helper/words/language.h"
#include "helper/words/words.h"

/* As many cards as one question has room for. */
enum { CHOICES_MAX = 12 };

struct check {
	struct task task;
	struct config *config;
	struct dialogue dialogue;
	struct driver *driver;
	struct findings findings;
};

static size_t due(const struct found_token *token)
{
	return token->renewable + (token->renewable == 0 && token->unfinished ? 1 : 0);
}

static void choose(struct check *check, const struct found_token *token)
{
	struct report *report = &check->dialogue.report;

	report->renewable = (uint8_t)(due(token) > 255 ? 255 : due(token));
	snprintf(report->token_serial, sizeof(report->token_serial), "%s", token->info.serial);
	snprintf(report->token_label, sizeof(report->token_label), "%s", token->info.label);
}

/* The log names a token also where none is to be renewed. */
static void note_for_log(struct check *check)
{
	size_t expired = 0;

	choose(check, &check->findings.tokens[0]);
	for (size_t i = 0; i < check->findings.count; i++)
		expired += check->findings.tokens[i].expired;
	check->dialogue.report.expired = (uint8_t)(expired > 255 ? 255 : expired);
}

static void say_notice(struct check *check, const char *sentence, const char *next)
{
	struct message *notice = message_new(MESSAGE_NOTICE);

	message_put_text(notice, FIELD_SENTENCE, sentence);
	message_put_text(notice, FIELD_NEXT, next);
	dialogue_say(&check->dialogue, notice);
}

static void say_failed(struct check *check, enum failure_code code, const char *sentence,
		       const char *next)
{
	struct message *failed = message_new(MESSAGE_FAILED);

	message_put_number(failed, FIELD_CODE, code);
	message_put_text(failed, FIELD_SENTENCE, sentence);
	if (next[0] != '\0')
		message_put_text(failed, FIELD_NEXT, next);
	dialogue_say(&check->dialogue, failed);
}

static void say_certificates(struct check *check)
{
	const struct findings *findings = &check->findings;

	for (size_t i = 0; i < findings->count; i++)
		for (size_t j = 0; j < findings->tokens[i].certificates.count; j++)
			dialogue_say(&check->dialogue, findings_message(&findings->tokens[i], j));
}

static void say_checked(struct check *check)
{
	struct message *checked = message_new(MESSAGE_CHECKED);
	size_t renewable = 0, of = 0, expired = 0;

	for (size_t i = 0; i < check->findings.count; i++) {
		renewable += due(&check->findings.tokens[i]);
		expired += check->findings.tokens[i].expired;
		of += check->findings.tokens[i].certificates.count;
	}
	message_put_number(checked, FIELD_COUNT, (int64_t)renewable);
	message_put_number(checked, FIELD_OF, (int64_t)of);
	message_put_number(checked, FIELD_EXPIRED, (int64_t)expired);
	dialogue_say(&check->dialogue, checked);
}

/* "Your card's certificates expire in 20 days …", or that a renewal is not finished. */
static void due_sentence(const struct found_token *token, char sentence[WORDS_MAX])
{
	char cn[NAMING_MAX], o[NAMING_MAX];
	const struct validity *validity = NULL;
	const struct certificate *soonest = findings_soonest(token, false, &validity);
	const X509_NAME *subject;

	if (soonest == NULL) {
		words_unfinished(sentence);
		return;
	}
	subject = X509_get_subject_name(soonest->x509);
	words_due(sentence, token->renewable, validity->days_left, soonest->not_after,
		  naming_attribute(subject, NID_commonName, cn, sizeof(cn)),
		  naming_attribute(subject, NID_organizationName, o, sizeof(o)));
}

static void say_expired(struct check *check, const struct found_token *token, bool refuse)
{
	char sentence[WORDS_MAX], next[WORDS_MAX];
	const struct validity *validity = NULL;
	const struct certificate *soonest = findings_soonest(token, true, &validity);

	if (soonest == NULL)
		return;
	words_expired(sentence, token->expired, soonest->not_after);
	words_next(next, FAILURE_EXPIRED);
	if (refuse)
		say_failed(check, FAILURE_EXPIRED, sentence, next);
	else
		say_notice(check, sentence, next);
}

/* Several cards that can be renewed: the person says which. 0, or a failure of the dialogue. */
static int ask_token(struct check *check, const struct found_token *const *candidates, size_t count,
		     const struct found_token **ret, struct failure *failure)
{
	const char *labels[CHOICES_MAX], *serials[CHOICES_MAX];
	struct message *question, *answer = NULL;
	char text[WORDS_MAX];
	int64_t choice;
	int result;

	for (size_t i = 0; i < count; i++) {
		labels[i] = candidates[i]->info.label;
		serials[i] = candidates[i]->info.serial;
	}
	question = message_new(MESSAGE_ASK_TOKEN);
	message_put_text(question, FIELD_SENTENCE, words_ask_token(text, labels, serials, count));
	message_put_text(question, FIELD_PROMPT_TEXT, words_ask_token_prompt(text));
	message_put_number(question, FIELD_OF, (int64_t)count);
	result = dialogue_ask(&check->dialogue, question, &answer, failure);
	if (result < 0)
		return result;
	choice = message_number(answer, FIELD_CHOICE);
	if (message_type(answer) == MESSAGE_CANCEL)
		result = fail(failure, FAILURE_CANCELLED, "no card was chosen");
	else if (choice < 1 || choice > (int64_t)count)
		result =
		    fail(failure, FAILURE_PROTOCOL, "card %lld of %zu", (long long)choice, count);
	else
		*ret = candidates[choice - 1];
	message_free(answer);
	return result;
}

/* The token to renew, or *ret NULL if there is nothing to do. */
static int choose_token(struct check *check, const struct found_token **ret,
			struct failure *failure)
{
	const struct found_token *candidates[CHOICES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < check->findings.count && count < CHOICES_MAX; i++)
		if (due(&check->findings.tokens[i]) > 0)
			candidates[count++] = &check->findings.tokens[i];
	*ret = count == 0 ? NULL : candidates[0];
	/* Nobody can be asked who is not there; each card will be asked about in its own turn. */
	if (count <= 1 || check->task.detached)
		return 0;
	return ask_token(check, candidates, count, ret, failure);
}

/* The earliest day on which something can be renewed, for a person who came too early. */
static int64_t renewable_from(const struct findings *findings)
{
	int64_t earliest = 0, from;

	for (size_t i = 0; i < findings->count; i++) {
		for (size_t j = 0; j < findings->tokens[i].certificates.count; j++) {
			from = findings->tokens[i].validity[j].renewable_from;
			if (findings->tokens[i].validity[j].state == VALIDITY_VALID &&
			    (earliest == 0 || from < earliest))
				earliest = from;
		}
	}
	return earliest;
}

static int nothing_to_renew(struct check *check, struct failure *failure)
{
	char sentence[WORDS_MAX];
	bool expired = false;

	for (size_t i = 0; i < check->findings.count; i++) {
		say_expired(check, &check->findings.tokens[i], true);
		expired = expired || check->findings.tokens[i].expired > 0;
	}
	if (expired)
		return fail(failure, FAILURE_EXPIRED, "past the renewal period");
	words_nothing_due(sentence, renewable_from(&check->findings));
	say_failed(check, FAILURE_NOTHING_DUE, sentence, "");
	return fail(failure, FAILURE_NOTHING_DUE, "not yet in the window");
}

/* PAM session: what is to be said is said here; what is to be asked is renew's. */
static int login(struct check *check, struct failure *failure)
{
	const struct found_token *chosen = NULL;
	char sentence[WORDS_MAX], next[WORDS_MAX];
	int result;

	if (record_write(check->task.uid, &check->findings, failure) < 0)
		log_failure(LOG_WARNING, "what was found could not be recorded", failure);
	if (check->task.detached)
		return 0;
	for (size_t i = 0; i < check->findings.count; i++)
		say_expired(check, &check->findings.tokens[i], false);
	if (check->task.prompt == PROMPT_NOTICE) {
		for (size_t i = 0; i < check->findings.count; i++) {
			if (due(&check->findings.tokens[i]) == 0)
				continue;
			due_sentence(&check->findings.tokens[i], sentence);
			say_notice(check, sentence, words_due_next(next));
		}
	} else {
		result = choose_token(check, &chosen, failure);
		if (result < 0)
			return result;
		if (chosen != NULL)
			choose(check, chosen);
	}
	say_checked(check);
	return 0;
}

static int account(struct check *check)
{
	for (size_t i = 0; i < check->findings.count; i++)
		say_expired(check, &check->findings.tokens[i], true);
	say_checked(check);
	return 0;
}

static int renew(struct check *check, struct failure *failure)
{
	const struct found_token *chosen = NULL;
	int result;

	result = choose_token(check, &chosen, failure);
	if (result < 0)
		return result;
	if (chosen == NULL)
		return nothing_to_renew(check, failure);
	choose(check, chosen);
	return 0;
}

static int status(struct check *check)
{
	say_certificates(check);
	say_checked(check);
	return 0;
}

static int act(struct check *check, struct failure *failure)
{
	switch (check->task.action) {
	case REQUEST_LOGIN:
		return login(check, failure);
	case REQUEST_ACCOUNT:
		return account(check);
	case REQUEST_STATUS:
		return status(check);
	case REQUEST_DUE:
	case REQUEST_LATER:
	case REQUEST_WATCH:
		break;
	case REQUEST_RENEW:
		return renew(check, failure);
	}
	return fail(failure, FAILURE_PROTOCOL, "unknown action");
}

static int find(struct check *check, struct failure *failure)
{
	struct config_error error = {""};
	int result;

	if (config_load(check->task.config, true, &check->config, &error) < 0)
		return fail(failure, FAILURE_CONFIG, "%s", error.text);
	check->dialogue.question_timeout_ms = check->config->question_timeout * 1000;
	dialogue_stage(&check->dialogue, REPORT_READING);
	result = driver_open(check->config, &check->driver, failure);
	if (result < 0)
		return result;
	return findings_read(&check->task, check->config, check->driver, time(NULL),
			     &check->findings, failure);
}

/*
 * At a login only what concerns the person is said: an empty reader is none of it, a driver that
 * does not work is the log's. CHECKED with nothing in it ends the matter for the module.
 */
static void tell_failure(struct check *check, const struct failure *failure)
{
	bool login = check->task.action == REQUEST_LOGIN || check->task.action == REQUEST_ACCOUNT;
	bool told = failure->code == FAILURE_NOTHING_DUE || failure->code == FAILURE_EXPIRED;
	char sentence[WORDS_MAX], next[WORDS_MAX];

	if (!told && !(login && failure->code == FAILURE_NO_CARD))
		log_failure(LOG_NOTICE, "the card was not read", failure);
	if (login)
		say_checked(check);
	else if (!told)
		say_failed(check, failure->code, words_failed(sentence, failure->code, 0),
			   words_next(next, failure->code));
}

int main(int count, char *arguments[])
{
	struct check check = {
	    .dialogue = {.channel = DIALOGUE_CHANNEL, .control = DIALOGUE_CONTROL},
	};
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	task_begin("certrenew-check");
	if (task_read(count, arguments, &check.task) < 0)
		return 2;
	language_choose(check.task.language, check.task.console);
	result = find(&check, &failure);
	if (result == 0) {
		note_for_log(&check);
		result = act(&check, &failure);
	}
	if (result < 0)
		tell_failure(&check, &failure);
	check.dialogue.report.code = (uint8_t)-result;
	dialogue_stage(&check.dialogue, REPORT_END);
	findings_free(&check.findings);
	driver_close(check.driver);
	config_free(check.config);
	return result < 0;
}
