/* SPDX-License-Identifier: MIT */
/* Drivers and tokens: which are there, and which one is meant. */
#include "tests/unit/card-host.h"

/* --- drivers ------------------------------------------------------------------------------ */

static void assert_no_driver(const char *module)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct driver *driver = NULL;

	card.config.module = (char *)module;
	assert_int_equal(driver_open(&card.config, &driver, &failure), -FAILURE_DRIVER);
	assert_int_equal(failure.code, FAILURE_DRIVER);
	assert_string_not_equal(failure.detail, "");
	assert_null(driver);
}

static void a_driver_that_is_not_there_is_named(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct driver *driver = NULL;

	(void)state;
	assert_no_driver("/nonexistent/opensc-pkcs11.so");
	assert_no_driver("nonexistent-pkcs11.so");
	assert_no_driver("/dev/null");
	card.config.module = (char *)"nonexistent-pkcs11.so";
	assert_int_equal(driver_open(&card.config, &driver, &failure), -FAILURE_DRIVER);
	assert_non_null(strstr(failure.detail, "nonexistent-pkcs11.so"));
}

static void a_library_that_is_no_driver_is_refused(void **state)
{
	(void)state;
	assert_no_driver("libcrypto.so.3");
}

static void a_driver_without_its_environment_is_given_it(void **state)
{
	static char several[] = "CERTRENEW_TEST_ONE=a=b", empty[] = "CERTRENEW_TEST_TWO=";
	char *variables[] = {card.environment, several, empty, NULL};

	(void)state;
	unsetenv("SOFTHSM2_CONF");
	card_make("--label Alice --empty");
	card.config.environment = variables;
	card_open_driver();
	assert_string_equal(getenv("SOFTHSM2_CONF"), card.environment + strlen("SOFTHSM2_CONF="));
	assert_string_equal(getenv("CERTRENEW_TEST_ONE"), "a=b");
	assert_string_equal(getenv("CERTRENEW_TEST_TWO"), "");
	assert_int_equal(card_list("", NULL, NULL), 1);
}

static void a_driver_that_fails_to_start_is_an_error(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct driver *driver = NULL;

	(void)state;
	card_behind_shim("C_Initialize error CKR_GENERAL_ERROR\n");
	assert_int_equal(driver_open(&card.config, &driver, &failure), -FAILURE_DRIVER);
	assert_non_null(strstr(failure.detail, "C_Initialize"));
	assert_null(driver);
}

static void a_driver_that_runs_already_is_used(void **state)
{
	struct driver *second = NULL;

	(void)state;
	card_make("--label Alice --empty");
	card_open_driver();
	assert_int_equal(driver_open(&card.config, &second, NULL), 0);
	assert_int_equal(card_list("", NULL, NULL), 1);
	driver_close(second);
}

static void what_a_driver_answers_is_told_in_our_codes(void **state)
{
	static const struct {
		CK_RV rv;
		enum failure_code code;
	} answers[] = {
	    {CKR_DEVICE_REMOVED, FAILURE_CARD_REMOVED},
	    {CKR_TOKEN_NOT_PRESENT, FAILURE_CARD_REMOVED},
	    {CKR_SESSION_HANDLE_INVALID, FAILURE_CARD_REMOVED},
	    {CKR_PIN_INCORRECT, FAILURE_PIN_WRONG},
	    {CKR_PIN_LOCKED, FAILURE_PIN_LOCKED},
	    {CKR_PIN_EXPIRED, FAILURE_PIN_EXPIRED},
	    {CKR_PIN_LEN_RANGE, FAILURE_PIN_LENGTH},
	    {CKR_USER_PIN_NOT_INITIALIZED, FAILURE_CARD_UNINITIALISED},
	    {CKR_TOKEN_WRITE_PROTECTED, FAILURE_CARD_READ_ONLY},
	    {CKR_USER_TYPE_INVALID, FAILURE_CARD_READ_ONLY},
	    {CKR_DEVICE_MEMORY, FAILURE_CARD_FULL},
	    {CKR_KEY_FUNCTION_NOT_PERMITTED, FAILURE_KEY_CANNOT_SIGN},
	    {CKR_FUNCTION_CANCELED, FAILURE_CANCELLED},
	    {CKR_GENERAL_ERROR, FAILURE_CARD_ERROR},
	    {CKR_VENDOR_DEFINED + 1, FAILURE_CARD_ERROR},
	};
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		assert_int_equal(driver_failure(answers[i].rv, "C_Something", &failure),
				 -(int)answers[i].code);
		assert_int_equal(failure.code, answers[i].code);
		assert_memory_equal(failure.detail, "C_Something: ", 13);
		assert_int_equal(driver_failure(answers[i].rv, "C_Something", NULL),
				 -(int)answers[i].code);
	}
}

