/* SPDX-License-Identifier: MIT */
#include "helper/check/findings.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/objects.h>

#include "helper/card/naming.h"
#include "helper/common/token_name.h"
#include "helper/words/words.h"

static bool is_renewable(enum validity_state state)
{
	return state == VALIDITY_RENEWABLE || state == VALIDITY_CRITICAL;
}

static int judge(struct found_token *found, const struct config *config, int64_t now,
		 struct failure *failure)
{
	const struct validity_limits limits = {config->window, config->critical};
	const struct certificate *certificate;

	free(found->validity);
	found->renewable = found->expired = 0;
	found->validity = calloc(found->certificates.count + 1, sizeof(*found->validity));
	if (found->validity == NULL)
		return fail_errno(failure, "no memory for findings");
	for (size_t i = 0; i < found->certificates.count; i++) {
		certificate = &found->certificates.items[i];
		found->validity[i] =
		    validity_judge(certificate->not_before, certificate->not_after, now, &limits);
		found->renewable += is_renewable(found->validity[i].state);
		found->expired += found->validity[i].state == VALIDITY_EXPIRED;
	}
	return 0;
}

/* Whether anything might have to be renewed, or have expired, once the keys are known. */
static bool could_concern(const struct found_token *found)
{
	for (size_t i = 0; i < found->certificates.count; i++)
		if ((is_renewable(found->validity[i].state) ||
		     found->validity[i].state == VALIDITY_EXPIRED) &&
		    !certificates_is_renewed(&found->certificates, i))
			return true;
	return false;
}

/* Pairing costs calls to the card, so a card of which nothing could be due is not paired. */
static int read_certificates(struct token *token, const struct config *config, int64_t now,
			     struct found_token *found, struct failure *failure)
{
	int result;

	result = certificates_read_keyless(token, &found->certificates, failure);
	if (result == 0)
		result = judge(found, config, now, failure);
	if (result == 0 && found->certificates.count == 0)
		return certificates_may_hide(token, &found->hides, failure);
	if (result == 0 && could_concern(found)) {
		result = certificates_find_keyless(token, &found->certificates, failure);
		if (result == 0)
			certificates_drop_keyless(&found->certificates);
	}
	if (result < 0)
		return result;
	certificates_keep_current(&found->certificates);
	return judge(found, config, now, failure);
}

static void release(struct found_token *found)
{
	certificates_free(&found->certificates);
	free(found->validity);
}

/* Nobody has asked: only what concerns the person here is spoken of. */
static bool is_unasked(const struct task *task)
{
	return task->action == REQUEST_LOGIN || task->action == REQUEST_ACCOUNT ||
	       task->action == REQUEST_DUE;
}

static int read_token(const struct task *task, const struct config *config, struct driver *driver,
		      const struct token_info *info, int64_t now, struct found_token *ret,
		      struct failure *failure)
{
	struct found_token found = {.info = *info, .with_certificates = task->certificates};
	char name[TOKEN_NAME_MAX];
	struct token *token = NULL;
	int result;

	result = token_open(driver, info, false, &token, failure);
	if (result < 0)
		return result;
	result = read_certificates(token, config, now, &found, failure);
	token_close(token);
	if (result < 0) {
		release(&found);
		return result;
	}
	found.unfinished =
	    token_name_listed(task->unfinished, token_name(info->serial, info->label, name));
	/* What was begun goes on, whatever the configuration says by now. */
	if (is_unasked(task) && !found.unfinished)
		strangers_leave_out(config, &found);
	*ret = found;
	return 0;
}

static bool is_meant(const struct task *task, const struct token_info *info)
{
	return task->token_serial[0] == '\0' || strcmp(task->token_serial, info->serial) == 0;
}

/* Whether there is something to say of this token, or to do with it. */
static bool counts(const struct task *task, const struct found_token *found)
{
	return found->certificates.count > 0 || found->unfinished ||
	       (found->hides && task->action == REQUEST_RENEW);
}

/* Why it does not. */
static enum failure_code emptiness(const struct found_token *found)
{
	if (found->strangers > 0)
		return FAILURE_NO_CA;
	return found->hides ? FAILURE_CARD_HIDES : FAILURE_NO_CERTIFICATE;
}

