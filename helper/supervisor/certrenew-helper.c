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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/common/clock.h"
#include "helper/common/dialogue.h"
#include "helper/common/log.h"
#include "helper/common/paths.h"
#include "helper/common/token_name.h"
#include "helper/supervisor/child.h"
#include "helper/supervisor/conversation.h"
#include "helper/supervisor/folders.h"

enum {
	REQUEST_TIMEOUT_MS = 5000, /* a peer that connects and says nothing is sent away */
	ANSWER_SLACK_MS = 10000,   /* renew itself ends an unanswered question; for its death */
	ENDING_MS = 1000,	   /* that a login waits for a driver to end, with the work done */
	CARD_CALLS = 2,		   /* card time-outs that fit into one working stage */
	LANGUAGES_MAX = 256,	   /* bytes of a list of languages; gettext users name a few */
};

static const char *const action_names[] = {
    [REQUEST_LOGIN] = "login",
    [REQUEST_ACCOUNT] = "account",
    [REQUEST_STATUS] = "status",
    [REQUEST_RENEW] = "renew",
};

static enum request_action action_of(const struct conversation *conversation)
{
	return (enum request_action)message_number(conversation->request, FIELD_ACTION);
}

static bool is_login(const struct conversation *conversation)
{
	enum request_action action = action_of(conversation);

	return action == REQUEST_LOGIN || action == REQUEST_ACCOUNT;
}

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
	(void)message_send(conversation->channel, checked);
}

static void say_terms(const struct conversation *conversation)
{
	struct message *terms = message_new(MESSAGE_TERMS);
	int64_t seconds = is_login(conversation) ? conversation->config->timeout
						 : conversation->config->card_timeout;

	message_put_number(terms, FIELD_TIMEOUT, seconds * 1000);
	(void)message_send(conversation->channel, terms);
}

static int64_t longest_ca_timeout(const struct config *config)
{
	int64_t longest = 0;

	for (size_t i = 0; i < config->ca_count; i++)
		if (config->cas[i].timeout > longest)
			longest = config->cas[i].timeout;
	return longest;
}

/* How long a child may stay silent in a stage. */
static int64_t deadline_of(const struct conversation *conversation, enum report_stage stage)
{
	const struct config *config = conversation->config;

	switch (stage) {
	case REPORT_END:
		return clock_deadline(is_login(conversation) ? ENDING_MS
							     : config->card_timeout * 1000);
	case REPORT_READING:
		if (is_login(conversation) && !conversation->attended)
			return conversation->started + config->timeout * 1000;
		return clock_deadline(config->card_timeout * 1000);
	case REPORT_ASKING:
		return clock_deadline(config->question_timeout * 1000 + ANSWER_SLACK_MS);
	case REPORT_WORKING:
		return clock_deadline((CARD_CALLS * config->card_timeout +
				       4 * longest_ca_timeout(config) + config->status.timeout) *
				      1000);
	default:
		return -1; /* a write is never cut short */
	}
}

/*
 * Follows a child to its end. *ret_last is its last report. What it does after REPORT_END is its
 * driver's matter: it may hang or crash there, and has done its work.
 */
static int follow(struct conversation *conversation, struct child *child, struct report *ret_last,
		  struct failure *failure)
{
	struct report report = {.stage = REPORT_READING};
	int result;

	do {
		*ret_last = report;
		result =
		    child_follow(child, deadline_of(conversation, report.stage), &report, failure);
		if (result == 1 && report.stage == REPORT_ASKING)
			conversation->attended = true;
	} while (result == 1);
	if (result < 0)
		child_abandon(child);
	else
		result = child_reap(child, failure);
	if (ret_last->stage != REPORT_END)
		return result < 0 ? result : fail(failure, FAILURE_CRASHED, "ended without a word");
	if (result < 0)
		log_failure(LOG_INFO, "after its work was done, the driver", failure);
	*failure = (struct failure){.code = FAILURE_NONE};
	return 0;
}

