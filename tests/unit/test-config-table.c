/* SPDX-License-Identifier: MIT */
/* The table of keys, and what must agree with it: the sample file and what config_print says. */
#include "tests/unit/config-file.h"

#include "conf/config_table.h"
#include "conf/config_values.h"

#define SAMPLE BUILD "/certrenew.conf"
#define MANUAL BUILD "/certrenew.conf.5"

static char *read_whole(FILE *in)
{
	size_t size = 0;
	char *text = NULL;

	assert_true(getdelim(&text, &size, '\0', in) >= 0);
	return text;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;

	assert_non_null(in);
	text = read_whole(in);
	fclose(in);
	return text;
}

static char *printed(const struct config *config)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	config_print(config, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* --- the table ------------------------------------------------------------------------------ */

static void test_every_key_has_help_a_range_and_a_default_that_parses(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];
		struct config config = {0};
		struct config_ca ca = {0};
		void *record = config_key_is_ca(key) ? (void *)&ca : (void *)&config;
		struct config_reason reason = {""};
		char *text = NULL;

		assert_true(key->help && strlen(key->help) > 10 && strlen(key->help) < 98);
		assert_null(strchr(key->help, '\n'));
		assert_true(strlen(config_key_range(key).text) > 3);
		assert_true(strlen(config_key_range(key).text) < sizeof(struct config_range) - 1);
		assert_int_equal(config_value_parse(key, key->fallback, record, &reason), 0);
		text = config_value_text(key, record);
		assert_string_equal(text, key->fallback);
		free(text);
		config_value_free(key, record);
	}
}

static void test_every_key_is_there_once_and_in_a_known_section(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];
		size_t known = 0;

		assert_ptr_equal(config_key_find(key->section, key->name), key);
		for (size_t j = 0; j < CONFIG_SECTION_COUNT; j++)
			known += strcmp(config_sections[j], key->section) == 0;
		assert_int_equal(known, 1);
	}
	assert_null(config_key_find("login", "url"));
}

/* --- the sample file ------------------------------------------------------------------------ */

/* The lines that the sample must hold about a key, up to the default's value. */
static void expect_lines(const struct config_key *key, char *buffer, size_t size)
{
	snprintf(buffer, size, "\n# %s\n# Allowed: %s\n#%s =%s%s", key->help,
		 config_key_range(key).text, key->name, key->fallback[0] ? " " : "", key->fallback);
}

static size_t occurrences(const char *text, const char *part)
{
	size_t count = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		count++;
	return count;
}

/* The part of `text` from a section's heading, commented out or not, to the next. */
static char *section_of(const char *text, const char *section)
{
	char heading[64];
	const char *start = NULL;
	const char *end = NULL;

	snprintf(heading, sizeof(heading),
		 strcmp(section, "ca") ? "\n[%s]\n" : "\n#[%s \"office\"]\n", section);
	start = strstr(text, heading);
	assert_non_null(start);
	start += strlen(heading) - 1;
	for (end = start; *end && strncmp(end, "\n[", 2) != 0 && strncmp(end, "\n#[", 3) != 0;
	     end++)
		;
	return strndup(start, (size_t)(end - start));
}

static void test_the_sample_shows_every_key_once_with_help_range_and_default(void **state)
{
	char *sample = read_file(SAMPLE);
	size_t shown = 0;

	(void)state;
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];
		char *section = section_of(sample, key->section);
		char expected[512];

		expect_lines(key, expected, sizeof(expected));
		if (occurrences(section, expected) != 1)
			fail_msg("[%s] of %s does not show once:%s", key->section, SAMPLE,
				 expected);
		snprintf(expected, sizeof(expected), "\n#%s =", key->name);
		assert_int_equal(occurrences(section, expected), 1);
		free(section);
	}
	for (char *line = strstr(sample, "\n#"); line; line = strstr(line + 1, "\n#"))
		shown += line[2] != ' ' && line[2] != '[' && line[2] != '\n';
	assert_int_equal(shown, config_table_length);
	free(sample);
}

