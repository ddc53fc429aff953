/* SPDX-License-Identifier: MIT */
/* Desktops: the agent that tells people; in a session who shows it, and what asks for the PIN. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "helper/common/paths.h"
#include "helper/desktop/pinentry_programs.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/pam_stack.h"

#define PATH_AUTOSTART SYSCONFDIR "/xdg/autostart/certrenew-agent.desktop"

enum { BUS_PATIENCE_US = 5 * 1000 * 1000 };

static const char server[] = "org.freedesktop.Notifications";

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

static int call_bus(sd_bus *bus, const char *method, sd_bus_message **ret)
{
	return sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
				  "org.freedesktop.DBus", method, NULL, ret, "");
}

/* One that the bus starts when it is needed is as good as one that runs. */
static bool lists_server(sd_bus *bus, const char *method)
{
	sd_bus_message *reply = NULL;
	char **names = NULL;
	bool found = false;

	if (call_bus(bus, method, &reply) < 0 || sd_bus_message_read_strv(reply, &names) < 0)
		names = NULL;
	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		found = found || strcmp(names[i], server) == 0;
		free(names[i]);
	}
	free(names);
	sd_bus_message_unref(reply);
	return found;
}

static void check_server(struct diagnosis *diagnosis)
{
	sd_bus *bus = NULL;

	if (sd_bus_open_user(&bus) < 0) {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "notifications",
			      "The session bus cannot be reached, over which they go.");
		diagnosis_mend(diagnosis, "Start the desktop with one: 'dbus-run-session', or "
					  "install dbus-user-session.");
		return;
	}
	sd_bus_set_method_call_timeout(bus, BUS_PATIENCE_US);
	if (lists_server(bus, "ListNames") || lists_server(bus, "ListActivatableNames")) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "notifications",
			      "This desktop shows notifications.");
	} else {
		diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "notifications",
			      "No notification server runs in this desktop.");
		diagnosis_mend(diagnosis, "Install and start one, such as dunst or mako.");
	}
	sd_bus_flush_close_unref(bus);
}

static bool is_in_path(const char *program)
{
	const char *folders = getenv("PATH");
	char path[PATH_MAX];

	for (size_t length; folders != NULL && *folders != '\0';
	     folders += length + (folders[length] == ':')) {
		length = strcspn(folders, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)length, folders, program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* Of the last one, plain `pinentry`, only its windows tell whether it has any. */
static void check_pinentry(struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < sizeof(pinentry_programs) / sizeof(pinentry_programs[0]); i++) {
		if (!is_in_path(pinentry_programs[i]))
			continue;
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "pinentry", "%s can ask for the PIN.",
			      pinentry_programs[i]);
		return;
	}
	diagnosis_add(diagnosis, DIAGNOSIS_WRONG, "pinentry",
		      "There is no program that asks for the PIN in a window.");
	diagnosis_mend(diagnosis, "Install one: pinentry-gnome3, pinentry-qt or pinentry-gtk2.");
}

/* --- the agent ----------------------------------------------------------------------------- */

static size_t first_word(const char *service)
{
	size_t length = 0;

	while (isalpha((unsigned char)service[length]))
		length++;
	return length;
}

/* All of the default services are, but for one; and others of theirs, such as gdm-fingerprint. */
static bool is_display_manager(const char *service)
{
	size_t length = first_word(service);

	if (strcmp(service, "login") == 0)
		return false;
	for (const char *const *name = config_default_services; *name != NULL; name++)
		if (first_word(*name) == length && strncmp(*name, service, length) == 0)
			return true;
	return false;
}

/* The first service by which people sign in at a desktop and meet our module; NULL: none. */
static const char *graphical_service(const struct config *config)
{
	const char *const *names = (const char *const *)config->services;
	struct pam_stack stack;

	if (names[0] == NULL)
		names = config_default_services;
	for (; *names != NULL; names++)
		if (is_display_manager(*names) && pam_stack_read(*names, &stack) == 0 &&
		    stack.certrenew != 0)
			return *names;
	return NULL;
}

/* A graphical login shows nothing itself. */
static void check_agent(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;
	const char *service = NULL, *missing = NULL;

	if (doctor->config != NULL && doctor->config->prompt != PROMPT_OFF)
		service = graphical_service(doctor->config);
	if (service == NULL) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "agent",
			      "It is not needed: no login at a desktop uses pam_certrenew.");
		return;
	}
	if (access(PATH_AGENT, X_OK) < 0)
		missing = PATH_AGENT;
	else if (access(PATH_AUTOSTART, R_OK) < 0)
		missing = PATH_AUTOSTART;
	if (missing == NULL) {
		diagnosis_add(diagnosis, DIAGNOSIS_OK, "agent",
			      "Desktops start it; it tells who signs in by %s.", service);
		return;
	}
	diagnosis_add(
	    diagnosis, DIAGNOSIS_WRONG, "agent",
	    "There is no %s, so nobody who signs in at the desktop (%s) is told anything.", missing,
	    service);
	diagnosis_mend(diagnosis, "Install certrenew-agent.");
}

void doctor_desktop(struct doctor *doctor)
{
	struct diagnosis *diagnosis = &doctor->diagnosis;

	check_agent(doctor);
	if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "desktop",
			      "This is no desktop session.");
		return;
	}
	if (doctor->is_root) {
		diagnosis_add(diagnosis, DIAGNOSIS_UNCHECKED, "desktop",
			      "Only its own user sees it: try without sudo there.");
		return;
	}
	check_server(diagnosis);
	check_pinentry(diagnosis);
}
