/* SPDX-License-Identifier: MIT */
/* Whose login counts, and what kind of session it is. */
#include "pam_module/login.c" /* the program tested is a shared object that exports none of it */

#include "tests/unit/unit.h"

static const struct login person = {.user = "wang", .service = "login"};

static void a_person_at_a_login_service_counts(void **state)
{
	static const char *const services[] = {"login",	  "gdm-password", "gdm-smartcard",
					       "lightdm", "sddm",	  "kde",
					       "sudoku",  "sum",	  "greeter"};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		login.service = services[i];
		assert_null(login_refusal(&login));
	}
}

static void services_where_nobody_signs_in_do_not_count(void **state)
{
	static const char *const services[] = {"su",
					       "su-l",
					       "sudo",
					       "sudo-i",
					       "doas",
					       "cron",
					       "crond",
					       "atd",
					       "systemd-user",
					       "chsh",
					       "chfn",
					       "passwd",
					       "runuser",
					       "runuser-l",
					       "polkit-1",
					       "sshd",
					       "newusers",
					       "useradd",
					       "remote",
					       "lightdm-greeter",
					       "sddm-greeter",
					       "-greeter",
					       "gdm-launch-environment",
					       "",
					       NULL};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		login.service = services[i];
		assert_non_null(login_refusal(&login));
	}
}

static void a_login_without_a_user_does_not_count(void **state)
{
	struct login login = person;

	(void)state;
	login.user = NULL;
	assert_non_null(login_refusal(&login));
	login.user = "";
	assert_non_null(login_refusal(&login));
}

static void a_login_from_elsewhere_does_not_count(void **state)
{
	static const char *const remote[] = {"far.example", "192.0.2.1",      "::1", "127.0.0.1",
					     "host:0",	    "localhost.evil", ":x",  "localhost:0"};
	static const char *const local[] = {NULL, "", "localhost", ":0", ":0.0", ":12"};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(remote); i++) {
		login.remote_host = remote[i];
		assert_non_null(login_refusal(&login));
	}
	for (size_t i = 0; i < COUNT_OF(local); i++) {
		login.remote_host = local[i];
		assert_null(login_refusal(&login));
	}
}

static void only_a_users_session_counts(void **state)
{
	static const char *const others[] = {"greeter",	      "background",  "manager",
					     "manager-early", "lock-screen", "none"};
	static const char *const users[] = {NULL, "", "user", "user-early", "user-light"};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		login.session_class = others[i];
		assert_non_null(login_refusal(&login));
	}
	for (size_t i = 0; i < COUNT_OF(users); i++) {
		login.session_class = users[i];
		assert_null(login_refusal(&login));
	}
}

static void consoles_local_displays_and_seats_are_this_machines(void **state)
{
	static const char *const seated[] = {"tty1", "/dev/tty1", "tty63", ":0", ":1.0"};
	static const char *const elsewhere[] = {
	    NULL,    "",    "pts/0",  "/dev/pts/0", "ttyS0",	"/dev/ttyUSB0", "tty",
	    "tty1x", "ssh", "host:0", ":",	    "/dev/tty", "xtty1",	"/dev//tty1"};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(seated); i++) {
		login.terminal = seated[i];
		assert_true(login_is_at_seat(&login));
	}
	for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
		login.terminal = elsewhere[i];
		assert_false(login_is_at_seat(&login));
	}
	login.seat = "seat0";
	assert_true(login_is_at_seat(&login));
	login.seat = "";
	login.virtual_terminal = "7";
	assert_true(login_is_at_seat(&login));
}

static void display_managers_are_graphical(void **state)
{
	static const char *const graphical[] = {
	    "gdm",     "gdm3", "gdm-password", "gdm-smartcard", "kde", "kde-np", "sddm-autologin",
	    "lightdm", "xdm",  "lxdm",	       "slim",		"ly",  "greetd"};
	static const char *const textual[] = {"login", "lynx", "kdesu", "slimline", "xdmx", "gd"};
	struct login login = person;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(graphical); i++) {
		login.service = graphical[i];
		assert_true(login_is_graphical(&login));
	}
	for (size_t i = 0; i < COUNT_OF(textual); i++) {
		login.service = textual[i];
		assert_false(login_is_graphical(&login));
	}
}

static void a_graphical_session_is_known_by_its_type_or_display(void **state)
{
	(void)state;
	assert_true(login_is_graphical(&(struct login){.session_type = "wayland"}));
	assert_true(login_is_graphical(&(struct login){.session_type = "x11"}));
	assert_true(login_is_graphical(&(struct login){.session_type = "mir"}));
	assert_true(login_is_graphical(&(struct login){.display = ":0"}));
	assert_true(login_is_graphical(&(struct login){.terminal = ":0"}));
	assert_false(login_is_graphical(&(struct login){.session_type = "tty"}));
	assert_false(login_is_graphical(&(struct login){.session_type = ""}));
	assert_false(login_is_graphical(&(struct login){.terminal = "tty1", .display = ""}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_person_at_a_login_service_counts),
	    cmocka_unit_test(services_where_nobody_signs_in_do_not_count),
	    cmocka_unit_test(a_login_without_a_user_does_not_count),
	    cmocka_unit_test(a_login_from_elsewhere_does_not_count),
	    cmocka_unit_test(only_a_users_session_counts),
	    cmocka_unit_test(consoles_local_displays_and_seats_are_this_machines),
	    cmocka_unit_test(display_managers_are_graphical),
	    cmocka_unit_test(a_graphical_session_is_known_by_its_type_or_display),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
