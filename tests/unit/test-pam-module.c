/* SPDX-License-Identifier: MIT */
/* What the module promises its host: return codes, whom it serves, what it asks the helper. */
#include "tests/unit/pam-host.h"

#include <dlfcn.h>

#include <security/pam_modules.h>

static const char NOTHING_DUE[] = "terms 2000\ncertificate\ncertificate\nchecked 0 2 0\n";
static const char NOTICE[] = "terms 2000\nnotice Expires in 20 days. | Renew it.\nchecked 1 2 0\n";
static const char EXPIRED[] = "terms 2000\ncertificate\n"
			      "failed 121 Your certificates have expired. | Apply anew.\n"
			      "checked 0 2 2\n";

typedef int entry(pam_handle_t *pamh, int flags, int argc, const char **argv);

/* Calls an entry point itself: libpam turns a lone PAM_IGNORE into something else. */
static int call(const char *name, pam_handle_t *pamh)
{
	void *module = dlopen(host.module, RTLD_NOW);
	entry *function;
	int result;

	assert_non_null(module);
	*(void **)&function = dlsym(module, name);
	assert_non_null(function);
	result = function(pamh, 0, 0, NULL);
	dlclose(module);
	return result;
}

static void the_stacks_it_has_no_part_in_are_ignored(void **state)
{
	static const char *const names[] = {"pam_sm_authenticate", "pam_sm_setcred",
					    "pam_sm_chauthtok"};
	pam_handle_t *pamh = host_start("login", HOST_USER);
	long children = host_children();

	(void)state;
	host_script(NOTHING_DUE);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(call(names[i], pamh), PAM_IGNORE);
	assert_int_equal(call("pam_sm_close_session", pamh), PAM_SUCCESS);
	assert_int_equal(host_children(), children);
	pam_end(pamh, PAM_SUCCESS);
}

static void an_account_without_an_expired_certificate_is_no_opinion(void **state)
{
	static const char *const scripts[] = {NOTHING_DUE, NOTICE, "terms 2000\n", "crash\n",
					      "terms 2000\nfailed 121 Expired.\n"};
	pam_handle_t *pamh;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		pamh = host_start("ignored", HOST_USER);
		host_script(scripts[i]);
		host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
		pam_end(pamh, PAM_SUCCESS);
	}
}

static void an_account_with_an_expired_certificate_ends_the_login_and_says_why(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script(EXPIRED);
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_ACCT_EXPIRED);
	assert_string_equal(host.transcript,
			    "error: Your certificates have expired.\nApply anew.\n");
	assert_string_equal(host_received(),
			    "REQUEST action=2 user=daemon service=login language= token= prompt= "
			    "flags=0\nend\n");
	pam_end(pamh, PAM_SUCCESS);
}

static void an_expired_certificate_is_spoken_of_once(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script(EXPIRED);
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_ACCT_EXPIRED);
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_string_equal(host.transcript,
			    "error: Your certificates have expired.\nApply anew.\n");
	pam_end(pamh, PAM_SUCCESS);
}

static void a_silent_account_stage_ends_the_login_without_a_word(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script(EXPIRED);
	host_expect(pamh, PAMTEST_ACCOUNT, PAM_SILENT, PAM_ACCT_EXPIRED);
	assert_string_equal(host.transcript, "");
	pam_end(pamh, PAM_SUCCESS);
}

static void a_prompt_that_does_not_require_leaves_the_account_alone(void **state)
{
	static const char *const services[] = {"prompt-off", "prompt-notice", "prompt-ask"};
	long children = host_children();
	pam_handle_t *pamh;

	(void)state;
	host_script(EXPIRED);
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		pamh = host_start(services[i], HOST_USER);
		host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
		pam_end(pamh, PAM_SUCCESS);
	}
	assert_int_equal(host_children(), children);
	pamh = host_start("prompt-require", HOST_USER);
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_ACCT_EXPIRED);
	assert_non_null(strstr(host_received(), "action=2"));
	assert_non_null(strstr(host.received, "prompt=require"));
	pam_end(pamh, PAM_SUCCESS);
}

static void a_configuration_without_the_word_leaves_the_account_alone(void **state)
{
	long children = host_children();
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_play("# require\n", EXPIRED);
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	assert_int_equal(host_children(), children);
	pam_end(pamh, PAM_SUCCESS);
}

static void what_the_account_stage_found_in_order_is_not_looked_at_again(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);
	long children;

	(void)state;
	host_script(NOTHING_DUE);
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	children = host_children();
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_int_equal(host_children(), children);
	assert_string_equal(host.log, "");
	pam_end(pamh, PAM_SUCCESS);
}

static void a_card_without_certificates_is_looked_at_again(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);
	long children;

	(void)state;
	host_script("terms 2000\nchecked 0 0 0\n");
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	children = host_children();
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_true(host_children() > children);
	pam_end(pamh, PAM_SUCCESS);
}

