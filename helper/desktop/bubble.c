/* SPDX-License-Identifier: MIT */
#include "helper/desktop/bubble.h"

#include "helper/common/log.h"

/* A desktop that has just started brings its own server before this. */
enum { PATIENCE_SECONDS = 15, START_TIMEOUT_MS = 25000 };

static const char server_name[] = "org.freedesktop.Notifications";

struct bubble {
	GDBusConnection *bus;
	guint watch, patience;
	bool present, hidden;
	bool called; /* the bus was asked for a server, which is done once for each content */
	struct content *content;
	struct notifier *notifier;
};

static void stop_waiting(struct bubble *bubble)
{
	if (bubble->patience != 0)
		g_source_remove(bubble->patience);
	bubble->patience = 0;
}

static gboolean on_patience_ended(gpointer data)
{
	struct bubble *bubble = data;

	bubble->patience = 0;
	bubble->called = true;
	log_line(EVENT_NO_SERVER, "no server for notifications yet: the bus is asked to start one");
	g_dbus_connection_call(bubble->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
			       "org.freedesktop.DBus", "StartServiceByName",
			       g_variant_new("(su)", server_name, 0), NULL, G_DBUS_CALL_FLAGS_NONE,
			       START_TIMEOUT_MS, NULL, NULL, NULL);
	return G_SOURCE_REMOVE;
}

static void update(struct bubble *bubble)
{
	notifier_show(bubble->notifier, bubble->hidden ? NULL : bubble->content);
	if (bubble->present || bubble->hidden || bubble->content == NULL)
		stop_waiting(bubble);
	else if (bubble->patience == 0 && !bubble->called)
		bubble->patience =
		    g_timeout_add_seconds(PATIENCE_SECONDS, on_patience_ended, bubble);
}

static void on_appeared(GDBusConnection *bus, const gchar *name, const gchar *owner, gpointer data)
{
	struct bubble *bubble = data;

	(void)bus;
	(void)name;
	(void)owner;
	bubble->present = true;
	notifier_set_server(bubble->notifier, true);
	update(bubble);
}

static void on_vanished(GDBusConnection *bus, const gchar *name, gpointer data)
{
	struct bubble *bubble = data;

	(void)bus;
	(void)name;
	bubble->present = false;
	notifier_set_server(bubble->notifier, false);
	update(bubble);
}

struct bubble *bubble_new(GDBusConnection *bus,
			  void (*event)(void *data, enum notifier_event event), void *data)
{
	struct bubble *bubble = g_new0(struct bubble, 1);

	bubble->bus = bus;
	bubble->notifier = notifier_new(event, data);
	bubble->watch =
	    g_bus_watch_name_on_connection(bus, server_name, G_BUS_NAME_WATCHER_FLAGS_NONE,
					   on_appeared, on_vanished, bubble, NULL);
	return bubble;
}

void bubble_show(struct bubble *bubble, struct content *content)
{
	content_free(bubble->content);
	bubble->content = content;
	/* Some servers end when they have shown nothing for a while. */
	bubble->called = false;
	update(bubble);
}

void bubble_again(struct bubble *bubble)
{
	update(bubble);
}

void bubble_hide(struct bubble *bubble, bool hidden)
{
	bubble->hidden = hidden;
	update(bubble);
}

void bubble_free(struct bubble *bubble)
{
	g_bus_unwatch_name(bubble->watch);
	stop_waiting(bubble);
	notifier_free(bubble->notifier);
	content_free(bubble->content);
	g_free(bubble);
}
