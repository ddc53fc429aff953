/* SPDX-License-Identifier: MIT */
#include "pam_module/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper/common/client.h"
#include "helper/common/clock.h"
#include "helper/common/launch.h"
#include "pam_module/alarm.h"
#include "pam_module/conversation.h"

/* Where the exchange stands. */
struct progress {
	const struct exchange *exchange;
	struct findings *findings;
	int channel;
	int64_t requested; /* clock_now() at the request */
	int64_t timeout;   /* what the helper may take unattended, from its TERMS */
	int64_t deadline;  /* of the module itself, while nobody attends */
	bool answered;	   /* the helper has said something */
	struct client_heard heard;
	bool attended; /* the last answer was one to go on with */
	bool settled;  /* an end now is a proper one */
	bool ended;    /* that was the last message */
	bool over;     /* what the helper still does, nobody has to wait for */
};

static int64_t clamp(int64_t value, int64_t lowest, int64_t highest)
{
	return value < lowest ? lowest : value > highest ? highest : value;
}

static struct message *request_of(const struct exchange *exchange, int64_t flags)
{
	const struct login *login = exchange->login;
	struct message *request = message_new(MESSAGE_REQUEST);

	if (login_is_at_seat(login))
		flags |= REQUEST_SEAT;
	if (login_is_on_console(login))
		flags |= REQUEST_CONSOLE;
	message_put_number(request, FIELD_ACTION, exchange->action);
	message_put_text(request, FIELD_USER, login->user);
	message_put_text(request, FIELD_SERVICE, login->service);
	message_put_text(request, FIELD_LANGUAGE, login->language);
	message_put_text(request, FIELD_TOKEN, login->token);
	message_put_text(request, FIELD_PROMPT, exchange->options->prompt);
	message_put_text(request, FIELD_CONFIG, exchange->options->config);
	message_put_number(request, FIELD_FLAGS, flags);
	return request;
}

static int send_request(const struct exchange *exchange, int64_t flags, int channel,
			struct failure *failure)
{
	if (message_send(channel, request_of(exchange, flags)) < 0)
		return fail(failure, FAILURE_SYSTEM, "certrenew-helper took no request");
	return 0;
}

static int patience(const struct progress *progress)
{
	int64_t limit = progress->attended ? EXCHANGE_ATTENDED_MS : clock_left(progress->deadline);
	int64_t spare = alarm_spare();

	return (int)(spare >= 0 && spare < limit ? spare : limit);
}

static void show(struct progress *progress, const struct message *message)
{
	const struct exchange *exchange = progress->exchange;
	const char *sentence = message_text(message, FIELD_SENTENCE);

	if (exchange->silent || (exchange->told != NULL && strcmp(exchange->told, sentence) == 0))
		return;
	conversation_show(exchange->pamh, message);
	free(progress->findings->told);
	progress->findings->told = strdup(sentence);
}

static void take_terms(struct progress *progress, const struct message *terms)
{
	progress->timeout =
	    clamp(message_number(terms, FIELD_TIMEOUT), EXCHANGE_SHORTEST_MS, EXCHANGE_LONGEST_MS);
	progress->deadline = progress->requested + progress->timeout + EXCHANGE_GRACE_MS;
	/* Not where `require` is known to be in force: there silence would be a hole. */
	if (progress->exchange->action == REQUEST_ACCOUNT &&
	    !options_prompt_is(progress->exchange->options, "require"))
		progress->settled = true;
}

static void take_checked(struct progress *progress, const struct message *checked)
{
	progress->findings->checked = true;
	if (message_has(checked, FIELD_CODE))
		progress->findings->code = message_number(checked, FIELD_CODE);
	progress->findings->certificates = message_number(checked, FIELD_OF);
	progress->findings->due = message_number(checked, FIELD_COUNT);
	progress->findings->expired = message_number(checked, FIELD_EXPIRED);
}

/*
 * Nobody is asked where nothing is due, or where it was only said: what is left to do, to keep what
 * was found and to let go of the driver, the login need not wait for.
 */
static bool is_all(const struct progress *progress, const struct message *checked)
{
	return progress->exchange->action == REQUEST_LOGIN &&
	       (message_number(checked, FIELD_COUNT) == 0 ||
		strcmp(message_text(checked, FIELD_PROMPT), "notice") == 0);
}

/* The account stage looks and never asks: what is due is the session's matter. */
static int answer(struct progress *progress, const struct message *question,
		  struct failure *failure)
{
	const struct exchange *exchange = progress->exchange;
	struct message *reply;
	bool declined;

