/* SPDX-License-Identifier: MIT */
/* What a person does with a bubble, as the agent hears of it: from a server that does what the test
 * says, on a bus of its own. */
#include <gio/gio.h>

#include "helper/desktop/notifier.h"
#include "tests/unit/unit.h"

enum { BUBBLE = 7, DISMISSED = 2 };

static const char interface_name[] = "org.freedesktop.Notifications";
static const char path[] = "/org/freedesktop/Notifications";
static const char interface[] =
    "<node><interface name='org.freedesktop.Notifications'>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<method name='GetServerInformation'><arg type='s' direction='out'/>"
    "<arg type='s' direction='out'/><arg type='s' direction='out'/>"
    "<arg type='s' direction='out'/></method>"
    "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "</interface></node>";

static GTestDBus *bus;
static GDBusConnection *server;
static GThread *server_thread;
static GMainLoop *server_loop;
static gint shown; /* bubbles, atomically */
static struct notifier *notifier;
static unsigned dismissed, others;

static void on_call(GDBusConnection *connection, const gchar *sender, const gchar *object,
		    const gchar *called, const gchar *method, GVariant *parameters,
		    GDBusMethodInvocation *invocation, gpointer data)
{
	static const char *const capabilities[] = {"body", "actions", NULL};

	(void)connection;
	(void)sender;
	(void)object;
	(void)called;
	(void)parameters;
	(void)data;
	if (strcmp(method, "GetCapabilities") == 0) {
		g_dbus_method_invocation_return_value(invocation,
						      g_variant_new("(^as)", capabilities));
	} else if (strcmp(method, "GetServerInformation") == 0) {
		g_dbus_method_invocation_return_value(
		    invocation, g_variant_new("(ssss)", "test", "test", "1", "1.2"));
	} else if (strcmp(method, "Notify") == 0) {
		g_dbus_method_invocation_return_value(invocation, g_variant_new("(u)", BUBBLE));
		g_atomic_int_inc(&shown);
	} else {
		g_dbus_method_invocation_return_value(invocation, NULL);
	}
}

static gpointer serve(gpointer context)
{
	static const GDBusInterfaceVTable calls = {.method_call = on_call};
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface, NULL);
	GVariant *reply;

	g_main_context_push_thread_default(context);
	g_dbus_connection_register_object(server, path, node->interfaces[0], &calls, NULL, NULL,
					  NULL);
	g_dbus_node_info_unref(node);
	reply = g_dbus_connection_call_sync(server, "org.freedesktop.DBus", "/org/freedesktop/DBus",
					    "org.freedesktop.DBus", "RequestName",
					    g_variant_new("(su)", interface_name, 0), NULL,
					    G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	if (reply != NULL)
		g_variant_unref(reply);
	notifier_set_server(notifier, true);
	g_main_loop_run(server_loop);
	g_main_context_pop_thread_default(context);
	return NULL;
}

static void on_event(void *data, enum notifier_event event)
{
	(void)data;
	if (event == NOTIFIER_DISMISSED)
		dismissed++;
	else
		others++;
}

static int begin(void **state)
{
	GMainContext *context = g_main_context_new();

	(void)state;
	bus = g_test_dbus_new(G_TEST_DBUS_NONE);
	g_test_dbus_up(bus);
	server = g_dbus_connection_new_for_address_sync(
	    g_test_dbus_get_bus_address(bus),
	    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
		G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
	    NULL, NULL, NULL);
	if (server == NULL)
		return -1;
	notifier = notifier_new(on_event, NULL);
	server_loop = g_main_loop_new(context, FALSE);
	server_thread = g_thread_new("server", serve, context);
	g_main_context_unref(context);
	return 0;
}

static int end(void **state)
{
	GDBusConnection *session = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);

	(void)state;
	notifier_free(notifier);
	g_main_loop_quit(server_loop);
	g_thread_join(server_thread);
	g_main_loop_unref(server_loop);
	g_object_unref(server);
	/* The bus ends before what libnotify keeps of it. */
	g_dbus_connection_set_exit_on_close(session, FALSE);
	g_object_unref(session);
	/* To free it would wait until libnotify has let go of the bus, which it does not. */
	g_test_dbus_stop(bus);
	return 0;
}

/* Shows it, and returns when it is there: the `number`th bubble. */
static void show(const char *summary, gint number)
{
	const struct content content = {
	    .summary = (char *)summary, .body = (char *)"", .progress = -1, .stays = true};

	notifier_show(notifier, &content);
	while (g_atomic_int_get(&shown) < number)
		g_usleep(1000);
}

static void close_bubble(void)
{
	assert_true(g_dbus_connection_emit_signal(server, NULL, path, interface_name,
						  "NotificationClosed",
						  g_variant_new("(uu)", BUBBLE, DISMISSED), NULL));
}

/* The notifier has seen it, and the main loop has not run yet. */
static void is_heard_of(void)
{
	while (!g_main_context_pending(NULL))
		g_usleep(1000);
}

static void come_to_rest(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void what_was_closed_is_told(void **state)
{
	(void)state;
	show("The result", 1);
	come_to_rest();
	close_bubble();
	is_heard_of();
	come_to_rest();
	assert_int_equal(dismissed, 1);
	assert_int_equal(others, 0);
}

/* Or a question that nobody has seen yet would be put off by whoever closes the last result. */
static void what_was_closed_is_not_what_comes_next(void **state)
{
	(void)state;
	dismissed = 0;
	show("The result", 2);
	come_to_rest();
	close_bubble();
	is_heard_of();
	show("The question", 3);
	come_to_rest();
	assert_int_equal(dismissed + others, 0);
	close_bubble();
	is_heard_of();
	come_to_rest();
	assert_int_equal(dismissed, 1);
	assert_int_equal(others, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_closed_is_told),
	    cmocka_unit_test(what_was_closed_is_not_what_comes_next),
	};

	return cmocka_run_group_tests_name("the desktop's notifier", tests, begin, end);
}
