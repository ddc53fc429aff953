/* SPDX-License-Identifier: MIT */
#include "helper/desktop/seat.h"

#include <stddef.h>
#include <unistd.h>

#include <glib-unix.h>
#include <systemd/sd-login.h>

static const char the_seat[] = "seat0";

struct seat {
	sd_login_monitor *monitor; /* NULL without logind */
	guint source;
	void (*changed)(void *data);
	void *data;
};

static gboolean on_event(gint monitor, GIOCondition condition, gpointer data)
{
	struct seat *seat = data;

	(void)monitor;
	(void)condition;
	sd_login_monitor_flush(seat->monitor);
	seat->changed(seat->data);
	return G_SOURCE_CONTINUE;
}

struct seat *seat_new(void (*changed)(void *data), void *data)
{
	struct seat *seat = g_new0(struct seat, 1);

	seat->changed = changed;
	seat->data = data;
	if (sd_login_monitor_new("seat", &seat->monitor) >= 0)
		seat->source =
		    g_unix_fd_add(sd_login_monitor_get_fd(seat->monitor), G_IO_IN, on_event, seat);
	else
		seat->monitor = NULL;
	return seat;
}

bool seat_is_active(void)
{
	return sd_uid_is_on_seat(getuid(), 0, the_seat) <= 0 ||
	       sd_uid_is_on_seat(getuid(), 1, the_seat) > 0;
}

void seat_free(struct seat *seat)
{
	if (seat->source != 0)
		g_source_remove(seat->source);
	sd_login_monitor_unref(seat->monitor);
	g_free(seat);
}