int findings_read(const struct task *task, const struct config *config, struct driver *driver,
		  int64_t now, struct findings *ret, struct failure *failure)
{
	const char *label = task->token_label[0] == '\0' ? NULL : task->token_label;
	struct findings findings = {.now = now};
	struct token_info *infos = NULL;
	struct found_token found;
	size_t count = 0;
	int result;

	result = token_list(driver, config->token, label, &infos, &count, failure);
	if (result < 0)
		return result;
	findings.tokens = calloc(count + 1, sizeof(*findings.tokens));
	if (findings.tokens == NULL) {
		free(infos);
		return fail_errno(failure, "no memory for findings");
	}
	result = fail(failure, FAILURE_NO_CARD, "no token fits");
	for (size_t i = 0; i < count; i++) {
		if (!is_meant(task, &infos[i]))
			continue;
		result = read_token(task, config, driver, &infos[i], now, &found, failure);
		if (result == 0 && !counts(task, &found)) {
			release(&found);
			result = fail(failure, emptiness(&found), "token %s", infos[i].serial);
		} else if (result == 0) {
			findings.tokens[findings.count++] = found;
		}
	}
	free(infos);
	if (findings.count == 0) {
		findings_free(&findings);
		return result;
	}
	*ret = findings;
	return 0;
}

const struct certificate *findings_soonest(const struct found_token *token, bool expired,
					   const struct validity **ret_validity)
{
	const struct certificate *soonest = NULL, *one;
	enum validity_state state;

	for (size_t i = 0; i < token->certificates.count; i++) {
		one = &token->certificates.items[i];
		state = token->validity[i].state;
		if (!(expired ? state == VALIDITY_EXPIRED : is_renewable(state)))
			continue;
		if (soonest == NULL || one->not_after < soonest->not_after) {
			soonest = one;
			*ret_validity = &token->validity[i];
		}
	}
	return soonest;
}

static void put_certificate(struct message *message, X509 *certificate)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);

	if (length > 0)
		message_put_bytes(message, FIELD_CERTIFICATE, der, (size_t)length);
	OPENSSL_free(der);
}

struct message *findings_message(const struct found_token *token, size_t index)
{
	const struct certificate *certificate = &token->certificates.items[index];
	const struct validity *validity = &token->validity[index];
	const X509_NAME *subject = X509_get_subject_name(certificate->x509);
	struct message *message = message_new(MESSAGE_CERTIFICATE);
	char text[NAMING_MAX], sentence[WORDS_MAX];

	message_put_text(message, FIELD_SENTENCE,
			 words_certificate(sentence, certificate->role, validity,
					   certificate->not_before, certificate->not_after));
	message_put_number(message, FIELD_ROLE, certificate->role);
	message_put_number(message, FIELD_STATE, validity->state);
	message_put_number(message, FIELD_DAYS, validity->days_left);
	message_put_number(message, FIELD_NOT_BEFORE, certificate->not_before);
	message_put_number(message, FIELD_NOT_AFTER, certificate->not_after);
	message_put_number(message, FIELD_RENEWABLE_FROM, validity->renewable_from);
	message_put_text(message, FIELD_SUBJECT_CN,
			 naming_attribute(subject, NID_commonName, text, sizeof(text)));
	message_put_text(message, FIELD_SUBJECT_O,
			 naming_attribute(subject, NID_organizationName, text, sizeof(text)));
	message_put_text(message, FIELD_SUBJECT, naming_whole(subject, text, sizeof(text)));
	message_put_text(message, FIELD_ISSUER,
			 naming_whole(X509_get_issuer_name(certificate->x509), text, sizeof(text)));
	message_put_text(message, FIELD_SERIAL,
			 naming_serial(certificate->x509, text, sizeof(text)));
	message_put_text(message, FIELD_TOKEN_LABEL, token->info.label);
	message_put_text(message, FIELD_TOKEN_SERIAL, token->info.serial);
	message_put_number(message, FIELD_UNFINISHED, token->unfinished);
	if (token->with_certificates)
		put_certificate(message, certificate->x509);
	return message;
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		release(&findings->tokens[i]);
	free(findings->tokens);
	*findings = (struct findings){.tokens = NULL};
}