	if (exchange->silent || exchange->action != REQUEST_LOGIN)
		reply = conversation_refuse(question);
	else
		reply = conversation_ask(exchange->pamh, question);
	if (reply == NULL)
		return fail_errno(failure, "no memory for an answer");
	declined = conversation_declines(message_type(reply));
	progress->attended = !declined;
	progress->settled = declined;
	progress->deadline = clock_deadline(progress->timeout + EXCHANGE_GRACE_MS);
	if (message_send(progress->channel, reply) < 0)
		return fail(failure, FAILURE_PROTOCOL, "certrenew-helper waits for no answer");
	return 0;
}

/* The last message: a driver that hangs when it is unloaded is no reason to wait. */
static void end(struct progress *progress)
{
	progress->settled = true;
	progress->ended = true;
	progress->attended = false;
	progress->deadline = clock_deadline(EXCHANGE_GRACE_MS);
}

static int take(struct progress *progress, const struct message *message, struct failure *failure)
{
	enum message_type type = message_type(message);
	int result;

	if (progress->ended && type != MESSAGE_FAILED)
		return fail(failure, FAILURE_PROTOCOL, "message %d behind the end", (int)type);
	result = client_hear(&progress->heard, message, failure);
	if (result < 0)
		return result;
	switch (type) {
	case MESSAGE_TERMS:
		take_terms(progress, message);
		return 0;
	case MESSAGE_CERTIFICATE: /* its facts are in the sentences too; only status lists it */
		return 0;
	case MESSAGE_CHECKED:
		take_checked(progress, message);
		progress->settled = true;
		progress->over = is_all(progress, message);
		if (progress->exchange->action == REQUEST_ACCOUNT)
			end(progress);
		return 0;
	case MESSAGE_FAILED:
		progress->findings->code = message_number(message, FIELD_CODE);
		progress->settled = true;
		show(progress, message);
		return 0;
	case MESSAGE_DONE:
		end(progress);
		show(progress, message);
		return 0;
	case MESSAGE_WAITING:
		progress->settled = true;
		show(progress, message);
		return 0;
	case MESSAGE_NOTICE:
	case MESSAGE_STEP:
	case MESSAGE_RENEWED:
		show(progress, message);
		return 0;
	case MESSAGE_ASK_TOKEN:
	case MESSAGE_ASK_RENEW:
	case MESSAGE_ASK_PIN:
		return answer(progress, message, failure);
	default:
		return fail(failure, FAILURE_PROTOCOL, "message %d is not for a login", (int)type);
	}
}

static int follow(struct progress *progress, struct failure *failure)
{
	struct message *message = NULL;
	int result;

	do {
		result = message_receive(progress->channel, patience(progress), &message, failure);
		if (result < 0)
			break;
		progress->answered = true;
		result = take(progress, message, failure);
		message_free(message);
	} while (result == 0 && !progress->over);
	if (progress->over)
		return 0;
	if (result == -FAILURE_TIMEOUT && progress->ended)
		return 0;
	if (result != -FAILURE_CANCELLED)
		return result;
	return progress->settled
		   ? 0
		   : fail(failure, FAILURE_PROTOCOL, "certrenew-helper ended without a result");
}

/* One helper, until it ends or until its time is up; closes the channel. */
static int converse(struct progress *progress, int channel, int64_t deadline,
		    struct failure *failure)
{
	int result;

	progress->channel = channel;
	progress->deadline = deadline;
	progress->requested = clock_now();
	result = send_request(progress->exchange, 0, channel, failure);
	if (result == 0)
		result = follow(progress, failure);
	close(channel);
	return result;
}

int exchange_run(const struct exchange *exchange, struct findings *ret_findings,
		 struct failure *failure)
{
	struct findings findings = {0};
	struct progress progress = {
	    .exchange = exchange,
	    .findings = &findings,
	    .timeout = EXCHANGE_TERMS_MS,
	};
	int channel, result = 0;

	/* systemd's helper is not in the session's scope, and so outlives the session. */
	if (launch_connect(&channel) == 0)
		result = converse(&progress, channel, clock_deadline(EXCHANGE_SOCKET_MS), failure);
	if (!progress.answered) {
		result = launch_helper(&channel);
		if (result < 0)
			result =
			    fail(failure, FAILURE_SYSTEM, "certrenew-helper cannot be started");
		else
			result = converse(&progress, channel,
					  exchange->start + EXCHANGE_TERMS_MS + EXCHANGE_GRACE_MS,
					  failure);
	}
	*ret_findings = findings;
	return result;
}

int exchange_detached(const struct exchange *exchange, struct failure *failure)
{
	int channel, result;

	/* Where systemd holds the socket: a tenth of the time, and nothing of ours in the session.
	 */
	if (launch_connect(&channel) < 0 && launch_helper(&channel) < 0)
		return fail(failure, FAILURE_SYSTEM, "certrenew-helper cannot be started");
	result = send_request(exchange, REQUEST_DETACHED, channel, failure);
	close(channel);
	return result;
}