static void a_helper_that_does_not_check_is_logged_where_a_check_is_required(void **state)
{
	static const char *const services[] = {"login", "prompt-require"};
	static const char *const logs[] = {
	    "", "warning: CR604 certrenew-helper ended without a result; the login goes on\n"};
	pam_handle_t *pamh;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		pamh = host_start(services[i], HOST_USER);
		host_script("terms 2000\n");
		host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
		assert_string_equal(host.log, logs[i]);
		pam_end(pamh, PAM_SUCCESS);
	}
}

static void what_the_account_stage_found_due_is_asked_in_the_session(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script("terms 2000\nchecked 1 2 0\nsession: notice Due.\n");
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_string_equal(host.transcript, "info: Due.\n");
	assert_string_equal(host.log, "");
	pam_end(pamh, PAM_SUCCESS);
}

static void the_account_stage_asks_nothing(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script("terms 2000\nrenew? Due.\ndeclined:\npin? 0 To sign:\ndeclined:\n"
		    "tokens? 2 Two cards\ndeclined:\nchecked 1 2 0\n");
	host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
	assert_string_equal(host.transcript, "");
	assert_non_null(strstr(host_received(), "UNSHOWN\nCANCEL\nCANCEL\nend\n"));
	pam_end(pamh, PAM_SUCCESS);
}

static void a_stack_with_this_module_alone_opens_and_closes(void **state)
{
	(void)state;
	host_script(NOTHING_DUE);
	host_session("login");
	assert_string_equal(host.transcript, "");
	assert_string_equal(host.log, "");
	assert_string_equal(host_received(),
			    "REQUEST action=1 user=daemon service=login language= token= prompt= "
			    "flags=0\nend\n");
}

static void prompt_off_starts_nothing(void **state)
{
	long children = host_children();

	(void)state;
	host_script(NOTICE);
	host_session("prompt-off");
	assert_int_equal(host_children(), children);
	assert_string_equal(host.log, "");
}

static void the_prompt_argument_reaches_the_helper(void **state)
{
	static const char *const prompts[] = {"notice", "ask", "require"};
	char service[64], expected[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(prompts); i++) {
		host_script(NOTICE);
		snprintf(service, sizeof(service), "prompt-%s", prompts[i]);
		snprintf(expected, sizeof(expected), " prompt=%s ", prompts[i]);
		host_session(service);
		assert_non_null(strstr(host_received(), expected));
	}
}

static void a_mistyped_argument_is_logged_and_keeps_nobody_out(void **state)
{
	(void)state;
	host_script(NOTICE);
	host_session("mistyped");
	assert_string_equal(
	    host.log,
	    "error: CR601 argument 'prompt=always' ignored: unknown, or a bad value\n"
	    "error: CR601 argument 'propmt=ask' ignored: unknown, or a bad value\n"
	    "error: CR601 argument 'conf=certrenew.conf' ignored: unknown, or a bad value\n"
	    "error: CR601 argument 'debgu' ignored: unknown, or a bad value\n");
	assert_non_null(strstr(host_received(), " prompt= "));
}

static void root_a_stranger_and_nobody_start_nothing(void **state)
{
	static const char *const users[] = {"root", "nobody-of-this-name", NULL};
	long children = host_children();
	pam_handle_t *pamh;

	(void)state;
	host_script(NOTICE);
	for (size_t i = 0; i < COUNT_OF(users); i++) {
		pamh = host_start("login", users[i]);
		host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
		host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
		pam_end(pamh, PAM_SUCCESS);
	}
	assert_int_equal(host_children(), children);
	assert_string_equal(host.transcript, "");
	assert_string_equal(host.log, "");
}

static void su_a_greeter_and_a_remote_login_start_nothing(void **state)
{
	static const struct {
		const char *service, *remote_host, *environment;
	} logins[] = {
	    {"su", NULL, NULL},
	    {"lightdm-greeter", NULL, NULL},
	    {"login", "far.example", NULL},
	    {"login", "far.example:0", NULL},
	    {"login", NULL, "XDG_SESSION_CLASS=greeter"},
	};
	long children = host_children();
	pam_handle_t *pamh;

	(void)state;
	host_script(NOTICE);
	for (size_t i = 0; i < COUNT_OF(logins); i++) {
		pamh = host_start(logins[i].service, HOST_USER);
		pam_set_item(pamh, PAM_RHOST, logins[i].remote_host);
		if (logins[i].environment != NULL)
			pam_putenv(pamh, logins[i].environment);
		host_expect(pamh, PAMTEST_ACCOUNT, 0, PAM_SUCCESS);
		host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
		pam_end(pamh, PAM_SUCCESS);
	}
	assert_int_equal(host_children(), children);
	assert_string_equal(host.transcript, "");
	assert_string_equal(host.log, "");
}

static void debug_says_why_nothing_is_done(void **state)
{
	pam_handle_t *pamh = host_start("debug", "root");

	(void)state;
	host_script(NOTICE);
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_string_equal(host.log, "debug: CR605 nothing to do: root, or nobody known\n");
	pam_end(pamh, PAM_SUCCESS);
}

