/* SPDX-License-Identifier: MIT */
/* Keys of a card in use: which one is a certificate's, and signing with it through the window. */
#include "tests/unit/key-host.h"

#include "tests/unit/made.h"

static void a_private_key_is_seen_after_the_login_only(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_look_at("Alice");
	card_read(2);
	assert_true(look(ID_SIGNATURE).present);
	assert_true(look(ID_SIGNATURE).can_sign);
	assert_int_equal(look(ID_SIGNATURE).private_key, 0);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_true(look(ID_SIGNATURE).present);
	assert_int_not_equal(look(ID_SIGNATURE).private_key, 0);
	assert_int_not_equal(look(ID_SIGNATURE).private_key, look(ID_ENCRYPTION).private_key);
}

static void a_key_is_not_a_certificates_by_its_id_alone(void **state)
{
	static const char *const kinds[] = {"ec:P-256", "rsa:2048"};
	struct key_seen seen;
	char options[128];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		EVP_PKEY *other = made_key(i == 0 ? "P-256" : NULL);

		snprintf(options, sizeof(options), "--label Alice --key %s --roles signature",
			 kinds[i]);
		card_make(options);
		card_work_with("Alice");
		card_read(1);
		assert_int_equal(key_look_by_id(card.token, &card_certificate(ID_SIGNATURE)->id,
						other, &seen, NULL),
				 0);
		assert_false(seen.present);
		assert_int_equal(seen.private_key, 0);
		EVP_PKEY_free(other);
		card_forget(NULL);
	}
}

static void a_certificate_without_an_id_has_no_key(void **state)
{
	struct certificate nameless;
	struct key_seen seen = {.present = true, .private_key = 7};

	(void)state;
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_work_with("Alice");
	card_read(1);
	nameless = *card_certificate(ID_SIGNATURE);
	nameless.id.length = 0;
	assert_int_equal(key_look(card.token, &nameless, &seen, NULL), 0);
	assert_false(seen.present);
	assert_int_equal(seen.private_key, 0);
}

static void a_key_that_may_not_sign_says_so(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --encryption-cannot-sign");
	card_work_with("Alice");
	card_read(2);
	assert_true(look(ID_SIGNATURE).can_sign);
	assert_true(look(ID_ENCRYPTION).present);
	assert_false(look(ID_ENCRYPTION).can_sign);
}

static void keys_sign_through_the_window(void **state)
{
	static const char *const kinds[] = {"rsa:2048", "ec:P-256", "ec:P-384"};
	char options[128];
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		snprintf(options, sizeof(options), "--label Alice --key %s", kinds[i]);
		card_make(options);
		card_work_with("Alice");
		card_read(2);
		key = opened(ID_ENCRYPTION);
		assert_signs_for(key_evp(key), card_public(card_certificate(ID_ENCRYPTION)));
		key_close(key);
		card_forget(NULL);
	}
}

static void keys_sign_beside_one_of_an_unknown_kind(void **state)
{
	static const char *const kinds[] = {"rsa:2048", "ec:P-256"};
	char options[128];
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		snprintf(options, sizeof(options),
			 "--label Alice --key %s --extra-ed25519 --non-x509 --unparsable",
			 kinds[i]);
		card_make(options);
		card_work_with("Alice");
		card_read(2);
		key = opened(ID_SIGNATURE);
		assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
		key_close(key);
		card_forget(NULL);
	}
}

/* One signs the request for the other's certificate. */
static void two_keys_are_open_at_once_and_each_signs_for_itself(void **state)
{
	static const char *const options[] = {"--label Alice --key ec:P-256",
					      "--label Alice --key rsa:2048"};
	struct key *signature, *encryption;

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		card_make(options[i]);
		card_work_with("Alice");
		card_read(2);
		signature = opened(ID_SIGNATURE);
		encryption = opened(ID_ENCRYPTION);
		for (int again = 0; again < 2; again++) {
			assert_signs_for(key_evp(signature),
					 card_public(card_certificate(ID_SIGNATURE)));
			assert_signs_for(key_evp(encryption),
					 card_public(card_certificate(ID_ENCRYPTION)));
		}
		key_close(signature);
		assert_signs_for(key_evp(encryption), card_public(card_certificate(ID_ENCRYPTION)));
		key_close(encryption);
		card_forget(NULL);
	}
}

static void a_closed_key_leaves_the_card_logged_in_and_usable(void **state)
{
	(void)state;
	if (!has_window())
		skip();
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("");
	card_work_with("Alice");
	card_read(2);
	for (int again = 0; again < 3; again++) {
		struct key *key = opened(ID_SIGNATURE);

		assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
		key_close(key);
		assert_int_not_equal(look(ID_SIGNATURE).private_key, 0);
	}
	card_read(2);
	/* Nobody but us has logged in, out, opened or ended anything. */
	assert_int_equal(card_calls(" C_Login "), 1);
	assert_int_equal(card_calls(" C_Logout "), 0);
	assert_int_equal(card_calls(" C_OpenSession "), 1);
	assert_int_equal(card_calls(" C_CloseSession "), 0);
	assert_int_equal(card_calls(" C_CloseAllSessions "), 0);
	assert_int_equal(card_calls(" C_Finalize "), 0);
}

static void after_another_login_the_key_is_opened_again(void **state)
{
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_work_with("Alice");
	card_read(1);
	key = opened(ID_SIGNATURE);
	key_close(key);
	pin_logout(card.token);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	key = opened(ID_SIGNATURE);
	assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
	key_close(key);
}

static void assert_not_opened(CK_OBJECT_HANDLE object, EVP_PKEY *public, enum failure_code code)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct key_seen seen = {.present = true, .private_key = object};
	struct key *key = NULL;

	assert_int_equal(key_open(card.token, &seen, &card_certificate(ID_SIGNATURE)->id, public,
				  &key, &failure),
			 -(int)code);
	assert_int_equal(failure.code, code);
	assert_null(key);
}

