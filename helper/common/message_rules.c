/* SPDX-License-Identifier: MIT */
/* What each message may and must hold, and what kind of value each field is. */
#include <string.h>

#include "helper/common/message.h"
#include "helper/common/message_format.h"

/* A field that is not here does not exist. */
enum field_kind message_kind_of(unsigned field)
{
	switch (field) {
	case FIELD_USER:
	case FIELD_SERVICE:
	case FIELD_LANGUAGE:
	case FIELD_TOKEN:
	case FIELD_PROMPT:
	case FIELD_CONFIG:
	case FIELD_SENTENCE:
	case FIELD_PROMPT_TEXT:
	case FIELD_YES_WORDS:
	case FIELD_NO_WORDS:
	case FIELD_LATER_WORDS:
	case FIELD_SUBJECT_CN:
	case FIELD_SUBJECT_O:
	case FIELD_SUBJECT:
	case FIELD_ISSUER:
	case FIELD_SERIAL:
	case FIELD_TOKEN_LABEL:
	case FIELD_TOKEN_SERIAL:
	case FIELD_SAID:
	case FIELD_NEXT:
		return KIND_TEXT;
	case FIELD_ACTION:
	case FIELD_FLAGS:
	case FIELD_REASON:
	case FIELD_ROLE:
	case FIELD_STATE:
	case FIELD_DAYS:
	case FIELD_NOT_BEFORE:
	case FIELD_NOT_AFTER:
	case FIELD_NEW_NOT_AFTER:
	case FIELD_RENEWABLE_FROM:
	case FIELD_RETRY_AT:
	case FIELD_UNFINISHED:
	case FIELD_SINCE:
	case FIELD_REMIND:
	case FIELD_PIN_WHY:
	case FIELD_PIN_NOTE:
	case FIELD_STEP:
	case FIELD_STEP_NUMBER:
	case FIELD_STEP_OF:
	case FIELD_CODE:
	case FIELD_COUNT:
	case FIELD_OF:
	case FIELD_EXPIRED:
	case FIELD_TIMEOUT:
	case FIELD_AGAIN_AT:
	case FIELD_CHOICE:
		return KIND_NUMBER;
	case FIELD_CERTIFICATE:
		return KIND_BYTES;
	case FIELD_PIN:
		return KIND_SECRET;
	default:
		return KIND_NONE;
	}
}

static const struct message_rule rules[] = {
    {MESSAGE_REQUEST,
     {FIELD_ACTION},
     {FIELD_USER, FIELD_SERVICE, FIELD_LANGUAGE, FIELD_TOKEN, FIELD_PROMPT, FIELD_CONFIG,
      FIELD_FLAGS, FIELD_REASON, FIELD_ISSUER, FIELD_SERIAL, FIELD_TOKEN_SERIAL}},
    {MESSAGE_TERMS, {FIELD_TIMEOUT}, {0}},
    {MESSAGE_CERTIFICATE,
     {FIELD_ROLE, FIELD_STATE, FIELD_DAYS, FIELD_NOT_BEFORE, FIELD_NOT_AFTER, FIELD_ISSUER,
      FIELD_SERIAL},
     {FIELD_SENTENCE, FIELD_RENEWABLE_FROM, FIELD_RETRY_AT, FIELD_SUBJECT_CN, FIELD_SUBJECT_O,
      FIELD_SUBJECT, FIELD_TOKEN_LABEL, FIELD_TOKEN_SERIAL, FIELD_UNFINISHED, FIELD_REMIND,
      FIELD_CERTIFICATE}},
    {MESSAGE_CHECKED,
     {FIELD_COUNT, FIELD_OF, FIELD_EXPIRED},
     {FIELD_SENTENCE, FIELD_CODE, FIELD_AGAIN_AT, FIELD_PROMPT}},
    {MESSAGE_NOTICE, {FIELD_SENTENCE}, {FIELD_NEXT}},
    {MESSAGE_ASK_TOKEN, {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_OF}, {0}},
    {MESSAGE_ASK_RENEW,
     {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_YES_WORDS, FIELD_NO_WORDS, FIELD_LATER_WORDS},
     {FIELD_DAYS, FIELD_NOT_AFTER}},
    {MESSAGE_ASK_PIN,
     {FIELD_SENTENCE, FIELD_PROMPT_TEXT, FIELD_PIN_WHY, FIELD_PIN_NOTE},
     {FIELD_TOKEN_LABEL, FIELD_TOKEN_SERIAL}},
    {MESSAGE_STEP, {FIELD_SENTENCE, FIELD_STEP, FIELD_STEP_NUMBER, FIELD_STEP_OF}, {0}},
    {MESSAGE_RENEWED, {FIELD_SENTENCE, FIELD_ROLE, FIELD_NOT_AFTER, FIELD_NEW_NOT_AFTER}, {0}},
    {MESSAGE_WAITING, {FIELD_SENTENCE, FIELD_ROLE, FIELD_RETRY_AT}, {FIELD_NEXT}},
    {MESSAGE_FAILED, {FIELD_CODE}, {FIELD_SENTENCE, FIELD_ROLE, FIELD_SAID, FIELD_NEXT}},
    {MESSAGE_DONE, {FIELD_SENTENCE, FIELD_COUNT, FIELD_OF}, {FIELD_SAID, FIELD_NEXT}},
    {MESSAGE_UNFINISHED,
     {FIELD_SENTENCE, FIELD_TOKEN_SERIAL, FIELD_UNFINISHED, FIELD_NEXT},
     {FIELD_ROLE, FIELD_RETRY_AT, FIELD_TOKEN_LABEL, FIELD_SINCE}},
    {MESSAGE_YES, {0}, {0}},
    {MESSAGE_NO, {0}, {0}},
    {MESSAGE_LATER, {0}, {0}},
    {MESSAGE_UNSHOWN, {0}, {0}},
    {MESSAGE_CANCEL, {0}, {0}},
    {MESSAGE_CHOICE, {FIELD_CHOICE}, {0}},
    {MESSAGE_PIN, {FIELD_PIN}, {0}},
};

const struct message_rule *message_rule_of(unsigned type)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

bool message_permits(const struct message_rule *rule, unsigned field)
{
	const char *required = (const char *)rule->required;
	const char *optional = (const char *)rule->optional;

	return field != 0 && field < FIELD_LIMIT &&
	       (strchr(required, (int)field) != NULL || strchr(optional, (int)field) != NULL);
}