/* One line for each child: who, which token and certificates, what, and how it ended. */
static void log_outcome(const struct conversation *conversation, const struct report *report,
			const struct failure *failure)
{
	const char *action = action_names[action_of(conversation)];
	const char *token = report->token_serial[0] != '\0' ? report->token_serial : "none";
	const char *ending = failure_name(report->code);

	if (failure->code != FAILURE_NONE)
		log_line(LOG_WARNING, "%s for %s: %s: %s: %s", action, conversation->user,
			 conversation->lock >= 0 ? "renew" : "check", failure_name(failure->code),
			 failure->detail);
	else if (conversation->lock >= 0)
		log_line(LOG_INFO,
			 "%s for %s: renew: token %s: %u of %u renewed, certificates %s: %s",
			 action, conversation->user, token, report->renewed, report->of,
			 report->certificates, ending);
	else
		log_line(LOG_INFO, "%s for %s: check: token %s: %u renewable, %u expired: %s",
			 action, conversation->user, token, report->renewable, report->expired,
			 ending);
}

/* What no child of ours did: a peer that breaks the rules or may not ask, a token that is busy. */
static void log_refusal(const struct conversation *conversation, const struct failure *failure)
{
	char uid[32];

	snprintf(uid, sizeof(uid), "uid %u", (unsigned)conversation->peer);
	log_failure(LOG_WARNING, conversation->user[0] != '\0' ? conversation->user : uid, failure);
}

/* Starts one of the two programs and follows it; renew takes the channel along. */
static int run(struct conversation *conversation, const struct account *account, const char *path,
	       const struct task *task, struct report *ret_report, struct failure *failure)
{
	bool renewing = conversation->lock >= 0;
	struct child child;
	int result;

	result = child_start(account, path, task, conversation->channel, conversation->lock, &child,
			     failure);
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

static bool wants_renewal(const struct conversation *conversation, const struct report *report)
{
	if (report->code != FAILURE_NONE || report->renewable == 0 ||
	    has_flag(conversation, REQUEST_DETACHED))
		return false;
	return action_of(conversation) == REQUEST_RENEW ||
	       (action_of(conversation) == REQUEST_LOGIN && conversation->prompt >= PROMPT_ASK);
}

static int renew(struct conversation *conversation, const struct account *account,
		 struct task *task, const struct report *found, struct failure *failure)
{
	char name[TOKEN_NAME_MAX];
	struct report report = {.stage = 0};

	conversation->logged = false;
	task->token_serial = found->token_serial;
	task->token_label = found->token_label;
	conversation->lock =
	    folders_lock(token_name(found->token_serial, found->token_label, name), failure);
	if (conversation->lock < 0)
		return conversation->lock;
	return run(conversation, account, PATH_RENEW, task, &report, failure);
}

/* A list of languages that would leave the other arguments no room names none. */
static const char *language_of(const struct conversation *conversation)
{
	const char *names = message_text(conversation->request, FIELD_LANGUAGE);

	return strlen(names) < LANGUAGES_MAX ? names : "";
}

static int check_and_renew(struct conversation *conversation, struct failure *failure)
{
	const char *config = message_text(conversation->request, FIELD_CONFIG);
	char unfinished[2048];
	struct report found = {.stage = 0};
	struct account account;
	struct task task = {
	    .action = action_of(conversation),
	    .prompt = conversation->prompt,
	    .config = config[0] != '\0' ? config : PATH_CONFIG,
	    .language = language_of(conversation),
	    .token_label = message_text(conversation->request, FIELD_TOKEN),
	    .token_serial = message_text(conversation->request, FIELD_TOKEN_SERIAL),
	    .unfinished = unfinished,
	    .assume_yes = has_flag(conversation, REQUEST_ASSUME_YES),
	    .detached = has_flag(conversation, REQUEST_DETACHED),
	    .console = has_flag(conversation, REQUEST_CONSOLE),
	    .fresh = has_flag(conversation, REQUEST_FRESH),
	    .certificates = has_flag(conversation, REQUEST_CERTIFICATES),
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
	switch (decide(conversation, failure)) {
	case DECISION_REFUSE:
		return -(int)failure->code;
	case DECISION_SILENT:
		say_terms(conversation);
		say_nothing_found(conversation);
		return 0;
	case DECISION_GO:
		break;
	}
	say_terms(conversation);
	return check_and_renew(conversation, failure);
}

/* Nothing of whoever started us is kept but the channel. */
static void harden(void)
{
	const struct rlimit core = {0, 0};

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &core);
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
