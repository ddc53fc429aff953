/* SPDX-License-Identifier: MIT */
/*
 * A certificate of the card in hand is revoked: agreed → PIN → one request, which the card's
 * signature key signs. The CA is asked once; what fails is told, and nothing is tried again.
 */
#include <stdio.h>
#include <time.h>

#include "helper/ca/revocation.h"
#include "helper/card/naming.h"
#include "helper/common/log.h"
#include "helper/renewal/session.h"
#include "helper/words/words.h"

enum { HOLD = 6, REASON_UNUSED = 7, REMOVE_FROM_CRL = 8, REASON_MAX = 10 };

struct revoking {
	struct renewal *renewal;
	const struct certificate *certificate, *speaker;
	struct revocation_settings settings;
	struct revocation_answer answer;
};

static int check_settings(const struct renewal *renewal, struct failure *failure)
{
	const struct config_revocation *config = &renewal->config->revocation;
	int reason = renewal->task->reason;

	if (config->url[0] == '\0' || !revocation_protocol(config->protocol)->by_card)
		return fail(failure, FAILURE_CONFIG, "[revocation] url, protocol = cmp");
	if (reason < 0 || reason > REASON_MAX || reason == REASON_UNUSED ||
	    ((reason == HOLD || reason == REMOVE_FROM_CRL) && !config->suspend))
		return fail(failure, FAILURE_REVOKE_REASON, "reason %d", reason);
	return 0;
}

static int find(struct revoking *revoking, struct failure *failure)
{
	struct renewal *renewal = revoking->renewal;
	struct certificates *certificates = &renewal->certificates;
	int result = renewal_read_certificates(renewal, failure);

	if (result < 0)
		return result;
	for (size_t i = 0; i < certificates->count; i++)
		if (naming_is(certificates->items[i].x509, renewal->task->issuer,
			      renewal->task->serial))
			revoking->certificate = &certificates->items[i];
	if (revoking->certificate == NULL)
		return fail(failure, FAILURE_OTHER_CARD, "the card does not hold certificate %s",
			    renewal->task->serial);
	revoking->speaker = renewal_speaker(renewal, revoking->certificate->x509);
	if (revoking->speaker == NULL)
		return fail(failure, FAILURE_KEY_CANNOT_SIGN,
			    "no certificate of the card can speak for it");
	revoking->settings = revocation_settings_for(renewal->config, revoking->certificate->x509);
	return revoking->settings.ca != NULL
		   ? 0
		   : fail(failure, FAILURE_NO_CA, "no [ca] section for the issuer");
}

/* While the PIN holds. */
static int request(struct revoking *revoking, struct failure *failure)
{
	struct renewal *renewal = revoking->renewal;
	const struct revocation_settings *settings = &revoking->settings;
	struct session session = {.renewal = renewal};
	struct ca_identity identity;
	const struct revocation_request asked = {
	    .certificate = revoking->certificate->x509,
	    .email = "",
	    .reason = renewal->task->reason,
	    .identity = &identity,
	};
	int result = session_identity(&session, &revoking->speaker->id, revoking->speaker->x509,
				      &identity, failure);

	if (result == 0)
		result = revocation_protocol(settings->config->protocol)
			     ->revoke(settings, &asked, &revoking->answer, failure);
	result = session_explain(renewal, result, failure);
	session_close(&session);
	return result;
}

static void tell_done(const struct revoking *revoking)
{
	struct message *done = message_new(MESSAGE_DONE);
	char sentence[WORDS_MAX];

	message_put_text(done, FIELD_SENTENCE, words_revocation(sentence, (int64_t)time(NULL)));
	message_put_number(done, FIELD_COUNT, 1);
	message_put_number(done, FIELD_OF, 1);
	if (revoking->answer.said[0] != '\0')
		message_put_text(done, FIELD_SAID, revoking->answer.said);
	dialogue_say(revoking->renewal->dialogue, done);
}

void revoke_tell_failed(struct renewal *renewal, const struct failure *failure)
{
	struct message *message = message_new(MESSAGE_FAILED);
	char what[128];

	if (renewal->task->action == REQUEST_PHRASE)
		snprintf(what, sizeof(what), "challenge phrase not set");
	else
		snprintf(what, sizeof(what), "revocation of certificate %.64s, reason %d",
			 renewal->task->serial, renewal->task->reason);
	log_failure(EVENT_CARD_REVOCATION_FAILED, what, failure);
	message_put_number(message, FIELD_CODE, failure->code);
	if (failure->said[0] != '\0')
		message_put_text(message, FIELD_SAID, failure->said);
	dialogue_say(renewal->dialogue, message);
}

int revoke_run(struct renewal *renewal, struct failure *failure)
{
	struct revoking revoking = {.renewal = renewal};
	int result = check_settings(renewal, failure);

	if (result == 0)
		result = find(&revoking, failure);
	if (result == 0)
		result = consent_to_revoke(renewal, revoking.certificate, failure);
	if (result == 0)
		result = consent_with_pin(renewal, PIN_TO_REVOKE, failure);
	if (result == 0)
		result = request(&revoking, failure);
	consent_end(renewal);
	if (result < 0) {
		revoke_tell_failed(renewal, failure);
		return result;
	}
	log_line(EVENT_CARD_REVOKED, "revocation of certificate %s, reason %d: done",
		 renewal->task->serial, renewal->task->reason);
	tell_done(&revoking);
	return 0;
}
