/* SPDX-License-Identifier: MIT */
/* certrenew-agent: the desktop's face, one process for each desktop session. It has no right that
 * its user has not. */
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <assuan.h>
#include <gio/gio.h>
#include <glib-unix.h>

#include "helper/common/log.h"
#include "helper/common/secret.h"
#include "helper/desktop/agent.h"
#include "helper/desktop/display.h"
#include "helper/words/desktop.h"
#include "helper/words/language.h"
#include "helper/words/sentence.h"

static const char application_id[] = "org.certrenew.Agent";

struct options {
	bool renew;
	const char *pinentry;
};

static int help(void)
{
	puts(_("Usage: certrenew-agent [OPTION]\n"
	       "\n"
	       "Tells on the desktop that a smartcard's certificates expire, and renews them.\n"));
	printf("  --renew            %s\n",
	       _("renew now, whether or not it is time to be reminded"));
	printf("  --pinentry PATH    %s\n", _("the program that asks for the PIN"));
	puts("\n  --help, --version");
	return EXIT_SUCCESS;
}

/* `what` may be NULL. */
static int misuse(const char *what)
{
	if (what != NULL)
		fprintf(stderr, "certrenew-agent: %s\n", what);
	fprintf(stderr, "%s\n", _("Try 'certrenew-agent --help'."));
	return EXIT_FAILURE;
}

/* Returns an exit status, or -1 to go on. */
static int read_options(int count, char *arguments[], struct options *ret)
{
	static const struct option options[] = {
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {"renew", no_argument, NULL, 'r'},
	    {"pinentry", required_argument, NULL, 'p'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(count, arguments, ":hV", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			return help();
		case 'V':
			puts("certrenew-agent " VERSION);
			return EXIT_SUCCESS;
		case 'r':
			ret->renew = true;
			break;
		case 'p':
			ret->pinentry = optarg;
			break;
		case ':':
			return misuse(NULL);
		default:
			return misuse(_("no such option"));
		}
	}
	return optind == count ? -1 : misuse(NULL);
}

/* The bus that the desktop has. GLib would start one of its own, on which nobody listens. */
static GDBusConnection *connect_bus(void)
{
	char *address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	GDBusConnection *bus = NULL;

	if (address != NULL && !g_str_has_prefix(address, "autolaunch:"))
		bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	g_free(address);
	if (bus == NULL)
		fprintf(stderr, "certrenew-agent: %s\n", desktop_no_bus());
	else
		g_dbus_connection_set_exit_on_close(bus, FALSE);
	return bus;
}

static gboolean on_signal(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_CONTINUE;
}

static void on_bus_closed(GDBusConnection *bus, gboolean vanished, GError *error, gpointer loop)
{
	(void)bus;
	(void)vanished;
	(void)error;
	g_main_loop_quit(loop);
}

static void on_display_gone(void *loop)
{
	log_line(EVENT_DESKTOP_ENDED, "the desktop has ended");
	g_main_loop_quit(loop);
}

static void on_renew(GSimpleAction *action, GVariant *parameter, gpointer agent)
{
	(void)action;
	(void)parameter;
	agent_demand(agent);
}

/* What a second start wants is done by the first. */
static void on_activate(GApplication *application, gpointer data)
{
	(void)application;
	(void)data;
}

static int run(GApplication *application, GDBusConnection *bus, const struct options *options)
{
	const struct agent_setup setup = {bus, language_of_environment(), options->pinentry};
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	GSimpleAction *action = g_simple_action_new("renew", NULL);
	struct display *display = display_new(on_display_gone, loop);
	struct agent *agent = agent_new(&setup);

	g_signal_connect(action, "activate", G_CALLBACK(on_renew), agent);
	g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(action));
	g_signal_connect(bus, "closed", G_CALLBACK(on_bus_closed), loop);
	g_unix_signal_add(SIGTERM, on_signal, loop);
	g_unix_signal_add(SIGHUP, on_signal, loop);
	g_unix_signal_add(SIGINT, on_signal, loop);
	agent_start(agent, options->renew);
	g_main_loop_run(loop);
	g_action_map_remove_action(G_ACTION_MAP(application), "renew");
	g_signal_handlers_disconnect_by_data(bus, loop);
	agent_free(agent);
	display_free(display);
	g_object_unref(action);
	g_main_loop_unref(loop);
	return EXIT_SUCCESS;
}

static int hand_over(GApplication *application, GDBusConnection *bus, const struct options *options)
{
	if (options->renew)
		g_action_group_activate_action(G_ACTION_GROUP(application), "renew", NULL);
	g_dbus_connection_flush_sync(bus, NULL, NULL);
	return EXIT_SUCCESS;
}

int main(int count, char *arguments[])
{
	struct options options = {false, NULL};
	GApplication *application;
	GDBusConnection *bus;
	GError *error = NULL;
	int status;

	language_choose(language_of_environment(), false);
	sentence_choose_place(true);
	status = read_options(count, arguments, &options);
	if (status >= 0)
		return status;
	secret_seal_process();
	/* A pinentry that has ended must not end its caller. */
	signal(SIGPIPE, SIG_IGN);
	log_open("certrenew-agent");
	bus = connect_bus();
	if (bus == NULL)
		return EXIT_FAILURE;
	assuan_set_gpg_err_source(GPG_ERR_SOURCE_USER_1);
	application = g_application_new(application_id, 0);
	g_signal_connect(application, "activate", G_CALLBACK(on_activate), NULL);
	if (!g_application_register(application, NULL, &error)) {
		log_line(EVENT_NO_BUS, "the session bus: %s", error->message);
		fprintf(stderr, "certrenew-agent: %s\n", desktop_no_bus());
		g_error_free(error);
		status = EXIT_FAILURE;
	} else if (g_application_get_is_remote(application)) {
		status = hand_over(application, bus, &options);
	} else {
		status = run(application, bus, &options);
	}
	g_object_unref(application);
	g_object_unref(bus);
	return status;
}
