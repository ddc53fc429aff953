/* SPDX-License-Identifier: MIT */
/* What PAM and the command ask of check: what is due, and which card is to be renewed. */
#include <stdio.h>
#include <string.h>

#include <openssl/objects.h>

#include "helper/card/naming.h"
#include "helper/check/check.h"
#include "helper/common/log.h"
#include "helper/common/token_name.h"
#include "helper/words/words.h"

/* As many cards as one question has room for. */
enum { CHOICES_MAX = 12 };

static size_t due(const struct found_token *token)
{
	return token->renewable +
	       (token->renewable == 0 && (token->unfinished || token->hides) ? 1 : 0);
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
	message_put_text(question, FIELD_SENTENCE,
			 check->task.action == REQUEST_PHRASE
			     ? words_ask_which(text, labels, serials, count)
			     : words_ask_token(text, labels, serials, count));
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

/* Whether this card counts: to a person who asks for it any that can be renewed, at a login only
 * one of which it is time to speak: certificate by certificate, unless the only one made way for
 * its successor and waits in the journal. */
static bool is_candidate(const struct check *check, const struct found_token *token)
{
	return due(token) > 0 && (check->task.action == REQUEST_RENEW ||
				  token->certificates.count == 0 || remind_of_token(check, token));
}

/* The token to renew, or *ret NULL if there is nothing to do. */
static int choose_token(struct check *check, const struct found_token **ret,
			struct failure *failure)
{
	const struct found_token *candidates[CHOICES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < check->findings.count && count < CHOICES_MAX; i++)
		if (is_candidate(check, &check->findings.tokens[i]))
			candidates[count++] = &check->findings.tokens[i];
	*ret = count == 0 ? NULL : candidates[0];
	/* Nobody can be asked who is not there; each card will be asked about in its own turn. */
	if (count <= 1 || check->task.detached)
		return 0;
	return ask_token(check, candidates, count, ret, failure);
}

static void name_token(struct report *report, const struct found_token *chosen, size_t to_renew)
{
	report->to_renew = (uint8_t)to_renew;
	snprintf(report->token_serial, sizeof(report->token_serial), "%s", chosen->info.serial);
	snprintf(report->token_label, sizeof(report->token_label), "%s", chosen->info.label);
}

/* What the helper starts renew for. */
static int choose(struct check *check, struct failure *failure)
{
	struct report *report = &check->dialogue.report;
	const struct found_token *chosen = NULL;
	int result;

	result = choose_token(check, &chosen, failure);
	if (result < 0 || chosen == NULL)
		return result;
	name_token(report, chosen, due(chosen) > 255 ? 255 : due(chosen));
	report->renewable = report->to_renew;
	return 0;
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

/* Whether there was anything to say. */
static bool give_notice(struct check *check)
{
	char sentence[WORDS_MAX], next[WORDS_MAX];
	bool said = false;

	for (size_t i = 0; i < check->findings.count; i++) {
		if (!is_candidate(check, &check->findings.tokens[i]))
			continue;
		due_sentence(&check->findings.tokens[i], sentence);
		say_notice(check, sentence, words_due_next(next));
		said = true;
	}
	return said;
}

/* It was said, and so it is not said again before the next reminder. */
static void note_said(struct check *check)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (!check->dialogue.gone && remind_put_off(check, "", &failure) < 0)
		log_failure(EVENT_SAID_NOT_NOTED, "that it was said could not be noted", &failure);
}

/*
 * What is to be said is said here; what is to be asked is renew's. What is kept, of what was found
 * and of what was said, is written when a person who waits has been told all.
 */
int login_session(struct check *check, struct failure *failure)
{
	bool said = false;
	int result;

	if (check->task.detached)
		return check_read_and_record(check, failure);
	say_untold(check, true);
	result = check_read_card(check, failure);
	if (result < 0)
		return result;
	(void)remind_judge(check);
	for (size_t i = 0; i < check->findings.count; i++)
		say_expired(check, &check->findings.tokens[i], false);
	if (check->task.prompt == PROMPT_NOTICE)
		said = give_notice(check);
	else
		result = choose(check, failure);
	if (result == 0)
		say_checked(check, FAILURE_NONE, 0);
	if (said)
		note_said(check);
	check_record(check);
	return result;
}

int login_account(struct check *check, struct failure *failure)
{
	int result;

	result = check_read_card(check, failure);
	if (result < 0)
		return result;
	for (size_t i = 0; i < check->findings.count; i++)
		say_expired(check, &check->findings.tokens[i], true);
	say_checked(check, FAILURE_NONE, 0);
	return 0;
}

/* How far they have come is not for us to read: renew is started to say it. */
static void report_unfinished(struct check *check)
{
	char *names = check->dialogue.report.unfinished, name[TOKEN_NAME_MAX];
	size_t size = sizeof(check->dialogue.report.unfinished), used = 0;

	for (size_t i = 0; i < check->findings.count; i++) {
		const struct found_token *token = &check->findings.tokens[i];

		token_name(token->info.serial, token->info.label, name);
		if (token->unfinished && used + strlen(name) + 2 <= size)
			used += (size_t)snprintf(names + used, size - used, "%s%s",
						 used > 0 ? "," : "", name);
	}
}

int login_status(struct check *check, struct failure *failure)
{
	char sentence[WORDS_MAX], next[WORDS_MAX];
	int result;

	result = check_read_card(check, failure);
	if (result < 0)
		return result;
	report_unfinished(check);
	say_certificates(check);
	for (size_t i = 0; i < check->findings.count; i++) {
		if (check->findings.tokens[i].certificates.count > 0)
			continue;
		say_failed(check, FAILURE_NO_CERTIFICATE, words_unfinished(sentence),
			   words_due_next(next));
		return 0;
	}
	say_checked(check, FAILURE_NONE, 0);
	return 0;
}

int login_renew(struct check *check, struct failure *failure)
{
	int result;

	result = check_read_card(check, failure);
	if (result == 0)
		result = choose(check, failure);
	if (result == 0 && check->dialogue.report.to_renew == 0)
		result = nothing_to_renew(check, failure);
	return result;
}

static bool holds(const struct found_token *token, const struct task *task)
{
	for (size_t i = 0; i < token->certificates.count; i++)
		if (naming_is(token->certificates.items[i].x509, task->issuer, task->serial))
			return true;
	return false;
}

int login_revoke(struct check *check, struct failure *failure)
{
	int result = check_read_card(check, failure);

	if (result < 0)
		return result;
	for (size_t i = 0; i < check->findings.count; i++) {
		if (holds(&check->findings.tokens[i], &check->task)) {
			name_token(&check->dialogue.report, &check->findings.tokens[i], 1);
			return 0;
		}
	}
	return fail(failure, FAILURE_OTHER_CARD, "no card holds certificate %s",
		    check->task.serial);
}

int login_set_phrase(struct check *check, struct failure *failure)
{
	const struct found_token *candidates[CHOICES_MAX] = {NULL}, *chosen;
	size_t count = 0;
	int result = check_read_card(check, failure);

	for (size_t i = 0; i < check->findings.count && count < CHOICES_MAX; i++)
		candidates[count++] = &check->findings.tokens[i];
	chosen = candidates[0];
	if (result == 0 && count > 1)
		result = ask_token(check, candidates, count, &chosen, failure);
	if (result == 0)
		name_token(&check->dialogue.report, chosen, 1);
	return result;
}