/* --- tokens ------------------------------------------------------------------------------- */

static void every_token_is_listed_as_it_calls_itself(void **state)
{
	struct token_info *tokens = NULL;
	size_t count = 0;

	(void)state;
	card_make("--label 'Alice Chen' --empty");
	card_make("--label 0123456789abcdef0123456789abcdef --empty");
	card_open_driver();
	assert_int_equal(token_list(card.driver, "", NULL, &tokens, &count, NULL), 0);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(strlen(tokens[i].serial), 16);
		assert_true(tokens[i].flags & CKF_TOKEN_INITIALIZED);
	}
	assert_string_not_equal(tokens[0].serial, tokens[1].serial);
	free(tokens);
	assert_int_equal(card_list("", "Alice Chen", NULL), 1);
	assert_int_equal(card_list("", "0123456789abcdef0123456789abcdef", NULL), 1);
}

static void a_label_chooses_the_tokens_that_have_it(void **state)
{
	struct token_info info;

	(void)state;
	card_make("--label Alice --empty");
	card_make("--label Bob --empty");
	card_make("--label Bob --empty");
	card_open_driver();
	assert_int_equal(card_list("", "Alice", &info), 1);
	assert_string_equal(info.label, "Alice");
	assert_int_equal(card_list("", "Bob", NULL), 2);
	assert_int_equal(card_list("", "Ali", NULL), 0);
	assert_int_equal(card_list("", "alice", NULL), 0);
	assert_int_equal(card_list("", "Alice ", NULL), 0);
}

static void a_uri_chooses_the_tokens_that_it_fits(void **state)
{
	struct token_info alice, info;
	char uri[128];

	(void)state;
	card_make("--label 'Alice Chen' --empty");
	card_make("--label Bob --empty");
	card_open_driver();
	assert_int_equal(card_list("pkcs11:token=Alice%20Chen", NULL, &alice), 1);
	assert_string_equal(alice.label, "Alice Chen");
	snprintf(uri, sizeof(uri), "pkcs11:serial=%s", alice.serial);
	assert_int_equal(card_list(uri, NULL, &info), 1);
	assert_string_equal(info.label, "Alice Chen");
	assert_int_equal(card_list("pkcs11:manufacturer=SoftHSM%20project", NULL, NULL), 2);
	assert_int_equal(card_list("pkcs11:model=SoftHSM%20v2;token=Bob", NULL, &info), 1);
	assert_string_equal(info.label, "Bob");
	assert_int_equal(card_list("pkcs11:", NULL, NULL), 2);
	assert_int_equal(card_list("pkcs11:token=Carol", NULL, NULL), 0);
	/* The login's card must fit as well. */
	assert_int_equal(card_list("pkcs11:token=Bob", "Alice Chen", NULL), 0);
	assert_int_equal(card_list("pkcs11:model=SoftHSM%20v2", "Bob", NULL), 1);
}

static void what_is_no_uri_is_an_error_of_the_configuration(void **state)
{
	static const char *const uris[] = {"Alice", "pkcs11:token=%zz", "http://example.org/",
					   "pkcs11:token"};
	struct token_info *tokens = NULL;
	struct failure failure;
	size_t count = 99;

	(void)state;
	card_make("--label Alice --empty");
	card_open_driver();
	for (size_t i = 0; i < COUNT_OF(uris); i++) {
		assert_int_equal(token_list(card.driver, uris[i], NULL, &tokens, &count, &failure),
				 -FAILURE_CONFIG);
		assert_non_null(strstr(failure.detail, uris[i]));
		assert_null(tokens);
		assert_int_equal(count, 99);
	}
}

/* In Latin-1, as many cards have it, or worse: it is the same in a message and in the driver. */
static void a_label_that_is_no_clean_text_is_found_again(void **state)
{
	struct token_info info, again;
	struct failure failure;

	(void)state;
	card_make("--label \"$(printf 'J\\374rg\\033[2J')\" --empty");
	card_open_driver();
	assert_int_equal(card_list("", NULL, &info), 1);
	assert_string_equal(info.label, "J\uFFFDrg\uFFFD[2J");
	assert_int_equal(card_list("", "J\uFFFDrg\uFFFD[2J", NULL), 1);
	assert_int_equal(token_find(card.driver, info.serial, info.label, &again, &failure), 0);
	assert_string_equal(again.serial, info.serial);
}

