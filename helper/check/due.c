/* SPDX-License-Identifier: MIT */
/* What the desktop's agent asks of check: what is due and whether to speak of it, and 'later'. */
#include <string.h>
#include <time.h>

#include "helper/check/check.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/record/found.h"

/* The certificates of the card that the task names, if it names one. */
static void keep_meant(struct check *check)
{
	const char *serial = check->task.token_serial;
	size_t kept = 0;

	for (size_t i = 0; serial[0] != '\0' && i < check->certificates.count; i++) {
		struct message *one = check->certificates.items[i];

		if (strcmp(message_text(one, FIELD_TOKEN_SERIAL), serial) == 0)
			check->certificates.items[kept++] = one;
		else
			message_free(one);
	}
	if (serial[0] != '\0')
		check->certificates.count = kept;
}

/* What was found before, if there is any of it; an old record answers only where `any_age`. */
static bool recall(struct check *check, bool any_age)
{
	struct failure failure = {.code = FAILURE_NONE};
	int64_t written = 0;
	int result;

	result = found_read(PATH_FOUND, check->task.uid, &check->certificates, &written, &failure);
	if (result < 0)
		log_failure(EVENT_FOUND_NOT_KNOWN, "what was found is not known", &failure);
	if (result <= 0)
		return false;
	if (!any_age && !found_is_fresh(written, time(NULL))) {
		frames_free(&check->certificates);
		return false;
	}
	keep_meant(check);
	return check->certificates.count > 0;
}

/* Something is due, and nothing of it is for a CA of ours to renew. */
static bool only_strangers(const struct findings *findings)
{
	size_t strangers = 0, ours = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct found_token *token = &findings->tokens[i];

		strangers += token->strangers;
		ours += token->renewable + token->expired + token->unfinished;
	}
	return strangers > 0 && ours == 0;
}

/* That a card cannot be read is no failure here: the agent is told, and waits for another. */
static enum failure_code look(struct check *check)
{
	struct failure failure = {.code = FAILURE_NONE};

	if (!check->task.fresh && recall(check, false))
		return FAILURE_NONE;
	if (check_read_and_record(check, &failure) == 0)
		return only_strangers(&check->findings) ? FAILURE_NO_CA : FAILURE_NONE;
	if (failure.code != FAILURE_NO_CARD && failure.code != FAILURE_NO_CA)
		log_failure(EVENT_CARD_NOT_READ, "the card was not read", &failure);
	return failure.code;
}

int due_tell(struct check *check, struct failure *failure)
{
	enum failure_code code;
	int64_t again_at;

	(void)failure;
	say_untold(check, false);
	code = look(check);
	again_at = remind_judge(check);
	check_note_for_log(check);
	say_certificates(check);
	say_checked(check, code, again_at);
	return 0;
}

int due_later(struct check *check, struct failure *failure)
{
	int64_t again_at;
	int result = 0;

	/* The person speaks of what was shown, however long ago that was. */
	if (!recall(check, true))
		result = check_read_card(check, failure);
	if (result < 0)
		return result;
	again_at = remind_judge(check);
	check_note_for_log(check);
	result = remind_put_off(check, check->task.token_serial, failure);
	if (result == 0)
		say_checked(check, FAILURE_NONE, again_at);
	return result;
}
