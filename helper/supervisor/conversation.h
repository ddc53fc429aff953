/* SPDX-License-Identifier: MIT */
/*
 * One conversation: who asks, for whom, under which configuration. certrenew-helper.c runs it;
 * decide.c says whether it may take place.
 */
#ifndef CERTRENEW_SUPERVISOR_CONVERSATION_H
#define CERTRENEW_SUPERVISOR_CONVERSATION_H

#include <sys/types.h>

#include "conf/config.h"
#include "helper/common/message.h"
#include "helper/supervisor/permit.h"

enum { USER_NAME_MAX = 256 };

struct conversation {
	int channel; /* the front end's; closed once renew has it */
	int64_t started;
	uid_t peer;
	struct message *request;
	struct config *config;
	enum config_prompt prompt;
	char user[USER_NAME_MAX];
	uid_t uid;
	bool attended; /* a question was asked: the login's time limit no longer holds */
	int lock;      /* of the token, -1 before */
	struct permits permits;
	bool logged; /* how it ended is in the log already */
};

static inline enum request_action conversation_action(const struct conversation *conversation)
{
	return (enum request_action)message_number(conversation->request, FIELD_ACTION);
}

static inline bool conversation_is_login(const struct conversation *conversation)
{
	enum request_action action = conversation_action(conversation);

	return action == REQUEST_LOGIN || action == REQUEST_ACCOUNT;
}

/* The card's keys are used, and nothing on it is changed. */
static inline bool conversation_leaves_card(const struct conversation *conversation)
{
	enum request_action action = conversation_action(conversation);

	return action == REQUEST_REVOKE || action == REQUEST_PHRASE;
}

enum decision {
	DECISION_GO,	 /* start check */
	DECISION_SILENT, /* no concern of ours: end, and let the login go on */
	DECISION_REFUSE, /* tell the peer why */
};

/*
 * Reads the configuration (anew, the second time) and decides, by the request and by who sent it.
 * Only root may name another user, another configuration or a login; on the socket the peer must be
 * whom [access] allow names.
 */
enum decision decide(struct conversation *conversation, struct failure *failure);

/* Whether the user has an active session on this machine's seat, by sd-login. */
bool seat_is_of(uid_t uid);

#endif