static void the_helper_learns_language_card_and_seat(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script(NOTHING_DUE);
	pam_set_item(pamh, PAM_TTY, "/dev/tty1");
	pam_putenv(pamh, "LANG=C.UTF-8");
	pam_putenv(pamh, "LC_MESSAGES=zh_TW.UTF-8");
	pam_putenv(pamh, "PKCS11_LOGIN_TOKEN_NAME=office card");
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_string_equal(host_received(),
			    "REQUEST action=1 user=daemon service=login language=zh_TW.UTF-8 "
			    "token=office card prompt= flags=10\nend\n");
	pam_end(pamh, PAM_SUCCESS);
}

/* The flag is for what is read on the kernel's console: Chinese is shown elsewhere. */
static void only_a_text_console_is_called_one(void **state)
{
	static const struct {
		const char *service, *terminal, *flags;
	} logins[] = {
	    {"login", "/dev/tty63", " flags=10\n"},	 {"login", "tty2", " flags=10\n"},
	    {"login", "/dev/pts/1", " flags=0\n"},	 {"login", "/dev/ttyS0", " flags=0\n"},
	    {"gdm-password", "/dev/tty2", " flags=3\n"}, {"gdm-password", ":0", " flags=3\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(logins); i++) {
		pam_handle_t *pamh = host_start(logins[i].service, HOST_USER);

		host_script(NOTHING_DUE);
		pam_set_item(pamh, PAM_TTY, logins[i].terminal);
		host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
		if (strstr(host_received(), logins[i].flags) == NULL)
			fail_msg("%s: not '%s' but %s", logins[i].terminal, logins[i].flags,
				 host_received());
		pam_end(pamh, PAM_SUCCESS);
	}
}

static void a_graphical_login_is_detached_and_returns_at_once(void **state)
{
	pam_handle_t *pamh = host_start("gdm-password", HOST_USER);
	int64_t start;

	(void)state;
	host_script("terms 2000\nsleep 900\nrenew? Due.\n");
	pam_putenv(pamh, "XDG_SEAT=seat0");
	start = clock_now();
	host_expect(pamh, PAMTEST_OPEN_SESSION, 0, PAM_SUCCESS);
	assert_in_range(clock_now() - start, 0, 500);
	assert_string_equal(host.transcript, "");
	assert_string_equal(host.log, "");
	assert_non_null(strstr(host_received(), " flags=3\n"));
	pam_end(pamh, PAM_SUCCESS);
}

static void a_silent_session_is_detached(void **state)
{
	pam_handle_t *pamh = host_start("login", HOST_USER);

	(void)state;
	host_script(NOTICE);
	host_expect(pamh, PAMTEST_OPEN_SESSION, PAM_SILENT, PAM_SUCCESS);
	assert_non_null(strstr(host_received(), " flags=1\n"));
	assert_string_equal(host.transcript, "");
	pam_end(pamh, PAM_SUCCESS);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_stacks_it_has_no_part_in_are_ignored),
	    cmocka_unit_test(an_account_without_an_expired_certificate_is_no_opinion),
	    cmocka_unit_test(an_account_with_an_expired_certificate_ends_the_login_and_says_why),
	    cmocka_unit_test(an_expired_certificate_is_spoken_of_once),
	    cmocka_unit_test(a_silent_account_stage_ends_the_login_without_a_word),
	    cmocka_unit_test(a_prompt_that_does_not_require_leaves_the_account_alone),
	    cmocka_unit_test(a_configuration_without_the_word_leaves_the_account_alone),
	    cmocka_unit_test(what_the_account_stage_found_in_order_is_not_looked_at_again),
	    cmocka_unit_test(a_card_without_certificates_is_looked_at_again),
	    cmocka_unit_test(a_helper_that_does_not_check_is_logged_where_a_check_is_required),
	    cmocka_unit_test(what_the_account_stage_found_due_is_asked_in_the_session),
	    cmocka_unit_test(the_account_stage_asks_nothing),
	    cmocka_unit_test(a_stack_with_this_module_alone_opens_and_closes),
	    cmocka_unit_test(prompt_off_starts_nothing),
	    cmocka_unit_test(the_prompt_argument_reaches_the_helper),
	    cmocka_unit_test(a_mistyped_argument_is_logged_and_keeps_nobody_out),
	    cmocka_unit_test(root_a_stranger_and_nobody_start_nothing),
	    cmocka_unit_test(su_a_greeter_and_a_remote_login_start_nothing),
	    cmocka_unit_test(debug_says_why_nothing_is_done),
	    cmocka_unit_test(the_helper_learns_language_card_and_seat),
	    cmocka_unit_test(only_a_text_console_is_called_one),
	    cmocka_unit_test(a_graphical_login_is_detached_and_returns_at_once),
	    cmocka_unit_test(a_silent_session_is_detached),
	};

	(void)argc;
	host_begin(argv);
	return host_end(cmocka_run_group_tests(tests, NULL, NULL));
}