static void a_token_is_found_again_by_its_serial_number(void **state)
{
	struct token_info alice, info;

	(void)state;
	card_make("--label Alice --empty");
	card_make("--label Alice --empty");
	card_open_driver();
	assert_int_equal(card_list("", "Alice", &alice), 2);
	assert_int_equal(token_find(card.driver, alice.serial, "Alice", &info, NULL), 0);
	assert_string_equal(info.serial, alice.serial);
	assert_int_equal(info.slot, alice.slot);
	assert_int_equal(token_find(card.driver, alice.serial, NULL, &info, NULL), 0);
	assert_int_equal(token_find(card.driver, "0000000000000000", "Alice", &info, NULL),
			 -FAILURE_CARD_REMOVED);
	assert_int_equal(token_find(card.driver, alice.serial, "Bob", &info, NULL),
			 -FAILURE_CARD_REMOVED);
}

static void tokens_that_were_never_set_up_are_no_cards(void **state)
{
	struct token_info *tokens = NULL, info;
	struct failure failure = {.code = FAILURE_NONE};
	size_t count = 99;

	(void)state;
	card_open_driver();
	assert_int_equal(token_list(card.driver, "", NULL, &tokens, &count, &failure),
			 -FAILURE_CARD_UNINITIALISED);
	assert_int_equal(failure.code, FAILURE_CARD_UNINITIALISED);
	assert_null(tokens);
	assert_int_equal(token_find(card.driver, "7b1109af35f4fa21", "Alice", &info, NULL),
			 -FAILURE_CARD_REMOVED);
	assert_int_equal(token_find(card.driver, "7b1109af35f4fa21", NULL, &info, NULL),
			 -FAILURE_CARD_REMOVED);
}

static void a_token_that_was_pulled_meanwhile_is_passed_over(void **state)
{
	(void)state;
	card_make("--label Alice --empty");
	card_make("--label Bob --empty");
	card_behind_shim("C_GetTokenInfo#1 error CKR_TOKEN_NOT_PRESENT\n");
	card_open_driver();
	assert_int_equal(card_list("", NULL, NULL), 1);
}

static void a_driver_that_cannot_list_its_slots_is_an_error(void **state)
{
	struct token_info *tokens = NULL;
	size_t count = 0;

	(void)state;
	card_make("--label Alice --empty");
	card_behind_shim("C_GetSlotList error CKR_DEVICE_ERROR\n");
	card_open_driver();
	assert_int_equal(token_list(card.driver, "", NULL, &tokens, &count, NULL),
			 -FAILURE_CARD_ERROR);
	card_forget(NULL);
	card_make("--label Alice --empty");
	card_behind_shim("C_GetSlotList#2 error 0x150\n");
	card_open_driver();
	/* CKR_BUFFER_TOO_SMALL: a reader was plugged in between. */
	assert_int_equal(card_list("", NULL, NULL), 1);
}

static void a_session_that_cannot_be_opened_is_an_error(void **state)
{
	struct token_info info;
	struct token *token = NULL;
	struct failure failure;

	(void)state;
	card_make("--label Alice --empty");
	card_behind_shim("C_OpenSession error CKR_TOKEN_NOT_PRESENT\n");
	card_open_driver();
	assert_int_equal(card_list("", "Alice", &info), 1);
	assert_int_equal(token_open(card.driver, &info, true, &token, &failure),
			 -FAILURE_CARD_REMOVED);
	assert_null(token);
}

static void closing_nothing_is_fine(void **state)
{
	(void)state;
	token_close(NULL);
	driver_close(NULL);
	key_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(a_driver_that_is_not_there_is_named),
	    WITH_A_CARD(a_library_that_is_no_driver_is_refused),
	    WITH_A_CARD(a_driver_without_its_environment_is_given_it),
	    WITH_A_CARD(a_driver_that_fails_to_start_is_an_error),
	    WITH_A_CARD(a_driver_that_runs_already_is_used),
	    WITH_A_CARD(what_a_driver_answers_is_told_in_our_codes),
	    WITH_A_CARD(every_token_is_listed_as_it_calls_itself),
	    WITH_A_CARD(a_label_chooses_the_tokens_that_have_it),
	    WITH_A_CARD(a_uri_chooses_the_tokens_that_it_fits),
	    WITH_A_CARD(what_is_no_uri_is_an_error_of_the_configuration),
	    WITH_A_CARD(a_label_that_is_no_clean_text_is_found_again),
	    WITH_A_CARD(a_token_is_found_again_by_its_serial_number),
	    WITH_A_CARD(tokens_that_were_never_set_up_are_no_cards),
	    WITH_A_CARD(a_token_that_was_pulled_meanwhile_is_passed_over),
	    WITH_A_CARD(a_driver_that_cannot_list_its_slots_is_an_error),
	    WITH_A_CARD(a_session_that_cannot_be_opened_is_an_error),
	    cmocka_unit_test(closing_nothing_is_fine),
	};

	return cmocka_run_group_tests_name("card", tests, card_begin, folder_remove);
}
