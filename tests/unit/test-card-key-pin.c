/* SPDX-License-Identifier: MIT */
/* Keys that want the PIN for each signature, and what they are given. */
#include "tests/unit/key-host.h"

/* Alice's key that wants it, opened with this PIN kept. */
static struct key *open_with_kept(const char *rules, const char *pin)
{
	card_make("--label Alice --key rsa:2048 --roles signature --always-authenticate");
	card_behind_shim(rules);
	card_work_with("Alice");
	card_read(1);
	assert_int_equal(pin_keep(card.token, secret_new(pin, strlen(pin)), NULL), 0);
	return opened(ID_SIGNATURE);
}

static size_t given_again(void)
{
	return card_calls(" C_Login context-specific ");
}

static void a_key_that_wants_the_pin_each_time_is_given_it_each_time(void **state)
{
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	key = open_with_kept("", RIGHT);
	for (size_t times = 1; times <= 3; times++) {
		assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
		assert_int_equal(given_again(), times);
	}
	assert_null(pin_refused(card.token));
	key_close(key);
	assert_false(pin_forget(card.token));
	assert_int_equal(card_calls(" C_Login user "), 1);
}

/* Nobody is at a terminal to be asked, and libp11 is not to ask. */
static void a_key_that_wants_the_pin_each_time_is_refused_where_none_is_kept(void **state)
{
	const struct certificate *one;
	struct failure failure;
	struct key *key = NULL;

	(void)state;
	card_make("--label Alice --key rsa:2048 --roles signature --always-authenticate");
	card_behind_shim("");
	card_work_with("Alice");
	card_read(1);
	one = card_certificate(ID_SIGNATURE);
	for (int again = 0; again < 2; again++) {
		struct key_seen seen = look(ID_SIGNATURE);

		assert_int_equal(
		    key_open(card.token, &seen, &one->id, card_public(one), &key, &failure),
		    -FAILURE_KEY_UNSUPPORTED);
		assert_int_equal(pin_keep(card.token, secret_new(RIGHT, strlen(RIGHT)), NULL), 0);
		assert_false(pin_forget(card.token));
	}
	assert_int_equal(card_calls(" C_Login "), 1);
}

static void a_key_that_refuses_the_pin_is_not_given_it_again(void **state)
{
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	key = open_with_kept("", "654321");
	for (int again = 0; again < 3; again++)
		assert_false(signs(key_evp(key)));
	assert_int_equal(given_again(), 1);
	assert_int_equal(card_calls(" C_Sign "), 0);
	assert_int_equal(pin_refused(card.token)->code, FAILURE_PIN_FOR_KEY);
	assert_null(strstr(pin_refused(card.token)->detail, "654321"));
	key_close(key);
	/* The signature that was begun is not in the way of what follows, and a login is needed. */
	assert_true(pin_forget(card.token));
	assert_null(pin_refused(card.token));
	assert_int_equal(look(ID_SIGNATURE).private_key, 0);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_int_equal(pin_keep(card.token, secret_new(RIGHT, strlen(RIGHT)), NULL), 0);
	key = opened(ID_SIGNATURE);
	assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
	key_close(key);
	assert_false(pin_forget(card.token));
}

static void why_a_key_was_not_given_the_pin_is_told(void **state)
{
	static const struct {
		const char *rules;
		enum failure_code code;
	} examples[] = {
	    {"C_Login#2 error CKR_PIN_LOCKED\n", FAILURE_PIN_LOCKED},
	    {"C_Login#2 error CKR_PIN_EXPIRED\n", FAILURE_PIN_EXPIRED},
	    {"C_Login#2 error CKR_DEVICE_ERROR\n", FAILURE_CARD_ERROR},
	    {"C_Login#2 removed\n", FAILURE_CARD_REMOVED},
	};

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct key *key = open_with_kept(examples[i].rules, RIGHT);

		assert_false(signs(key_evp(key)));
		assert_false(signs(key_evp(key)));
		assert_int_equal(given_again(), 1);
		assert_int_equal(pin_refused(card.token)->code, examples[i].code);
		key_close(key);
		(void)pin_forget(card.token);
		card_forget(NULL);
	}
}

/* Nobody has agreed to it, and nobody was asked for this key's own PIN. */
static void the_last_try_is_not_spent_on_a_signature(void **state)
{
	static const struct {
		const char *wrong;
		enum failure_code code;
	} examples[] = {{"1\n", FAILURE_PIN_FOR_KEY}, {"2\n", FAILURE_PIN_LOCKED}};
	char rules[PATH_MAX];
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		snprintf(rules, sizeof(rules), "pin-tries 2 %s/shim-tries\n", folder);
		key = open_with_kept(rules, RIGHT);
		assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
		folder_write(folder_path("shim-tries"), examples[i].wrong, 2);
		assert_false(signs(key_evp(key)));
		assert_int_equal(given_again(), 1);
		assert_int_equal(pin_refused(card.token)->code, examples[i].code);
		key_close(key);
		assert_true(pin_forget(card.token));
		card_forget(NULL);
	}
}

static void another_card_is_not_given_the_pin_for_a_signature(void **state)
{
	char rules[PATH_MAX];
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	card_make("--label Bob --key ec:P-256 --roles signature");
	snprintf(rules, sizeof(rules), "other Bob %s/shim-swapped\n", folder);
	key = open_with_kept(rules, RIGHT);
	assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
	folder_write(folder_path("shim-swapped"), "", 0);
	assert_false(signs(key_evp(key)));
	assert_int_equal(given_again(), 1);
	assert_int_equal(pin_refused(card.token)->code, FAILURE_OTHER_CARD);
	key_close(key);
	assert_true(pin_forget(card.token));
}

static void which_cards_have_such_keys_is_known_after_the_login(void **state)
{
	static const struct {
		const char *options;
		bool wants;
	} examples[] = {
	    {"--label Alice --key ec:P-256", false},
	    {"--label Alice --key ec:P-256 --always-authenticate", true},
	    {"--label Alice --key ec:P-256 --encryption-always-authenticate", true},
	    {"--label Alice --empty", false},
	};
	bool wants;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		card_make(examples[i].options);
		card_work_with("Alice");
		wants = !examples[i].wants;
		assert_int_equal(key_any_wants_pin(card.token, &wants, NULL), 0);
		assert_int_equal(wants, examples[i].wants);
		card_forget(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(a_key_that_wants_the_pin_each_time_is_given_it_each_time),
	    WITH_A_CARD(a_key_that_wants_the_pin_each_time_is_refused_where_none_is_kept),
	    WITH_A_CARD(a_key_that_refuses_the_pin_is_not_given_it_again),
	    WITH_A_CARD(why_a_key_was_not_given_the_pin_is_told),
	    WITH_A_CARD(the_last_try_is_not_spent_on_a_signature),
	    WITH_A_CARD(another_card_is_not_given_the_pin_for_a_signature),
	    WITH_A_CARD(which_cards_have_such_keys_is_known_after_the_login),
	};

	return cmocka_run_group_tests_name("card key pin", tests, card_begin, folder_remove);
}
