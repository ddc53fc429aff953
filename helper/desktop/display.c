/* SPDX-License-Identifier: MIT */
#include "helper/desktop/display.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib-unix.h>
#include <xcb/xcb.h>

struct display {
	xcb_connection_t *x; /* NULL: the plain connection to a Wayland server counts */
	int wayland;
	guint source;
	void (*gone)(void *data);
	void *data;
};

static gboolean on_event(gint connection, GIOCondition condition, gpointer data)
{
	struct display *display = data;
	bool gone;

	(void)connection;
	if (display->x != NULL) {
		for (xcb_generic_event_t *event; (event = xcb_poll_for_event(display->x)) != NULL;)
			free(event);
		gone = xcb_connection_has_error(display->x) != 0;
	} else {
		gone = (condition & (G_IO_HUP | G_IO_ERR)) != 0;
	}
	if (!gone)
		return G_SOURCE_CONTINUE;
	display->source = 0;
	display->gone(display->data);
	return G_SOURCE_REMOVE;
}

/* A client that never says a word is served like any other. */
static int connect_wayland(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *folder = getenv("XDG_RUNTIME_DIR"), *name = getenv("WAYLAND_DISPLAY");
	int connection, length;

	if (name == NULL || name[0] == '\0' || (name[0] != '/' && folder == NULL))
		return -1;
	length = snprintf(address.sun_path, sizeof(address.sun_path), "%s%s%s",
			  name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name);
	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return -1;
	connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connection >= 0 &&
	    connect(connection, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		close(connection);
		return -1;
	}
	return connection;
}

static xcb_connection_t *connect_x(void)
{
	xcb_connection_t *x;

	if (getenv("DISPLAY") == NULL)
		return NULL;
	x = xcb_connect(NULL, NULL);
	if (xcb_connection_has_error(x) == 0)
		return x;
	xcb_disconnect(x);
	return NULL;
}

struct display *display_new(void (*gone)(void *data), void *data)
{
	struct display *display;
	xcb_connection_t *x = NULL;
	int wayland = connect_wayland();

	/* Under Wayland an X server is a guest that comes and goes. */
	if (wayland < 0)
		x = connect_x();
	if (wayland < 0 && x == NULL)
		return NULL;
	display = g_new0(struct display, 1);
	display->x = x;
	display->wayland = wayland;
	display->gone = gone;
	display->data = data;
	display->source = g_unix_fd_add(
	    x != NULL ? xcb_get_file_descriptor(x) : wayland,
	    x != NULL ? G_IO_IN | G_IO_HUP | G_IO_ERR : G_IO_HUP | G_IO_ERR, on_event, display);
	return display;
}

void display_free(struct display *display)
{
	if (display == NULL)
		return;
	if (display->source != 0)
		g_source_remove(display->source);
	if (display->x != NULL)
		xcb_disconnect(display->x);
	if (display->wayland >= 0)
		close(display->wayland);
	g_free(display);
}
