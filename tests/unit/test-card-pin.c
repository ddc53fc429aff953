/* SPDX-License-Identifier: MIT */
/* A PIN is given to the card as often as a person typed it, and what the card says is told. */
#include "tests/unit/card-host.h"

static unsigned note(void)
{
	struct failure failure = {.code = FAILURE_NONE};
	unsigned found = 99;

	if (pin_note(card.token, &found, &failure) < 0)
		fail_msg("%s", failure.detail);
	return found;
}

static void assert_no_note(enum failure_code code)
{
	struct failure failure = {.code = FAILURE_NONE};
	unsigned found = 99;

	assert_int_equal(pin_note(card.token, &found, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	assert_int_equal(found, 99);
}

static void assert_login_fails(const char *pin, enum failure_code code)
{
	struct failure failure = {.code = FAILURE_NONE};

	assert_int_equal(card_login(pin, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	assert_string_not_equal(failure.detail, "");
	assert_null(strstr(failure.detail, pin));
}

/* A card of Alice's behind the shim, with these rules, as renew opens it. */
static void open_with(const char *rules)
{
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_behind_shim(rules);
	card_open_driver();
	card_open_session("Alice", true);
}

static void the_right_pin_opens_the_card_until_the_logout(void **state)
{
	struct key_seen seen;

	(void)state;
	open_with("");
	card_read(1);
	assert_int_equal(key_look(card.token, card_certificate(ID_SIGNATURE), &seen, NULL), 0);
	assert_int_equal(seen.private_key, 0);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_int_equal(key_look(card.token, card_certificate(ID_SIGNATURE), &seen, NULL), 0);
	assert_int_not_equal(seen.private_key, 0);
	pin_logout(card.token);
	assert_int_equal(key_look(card.token, card_certificate(ID_SIGNATURE), &seen, NULL), 0);
	assert_int_equal(seen.private_key, 0);
	assert_int_equal(card_login(RIGHT, NULL), 0);
}

static void a_wrong_pin_is_given_once_and_never_again(void **state)
{
	(void)state;
	open_with("");
	assert_login_fails("654321", FAILURE_PIN_WRONG);
	assert_int_equal(card_calls(" C_Login "), 1);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_int_equal(card_calls(" C_Login "), 2);
}

static void a_pin_that_cannot_be_one_is_told_from_a_wrong_one(void **state)
{
	(void)state;
	open_with("C_Login#1 error CKR_PIN_LEN_RANGE\nC_Login#2 error CKR_PIN_EXPIRED\n");
	assert_login_fails("1111", FAILURE_PIN_LENGTH);
	assert_login_fails("11111", FAILURE_PIN_EXPIRED);
}

static void a_card_says_how_many_tries_are_left(void **state)
{
	char rules[PATH_MAX];

	(void)state;
	snprintf(rules, sizeof(rules), "pin-tries 3 %s/shim-tries\n", folder);
	open_with(rules);
	assert_int_equal(note(), 0);
	assert_login_fails("111111", FAILURE_PIN_WRONG);
	assert_int_equal(note(), PIN_NOTE_FEW);
	assert_login_fails("222222", FAILURE_PIN_WRONG);
	assert_int_equal(note(), PIN_NOTE_LAST);
	/* The answer to the last try is still 'incorrect': only the flags say what it did. */
	assert_login_fails("333333", FAILURE_PIN_LOCKED);
	assert_no_note(FAILURE_PIN_LOCKED);
	assert_login_fails(RIGHT, FAILURE_PIN_LOCKED);
}

/* As OpenSC does it. */
static void a_locked_pin_that_is_called_incorrect_is_told_as_locked(void **state)
{
	(void)state;
	open_with("flags +LOCKED\nC_Login error CKR_PIN_INCORRECT\n");
	assert_login_fails("1111", FAILURE_PIN_LOCKED);
	card_forget(NULL);
	open_with("C_Login error CKR_PIN_LOCKED\n");
	assert_login_fails("1111", FAILURE_PIN_LOCKED);
}

static void each_flag_of_the_token_is_a_note(void **state)
{
	static const struct {
		const char *flags;
		unsigned note;
	} examples[] = {
	    {"flags +COUNT_LOW\n", PIN_NOTE_FEW},
	    {"flags +FINAL_TRY\n", PIN_NOTE_LAST},
	    {"flags +COUNT_LOW +FINAL_TRY\n", PIN_NOTE_LAST},
	    {"flags +PROTECTED_AUTHENTICATION_PATH\n", PIN_NOTE_KEYPAD},
	    {"flags +PROTECTED_AUTHENTICATION_PATH +COUNT_LOW\n", PIN_NOTE_KEYPAD | PIN_NOTE_FEW},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		open_with(examples[i].flags);
		assert_int_equal(note(), examples[i].note);
		card_forget(NULL);
	}
}

/* SoftHSM says 4 to 255 bytes. */
static void a_pin_that_cannot_be_one_never_reaches_the_card(void **state)
{
	static const struct {
		const char *pin;
		size_t length;
		enum failure_code code;
	} examples[] = {
	    {"123", 3, FAILURE_PIN_SHORT},
	    {"", 0, FAILURE_PIN_SHORT},
	    {"1234\0005", 6, FAILURE_PIN_CHARACTERS},
	    {"\0001234", 5, FAILURE_PIN_CHARACTERS},
	    {"1234\n", 5, FAILURE_PIN_CHARACTERS},
	    {"12\x1b[A", 5, FAILURE_PIN_CHARACTERS},
	    {"1234\x7f", 5, FAILURE_PIN_CHARACTERS},
	};
	struct failure failure;
	struct secret *pin;

	(void)state;
	open_with("");
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		pin = secret_new(examples[i].pin, examples[i].length);
		assert_int_equal(pin_login(card.token, pin, &failure), -(int)examples[i].code);
		assert_int_equal(failure.code, examples[i].code);
		secret_free(pin);
	}
	assert_int_equal(card_calls(" C_Login "), 0);
	/* What is more than a byte each is as long as its bytes. */
	assert_login_fails("\u00e4\u00e4", FAILURE_PIN_WRONG);
	assert_int_equal(card_calls(" C_Login user pin 4 bytes "), 1);
}

static void a_card_that_knows_no_limits_is_given_any_pin(void **state)
{
	static const struct {
		const char *rules;
		enum failure_code code;
		size_t calls;
	} examples[] = {
	    {"pin-length 0 0\n", FAILURE_PIN_WRONG, 1}, {"pin-length 8 4\n", FAILURE_PIN_WRONG, 1},
	    {"pin-length 0 2\n", FAILURE_PIN_LONG, 0},	{"pin-length 3 3\n", FAILURE_PIN_WRONG, 1},
	    {"pin-length 4 8\n", FAILURE_PIN_SHORT, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		open_with(examples[i].rules);
		assert_login_fails("321", examples[i].code);
		assert_int_equal(card_calls(" C_Login "), examples[i].calls);
		card_forget(NULL);
	}
}

static void a_pin_that_must_be_changed_is_told_before_anybody_is_asked(void **state)
{
	(void)state;
	open_with("flags +TO_BE_CHANGED\n");
	assert_no_note(FAILURE_PIN_TO_CHANGE);
}

/* Nothing tells but its serial number: the sessions stay as they are. */
static void a_card_that_was_swapped_is_not_given_the_pin(void **state)
{
	char rules[PATH_MAX];

	(void)state;
	card_make("--label Bob --key ec:P-256 --roles signature");
	snprintf(rules, sizeof(rules), "other Bob %s/shim-swapped\n", folder);
	open_with(rules);
	assert_int_equal(note(), 0);
	folder_write(folder_path("shim-swapped"), "", 0);
	assert_login_fails(RIGHT, FAILURE_OTHER_CARD);
	assert_no_note(FAILURE_OTHER_CARD);
	assert_int_equal(card_calls(" C_Login "), 0);
	unlink(folder_path("shim-swapped"));
	assert_int_equal(card_login(RIGHT, NULL), 0);
}

static void a_keypad_asks_and_no_pin_is_given(void **state)
{
	(void)state;
	open_with("flags +PROTECTED_AUTHENTICATION_PATH\nkeypad-pin " RIGHT "\n");
	assert_int_equal(pin_login(card.token, NULL, NULL), 0);
	assert_int_equal(card_calls(" C_Login user pin NULL "), 1);
}

static void a_keypad_where_the_person_cancels_is_no_error_of_the_card(void **state)
{
	struct failure failure;

	(void)state;
	open_with("flags +PROTECTED_AUTHENTICATION_PATH\nC_Login error CKR_FUNCTION_CANCELED\n");
	assert_int_equal(pin_login(card.token, NULL, &failure), -FAILURE_CANCELLED);
}

static void a_keypads_time_out_is_told_as_one(void **state)
{
	static const char *const answers[] = {"CKR_FUNCTION_FAILED", "0x200"};
	struct failure failure;
	char rules[128];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		snprintf(rules, sizeof(rules),
			 "flags +PROTECTED_AUTHENTICATION_PATH\nC_Login error %s\n", answers[i]);
		open_with(rules);
		assert_int_equal(pin_login(card.token, NULL, &failure), -FAILURE_KEYPAD);
		assert_int_equal(failure.code, FAILURE_KEYPAD);
		assert_int_equal(card_calls(" C_Login "), 1);
		card_forget(NULL);
	}
	/* Of a PIN that was typed here it is the card's own trouble. */
	open_with("C_Login error CKR_FUNCTION_FAILED\n");
	assert_login_fails(RIGHT, FAILURE_CARD_ERROR);
}

struct attended {
	int begun, ended;
};

static void attend(void *context, bool begins, bool again)
{
	struct attended *attended = context;

	assert_false(again);
	if (begins)
		attended->begun++;
	else
		attended->ended++;
}

static void who_waits_at_a_keypad_is_told_when(void **state)
{
	struct attended attended = {0, 0};

	(void)state;
	open_with("flags +PROTECTED_AUTHENTICATION_PATH\nkeypad-pin " RIGHT "\n"
		  "C_Login#1 error CKR_FUNCTION_CANCELED\n");
	card.token->at_keypad = attend;
	card.token->at_keypad_context = &attended;
	assert_int_equal(pin_login(card.token, NULL, NULL), -FAILURE_CANCELLED);
	assert_int_equal(pin_login(card.token, NULL, NULL), 0);
	assert_int_equal(attended.begun, 2);
	assert_int_equal(attended.ended, 2);
	pin_logout(card.token);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_int_equal(attended.begun, 2);
}

static void a_card_whose_pin_was_never_set_is_told_before_anybody_is_asked(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};

	(void)state;
	card_make("--label Alice --no-pin");
	card_open_driver();
	card_open_session("Alice", true);
	assert_no_note(FAILURE_CARD_UNINITIALISED);
	assert_int_equal(write_is_possible(card.token, &failure), -FAILURE_CARD_UNINITIALISED);
	assert_int_equal(failure.code, FAILURE_CARD_UNINITIALISED);
	assert_login_fails(RIGHT, FAILURE_CARD_UNINITIALISED);
}

static void another_card_in_the_reader_is_not_given_the_pin(void **state)
{
	(void)state;
	open_with("");
	card.token->info.serial[0] ^= 1;
	assert_login_fails(RIGHT, FAILURE_OTHER_CARD);
	assert_no_note(FAILURE_OTHER_CARD);
	assert_int_equal(token_refresh(card.token, NULL), -FAILURE_OTHER_CARD);
	card.token->info.serial[0] ^= 1;
	card.token->info.label[0] ^= 1;
	assert_login_fails(RIGHT, FAILURE_OTHER_CARD);
	card.token->info.label[0] ^= 1;
	assert_int_equal(card_calls(" C_Login "), 0);
	assert_int_equal(card_login(RIGHT, NULL), 0);
}

static void a_card_that_is_gone_is_not_given_the_pin(void **state)
{
	(void)state;
	open_with("C_GetTokenInfo#3+ error CKR_TOKEN_NOT_PRESENT\n");
	while (token_refresh(card.token, NULL) == 0)
		;
	assert_login_fails(RIGHT, FAILURE_CARD_REMOVED);
	assert_no_note(FAILURE_CARD_REMOVED);
	assert_int_equal(card_calls(" C_Login "), 0);
}

static void a_card_pulled_while_the_pin_is_checked_is_told_as_removed(void **state)
{
	(void)state;
	open_with("C_Login removed\n");
	assert_login_fails(RIGHT, FAILURE_CARD_REMOVED);
}

static void the_flags_of_a_token_are_read_anew(void **state)
{
	(void)state;
	open_with("");
	card.token->info.flags = 0;
	assert_int_equal(token_refresh(card.token, NULL), 0);
	assert_true(card.token->info.flags & CKF_USER_PIN_INITIALIZED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(the_right_pin_opens_the_card_until_the_logout),
	    WITH_A_CARD(a_wrong_pin_is_given_once_and_never_again),
	    WITH_A_CARD(a_pin_that_cannot_be_one_is_told_from_a_wrong_one),
	    WITH_A_CARD(a_card_says_how_many_tries_are_left),
	    WITH_A_CARD(a_locked_pin_that_is_called_incorrect_is_told_as_locked),
	    WITH_A_CARD(each_flag_of_the_token_is_a_note),
	    WITH_A_CARD(a_pin_that_cannot_be_one_never_reaches_the_card),
	    WITH_A_CARD(a_card_that_knows_no_limits_is_given_any_pin),
	    WITH_A_CARD(a_pin_that_must_be_changed_is_told_before_anybody_is_asked),
	    WITH_A_CARD(a_card_that_was_swapped_is_not_given_the_pin),
	    WITH_A_CARD(a_keypad_asks_and_no_pin_is_given),
	    WITH_A_CARD(a_keypads_time_out_is_told_as_one),
	    WITH_A_CARD(who_waits_at_a_keypad_is_told_when),
	    WITH_A_CARD(a_keypad_where_the_person_cancels_is_no_error_of_the_card),
	    WITH_A_CARD(a_card_whose_pin_was_never_set_is_told_before_anybody_is_asked),
	    WITH_A_CARD(another_card_in_the_reader_is_not_given_the_pin),
	    WITH_A_CARD(a_card_that_is_gone_is_not_given_the_pin),
	    WITH_A_CARD(a_card_pulled_while_the_pin_is_checked_is_told_as_removed),
	    WITH_A_CARD(the_flags_of_a_token_are_read_anew),
	};

	return cmocka_run_group_tests_name("card pin", tests, card_begin, folder_remove);
}
