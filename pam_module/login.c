/* SPDX-License-Identifier: MIT */
#include "pam_module/login.h"

#include <pwd.h>
#include <stddef.h>
#include <string.h>

#include <security/pam_modutil.h>

/* Services that change who one is, run jobs, serve other machines, or are a display manager's. */
static const char *const silent_services[] = {
    "su",	    "su-l",	 "sudo", "sudo-i", "doas",
    "runuser",	    "runuser-l", "cron", "crond",  "atd",
    "systemd-user", "polkit-1",	 "chsh", "chfn",   "passwd",
    "newusers",	    "useradd",	 "sshd", "remote", "gdm-launch-environment",
};

/* Display managers; their services are these names, alone or with a suffix: gdm-password. */
static const char *const display_managers[] = {
    "gdm", "lightdm", "sddm", "kde", "xdm", "lxdm", "slim", "ly", "greetd",
};

static const char *item(pam_handle_t *pamh, int type)
{
	const void *value = NULL;

	return pam_get_item(pamh, type, &value) == PAM_SUCCESS ? value : NULL;
}

static bool is_set(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static const char *first_set(pam_handle_t *pamh, const char *const *names)
{
	const char *value;

	for (; *names != NULL; names++) {
		value = pam_getenv(pamh, *names);
		if (is_set(value))
			return value;
	}
	return NULL;
}

void login_read(pam_handle_t *pamh, struct login *ret_login)
{
	static const char *const languages[] = {"LC_ALL", "LC_MESSAGES", "LANG", NULL};

	*ret_login = (struct login){
	    .user = item(pamh, PAM_USER),
	    .service = item(pamh, PAM_SERVICE),
	    .remote_host = item(pamh, PAM_RHOST),
	    .terminal = item(pamh, PAM_TTY),
	    .display = item(pamh, PAM_XDISPLAY),
	    .session_class = pam_getenv(pamh, "XDG_SESSION_CLASS"),
	    .session_type = pam_getenv(pamh, "XDG_SESSION_TYPE"),
	    .seat = pam_getenv(pamh, "XDG_SEAT"),
	    .virtual_terminal = pam_getenv(pamh, "XDG_VTNR"),
	    .language = first_set(pamh, languages),
	    .token = pam_getenv(pamh, "PKCS11_LOGIN_TOKEN_NAME"),
	};
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ":0", ":0.0": a display without a host in front of it. */
static bool is_local_display(const char *name)
{
	return is_set(name) && name[0] == ':' && is_digit(name[1]);
}

/* "tty1" or "/dev/tty1"; ttyS0 is a serial line, and somebody else's terminal. */
static bool is_virtual_console(const char *name)
{
	if (!is_set(name))
		return false;
	if (strncmp(name, "/dev/", 5) == 0)
		name += 5;
	if (strncmp(name, "tty", 3) != 0 || !is_digit(name[3]))
		return false;
	return strspn(name + 3, "0123456789") == strlen(name + 3);
}

/* XDMCP's "host:0" is remote too; display managers give their own machine as ":0". */
static bool is_remote(const char *host)
{
	return is_set(host) && strcmp(host, "localhost") != 0 && !is_local_display(host);
}

/* "user", and its variants since systemd 256; greeter, background, manager, lock-screen are not. */
static bool is_user_class(const char *session_class)
{
	return !is_set(session_class) || strncmp(session_class, "user", 4) == 0;
}

static bool is_silent_service(const char *service)
{
	static const char suffix[] = "-greeter";
	size_t length = strlen(service);

	for (size_t i = 0; i < sizeof(silent_services) / sizeof(silent_services[0]); i++)
		if (strcmp(service, silent_services[i]) == 0)
			return true;
	return length >= strlen(suffix) && strcmp(service + length - strlen(suffix), suffix) == 0;
}

const char *login_refusal(const struct login *login)
{
	if (!is_set(login->user))
		return "no user";
	if (!is_set(login->service) || is_silent_service(login->service))
		return "not a service where a person signs in";
	if (is_remote(login->remote_host))
		return "a remote login";
	if (!is_user_class(login->session_class))
		return "not a user's session";
	return NULL;
}

bool login_is_of_person(pam_handle_t *pamh, const struct login *login)
{
	const struct passwd *entry = pam_modutil_getpwnam(pamh, login->user);

	return entry != NULL && entry->pw_uid != 0;
}

bool login_is_at_seat(const struct login *login)
{
	return is_set(login->seat) || is_set(login->virtual_terminal) ||
	       is_virtual_console(login->terminal) || is_local_display(login->terminal);
}

static bool is_display_manager(const char *service)
{
	size_t length;

	for (size_t i = 0; i < sizeof(display_managers) / sizeof(display_managers[0]); i++) {
		length = strlen(display_managers[i]);
		if (strncmp(service, display_managers[i], length) == 0 &&
		    (service[length] < 'a' || service[length] > 'z'))
			return true;
	}
	return false;
}

bool login_is_graphical(const struct login *login)
{
	const char *type = login->session_type;

	if (is_set(login->service) && is_display_manager(login->service))
		return true;
	if (is_set(type) &&
	    (strcmp(type, "x11") == 0 || strcmp(type, "wayland") == 0 || strcmp(type, "mir") == 0))
		return true;
	return is_set(login->display) || (is_set(login->terminal) && login->terminal[0] == ':');
}

/* Some display managers, too, name the virtual terminal that they draw on. */
bool login_is_on_console(const struct login *login)
{
	return is_virtual_console(login->terminal) && !login_is_graphical(login);
}
