/* SPDX-License-Identifier: MIT */
/*
 * The helper's messages as a PAM conversation. All sentences come from the helper; here they
 * are only shown, and what a person types becomes an answer.
 */
#ifndef CERTRENEW_PAM_CONVERSATION_H
#define CERTRENEW_PAM_CONVERSATION_H

#include <stdbool.h>

#include <security/pam_modules.h>

#include "helper/common/message.h"

/* Shows the message's sentence, and what to do next, if it has them. */
void conversation_show(pam_handle_t *pamh, const struct message *message);

/* Asks and returns the answer, a legal one in every case; NULL when there is no memory. */
struct message *conversation_ask(pam_handle_t *pamh, const struct message *question);

/* The answer to a question that nobody is asked: UNSHOWN where the helper knows it, or CANCEL. */
struct message *conversation_refuse(const struct message *question);

/* Whether nothing more is to be done for this answer: no, later, cancel, not shown. */
bool conversation_declines(enum message_type answer);

#endif
