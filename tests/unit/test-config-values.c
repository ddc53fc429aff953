/* SPDX-License-Identifier: MIT */
/* certrenew.conf: what each key accepts, what it means, and what is refused why. */
#include "tests/unit/config-file.h"

#define CA     "[ca \"office\"]\n"
#define OFFICE CA "url = https://ra.example.org/est\ntrust = /etc/ca.pem\n"

/* --- by type -------------------------------------------------------------------------------- */

static int64_t critical(const char *value)
{
	char text[128];
	struct config *config = NULL;
	int64_t seconds = 0;

	snprintf(text, sizeof(text), "[reminder]\nwindow = 366d\ncritical = %s\n", value);
	config = accepted_text(text);
	seconds = config->critical;
	config_free(config);
	return seconds;
}

static void test_durations_are_read_in_every_unit(void **state)
{
	(void)state;
	assert_int_equal(critical("0"), 0);
	assert_int_equal(critical("0d"), 0);
	assert_int_equal(critical("90s"), 90);
	assert_int_equal(critical("90m"), 5400);
	assert_int_equal(critical("036h"), 129600);
	assert_int_equal(critical("366d"), 366 * 86400);
	assert_int_equal(critical("2w"), 14 * 86400);
}

static void test_durations_without_unit_or_sense_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {"[login]\ntimeout = 5\n", ":2: [login] timeout: '5' has no unit; write a number"},
	    {"[login]\ntimeout = s\n", ":2: [login] timeout: 's' is not a duration"},
	    {"[login]\ntimeout = 5 s\n", ":2: [login] timeout: '5 s' is not a duration"},
	    {"[login]\ntimeout = 5y\n", ":2: [login] timeout: '5y' is not a duration"},
	    {"[login]\ntimeout = 5sec\n", ":2: [login] timeout: '5sec' is not a duration"},
	    {"[login]\ntimeout = -5s\n", ":2: [login] timeout: '-5s' is not a duration"},
	    {"[login]\ntimeout = +5s\n", ":2: [login] timeout: '+5s' is not a duration"},
	    {"[login]\ntimeout = 1.5s\n", ":2: [login] timeout: '1.5s' is not a duration"},
	    {"[login]\ntimeout =\n", ":2: [login] timeout: there is no value; write 1s to 1m"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_durations_out_of_range_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {"[login]\ntimeout = 0\n",
	     ":2: [login] timeout: '0' is out of range; write a duration from 1s to 1m"},
	    {"[login]\ntimeout = 61s\n", ":2: [login] timeout: '61s' is out of range"},
	    {"[login]\ntimeout = 9223372036854775807w\n", ":2: [login] timeout: '9223372036854"},
	    {"[login]\ntimeout = 9223372036854775808s\n", ":2: [login] timeout: '9223372036854"},
	    {"[login]\ntimeout = 15250284452472w\n", ":2: [login] timeout: '15250284452472w' is"},
	    {"[login]\nquestion_timeout = 9s\n",
	     ":2: [login] question_timeout: '9s' is out of range; write a duration from 10s to 1h"},
	    {"[reminder]\nwindow = 23h\n",
	     ":2: [reminder] window: '23h' is out of range; write a duration from 1d to 366d"},
	    {"[reminder]\nwindow = 367d\n", ":2: [reminder] window: '367d' is out of range"},
	    {"[reminder]\nremind = 30d 59m\n", ":2: [reminder] remind: '59m' is out of range"},
	    {"[card]\ntimeout = 601s\n", ":2: [card] timeout: '601s' is out of range"},
	    {OFFICE "timeout = 0\n", ":4: [ca \"office\"] timeout: '0' is out of range"},
	    {OFFICE "timeout = 61m\n", ":4: [ca \"office\"] timeout: '61m' is out of range"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_booleans_have_four_spellings(void **state)
{
	static const char *const words[] = {"no", "yes", "false", "True", "OFF", "on", "0", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char text[64];
		struct config *config = NULL;

		snprintf(text, sizeof(text), "[card]\npin_reentry = %s\n", words[i]);
		config = accepted_text(text);
		assert_int_equal(config->pin_reentry, i % 2);
		config_free(config);
	}
	assert_text_refused("[card]\npin_reentry = maybe\n",
			    ":2: [card] pin_reentry: 'maybe' is neither yes nor no");
	assert_text_refused("[card]\npin_reentry =\n",
			    ":2: [card] pin_reentry: there is no value; write yes, no, or");
}

static void test_choices_are_exact(void **state)
{
	static const struct refused cases[] = {
	    {"[login]\nprompt = maybe\n",
	     ":2: [login] prompt: 'maybe' is unknown; write one of: off, notice, ask, require"},
	    {"[login]\nprompt = Ask\n", ":2: [login] prompt: 'Ask' is unknown"},
	    {"[login]\nprompt =\n", ":2: [login] prompt: there is no value; write off, notice"},
	    {OFFICE "protocol = scep\n",
	     ":4: [ca \"office\"] protocol: 'scep' is unknown; write one of: est, cmp"},
	    {OFFICE "key = old\n",
	     ":4: [ca \"office\"] key: 'old' is unknown; write one of: same, new"},
	    {OFFICE "encryption_proof = none\n",
	     ":4: [ca \"office\"] encryption_proof: 'none' is unknown; write one of: signature, "
	     "decrypt, ra-verified"},
	    {"[revocation]\nprotocol = fax\n",
	     ":2: [revocation] protocol: 'fax' is unknown; write one of: cmp, form"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_the_prompt_words_are_those_of_the_file(void **state)
{
	enum config_prompt prompt = PROMPT_ASK;

	(void)state;
	assert_int_equal(config_parse_prompt("require", &prompt), 0);
	assert_int_equal(prompt, PROMPT_REQUIRE);
	assert_int_equal(config_parse_prompt("off", &prompt), 0);
	assert_int_equal(prompt, PROMPT_OFF);
	assert_int_equal(config_parse_prompt("OFF", &prompt), -1);
	assert_int_equal(config_parse_prompt("", &prompt), -1);
	assert_int_equal(prompt, PROMPT_OFF);
	assert_string_equal(config_prompt_name(PROMPT_OFF), "off");
	assert_string_equal(config_prompt_name(PROMPT_REQUIRE), "require");
}

/* --- by key --------------------------------------------------------------------------------- */

static void test_reminders_are_kept_in_descending_order(void **state)
{
	struct config *config = accepted_text("[reminder]\nremind = 1d 2w\t24d 36h\n");

	(void)state;
	assert_int_equal(config->remind_count, 4);
	assert_int_equal(config->remind[0], 24 * 86400);
	assert_int_equal(config->remind[1], 14 * 86400);
	assert_int_equal(config->remind[2], 36 * 3600);
	assert_int_equal(config->remind[3], 86400);
	assert_false(config->remind_always);
	config_free(config);

	config = accepted_text("[reminder]\nremind = always\n");
	assert_int_equal(config->remind_count, 0);
	assert_true(config->remind_always);
	config_free(config);
}

static void test_reminders_fit_into_the_window(void **state)
{
	static const struct refused cases[] = {
	    {"[reminder]\nremind = 31d 1d\n",
	     ":2: [reminder] remind: 31d is longer than the window, 30d"},
	    {"[reminder]\ncritical = 8d\nwindow = 7d\n",
	     ":2: [reminder] critical: 8d is longer than the window, 7d"},
	    {"[reminder]\nspread = 31d\n", ":2: [reminder] spread: 31d is longer than the window"},
	    {"[reminder]\nremind = 1d 24h\n", ":2: [reminder] remind: 1d is there twice"},
	    {"[reminder]\nremind = always 1d\n", ":2: [reminder] remind: 'always' is not a durat"},
	    {"[reminder]\nremind =\n", ":2: [reminder] remind: there is no value; write always,"},
	};
	struct config *config = NULL;

	(void)state;
	ASSERT_ALL_REFUSED(cases);
	config = accepted_text("[reminder]\nwindow = 2d\n");
	assert_int_equal(config->critical, 2 * 86400);
	assert_int_equal(config->remind_count, 2);
	assert_int_equal(config->remind[0], 2 * 86400);
	config_free(config);
}

static void test_services_where_nobody_signs_in_are_refused(void **state)
{
	static const char *const names[] = {
	    "su",	    "su-l", "sudo", "sudo-i", "cron",	 "crond",     "atd",
	    "systemd-user", "chsh", "chfn", "passwd", "runuser", "runuser-l", "polkit-1",
	};
	struct config *config = accepted_text("[login]\nservices = login my-login.2\n");

	(void)state;
	assert_string_equal(config->services[0], "login");
	assert_string_equal(config->services[1], "my-login.2");
	assert_null(config->services[2]);
	config_free(config);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char text[64];
		char expected[64];

		snprintf(text, sizeof(text), "[login]\nservices = login %s sddm\n", names[i]);
		snprintf(expected, sizeof(expected), ":2: [login] services: '%s' is not where",
			 names[i]);
		assert_text_refused(text, expected);
	}
	assert_text_refused("[login]\nservices = login,sddm\n",
			    ":2: [login] services: 'login,sddm' is not the name of a PAM service");
	assert_text_refused("[login]\nservices = ../x\n",
			    ":2: [login] services: '../x' is not the name of a PAM service");
}

static void test_the_default_services_are_ones_that_may_be_written(void **state)
{
	char text[512] = "[login]\nservices =";
	size_t count = 0;
	struct config *config = NULL;

	(void)state;
	for (; config_default_services[count]; count++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s",
			 config_default_services[count]);
	config = accepted_text(text);
	assert_true(count >= 15);
	assert_string_equal(config->services[count - 1], config_default_services[count - 1]);
	config_free(config);
}

static void test_access_is_for_the_seat_a_group_or_all(void **state)
{
	static const struct refused cases[] = {
	    {"[access]\nallow = root\n",
	     ":2: [access] allow: 'root' is unknown; write seat, all or group:NAME"},
	    {"[access]\nallow = group:\n", ":2: [access] allow: '' is not the name of a group"},
	    {"[access]\nallow = group:a b\n", ":2: [access] allow: 'a b' is not the name of"},
	    {"[access]\nallow =\n", ":2: [access] allow: there is no value"},
	};
	struct config *config = accepted_text("[access]\nallow = group:smart-cards\n");

	(void)state;
	assert_string_equal(config->allow, "group:smart-cards");
	config_free(config);
	config_free(accepted_text("[access]\nallow = all\n"));
	ASSERT_ALL_REFUSED(cases);
}

static void test_the_card_section_names_driver_token_and_environment(void **state)
{
	static const struct refused cases[] = {
	    {"[card]\nmodule =\n", ":2: [card] module: there is no value"},
	    {"[card]\nmodule = lib/x.so\n",
	     ":2: [card] module: 'lib/x.so' is not an absolute path"},
	    {"[card]\ntoken = My Card\n", ":2: [card] token: 'My Card' is not an RFC 7512 URI"},
	    {"[card]\ntoken = pkcs11:token=My Card\n", ":2: [card] token: 'pkcs11:token=My Card'"},
	    {"[card]\ntoken = pkcs11:token=%zz\n",
	     ":2: [card] token: this is wrong at 'token=%zz'"},
	    {"[card]\ntoken = pkcs11:token=a%2\n",
	     ":2: [card] token: this is wrong at 'token=a%2'"},
	    {"[card]\ntoken = pkcs11:token=a%00\n", ":2: [card] token: this is wrong at"},
	    {"[card]\ntoken = pkcs11:token\n", ":2: [card] token: this is wrong at 'token'"},
	    {"[card]\ntoken = pkcs11:colour=blue\n", ":2: [card] token: this is wrong at"},
	    {"[card]\ntoken = pkcs11:token=a;pin-value=1\n",
	     ":2: [card] token: this is wrong at 'pin-value=1'"},
	    {"[card]\ntoken = pkcs11:token=a?module-name=b\n",
	     ":2: [card] token: this is wrong at 'token=a?module-name=b'"},
	    {"[card]\ntoken = pkcs11:token=a;token=b\n",
	     ":2: [card] token: this is wrong at 'token=b'"},
	    {"[card]\ntoken = pkcs11:token=a;\n", ":2: [card] token: this is wrong at"},
	    {"[card]\ntoken = pkcs11:;token=a\n", ":2: [card] token: this is wrong at"},
	    {"[card]\nenvironment = A\n", ":2: [card] environment: 'A' is not of the form NAME="},
	    {"[card]\nenvironment = A=1 =2\n", ":2: [card] environment: '=2' is not of the form"},
	    {"[card]\nenvironment = 1A=2\n", ":2: [card] environment: '1A=2' is not of the form"},
	    {"[card]\nenvironment = A-B=2\n", ":2: [card] environment: 'A-B=2' is not of the"},
	    {"[card]\nenvironment = LD_PRELOAD=/x.so\n",
	     ":2: [card] environment: 'LD_PRELOAD=/x.so' would load other code into the process"},
	    {"[card]\nenvironment = A=1 LD_LIBRARY_PATH=/\n",
	     ":2: [card] environment: 'LD_LIBRARY_PATH=/' would load other code"},
	};
	struct config *config = accepted_text("[card]\nmodule = /usr/lib/a card.so\ntimeout = 1s\n"
					      "environment = _A1=b=c B=\n");

	(void)state;
	assert_string_equal(config->module, "/usr/lib/a card.so");
	assert_int_equal(config->card_timeout, 1);
	assert_string_equal(config->environment[0], "_A1=b=c");
	assert_string_equal(config->environment[1], "B=");
	config_free(config);
	ASSERT_ALL_REFUSED(cases);
}

/* Each of them is permitted, or it is said that they are too many. */
static void test_calls_that_do_not_fit_into_a_filter_are_refused(void **state)
{
	char text[32 + 65 * sizeof("getpid ")] = "[card]\nsandbox_calls =";
	struct config *config;

	(void)state;
	for (int i = 0; i < 64; i++)
		strcat(text, " getpid");
	config = accepted_text(text);
	assert_string_equal(config->sandbox_calls[63], "getpid");
	assert_null(config->sandbox_calls[64]);
	config_free(config);
	strcat(text, " getpid");
	assert_text_refused(text, ":2: [card] sandbox_calls: 65 system calls are more than 64;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_durations_are_read_in_every_unit),
	    cmocka_unit_test(test_durations_without_unit_or_sense_are_refused),
	    cmocka_unit_test(test_durations_out_of_range_are_refused),
	    cmocka_unit_test(test_booleans_have_four_spellings),
	    cmocka_unit_test(test_choices_are_exact),
	    cmocka_unit_test(test_the_prompt_words_are_those_of_the_file),
	    cmocka_unit_test(test_reminders_are_kept_in_descending_order),
	    cmocka_unit_test(test_reminders_fit_into_the_window),
	    cmocka_unit_test(test_services_where_nobody_signs_in_are_refused),
	    cmocka_unit_test(test_the_default_services_are_ones_that_may_be_written),
	    cmocka_unit_test(test_access_is_for_the_seat_a_group_or_all),
	    cmocka_unit_test(test_the_card_section_names_driver_token_and_environment),
	    cmocka_unit_test(test_calls_that_do_not_fit_into_a_filter_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
