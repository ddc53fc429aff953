/* SPDX-License-Identifier: MIT */
#include "helper/desktop/arrival.h"

#include <stdbool.h>

#include <gio/gio.h>

#include "helper/common/paths.h"

/* A socket is there a moment before anybody listens at it. */
enum { MOMENT_MS = 1000 };

struct arrival {
	GFileMonitor *monitor;
	bool of_folder; /* the socket's own folder is there and watched */
	guint moment;
	void (*arrived)(void *data);
	void *data;
};

static void watch(struct arrival *arrival);

static gboolean on_moment(gpointer data)
{
	struct arrival *arrival = data;

	arrival->moment = 0;
	arrival->arrived(arrival->data);
	return G_SOURCE_REMOVE;
}

static void look_for_socket(struct arrival *arrival)
{
	if (arrival->moment == 0 && g_file_test(PATH_SOCKET, G_FILE_TEST_EXISTS))
		arrival->moment = g_timeout_add(MOMENT_MS, on_moment, arrival);
}

static void on_change(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
		      gpointer data)
{
	struct arrival *arrival = data;

	(void)monitor;
	(void)file;
	(void)other;
	(void)event;
	if (arrival->of_folder != g_file_test(PATH_RUN, G_FILE_TEST_IS_DIR)) {
		g_clear_object(&arrival->monitor);
		watch(arrival);
	}
	look_for_socket(arrival);
}

/* A folder that exists: GLib looks for one that does not every few seconds. */
static void watch(struct arrival *arrival)
{
	GFile *folder;

	arrival->of_folder = g_file_test(PATH_RUN, G_FILE_TEST_IS_DIR);
	folder = g_file_new_for_path(arrival->of_folder ? PATH_RUN : RUNSTATEDIR);
	arrival->monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_NONE, NULL, NULL);
	if (arrival->monitor != NULL)
		g_signal_connect(arrival->monitor, "changed", G_CALLBACK(on_change), arrival);
	g_object_unref(folder);
}

struct arrival *arrival_new(void (*arrived)(void *data), void *data)
{
	struct arrival *arrival = g_new0(struct arrival, 1);

	arrival->arrived = arrived;
	arrival->data = data;
	watch(arrival);
	/* It may have come between the connection that failed and the watch. */
	look_for_socket(arrival);
	return arrival;
}

void arrival_free(struct arrival *arrival)
{
	if (arrival == NULL)
		return;
	if (arrival->moment != 0)
		g_source_remove(arrival->moment);
	g_clear_object(&arrival->monitor);
	g_free(arrival);
}