static void test_the_manual_has_every_key_with_its_default_and_help(void **state)
{
	char *text = read_file(MANUAL), entry[512];

	(void)state;
	for (size_t i = 0; i < config_table_length; i++) {
		const struct config_key *key = &config_table[i];

		snprintf(entry, sizeof(entry), "\n\\&%s.\nAllowed: %s.\n", key->help,
			 config_key_range(key).text);
		if (!strstr(text, entry))
			fail_msg(MANUAL " lacks: %s", entry);
	}
	assert_int_equal(occurrences(text, "\n.It Ic "), config_table_length);
	free(text);
}

static void test_the_sample_as_installed_means_the_defaults(void **state)
{
	char *sample = read_file(SAMPLE);
	struct config *config = accepted_text(sample);

	(void)state;
	assert_int_equal(config->value_count, 0);
	assert_int_equal(config->ca_count, 0);
	config_free(config);
	free(sample);
}

static void test_the_sample_with_every_key_set_is_accepted(void **state)
{
	char *sample = read_file(SAMPLE);
	struct config *config = NULL;

	(void)state;
	for (char *line = strstr(sample, "\n#"); line; line = strstr(line + 1, "\n#")) {
		if (line[2] != ' ' && line[2] != '\n')
			line[1] = ' ';
	}
	config = accepted_text(sample);
	assert_int_equal(config->value_count, config_table_length);
	assert_string_equal(config->cas[0].name, "office");
	config_free(config);
	free(sample);
}

/* --- config_print --------------------------------------------------------------------------- */

enum { CA_KEYS = 13 };

static const char everything[] =
    "[login]\nprompt = require\nservices = login  sddm\ntimeout = 60s\nquestion_timeout = 90s\n"
    "[reminder]\nwindow = 8w\nremind = 1d 14d\ncritical = 36h\nspread = 60m\n"
    "[access]\nallow = group:staff\n"
    "[card]\nmodule = /usr/lib/card.so\ntoken = pkcs11:token=a;serial=1\n"
    "environment = A=1 B=\"#;\"\ninit_args = configdir='sql:/x  y' flags=\ntimeout = 1s\n"
    "pin_reentry = off\n"
    "[ca \"office\"]\nissuer = CN=政府 CA,O=\\E8\\A1\\8C\nurl = https://ra.example.org/est\n"
    "trust = /etc/ca.pem\nkey = new\ntimeout = 1h\nenvironment = no_proxy=*\n"
    "[ca \"second\"]\nprotocol = cmp\nurl = http://b/\ntrust = /b c\n"
    "encryption_proof = decrypt\nsender = CN=RA,O=Office\nimplicit_confirm = no\n"
    "client_chain = /etc/chain.pem\nunsigned_errors = yes\n"
    "[revocation]\nurl = https://a/\nprotocol = form\nreference = email\nagreement = https://a/b\n"
    "[directory]\nurl = ldaps://a\nbase = ou=a b,dc=c\nmail = rfc822Mailbox\nlimit = 10000\n"
    "starttls = yes\ntrust = /d\n"
    "[status]\ncheck = crl\nocsp = http://o/\ncrl = http://c/all.crl\nmax_age = 2h\n";

/* Drops the comments behind the lines, which name the file and a line, in place. */
static void drop_origins(char *text)
{
	char *to = text;

	for (char *from = text; *from;) {
		size_t length = strcspn(from, "\n");
		char *comment = memmem(from, length, " # ", 3);
		size_t kept = comment ? (size_t)(comment - from) : length;

		while (kept > 0 && from[kept - 1] == ' ')
			kept--;
		memmove(to, from, kept);
		to += kept;
		*to++ = '\n';
		from += length + (from[length] == '\n');
	}
	*to = '\0';
}

