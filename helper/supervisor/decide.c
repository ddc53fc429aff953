/* SPDX-License-Identifier: MIT */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "helper/common/paths.h"
#include "helper/supervisor/conversation.h"

static bool is_named(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool is_in_group(const char *user, gid_t primary, const char *group_name)
{
	gid_t groups[1024];
	int count = 1024;
	const struct group *group = getgrnam(group_name);
	gid_t wanted;

	if (group == NULL)
		return false;
	wanted = group->gr_gid;
	if (getgrouplist(user, primary, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == wanted)
			return true;
	return false;
}

static bool is_allowed(const char *allow, const struct passwd *user)
{
	if (user->pw_uid == 0 || strcmp(allow, "all") == 0)
		return true;
	if (strncmp(allow, "group:", 6) == 0)
		return is_in_group(user->pw_name, user->pw_gid, allow + 6);
	return seat_is_of(user->pw_uid);
}

/* What only root may put into a request. */
static bool asks_too_much(const struct message *request)
{
	return message_has(request, FIELD_USER) || message_has(request, FIELD_CONFIG) ||
	       message_has(request, FIELD_PROMPT) || message_has(request, FIELD_SERVICE) ||
	       message_number(request, FIELD_ACTION) == REQUEST_LOGIN ||
	       message_number(request, FIELD_ACTION) == REQUEST_ACCOUNT;
}

/* Numbers that no front end of ours sends. */
static int check_numbers(const struct message *request, struct failure *failure)
{
	int64_t reason = message_number(request, FIELD_REASON);

	if ((message_number(request, FIELD_FLAGS) & ~(int64_t)REQUEST_FLAGS_ALL) != 0)
		return fail(failure, FAILURE_PROTOCOL, "unknown flags");
	if (reason < 0 || reason > REQUEST_REASON_MAX)
		return fail(failure, FAILURE_REVOKE_REASON, "there is no such reason");
	return 0;
}

/* The name is looked up here, not believed: by the PAM caller's word or by the peer's uid. */
static int resolve_user(struct conversation *conversation, struct failure *failure)
{
	const char *named = message_text(conversation->request, FIELD_USER);
	const struct passwd *user;

	user = named[0] != '\0' ? getpwnam(named) : getpwuid(conversation->peer);
	if (user == NULL || strlen(user->pw_name) >= sizeof(conversation->user))
		return fail(failure, FAILURE_REFUSED, "no such user");
	strcpy(conversation->user, user->pw_name);
	conversation->uid = user->pw_uid;
	/* A driver in check or renew that would start another conversation. */
	if (strcmp(conversation->user, CERTRENEW_USER) == 0)
		return fail(failure, FAILURE_REFUSED, "user %s is no person", CERTRENEW_USER);
	return 0;
}

static int read_config(struct conversation *conversation, struct failure *failure)
{
	const char *named = message_text(conversation->request, FIELD_CONFIG);
	const char *prompt = message_text(conversation->request, FIELD_PROMPT);
	struct config_error error = {""};

	config_free(conversation->config);
	conversation->config = NULL;
	if (config_load(named[0] != '\0' ? named : PATH_CONFIG, named[0] == '\0',
			&conversation->config, &error) < 0)
		return fail(failure, FAILURE_CONFIG, "%s", error.text);
	conversation->prompt = conversation->config->prompt;
	if (prompt[0] != '\0' && config_parse_prompt(prompt, &conversation->prompt) < 0)
		return fail(failure, FAILURE_PROTOCOL, "prompt=%s", prompt);
	/* Installed, and not configured: nothing could come of a question. */
	if (conversation->config->ca_count == 0)
		conversation->prompt = PROMPT_OFF;
	return 0;
}

/* A card is spoken about if the login used it, or if the session is this machine's own seat's. */
static bool is_a_login_of_ours(const struct conversation *conversation)
{
	const struct message *request = conversation->request;
	const char *service = message_text(request, FIELD_SERVICE);
	const char *const *services = (const char *const *)conversation->config->services;

	if (services[0] == NULL)
		services = config_default_services;
	return conversation->prompt != PROMPT_OFF && conversation->uid != 0 &&
	       is_named(services, service) &&
	       ((message_number(request, FIELD_FLAGS) & REQUEST_SEAT) != 0 ||
		message_has(request, FIELD_TOKEN));
}

static enum decision decide_login(struct conversation *conversation)
{
	bool account = message_number(conversation->request, FIELD_ACTION) == REQUEST_ACCOUNT;

	if (!is_a_login_of_ours(conversation))
		return DECISION_SILENT;
	if (account && conversation->prompt != PROMPT_REQUIRE)
		return DECISION_SILENT;
	return DECISION_GO;
}

/* prompt = off: nothing is said unasked, on the desktop neither; a person who asks is answered. */
static bool is_unwanted(const struct conversation *conversation)
{
	const struct message *request = conversation->request;
	int64_t action = message_number(request, FIELD_ACTION);
	bool fresh = (message_number(request, FIELD_FLAGS) & REQUEST_FRESH) != 0;

	return conversation->prompt == PROMPT_OFF &&
	       ((action == REQUEST_DUE && !fresh) || action == REQUEST_WATCH);
}

enum decision decide(struct conversation *conversation, struct failure *failure)
{
	const struct message *request = conversation->request;
	const struct passwd *peer;

	if (conversation->peer != 0 && asks_too_much(request)) {
		fail(failure, FAILURE_REFUSED, "uid %u asks what only root may",
		     (unsigned)conversation->peer);
		return DECISION_REFUSE;
	}
	if (check_numbers(request, failure) < 0 || resolve_user(conversation, failure) < 0 ||
	    read_config(conversation, failure) < 0)
		return DECISION_REFUSE;
	switch (message_number(request, FIELD_ACTION)) {
	case REQUEST_LOGIN:
	case REQUEST_ACCOUNT:
		return decide_login(conversation);
	case REQUEST_STATUS:
	case REQUEST_RENEW:
	case REQUEST_DUE:
	case REQUEST_LATER:
	case REQUEST_WATCH:
	case REQUEST_REVOKE:
	case REQUEST_PHRASE:
		break;
	default:
		fail(failure, FAILURE_PROTOCOL, "unknown action");
		return DECISION_REFUSE;
	}
	peer = getpwuid(conversation->peer);
	if (peer == NULL || !is_allowed(conversation->config->allow, peer)) {
		fail(failure, FAILURE_REFUSED, "[access] allow = %s", conversation->config->allow);
		return DECISION_REFUSE;
	}
	return is_unwanted(conversation) ? DECISION_SILENT : DECISION_GO;
}
