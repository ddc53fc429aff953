/* SPDX-License-Identifier: MIT */
#include "helper/desktop/talk.h"

#include <stdbool.h>
#include <unistd.h>

#include <glib-unix.h>

struct talk {
	int channel;
	guint source;
	guint silence; /* until the first message */
	struct client_heard heard;
	const struct talk_events *events;
	void *data;
	bool busy;   /* an event is being handled: whoever closes the talk must not free it */
	bool closed; /* by its owner */
};

static void release(struct talk *talk)
{
	if (talk->source != 0)
		g_source_remove(talk->source);
	if (talk->silence != 0)
		g_source_remove(talk->silence);
	close(talk->channel);
	g_free(talk);
}

static gboolean on_readable(gint channel, GIOCondition condition, gpointer data)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct message *message = NULL;
	struct talk *talk = data;
	int result;

	(void)condition;
	result = message_receive(channel, CLIENT_REST_MS, &message, &failure);
	if (result == 0)
		result = client_hear(&talk->heard, message, &failure);
	talk->busy = true;
	if (result == 0)
		talk->events->message(talk->data, message);
	else
		talk->events->end(talk->data, &failure);
	talk->busy = false;
	message_free(message);
	if (result == 0 && !talk->closed)
		return G_SOURCE_CONTINUE;
	talk->source = 0;
	release(talk);
	return G_SOURCE_REMOVE;
}

static gboolean on_silence(gpointer data)
{
	struct talk *talk = data;
	struct failure failure;

	talk->silence = 0;
	if (talk->heard.anything)
		return G_SOURCE_REMOVE;
	fail(&failure, FAILURE_TIMEOUT, "the helper says nothing");
	talk->busy = true;
	talk->events->end(talk->data, &failure);
	release(talk);
	return G_SOURCE_REMOVE;
}

int talk_open(const struct client_request *request, const struct talk_events *events, void *data,
	      struct talk **ret, struct failure *failure)
{
	struct client_request ours = *request;
	struct talk *talk;
	int channel = -1, result;

	ours.flags |= REQUEST_DESKTOP;
	result = client_open(&ours, &channel, failure);
	if (result < 0)
		return result;
	talk = g_new0(struct talk, 1);
	talk->channel = channel;
	talk->heard.asks_due = request->action == REQUEST_DUE || request->action == REQUEST_WATCH;
	talk->events = events;
	talk->data = data;
	talk->silence = g_timeout_add(CLIENT_FIRST_MS, on_silence, talk);
	talk->source = g_unix_fd_add(channel, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, talk);
	*ret = talk;
	return 0;
}

void talk_answer(struct talk *talk, struct message *answer)
{
	client_answer(talk->channel, answer);
}

void talk_close(struct talk *talk)
{
	if (talk == NULL)
		return;
	talk->closed = true;
	if (!talk->busy)
		release(talk);
}