static void assert_round_trip(const char *text)
{
	struct config *config = accepted_text(text);
	char *first = printed(config);
	char *second = NULL;

	config_free(config);
	config = accepted_text(first);
	second = printed(config);
	drop_origins(first);
	drop_origins(second);
	assert_string_equal(first, second);
	assert_int_equal(config->value_count,
			 config_table_length + CA_KEYS * (config->ca_count - 1));
	config_free(config);
	free(first);
	free(second);
}

static void test_what_is_printed_reads_back_to_the_same_values(void **state)
{
	(void)state;
	assert_round_trip(everything);
	assert_round_trip("[ca \"a\"]\nurl = https://a/\ntrust = /a\n");
	assert_round_trip("[reminder]\nwindow = 1d\nremind = always\n"
			  "[ca \"a\"]\nurl = https://a/\ntrust = /a\n");
}

static void test_a_long_value_reads_back_too(void **state)
{
	char text[2048] = "[ca \"a\"]\nurl = https://a/\ntrust = /a\nissuer = CN=x";

	(void)state;
	for (size_t i = 0; i < 100; i++)
		strcat(text, i % 3 ? ",OU=\\E8\\A1" : ",OU=z z#;");
	assert_round_trip(text);
}

static void assert_line(const char *text, const char *line)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "\n%s\n", line);
	if (!strstr(text, expected))
		fail_msg("'%s' is missing in:\n%s", line, text);
}

static void assert_value(const char *text, const char *key, const char *value, const char *origin)
{
	char line[512];

	snprintf(line, sizeof(line), "%-16s = %-32s # %s", key, value, origin);
	assert_line(text, line);
}

static void test_each_value_is_printed_with_where_it_came_from(void **state)
{
	struct config *config = accepted_text("\n[login]\ntimeout = 60s\n"
					      "[ca \"a\"]\nurl = https://a/\ntrust = /a\n");
	char *text = printed(config);
	char origin[256];

	(void)state;
	snprintf(origin, sizeof(origin), "%s:3", file);
	assert_value(text, "timeout", "1m", origin);
	snprintf(origin, sizeof(origin), "%s:5", file);
	assert_value(text, "url", "https://a/", origin);
	snprintf(origin, sizeof(origin), "[ca \"a\"] # %s:4", file);
	assert_line(text, origin);
	assert_value(text, "prompt", "ask", "default");
	assert_value(text, "window", "30d", "default");
	assert_value(text, "remind", "30d 14d 7d 3d 2d 1d", "default");
	assert_value(text, "token", "", "default");
	assert_line(text, "# empty services stand for: login gdm-password gdm-smartcard "
			  "gdm-autologin lightdm lightdm-autologin sddm sddm-autologin kde "
			  "kde-smartcard xdm lxdm greetd ly slim");
	free(text);
	config_free(config);
}

static void test_without_a_file_everything_is_printed_as_default(void **state)
{
	struct config_error error = {""};
	struct config *config = NULL;
	char *text = NULL;

	(void)state;
	remove(file);
	assert_int_equal(config_load(file, true, &config, &error), 0);
	text = printed(config);
	assert_int_equal(occurrences(text, " # default\n"), config_table_length - CA_KEYS);
	assert_line(text, "# no [ca \"name\"] section: no certificate can be renewed");
	free(text);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_key_has_help_a_range_and_a_default_that_parses),
	    cmocka_unit_test(test_every_key_is_there_once_and_in_a_known_section),
	    cmocka_unit_test(test_the_sample_shows_every_key_once_with_help_range_and_default),
	    cmocka_unit_test(test_the_manual_has_every_key_with_its_default_and_help),
	    cmocka_unit_test(test_the_sample_as_installed_means_the_defaults),
	    cmocka_unit_test(test_the_sample_with_every_key_set_is_accepted),
	    cmocka_unit_test(test_what_is_printed_reads_back_to_the_same_values),
	    cmocka_unit_test(test_a_long_value_reads_back_too),
	    cmocka_unit_test(test_each_value_is_printed_with_where_it_came_from),
	    cmocka_unit_test(test_without_a_file_everything_is_printed_as_default),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
