/* SPDX-License-Identifier: MIT */
/* Which answers are legal to which question, and what a typed word means. libc only. */
#ifndef CERTRENEW_ANSWER_H
#define CERTRENEW_ANSWER_H

#include <stdbool.h>

#include "helper/common/message.h"

/* Whether it is a question, which some answer may follow. */
bool answer_is_due(enum message_type question);

/* Whether `answer` may follow `question`; false for whatever the table does not name. */
bool answer_is_legal(enum message_type question, enum message_type answer);

/* Whether what was typed is one of the words ("yes y"), whatever its ASCII case and blanks. */
bool answer_means(const char *words, const char *typed);

/*
 * What a person typed to ASK_RENEW: MESSAGE_YES, MESSAGE_NO or MESSAGE_LATER by the question's
 * own word lists, without regard to ASCII case and surrounding blanks; an empty line is LATER.
 * 0 if it is none of these: ask again.
 */
enum message_type answer_from_text(const struct message *ask_renew, const char *typed);

#endif
