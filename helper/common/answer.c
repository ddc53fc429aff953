/* SPDX-License-Identifier: MIT */
#include "helper/common/answer.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Which answer may follow which question; everything else ends the run. */
static const struct {
	enum message_type question, answer;
} legal[] = {
    {MESSAGE_ASK_TOKEN, MESSAGE_CHOICE}, {MESSAGE_ASK_TOKEN, MESSAGE_CANCEL},
    {MESSAGE_ASK_RENEW, MESSAGE_YES},	 {MESSAGE_ASK_RENEW, MESSAGE_NO},
    {MESSAGE_ASK_RENEW, MESSAGE_LATER},	 {MESSAGE_ASK_RENEW, MESSAGE_UNSHOWN},
    {MESSAGE_ASK_PIN, MESSAGE_PIN},	 {MESSAGE_ASK_PIN, MESSAGE_CANCEL},
};

bool answer_is_due(enum message_type question)
{
	for (size_t i = 0; i < sizeof(legal) / sizeof(legal[0]); i++)
		if (legal[i].question == question)
			return true;
	return false;
}

bool answer_is_legal(enum message_type question, enum message_type answer)
{
	for (size_t i = 0; i < sizeof(legal) / sizeof(legal[0]); i++)
		if (legal[i].question == question && legal[i].answer == answer)
			return true;
	return false;
}

static bool is_one_of(const char *words, const char *typed, size_t length)
{
	size_t word;

	for (; *words != '\0'; words += word) {
		words += strspn(words, " ");
		word = strcspn(words, " ");
		if (word == length && word > 0 && strncasecmp(words, typed, length) == 0)
			return true;
	}
	return false;
}

bool answer_means(const char *words, const char *typed)
{
	size_t length;

	typed += strspn(typed, " \t\r\n");
	length = strlen(typed);
	while (length > 0 && strchr(" \t\r\n", typed[length - 1]) != NULL)
		length--;
	return is_one_of(words, typed, length);
}

enum message_type answer_from_text(const struct message *ask_renew, const char *typed)
{
	if (typed[strspn(typed, " \t\r\n")] == '\0')
		return MESSAGE_LATER;
	if (answer_means(message_text(ask_renew, FIELD_YES_WORDS), typed))
		return MESSAGE_YES;
	if (answer_means(message_text(ask_renew, FIELD_NO_WORDS), typed))
		return MESSAGE_NO;
	if (answer_means(message_text(ask_renew, FIELD_LATER_WORDS), typed))
		return MESSAGE_LATER;
	return 0;
}
