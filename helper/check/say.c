/* SPDX-License-Identifier: MIT */
/* What check says to the front end. */
#include "helper/check/check.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/untold.h"
#include "helper/words/words.h"

void say_notice(struct check *check, const char *sentence, const char *next)
{
	struct message *notice = message_new(MESSAGE_NOTICE);

	message_put_text(notice, FIELD_SENTENCE, sentence);
	if (next[0] != '\0')
		message_put_text(notice, FIELD_NEXT, next);
	dialogue_say(&check->dialogue, notice);
}

void say_failed(struct check *check, enum failure_code code, const char *sentence, const char *next)
{
	struct message *failed = message_new(MESSAGE_FAILED);

	message_put_number(failed, FIELD_CODE, code);
	message_put_text(failed, FIELD_SENTENCE, sentence);
	if (next[0] != '\0')
		message_put_text(failed, FIELD_NEXT, next);
	dialogue_say(&check->dialogue, failed);
}

void say_certificates(struct check *check)
{
	for (size_t i = 0; i < check->certificates.count; i++)
		dialogue_say(&check->dialogue, frames_copy(check->certificates.items[i]));
}

static size_t expired(const struct check *check)
{
	size_t count = 0;

	for (size_t i = 0; i < check->certificates.count; i++)
		count +=
		    message_number(check->certificates.items[i], FIELD_STATE) == VALIDITY_EXPIRED;
	return count;
}

void say_checked(struct check *check, enum failure_code code, int64_t again_at)
{
	struct message *checked = message_new(MESSAGE_CHECKED);

	if (code != FAILURE_NONE)
		message_put_number(checked, FIELD_CODE, code);
	message_put_number(checked, FIELD_COUNT, (int64_t)remind_count(check));
	message_put_number(checked, FIELD_OF, (int64_t)check->certificates.count);
	message_put_number(checked, FIELD_EXPIRED, (int64_t)expired(check));
	message_put_text(checked, FIELD_PROMPT, config_prompt_name(check->task.prompt));
	if (again_at != 0)
		message_put_number(checked, FIELD_AGAIN_AT, again_at);
	dialogue_say(&check->dialogue, checked);
}

/*
 * The sentences anew. What state the card was in then is left out of a failure: that may no longer
 * be so, and the certificates that follow say what it is in now.
 */
static void put_sentences(struct message *outcome)
{
	enum certificate_role role = (enum certificate_role)message_number(outcome, FIELD_ROLE);
	enum failure_code code = (enum failure_code)message_number(outcome, FIELD_CODE);
	char sentence[WORDS_MAX], next[WORDS_MAX] = "";

	switch (message_type(outcome)) {
	case MESSAGE_RENEWED:
		words_renewed(sentence, role, message_number(outcome, FIELD_NOT_AFTER),
			      message_number(outcome, FIELD_NEW_NOT_AFTER));
		break;
	case MESSAGE_WAITING:
		words_waiting(sentence, role, message_number(outcome, FIELD_RETRY_AT));
		words_waiting_next(next);
		break;
	case MESSAGE_DONE:
		words_done(sentence, (size_t)message_number(outcome, FIELD_COUNT),
			   (size_t)message_number(outcome, FIELD_OF));
		break;
	default:
		words_failed(sentence, code, role);
		words_next(next, code);
		break;
	}
	message_put_text(outcome, FIELD_SENTENCE, sentence);
	if (next[0] != '\0')
		message_put_text(outcome, FIELD_NEXT, next);
}

static void say_outcome(struct check *check, struct message *outcome, bool as_notice)
{
	put_sentences(outcome);
	if (as_notice)
		say_notice(check, message_text(outcome, FIELD_SENTENCE),
			   message_text(outcome, FIELD_NEXT));
	else
		dialogue_say(&check->dialogue, frames_copy(outcome));
}

void say_untold(struct check *check, bool as_notices)
{
	struct untold untold = {.outcomes.count = 0};
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	result = untold_read(PATH_UNTOLD, check->task.uid, &untold, &failure);
	for (size_t i = 0; result == 1 && i < untold.outcomes.count; i++)
		say_outcome(check, untold.outcomes.items[i], as_notices);
	if (result == 1 && !check->dialogue.gone)
		result = untold_forget(PATH_UNTOLD, check->task.uid, &untold, &failure);
	if (result < 0)
		log_failure(EVENT_UNTOLD_NOT_KNOWN, "how the last renewal ended", &failure);
	untold_free(&untold);
}
