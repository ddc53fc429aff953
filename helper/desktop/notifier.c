/* SPDX-License-Identifier: MIT */
#include "helper/desktop/notifier.h"

#include <string.h>

#include <libnotify/notify.h>

#include "helper/common/clock.h"
#include "helper/common/log.h"
#include "helper/words/desktop.h"

static const char icon[] = "dialog-password";

/* Within ACTION_MS after a click the server closes the bubble that was clicked: no one's wish. */
enum { FAREWELL_SECONDS = 1, ACTION_MS = 1000 };

/* What the thread is to bring about. */
struct wish {
	struct content *content;
	unsigned number; /* of the content: the same one may be wanted again */
	unsigned server; /* a new number for each server; 0: there is none */
	bool quit;
};

struct notifier {
	GMutex lock;
	GCond done;
	struct wish wish; /* under the lock */
	bool ended;	  /* under the lock */
	GMainContext *context;
	GThread *thread;
	void (*event)(void *data, enum notifier_event event);
	void *data;

	/* the thread's own */
	NotifyNotification *bubble;
	gint number; /* the server's, kept when the server closes it: what comes next replaces it */
	int64_t acted_at; /* the last click, on clock_now's clock */
	unsigned shown, server;
	bool has_actions, has_body, has_markup;
	bool has_click; /* the click on the bubble itself is an action, and not one more button */
	bool has_bar;	/* a bar stands below the text, not in its place */
};

struct happening {
	struct notifier *notifier;
	enum notifier_event event;
	unsigned number; /* of the content that the person saw */
};

/* The person may have answered what was there before the latest content: no answer to that. */
static gboolean on_happening(gpointer data)
{
	struct happening *happening = data;
	struct notifier *notifier = happening->notifier;
	bool overtaken;

	g_mutex_lock(&notifier->lock);
	overtaken = happening->number != notifier->wish.number;
	g_mutex_unlock(&notifier->lock);
	if (!overtaken)
		notifier->event(notifier->data, happening->event);
	return G_SOURCE_REMOVE;
}

static void report(struct notifier *notifier, enum notifier_event event)
{
	struct happening *happening = g_new(struct happening, 1);

	*happening = (struct happening){notifier, event, notifier->shown};
	g_idle_add_full(G_PRIORITY_DEFAULT, on_happening, happening, g_free);
}

static void forget_bubble(struct notifier *notifier)
{
	if (notifier->bubble == NULL)
		return;
	g_signal_handlers_disconnect_by_data(notifier->bubble, notifier);
	notify_notification_clear_actions(notifier->bubble);
	g_clear_object(&notifier->bubble);
}

static void on_closed(NotifyNotification *bubble, gpointer data)
{
	struct notifier *notifier = data;
	int reason = notify_notification_get_closed_reason(bubble);

	/* libnotify tells of one closing only, also where the same one is shown again. */
	forget_bubble(notifier);
	if (clock_now() - notifier->acted_at >= ACTION_MS)
		report(notifier, reason == NOTIFY_CLOSED_REASON_DISMISSED ? NOTIFIER_DISMISSED
									  : NOTIFIER_GONE);
}

static void act(struct notifier *notifier, enum notifier_event event)
{
	notifier->acted_at = clock_now();
	report(notifier, event);
}

static void on_action(NotifyNotification *bubble, char *action, gpointer data)
{
	(void)bubble;
	if (strcmp(action, "later") == 0)
		act(data, NOTIFIER_LATER);
	else if (strcmp(action, "details") == 0)
		act(data, NOTIFIER_DETAILS);
	else
		act(data, NOTIFIER_RENEW);
}

/* The click on the bubble itself, where there is nothing to renew. */
static void on_details(NotifyNotification *bubble, char *action, gpointer data)
{
	(void)bubble;
	(void)action;
	act(data, NOTIFIER_DETAILS);
}

static bool has(GList *capabilities, const char *name)
{
	return g_list_find_custom(capabilities, name, (GCompareFunc)strcmp) != NULL;
}

static void read_capabilities(struct notifier *notifier)
{
	GList *capabilities = notify_get_server_caps();
	char *name = NULL;

	notifier->has_actions = has(capabilities, "actions");
	notifier->has_body = has(capabilities, "body");
	notifier->has_markup = has(capabilities, "body-markup");
	g_list_free_full(capabilities, g_free);
	/* No capability tells: this one's click is one more button, and its bar hides the text. */
	notifier->has_click = notifier->has_bar =
	    !notify_get_server_info(&name, NULL, NULL, NULL) ||
	    strcmp(name, "Xfce Notify Daemon") != 0;
	g_free(name);
}

static void set_actions(struct notifier *notifier, const struct content *content)
{
	NotifyNotification *bubble = notifier->bubble;

	notify_notification_clear_actions(bubble);
	if (!notifier->has_actions || !content->question)
		return;
	/* Some servers have no buttons, only the click. */
	if (notifier->has_click && content->can_renew)
		notify_notification_add_action(bubble, "default", desktop_renew_now(), on_action,
					       notifier, NULL);
	else if (notifier->has_click)
		notify_notification_add_action(bubble, "default", desktop_details(), on_details,
					       notifier, NULL);
	if (content->can_renew)
		notify_notification_add_action(bubble, "renew", desktop_renew_now(), on_action,
					       notifier, NULL);
	notify_notification_add_action(bubble, "later", desktop_later(), on_action, notifier, NULL);
	notify_notification_add_action(bubble, "details", desktop_details(), on_action, notifier,
				       NULL);
}

