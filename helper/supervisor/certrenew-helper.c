/* SPDX-License-Identifier: MIT */
/*
 * certrenew-helper: root, one for each conversation. It decides who may ask and about whose card,
 * starts check and then renew as user _certrenew, holds the deadlines and the token's lock, and
 * logs. It parses no card or network byte, loads no driver, never sees a PIN: once renew has the
 * channel, it has none.
 *
 * The channel is descriptor 3: a socketpair from the PAM module or the command (--detach), or a
 * connection that systemd accepted on the socket.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/common/dialogue.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/common/secret.h"
#include "helper/common/token_name.h"
#include "helper/supervisor/aside.h"
#include "helper/supervisor/child.h"
#include "helper/supervisor/conversation.h"
#include "helper/supervisor/follow.h"
#include "helper/supervisor/folders.h"

enum {
	REQUEST_TIMEOUT_MS = 5000, /* a peer that connects and says nothing is sent away */
	LANGUAGES_MAX = 256,	   /* bytes of a list of languages; gettext users name a few */
	UNFINISHED_MAX = 2048,
};

static const char *const action_names[] = {
    [REQUEST_LOGIN] = "login", [REQUEST_ACCOUNT] = "account", [REQUEST_STATUS] = "status",
    [REQUEST_RENEW] = "renew", [REQUEST_DUE] = "due",	      [REQUEST_LATER] = "later",
    [REQUEST_WATCH] = "watch", [REQUEST_REVOKE] = "revoke",   [REQUEST_PHRASE] = "set-phrase",
};

static bool has_flag(const struct conversation *conversation, int64_t flag)
{
	return (message_number(conversation->request, FIELD_FLAGS) & flag) != 0;
}

/* Codes only: every sentence is made in the unprivileged programs. */
static void say_failed(const struct conversation *conversation, const struct failure *failure)
{
	struct message *failed;

	if (conversation->channel < 0)
		return;
	failed = message_new(MESSAGE_FAILED);
	message_put_number(failed, FIELD_CODE, failure->code);
	(void)message_send(conversation->channel, failed);
}

static void say_nothing_found(const struct conversation *conversation)
{
	struct message *checked = message_new(MESSAGE_CHECKED);

	message_put_number(checked, FIELD_COUNT, 0);
	message_put_number(checked, FIELD_OF, 0);
	message_put_number(checked, FIELD_EXPIRED, 0);
	message_put_text(checked, FIELD_PROMPT, config_prompt_name(conversation->prompt));
	(void)message_send(conversation->channel, checked);
}

/* A login that has not waited for us has started another helper, and would meet this one's lock. */
static int say_terms(const struct conversation *conversation, struct failure *failure)
{
	struct message *terms = message_new(MESSAGE_TERMS);

	message_put_number(terms, FIELD_TIMEOUT, follow_longest(conversation) * 1000);
	if (message_send(conversation->channel, terms) < 0 && conversation_is_login(conversation) &&
	    !has_flag(conversation, REQUEST_DETACHED))
		return fail(failure, FAILURE_CANCELLED, "the login did not wait");
	return 0;
}

/* One line for each child: who, which token and certificates, what, and how it ended. */
static void log_outcome(const struct conversation *conversation, const struct report *report,
			const struct failure *failure)
{
	const char *action = action_names[conversation_action(conversation)];
	const char *token = report->token_serial[0] != '\0' ? report->token_serial : "none";
	const char *ending = failure_name(report->code);

	if (failure->code != FAILURE_NONE)
		log_line(EVENT_CONVERSATION_FAILED, "%s for %s: %s: %s: %s", action,
			 conversation->user, conversation->lock >= 0 ? "renew" : "check",
			 failure_name(failure->code), failure->detail);
	else if (conversation->lock >= 0 && conversation_leaves_card(conversation))
		log_line(EVENT_RENEW_ENDED, "%s for %s: renew: token %s: %s", action,
			 conversation->user, token, ending);
	else if (conversation->lock >= 0)
		log_line(EVENT_RENEW_ENDED,
			 "%s for %s: renew: token %s: %u of %u renewed, certificates %s: %s",
			 action, conversation->user, token, report->renewed, report->of,
			 report->certificates, ending);
	else
		log_line(EVENT_CHECKED, "%s for %s: check: token %s: %u renewable, %u expired: %s",
			 action, conversation->user, token, report->renewable, report->expired,
			 ending);
}

