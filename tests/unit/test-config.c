/* SPDX-License-Identifier: MIT */
/* certrenew.conf: which files are trusted, which lines are understood, what each error says. */
#include "tests/unit/config-file.h"

#include <sys/socket.h>
#include <sys/un.h>

#define CA	"[ca \"office\"]\n"
#define CA_URL	"url = https://ra.example.org/est\n"
#define CA_PEM	"trust = /etc/ca.pem\n"
#define OFFICE	CA CA_URL CA_PEM
#define TEN	"xxxxxxxxxx"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* --- the file ------------------------------------------------------------------------------- */

static void test_a_missing_file_means_the_defaults_where_it_may_be_missing(void **state)
{
	struct config_error error = {""};
	struct config *config = NULL;

	(void)state;
	remove(file);
	assert_int_equal(config_load(file, true, &config, &error), 0);
	assert_null(config->path);
	assert_int_equal(config->timeout, 5);
	assert_int_equal(config->window, 30 * 86400);
	assert_int_equal(config->remind_count, 6);
	assert_string_equal(config->allow, "seat");
	assert_null(config->services[0]);
	assert_int_equal(config->ca_count, 0);
	config_free(config);
}

static void test_a_missing_file_is_an_error_where_it_must_be_there(void **state)
{
	(void)state;
	remove(file);
	assert_refused(": there is no such file");
}

static void test_an_empty_file_means_the_defaults(void **state)
{
	struct config *config = accepted_text("");

	(void)state;
	assert_string_equal(config->path, file);
	assert_string_equal(config->module, "opensc-pkcs11.so");
	assert_true(config->pin_reentry);
	config_free(config);
}

static void test_a_file_others_may_write_is_refused(void **state)
{
	(void)state;
	write_text("");
	assert_int_equal(chmod(file, 0664), 0);
	assert_refused(": others than its owner may write it (mode 0664)");
	assert_int_equal(chmod(file, 0646), 0);
	assert_refused(": others than its owner may write it (mode 0646)");
}

static void test_a_file_of_another_user_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	write_text("");
	assert_int_equal(chown(file, 65534, 0), 0);
	assert_refused(": it belongs to user 65534");
}

