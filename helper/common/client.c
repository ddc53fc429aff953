/* SPDX-License-Identifier: MIT */
#include "helper/common/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include "helper/common/answer.h"
#include "helper/common/launch.h"
#include "helper/common/paths.h"

/* Whatever the helper says. */
enum { TERMS_LONGEST_MS = 24 * 60 * 60 * 1000 };

static int connect_socket(int *ret_channel, struct failure *failure)
{
	if (launch_connect(ret_channel) == 0)
		return 0;
	return fail_errno(failure, "%s", PATH_SOCKET);
}

static struct message *message_of(const struct client_request *request)
{
	struct message *message = message_new(MESSAGE_REQUEST);

	message_put_number(message, FIELD_ACTION, request->action);
	message_put_text(message, FIELD_LANGUAGE, request->language);
	message_put_text(message, FIELD_TOKEN_SERIAL, request->token_serial);
	message_put_number(message, FIELD_FLAGS, request->flags);
	message_put_text(message, FIELD_ISSUER, request->issuer);
	message_put_text(message, FIELD_SERIAL, request->serial);
	if (request->action == REQUEST_REVOKE)
		message_put_number(message, FIELD_REASON, request->reason);
	return message;
}

int client_open(const struct client_request *request, int *ret_channel, struct failure *failure)
{
	int channel = -1, result;

	if (geteuid() != 0)
		result = connect_socket(&channel, failure);
	else if ((result = launch_helper(&channel)) < 0)
		fail_errno(failure, "%s", PATH_HELPER);
	if (result < 0)
		return result;
	result = message_send(channel, message_of(request));
	if (result < 0) {
		close(channel);
		return fail(failure, FAILURE_SYSTEM, "the helper does not listen");
	}
	*ret_channel = channel;
	return 0;
}

void client_answer(int channel, struct message *answer)
{
	if (message_send(channel, answer) < 0)
		shutdown(channel, SHUT_RDWR);
}

static bool is_due(enum message_type type, const struct client_heard *heard)
{
	switch (type) {
	case MESSAGE_FAILED:
		return true;
	case MESSAGE_TERMS:
		return !heard->anything;
	case MESSAGE_ASK_TOKEN:
	case MESSAGE_ASK_RENEW:
	case MESSAGE_ASK_PIN:
	case MESSAGE_STEP:
		return heard->anything && !heard->done && !heard->asks_due;
	case MESSAGE_CHECKED:
		return heard->anything && !heard->checked && (!heard->done || heard->asks_due);
	case MESSAGE_CERTIFICATE:
	case MESSAGE_UNFINISHED:
	case MESSAGE_NOTICE:
	case MESSAGE_RENEWED:
	case MESSAGE_WAITING:
	case MESSAGE_DONE:
		return heard->anything && (!heard->done || heard->asks_due);
	default:
		return false;
	}
}

static int silence_in(const struct message *terms)
{
	int64_t timeout = message_number(terms, FIELD_TIMEOUT);

	if (timeout < 0 || timeout > TERMS_LONGEST_MS)
		timeout = timeout < 0 ? 0 : TERMS_LONGEST_MS;
	return (int)timeout + CLIENT_GRACE_MS;
}

int client_hear(struct client_heard *heard, const struct message *message, struct failure *failure)
{
	enum message_type type = message_type(message);

	if (!is_due(type, heard))
		return fail(failure, FAILURE_PROTOCOL, "message %d from the helper, out of order",
			    (int)type);
	heard->anything = true;
	heard->checked = heard->checked || type == MESSAGE_CHECKED;
	heard->asked = heard->asked || answer_is_due(type);
	heard->done = heard->done || type == MESSAGE_DONE;
	if (type == MESSAGE_TERMS)
		heard->silence_ms = silence_in(message);
	return 0;
}

static int patience(const struct client_heard *heard)
{
	if (!heard->anything)
		return CLIENT_FIRST_MS;
	return heard->asked ? -1 : heard->silence_ms;
}

int client_receive(int channel, struct client_heard *heard, struct message **ret,
		   struct failure *failure)
{
	struct message *message = NULL;
	int result;

	result = message_await(channel, patience(heard), failure);
	if (result == 0)
		result = message_receive(channel, CLIENT_REST_MS, &message, failure);
	if (result < 0)
		return result;
	result = client_hear(heard, message, failure);
	if (result < 0)
		message_free(message);
	else
		*ret = message;
	return result;
}