static void a_kind_of_key_that_we_do_not_know_is_refused(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --certify-ed25519");
	card_work_with("Alice");
	card_read(3);
	assert_not_opened(look(ID_ED25519).private_key, card_public(card_certificate(ID_ED25519)),
			  FAILURE_KEY_UNSUPPORTED);
}

static void a_key_that_is_another_than_the_certificates_is_refused(void **state)
{
	EVP_PKEY *other = made_key("P-256");

	(void)state;
	if (!has_window())
		skip();
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_work_with("Alice");
	card_read(1);
	assert_not_opened(look(ID_SIGNATURE).private_key, other, FAILURE_NO_KEY);
	/* And that was no harm. */
	key_close(opened(ID_SIGNATURE));
	EVP_PKEY_free(other);
}

static void a_card_that_is_pulled_while_it_signs_is_an_error(void **state)
{
	struct key *key;

	(void)state;
	if (!has_window())
		skip();
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_behind_shim("C_Sign removed\n");
	card_work_with("Alice");
	card_read(1);
	key = opened(ID_SIGNATURE);
	assert_false(signs(key_evp(key)));
	key_close(key);
}

static void a_token_without_raw_rsa_is_for_tls_1_2_only(void **state)
{
	static const struct {
		const char *options, *rules;
		bool tls12_only;
	} examples[] = {
	    {"--label Alice --key rsa:2048 --roles signature", "", false},
	    {"--label Alice --key rsa:2048 --roles signature", "mechanism -0x3\n", true},
	    {"--label Alice --key ec:P-256 --roles signature", "mechanism -0x3\n", false},
	};

	(void)state;
	if (!has_window())
		skip();
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct key *key;

		card_make(examples[i].options);
		card_behind_shim(examples[i].rules);
		card_work_with("Alice");
		card_read(1);
		key = opened(ID_SIGNATURE);
		assert_int_equal(key_is_tls12_only(key), examples[i].tls12_only);
		assert_signs_for(key_evp(key), card_public(card_certificate(ID_SIGNATURE)));
		key_close(key);
		card_forget(NULL);
	}
}

/* Both keys and both certificates under one CKA_ID: each certificate has the key that signs for it.
 */
static void assert_told_apart(const char *options)
{
	struct failure failure = {.code = FAILURE_NONE};
	struct key_seen seen[2];
	struct key *key = NULL;

	card_make(options);
	card_work_with("Alice");
	card_read(2);
	for (size_t i = 0; i < 2; i++) {
		const struct certificate *one = &card.certificates.items[i];

		assert_int_equal(key_look(card.token, one, &seen[i], NULL), 0);
		assert_int_not_equal(seen[i].private_key, 0);
		if (key_open(card.token, &seen[i], &one->id, card_public(one), &key, &failure) < 0)
			fail_msg("%s", failure.detail);
		assert_signs_for(key_evp(key), card_public(one));
		key_close(key);
	}
	assert_int_not_equal(seen[0].private_key, seen[1].private_key);
}

static void keys_that_share_an_id_are_told_apart(void **state)
{
	if (!has_window())
		skip();
	for (int i = 0; i < 4; i++) {
		assert_told_apart("--label Alice --key ec:P-256 --same-ids");
		card_forget(state);
	}
	assert_told_apart("--label Alice --key rsa:2048 --same-ids");
}

static void of_keys_that_share_an_id_the_right_one_is_destroyed(void **state)
{
	struct key_seen seen;

	(void)state;
	card_make("--label Alice --key ec:P-256 --same-ids");
	card_work_with("Alice");
	card_read(2);
	assert_int_equal(key_destroy(card.token, &card.certificates.items[1].id,
				     card_public(&card.certificates.items[1]), NULL),
			 0);
	assert_int_equal(key_look(card.token, &card.certificates.items[1], &seen, NULL), 0);
	assert_false(seen.present);
	assert_int_equal(key_look(card.token, &card.certificates.items[0], &seen, NULL), 0);
	assert_int_not_equal(seen.private_key, 0);
	assert_true(
	    key_proves(card.token, seen.private_key, card_public(&card.certificates.items[0])));
	assert_false(
	    key_proves(card.token, seen.private_key, card_public(&card.certificates.items[1])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(a_private_key_is_seen_after_the_login_only),
	    WITH_A_CARD(a_key_is_not_a_certificates_by_its_id_alone),
	    WITH_A_CARD(a_certificate_without_an_id_has_no_key),
	    WITH_A_CARD(a_key_that_may_not_sign_says_so),
	    WITH_A_CARD(keys_sign_through_the_window),
	    WITH_A_CARD(keys_sign_beside_one_of_an_unknown_kind),
	    WITH_A_CARD(two_keys_are_open_at_once_and_each_signs_for_itself),
	    WITH_A_CARD(keys_that_share_an_id_are_told_apart),
	    WITH_A_CARD(of_keys_that_share_an_id_the_right_one_is_destroyed),
	    WITH_A_CARD(a_closed_key_leaves_the_card_logged_in_and_usable),
	    WITH_A_CARD(after_another_login_the_key_is_opened_again),
	    WITH_A_CARD(a_kind_of_key_that_we_do_not_know_is_refused),
	    WITH_A_CARD(a_key_that_is_another_than_the_certificates_is_refused),
	    WITH_A_CARD(a_card_that_is_pulled_while_it_signs_is_an_error),
	    WITH_A_CARD(a_token_without_raw_rsa_is_for_tls_1_2_only),
	};

	return cmocka_run_group_tests_name("card keys", tests, card_begin, folder_remove);
}