static void set_hints(struct notifier *notifier, const struct content *content)
{
	NotifyNotification *bubble = notifier->bubble;

	notify_notification_clear_hints(bubble);
	notify_notification_set_category(bubble, "device");
	notify_notification_set_urgency(bubble, content->critical ? NOTIFY_URGENCY_CRITICAL
								  : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_hint(bubble, "desktop-entry", g_variant_new_string("certrenew"));
	if (notifier->has_bar && content->progress >= 0)
		notify_notification_set_hint(bubble, "value",
					     g_variant_new_int32(content->progress));
	notify_notification_set_timeout(bubble, content->stays ? NOTIFY_EXPIRES_NEVER
							       : NOTIFY_EXPIRES_DEFAULT);
}

static void show(struct notifier *notifier, const struct content *content)
{
	char *summary = content_summary(content, notifier->has_body, notifier->has_actions);
	char *body = notifier->has_body
			 ? content_body(content, notifier->has_actions, notifier->has_markup)
			 : g_strdup("");
	GError *error = NULL;

	if (notifier->bubble == NULL) {
		notifier->bubble = notify_notification_new(summary, body, icon);
		g_signal_connect(notifier->bubble, "closed", G_CALLBACK(on_closed), notifier);
	} else {
		notify_notification_update(notifier->bubble, summary, body, icon);
	}
	g_object_set(notifier->bubble, "id", notifier->number, NULL);
	set_hints(notifier, content);
	set_actions(notifier, content);
	if (!notify_notification_show(notifier->bubble, &error)) {
		log_line(EVENT_NOT_SHOWN, "the notification was not shown: %s",
			 error != NULL ? error->message : "no reason given");
		g_clear_error(&error);
		forget_bubble(notifier);
	} else {
		g_object_get(notifier->bubble, "id", &notifier->number, NULL);
	}
	g_free(summary);
	g_free(body);
}

static void hide(struct notifier *notifier)
{
	NotifyNotification *bubble = notifier->bubble;
	gint number = notifier->number;

	/* That it is closed may be said only when the next one is shown. */
	notifier->number = 0;
	if (bubble == NULL)
		return;
	g_object_ref(bubble);
	forget_bubble(notifier);
	g_object_set(bubble, "id", number, NULL);
	(void)notify_notification_close(bubble, NULL);
	g_object_unref(bubble);
}

/* Returns false when there is nothing more to do at all. */
static bool bring_about(struct notifier *notifier)
{
	struct wish wish;

	g_mutex_lock(&notifier->lock);
	wish = notifier->wish;
	if (wish.content != NULL)
		wish.content = content_copy(wish.content);
	g_mutex_unlock(&notifier->lock);
	/* A new server knows nothing of what the last one showed, and may have its number in use.
	 */
	if (wish.server != notifier->server) {
		forget_bubble(notifier);
		notifier->number = 0;
		notifier->server = wish.server;
		notifier->shown = 0;
		if (wish.server != 0)
			read_capabilities(notifier);
	}
	if (wish.server != 0 && wish.content == NULL)
		hide(notifier);
	else if (wish.server != 0 && wish.number != notifier->shown)
		show(notifier, wish.content);
	notifier->shown = wish.number;
	content_free(wish.content);
	return !wish.quit;
}

static gpointer run(gpointer data)
{
	struct notifier *notifier = data;

	g_main_context_push_thread_default(notifier->context);
	notify_init("certrenew");
	while (bring_about(notifier))
		g_main_context_iteration(notifier->context, TRUE);
	g_main_context_pop_thread_default(notifier->context);
	g_mutex_lock(&notifier->lock);
	notifier->ended = true;
	g_cond_signal(&notifier->done);
	g_mutex_unlock(&notifier->lock);
	return NULL;
}

struct notifier *notifier_new(void (*event)(void *data, enum notifier_event event), void *data)
{
	struct notifier *notifier = g_new0(struct notifier, 1);

	g_mutex_init(&notifier->lock);
	g_cond_init(&notifier->done);
	notifier->event = event;
	notifier->data = data;
	notifier->acted_at = clock_now() - ACTION_MS;
	notifier->context = g_main_context_new();
	notifier->thread = g_thread_new("notifier", run, notifier);
	return notifier;
}

void notifier_set_server(struct notifier *notifier, bool present)
{
	static unsigned servers;

	g_mutex_lock(&notifier->lock);
	notifier->wish.server = present ? ++servers : 0;
	g_mutex_unlock(&notifier->lock);
	g_main_context_wakeup(notifier->context);
}

void notifier_show(struct notifier *notifier, const struct content *content)
{
	g_mutex_lock(&notifier->lock);
	content_free(notifier->wish.content);
	notifier->wish.content = content != NULL ? content_copy(content) : NULL;
	notifier->wish.number++;
	g_mutex_unlock(&notifier->lock);
	g_main_context_wakeup(notifier->context);
}

void notifier_free(struct notifier *notifier)
{
	gint64 deadline = g_get_monotonic_time() + FAREWELL_SECONDS * G_TIME_SPAN_SECOND;
	bool ended = true;

	notifier_show(notifier, NULL);
	g_mutex_lock(&notifier->lock);
	notifier->wish.quit = true;
	g_main_context_wakeup(notifier->context);
	while (!notifier->ended && ended)
		ended = g_cond_wait_until(&notifier->done, &notifier->lock, deadline);
	g_mutex_unlock(&notifier->lock);
	/* A server that hangs: the process ends with the thread, which still uses all this. */
	if (!notifier->ended)
		return;
	g_thread_join(notifier->thread);
	g_main_context_unref(notifier->context);
	g_mutex_clear(&notifier->lock);
	g_cond_clear(&notifier->done);
	g_free(notifier);
}