/* What no child of ours did: a peer that breaks the rules or may not ask, a token that is busy. */
static void log_refusal(const struct conversation *conversation, const struct failure *failure)
{
	char uid[32];

	snprintf(uid, sizeof(uid), "uid %u", (unsigned)conversation->peer);
	log_failure(EVENT_REFUSED, conversation->user[0] != '\0' ? conversation->user : uid,
		    failure);
}

/* Starts one of the two programs and follows it; renew takes the channel along. */
static int run(struct conversation *conversation, const struct account *account, const char *path,
	       const struct task *task, struct report *ret_report, struct failure *failure)
{
	bool renewing = conversation->lock >= 0;
	struct child child;
	int result;

	result = permit(&conversation->permits, renewing ? EVENT_RENEW : EVENT_CHECK, failure);
	if (result == 0)
		result = child_start(account, path, task, conversation->channel, conversation->lock,
				     &child, failure);
	if (result == 0 && renewing) {
		close(conversation->channel);
		conversation->channel = -1;
	}
	if (result == 0)
		result = follow(conversation, &child, ret_report, failure);
	log_outcome(conversation, ret_report, failure);
	conversation->logged = true;
	return result;
}

/* Whether renew is to be started: it has the card's keys, also to revoke with them. */
static bool wants_renewal(const struct conversation *conversation, const struct report *report)
{
	if (report->code != FAILURE_NONE || report->to_renew == 0 ||
	    has_flag(conversation, REQUEST_DETACHED))
		return false;
	return conversation_action(conversation) == REQUEST_RENEW ||
	       conversation_leaves_card(conversation) ||
	       (conversation_action(conversation) == REQUEST_LOGIN &&
		conversation->prompt >= PROMPT_ASK);
}

/* A program that wants the certificates themselves wants nothing else. */
static bool wants_unfinished(const struct conversation *conversation, const struct report *report)
{
	return conversation_action(conversation) == REQUEST_STATUS &&
	       report->code == FAILURE_NONE && report->unfinished[0] != '\0' &&
	       !has_flag(conversation, REQUEST_CERTIFICATES);
}

static int renew(struct conversation *conversation, const struct account *account,
		 struct task *task, const struct report *found, struct failure *failure)
{
	char name[TOKEN_NAME_MAX];
	struct report report = {.stage = 0};
	int result;

	conversation->logged = false;
	task->token_serial = found->token_serial;
	task->token_label = found->token_label;
	conversation->lock =
	    folders_lock(token_name(found->token_serial, found->token_label, name), failure);
	if (conversation->lock == -FAILURE_BUSY && conversation_is_login(conversation))
		aside_busy(conversation, account, task);
	if (conversation->lock < 0)
		return conversation->lock;
	result = run(conversation, account, PATH_RENEW, task, &report, failure);
	/* Of one of two it is not known here which. */
	if (result == 0 && report.renewed > 0 && report.renewed == report.of)
		aside_verify(conversation, account, task, &report);
	return result;
}

/* A list of languages that would leave the other arguments no room names none. */
static const char *language_of(const struct conversation *conversation)
{
	const char *names = message_text(conversation->request, FIELD_LANGUAGE);

	return strlen(names) < LANGUAGES_MAX ? names : "";
}

/*
 * A card was inserted, maybe hours after the request. Who may ask, and what is unfinished, is as it
 * is now; and a session that has lost the seat sees nobody else's card.
 */
static int look_at_card(struct conversation *conversation, const struct account *account,
			struct task *task, struct failure *failure)
{
	char unfinished[UNFINISHED_MAX];
	struct report report = {.stage = 0};

	conversation->logged = false;
	switch (decide(conversation, failure)) {
	case DECISION_REFUSE:
		return -(int)failure->code;
	case DECISION_SILENT:
		say_nothing_found(conversation);
		return 0;
	case DECISION_GO:
		break;
	}
	folders_unfinished(unfinished, sizeof(unfinished));
	task->action = REQUEST_DUE;
	task->fresh = true;
	task->prompt = conversation->prompt;
	task->unfinished = unfinished;
	return run(conversation, account, PATH_CHECK, task, &report, failure);
}

