/* SPDX-License-Identifier: MIT */
#include "pam_module/conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper/common/answer.h"
#include "helper/common/secret.h"
#include "pam_module/alarm.h"
#include "pam_module/prompt.h"

enum { TRIES = 3 }; /* how often something that is no answer is asked again */

void conversation_show(pam_handle_t *pamh, const struct message *message)
{
	int style = message_type(message) == MESSAGE_FAILED ? PAM_ERROR_MSG : PAM_TEXT_INFO;
	const char *sentence = message_text(message, FIELD_SENTENCE);
	const char *next = message_text(message, FIELD_NEXT);
	char *both = NULL;

	/* One text and not two: some greeters show only the last one they were given. */
	if (sentence[0] != '\0' && next[0] != '\0' && asprintf(&both, "%s\n%s", sentence, next) < 0)
		both = NULL;
	prompt_show(pamh, style, both != NULL ? both : sentence[0] != '\0' ? sentence : next);
	free(both);
}

bool conversation_declines(enum message_type answer)
{
	return answer == MESSAGE_NO || answer == MESSAGE_LATER || answer == MESSAGE_UNSHOWN ||
	       answer == MESSAGE_CANCEL;
}

struct message *conversation_refuse(const struct message *question)
{
	return message_new(message_type(question) == MESSAGE_ASK_RENEW ? MESSAGE_UNSHOWN
								       : MESSAGE_CANCEL);
}

/* The number typed, 1 … of; 0 if it is none. */
static int64_t choice_from_text(const char *typed, int64_t of)
{
	char *end;
	long number;

	typed += strspn(typed, " \t");
	if (typed[0] < '1' || typed[0] > '9')
		return 0;
	number = strtol(typed, &end, 10);
	return end[strspn(end, " \t\r\n")] == '\0' && number <= of ? number : 0;
}

static struct message *ask_token(pam_handle_t *pamh, const struct message *question)
{
	const char *text = message_text(question, FIELD_PROMPT_TEXT);
	struct message *answer;
	char *typed = NULL;
	int64_t choice = 0;
	bool empty = false;

	for (int i = 0; i < TRIES && choice == 0 && !empty; i++) {
		if (prompt_ask(pamh, PAM_PROMPT_ECHO_ON, text, &typed) < 0)
			return conversation_refuse(question);
		choice = choice_from_text(typed, message_number(question, FIELD_OF));
		empty = typed[0] == '\0';
		prompt_free(typed);
	}
	answer = message_new(choice != 0 ? MESSAGE_CHOICE : MESSAGE_CANCEL);
	if (choice != 0)
		message_put_number(answer, FIELD_CHOICE, choice);
	return answer;
}

static struct message *ask_renew(pam_handle_t *pamh, const struct message *question)
{
	const char *text = message_text(question, FIELD_PROMPT_TEXT);
	enum message_type answer = 0;
	char *typed = NULL;
	int result;

	for (int i = 0; i < TRIES && answer == 0; i++) {
		result = prompt_ask(pamh, PAM_PROMPT_ECHO_ON, text, &typed);
		/* Somebody may sit there, but the host's alarm does not let us wait: not now. */
		if (result == -FAILURE_NO_ANSWER)
			return message_new(MESSAGE_LATER);
		if (result < 0)
			return conversation_refuse(question);
		answer = answer_from_text(question, typed);
		prompt_free(typed);
	}
	return message_new(answer != 0 ? answer : MESSAGE_LATER);
}

/* An empty line is how a person cancels. One longer than any PIN is said to be too long by renew,
 * which sees that as well of its beginning. */
static struct message *pin_from_text(const char *typed)
{
	size_t length = strnlen(typed, SECRET_CUT);
	struct message *answer;

	if (length == 0)
		return message_new(MESSAGE_CANCEL);
	answer = message_new(MESSAGE_PIN);
	message_put_secret(answer, typed, length);
	return answer;
}

static struct message *ask_pin(pam_handle_t *pamh, const struct message *question)
{
	struct message *answer;
	char *typed = NULL;

	if (message_number(question, FIELD_PIN_NOTE) & PIN_NOTE_KEYPAD) {
		if (!alarm_leaves_time())
			return conversation_refuse(question);
		answer = message_new(MESSAGE_PIN);
		message_put_secret(answer, "", 0);
		return answer;
	}
	if (prompt_ask(pamh, PAM_PROMPT_ECHO_OFF, message_text(question, FIELD_PROMPT_TEXT),
		       &typed) < 0)
		return conversation_refuse(question);
	answer = pin_from_text(typed);
	prompt_free(typed);
	return answer;
}

struct message *conversation_ask(pam_handle_t *pamh, const struct message *question)
{
	conversation_show(pamh, question);
	switch (message_type(question)) {
	case MESSAGE_ASK_TOKEN:
		return ask_token(pamh, question);
	case MESSAGE_ASK_PIN:
		return ask_pin(pamh, question);
	default:
		return ask_renew(pamh, question);
	}
}