static void test_a_file_this_user_may_not_read_is_refused(void **state)
{
	(void)state;
	write_text("");
	assert_int_equal(chmod(file, 0), 0);
	/* Root may read anything, so for this one it is another user. */
	if (getuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_refused(": user ");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static void test_a_symbolic_link_is_refused(void **state)
{
	(void)state;
	remove(file);
	assert_int_equal(symlink("/etc/passwd", file), 0);
	assert_refused(": this is a symbolic link");
	remove(file);
	assert_int_equal(symlink("/nowhere", file), 0);
	assert_refused(": this is a symbolic link");
}

static void test_a_hard_link_is_refused(void **state)
{
	char other[sizeof(file) + 8];

	(void)state;
	write_text("");
	snprintf(other, sizeof(other), "%s.other", file);
	assert_int_equal(link(file, other), 0);
	assert_refused(": it has another name (a hard link)");
	assert_int_equal(unlink(other), 0);
}

static void test_a_folder_is_refused(void **state)
{
	(void)state;
	remove(file);
	assert_int_equal(mkdir(file, 0755), 0);
	assert_refused(": this is not a regular file");
	assert_int_equal(rmdir(file), 0);
}

static void test_a_pipe_is_refused_without_waiting_for_its_writer(void **state)
{
	(void)state;
	remove(file);
	assert_int_equal(mkfifo(file, 0644), 0);
	assert_refused(": this is not a regular file");
}

static void test_a_socket_is_refused(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	remove(file);
	if (strlen(file) >= sizeof(address.sun_path))
		skip();
	strcpy(address.sun_path, file);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_refused(": this is not a regular file");
	close(fd);
}

static void test_a_file_over_1_MiB_is_refused(void **state)
{
	(void)state;
	write_text("");
	assert_int_equal(truncate(file, 1024 * 1024 + 1), 0);
	assert_refused(": it is larger than 1048576 bytes");
}

/* --- lines ---------------------------------------------------------------------------------- */

static void test_comments_blanks_CRLF_and_a_byte_order_mark_change_nothing(void **state)
{
	struct config *config = accepted_text("\xef\xbb\xbf# a comment\r\n"
					      "; another\r\n"
					      "\r\n"
					      "  [login]   # a comment\r\n"
					      "\tprompt\t=\tnotice ; a comment\r\n"
					      "timeout=9s # a comment\r\n"
					      "services =# a comment\r\n"
					      "  [ card ]\n");

	(void)state;
	assert_int_equal(config->prompt, PROMPT_NOTICE);
	assert_int_equal(config->timeout, 9);
	assert_null(config->services[0]);
	config_free(config);
}

static void test_a_semicolon_or_hash_inside_a_word_is_no_comment(void **state)
{
	struct config *config = accepted_text("[card]\n"
					      "token = pkcs11:token=a;serial=1#2\n"
					      "init_args = a #b\n"
					      "environment = A=1;2 B==#3");

	(void)state;
	assert_string_equal(config->token, "pkcs11:token=a;serial=1#2");
	assert_string_equal(config->init_args, "a");
	assert_string_equal(config->environment[0], "A=1;2");
	assert_string_equal(config->environment[1], "B==#3");
	assert_null(config->environment[2]);
	config_free(config);
}

static void test_a_long_line_is_read_whole(void **state)
{
	/* libinih's own limit is 200 bytes in most builds; pieces may end at any byte */
	for (size_t lead = 1; lead <= 100; lead++) {
		char value[1200];
		char text[4000];
		struct config *config = NULL;

		memset(value, 'x', lead);
		strcpy(value + lead, ";=[#]; a b c d e f=" HUNDRED ";#;#" HUNDRED " " HUNDRED
				     "  " HUNDRED ":" HUNDRED "[a] é");
		snprintf(text, sizeof(text), "[card]\ninit_args = %s # %s\n", value, value);
		config = accepted_text(text);
		assert_string_equal(config->init_args, value);
		config_free(config);
	}
	(void)state;
}

static void test_a_line_over_4095_bytes_is_refused(void **state)
{
	char text[8192] = "\n[card]\ninit_args=";
	size_t start = strlen("\n[card]\n");
	size_t used = strlen(text);

	(void)state;
	memset(text + used, 'x', start + 4095 - used);
	config_free(accepted_text(text));
	text[start + 4095] = 'x';
	assert_text_refused(text, ":3: [card]: the line is longer than 4095 bytes");
}

static void test_a_long_line_without_a_place_to_cut_is_refused(void **state)
{
	char text[1024] = "[card]\ninit_args = ";
	size_t used = strlen(text);

	(void)state;
	for (size_t i = 0; i < 600; i++)
		text[used + i] = i % 2 ? ' ' : 'x';
	assert_text_refused(text, ":2: [card]: the line is too long for this build of libinih");
	memset(text + used, ' ', 600);
	memcpy(text + strlen("[card]\n"), "    init_args", strlen("    init_args"));
	strcpy(text + used + 600, "= x");
	assert_text_refused(text, ":2: [card]: ");
}

static void test_blanks_in_a_heading_change_nothing(void **state)
{
	char text[1024] = "";
	struct config *config = NULL;

	(void)state;
	snprintf(text, sizeof(text), "[%500s]\ntimeout = 7s\n", "login");
	config = accepted_text(text);
	assert_int_equal(config->timeout, 7);
	config_free(config);
	config_free(accepted_text("[ login\t]\n[ ca\"a\"]\nurl = https://a\ntrust = /a\n"));
}

static void test_bytes_that_are_no_text_are_refused(void **state)
{
	static const char nul[] = "[login]\nprompt = a\0sk\n";
	static const char *const not_utf8[] = {
	    "\x80",
	    "\xc3",
	    "\xc3x",
	    "\xc0\xaf",
	    "\xe0\x80\xaf",
	    "\xed\xa0\x80",
	    "\xf4\x90\x80\x80",
	    "\xf8\x88\x80\x80\x80",
	    "\xf0\x9f\x92",
	    "\xff",
	    "\xfe",
	};

	(void)state;
	write_bytes(nul, sizeof(nul) - 1);
	assert_refused(":2: [login]: byte 11 of the line is NUL");
	for (size_t i = 0; i < sizeof(not_utf8) / sizeof(not_utf8[0]); i++) {
		char text[64];

		snprintf(text, sizeof(text), "[login]\n# %s\n", not_utf8[i]);
		assert_text_refused(text, ":2: [login]: byte 3 of the line (0x");
		snprintf(text, sizeof(text), "[login]\n# %s", not_utf8[i]);
		assert_text_refused(text, ":2: [login]: byte 3 of the line (0x");
	}
	assert_text_refused("# \x1b[2J\n", ":1: byte 3 of the line is a control character (0x1b)");
	assert_text_refused("# \xc2\x9b\n", ":1: byte 3 of the line is a control character (0x9b)");
	assert_text_refused("# a\rb\n", ":1: byte 4 of the line is a control character (0x0d)");
	config_free(accepted_text("# é 政 \xf0\x9f\x92\xb3 \xf4\x8f\xbf\xbf\n"));
}

/* --- errors, each with its line, section and key -------------------------------------------- */

static void test_lines_that_are_neither_heading_nor_assignment_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {"[login]\nprompt\n", ":2: [login]: 'prompt' is neither [section] nor key = value"},
	    {"[login]\nprompt: ask\n", ":2: [login]: 'prompt: ask' is neither"},
	    {"[login]\n= ask\n", ":2: [login]: '= ask' is neither"},
	    {"[login]\nservices = login\n  sddm\n", ":3: [login]: 'sddm' is neither"},
	    {"\nprompt = ask\n[login]\n", ":2: 'prompt = ask' stands before any section"},
	    {"[login\nprompt = ask\n", ":1: '[login' is not a section's heading"},
	    {"[login] prompt = ask\n", ":1: '[login] prompt = ask' is not a section's heading"},
	    {"[]\n", ":1: '[]' is not a section's heading"},
	    {"[card]\n[ca \"a]\n", ":2: '[ca \"a]' is not a section's heading"},
	    {"[ca \"a\" b]\n", ":1: '[ca \"a\" b]' is not a section's heading"},
	    {"[ca \"a]b\"]\n", ":1: '[ca \"a]b\"]' is not a section's heading"},
	    {"[ca \"" HUNDRED "\"]\n", ":1: the section's name is longer than 64 bytes"},
	    {"[" HUNDRED "]\n", ":1: '[" TEN TEN TEN},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_sections_that_are_unknown_nameless_or_repeated_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {"[logon]\n", ":1: [logon] is unknown; the sections are login, reminder"},
	    {"[Login]\n", ":1: [Login] is unknown"},
	    {"[login \"x\"]\n", ":1: [login \"x\"] is unknown: only [ca \"name\"]"},
	    {"[ca]\n", ":1: a CA's section needs a name; write [ca \"name\"]"},
	    {"\n[ca \"\"]\n", ":2: a CA's section needs a name"},
	    {"[login]\n[card]\n[login]\n", ":3: [login]: this section is already in line 1"},
	    {OFFICE CA, ":4: [ca \"office\"]: this section is already in line 1"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_keys_that_are_unknown_repeated_or_elsewhere_are_refused(void **state)
{
	static const struct refused cases[] = {
	    {"[login]\npromt = ask\n",
	     ":2: [login] promt: there is no such key; this section's are: prompt, services, "
	     "timeout, question_timeout"},
	    {"[login]\nPrompt = ask\n", ":2: [login] Prompt: there is no such key"},
	    {"[card]\nprompt = ask\n", ":2: [card] prompt: there is no such key"},
	    {CA "prompt = ask\n", ":2: [ca \"office\"] prompt: there is no such key"},
	    {"[login]\nprompt = ask\n\nprompt = ask\n",
	     ":4: [login] prompt: this key is already in line 2"},
	    {OFFICE CA_URL, ":4: [ca \"office\"] url: this key is already in line 2"},
	};

	(void)state;
	ASSERT_ALL_REFUSED(cases);
}

static void test_the_first_of_two_errors_is_told(void **state)
{
	(void)state;
	assert_text_refused("[login]\ntimeout = 1\nprompt = maybe\n", ":2: [login] timeout: ");
	assert_text_refused("[login]\nthis\nthat = 1\n", ":2: [login]: 'this' is neither");
}

static void test_an_error_never_carries_half_a_character_or_a_control_character(void **state)
{
	struct config_error error = {""};
	struct config *config = NULL;

	(void)state;
	assert_text_refused("[card]\ntoken = xx" TEN TEN TEN TEN TEN TEN "政政政\n",
			    ":2: [card] token: 'xx" TEN TEN TEN TEN TEN TEN
			    "…' is not an RFC 7512");
	assert_int_equal(config_load("/no\n\x1bwhere", false, &config, &error), -1);
	assert_string_equal(error.text,
			    "/no??where: there is no such file; create it, or check the name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_missing_file_means_the_defaults_where_it_may_be_missing),
	    cmocka_unit_test(test_a_missing_file_is_an_error_where_it_must_be_there),
	    cmocka_unit_test(test_an_empty_file_means_the_defaults),
	    cmocka_unit_test(test_a_file_others_may_write_is_refused),
	    cmocka_unit_test(test_a_file_of_another_user_is_refused),
	    cmocka_unit_test(test_a_file_this_user_may_not_read_is_refused),
	    cmocka_unit_test(test_a_symbolic_link_is_refused),
	    cmocka_unit_test(test_a_hard_link_is_refused),
	    cmocka_unit_test(test_a_folder_is_refused),
	    cmocka_unit_test(test_a_pipe_is_refused_without_waiting_for_its_writer),
	    cmocka_unit_test(test_a_socket_is_refused),
	    cmocka_unit_test(test_a_file_over_1_MiB_is_refused),
	    cmocka_unit_test(test_comments_blanks_CRLF_and_a_byte_order_mark_change_nothing),
	    cmocka_unit_test(test_a_semicolon_or_hash_inside_a_word_is_no_comment),
	    cmocka_unit_test(test_a_long_line_is_read_whole),
	    cmocka_unit_test(test_a_line_over_4095_bytes_is_refused),
	    cmocka_unit_test(test_a_long_line_without_a_place_to_cut_is_refused),
	    cmocka_unit_test(test_blanks_in_a_heading_change_nothing),
	    cmocka_unit_test(test_bytes_that_are_no_text_are_refused),
	    cmocka_unit_test(test_lines_that_are_neither_heading_nor_assignment_are_refused),
	    cmocka_unit_test(test_sections_that_are_unknown_nameless_or_repeated_are_refused),
	    cmocka_unit_test(test_keys_that_are_unknown_repeated_or_elsewhere_are_refused),
	    cmocka_unit_test(test_the_first_of_two_errors_is_told),
	    cmocka_unit_test(test_an_error_never_carries_half_a_character_or_a_control_character),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