static int check_and_renew(struct conversation *conversation, struct failure *failure)
{
	const char *config = message_text(conversation->request, FIELD_CONFIG);
	char unfinished[UNFINISHED_MAX];
	struct report found = {.stage = 0};
	struct account account;
	struct task task = {
	    .action = conversation_action(conversation),
	    .prompt = conversation->prompt,
	    .config = config[0] != '\0' ? config : PATH_CONFIG,
	    .language = language_of(conversation),
	    .token_label = message_text(conversation->request, FIELD_TOKEN),
	    .token_serial = message_text(conversation->request, FIELD_TOKEN_SERIAL),
	    .issuer = message_text(conversation->request, FIELD_ISSUER),
	    .serial = message_text(conversation->request, FIELD_SERIAL),
	    .unfinished = unfinished,
	    .assume_yes = has_flag(conversation, REQUEST_ASSUME_YES),
	    .detached = has_flag(conversation, REQUEST_DETACHED),
	    .console = has_flag(conversation, REQUEST_CONSOLE),
	    .desktop = has_flag(conversation, REQUEST_DESKTOP),
	    .fresh = has_flag(conversation, REQUEST_FRESH),
	    .certificates = has_flag(conversation, REQUEST_CERTIFICATES),
	    .reason = (int)message_number(conversation->request, FIELD_REASON),
	    .uid = conversation->uid,
	};
	int result;

	result = child_account(&account, failure);
	if (result == 0)
		result = folders_make(account.uid, account.gid, failure);
	if (result < 0)
		return result;
	folders_unfinished(unfinished, sizeof(unfinished));
	result = run(conversation, &account, PATH_CHECK, &task, &found, failure);
	if (result == 0 && task.action == REQUEST_WATCH && found.code == FAILURE_NONE)
		return look_at_card(conversation, &account, &task, failure);
	if (result == 0 && wants_unfinished(conversation, &found))
		aside_unfinished(conversation, &account, &task, &found);
	if (result < 0 || !wants_renewal(conversation, &found))
		return result;
	return renew(conversation, &account, &task, &found, failure);
}

static int begin(struct conversation *conversation, struct failure *failure)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	conversation->started = clock_now();
	if (getsockopt(conversation->channel, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		return fail_errno(failure, "descriptor %d is no socket", conversation->channel);
	conversation->peer = peer.uid;
	return message_receive(conversation->channel, REQUEST_TIMEOUT_MS, &conversation->request,
			       failure);
}

static int converse(struct conversation *conversation, struct failure *failure)
{
	int result;

	result = begin(conversation, failure);
	if (result < 0)
		return result;
	if (message_type(conversation->request) != MESSAGE_REQUEST)
		return fail(failure, FAILURE_PROTOCOL, "uid %u did not begin with a request",
			    (unsigned)conversation->peer);
	conversation->permits.action = conversation_action(conversation);
	result = permit(&conversation->permits, EVENT_REQUEST, failure);
	if (result < 0)
		return result;
	switch (decide(conversation, failure)) {
	case DECISION_REFUSE:
		return -(int)failure->code;
	case DECISION_SILENT:
		result = say_terms(conversation, failure);
		say_nothing_found(conversation);
		return result;
	case DECISION_GO:
		break;
	}
	result = say_terms(conversation, failure);
	return result < 0 ? result : check_and_renew(conversation, failure);
}

/* Nothing of whoever started us is kept but the channel. */
static void harden(void)
{
	secret_seal_process();
	umask(077);
	if (chdir("/") < 0)
		_exit(1);
	clearenv();
	closefrom(DIALOGUE_CHANNEL + 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

int main(int count, char *arguments[])
{
	struct conversation conversation = {.channel = DIALOGUE_CHANNEL, .lock = -1};
	struct failure failure = {.code = FAILURE_NONE};
	int result;

	/* The first process ends at once, so that we are nobody's child; see launch.h. */
	if (count == 2 && strcmp(arguments[1], "--detach") == 0 && fork() != 0)
		_exit(0);
	harden();
	log_open("certrenew-helper");
	result = converse(&conversation, &failure);
	if (result < 0) {
		say_failed(&conversation, &failure);
		if (!conversation.logged)
			log_refusal(&conversation, &failure);
	}
	message_free(conversation.request);
	config_free(conversation.config);
	return result < 0;
}
