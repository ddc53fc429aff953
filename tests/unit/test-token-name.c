/* SPDX-License-Identifier: MIT */
/* What a card calls itself, made fit for a file name. */
#include "helper/common/token_name.h"
#include "tests/unit/unit.h"

static const char letters[] = "0123456789abcdef";

static void a_serial_number_is_written_in_hexadecimal(void **state)
{
	char name[TOKEN_NAME_MAX];

	(void)state;
	assert_ptr_equal(token_name("7b1109af", "Alice", name), name);
	assert_string_equal(name, "3762313130396166");
	assert_string_equal(token_name("\x01\xFF ", "", name), "01ff20");
}

static void a_token_without_a_serial_number_goes_by_its_label(void **state)
{
	char name[TOKEN_NAME_MAX];

	(void)state;
	assert_string_equal(token_name("", "Alice", name), "label-416c696365");
	assert_string_equal(token_name("", "", name), "label-");
	/* And is no other token, whatever that one's serial number is. */
	assert_string_equal(token_name("label-", "", name), "6c6162656c2d");
}

static void nothing_a_card_says_reaches_a_path_as_it_is(void **state)
{
	static const char *const hostile[] = {"/",     "..",	       "../../etc", "a/b", "\n",
					      ".\x01", "\xE9\x99\xB3", "%s%n",	    ",,",  "-rf"};
	char name[TOKEN_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		token_name(hostile[i], "", name);
		assert_int_equal(strlen(name), 2 * strlen(hostile[i]));
		assert_int_equal(strspn(name, letters), strlen(name));
		token_name("", hostile[i], name);
		assert_memory_equal(name, "label-", 6);
		assert_int_equal(strspn(name + 6, letters), strlen(name + 6));
	}
}

static void the_longest_names_that_pkcs11_has_are_kept_whole(void **state)
{
	/* 16 and 32 bytes (PKCS#11 2.40 §3.2), different in the last only. */
	char one[TOKEN_NAME_MAX], other[TOKEN_NAME_MAX];

	(void)state;
	token_name("0123456789abcdeX", "", one);
	token_name("0123456789abcdeY", "", other);
	assert_string_not_equal(one, other);
	token_name("", "0123456789abcdef0123456789abcdeX", one);
	token_name("", "0123456789abcdef0123456789abcdeY", other);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), strlen("label-") + 2 * 32);
}

static void a_name_that_is_too_long_is_cut(void **state)
{
	char text[1000], *name = malloc(TOKEN_NAME_MAX);

	(void)state;
	assert_non_null(name);
	memset(text, '/', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	token_name(text, "", name);
	assert_true(strlen(name) < TOKEN_NAME_MAX);
	token_name("", text, name);
	assert_true(strlen(name) < TOKEN_NAME_MAX);
	free(name);
}

static void a_name_leads_back_to_its_card(void **state)
{
	static const char *const no_names[] = {
	    "",	   "label-", "373",  "3G",	"3A", "../31", "Label-41", "label-label-41",
	    "31 ", "3100",   "0031", "journal", "-31"};
	char name[TOKEN_NAME_MAX], serial[TOKEN_NAME_MAX], label[TOKEN_NAME_MAX];

	(void)state;
	assert_int_equal(token_name_read(token_name("a/\x01\xFFz", "Alice", name), serial, label),
			 0);
	assert_string_equal(serial, "a/\x01\xFFz");
	assert_string_equal(label, "");
	assert_int_equal(token_name_read(token_name("", "Alice", name), serial, label), 0);
	assert_string_equal(serial, "");
	assert_string_equal(label, "Alice");
	for (size_t i = 0; i < sizeof(no_names) / sizeof(no_names[0]); i++) {
		assert_int_equal(token_name_read(no_names[i], serial, label), -1);
		assert_string_equal(serial, "");
		assert_string_equal(label, "");
	}
	memset(name, '3', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(token_name_read(name, serial, label), -1);
}

static void a_list_has_the_names_that_stand_in_it_whole(void **state)
{
	(void)state;
	assert_true(token_name_listed("3731", "3731"));
	assert_true(token_name_listed("3731,3732,3733", "3731"));
	assert_true(token_name_listed("3731,3732,3733", "3732"));
	assert_true(token_name_listed("3731,3732,3733", "3733"));
	assert_true(token_name_listed("3731,", "3731"));
	assert_true(token_name_listed(",3731", "3731"));
	assert_false(token_name_listed("", "3731"));
	assert_false(token_name_listed("3731,3732", "373"));
	assert_false(token_name_listed("3731,3732", "37313"));
	assert_false(token_name_listed("3731,3732", "731"));
	assert_false(token_name_listed("3731,3732", "3731,3732"));
	assert_false(token_name_listed("3731,3732", "3733"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_serial_number_is_written_in_hexadecimal),
	    cmocka_unit_test(a_token_without_a_serial_number_goes_by_its_label),
	    cmocka_unit_test(nothing_a_card_says_reaches_a_path_as_it_is),
	    cmocka_unit_test(the_longest_names_that_pkcs11_has_are_kept_whole),
	    cmocka_unit_test(a_name_that_is_too_long_is_cut),
	    cmocka_unit_test(a_name_leads_back_to_its_card),
	    cmocka_unit_test(a_list_has_the_names_that_stand_in_it_whole),
	};

	return cmocka_run_group_tests_name("token name", tests, NULL, NULL);
}
