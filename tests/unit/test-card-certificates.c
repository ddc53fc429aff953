/* SPDX-License-Identifier: MIT */
/* Which of a card's certificates are the person's, which of them count, and what they are for. */
#include "tests/unit/card-host.h"

#include "tests/unit/made.h"

static bool is_about(int64_t got, int64_t days_from_now)
{
	int64_t expected = time(NULL) + days_from_now * DAY;

	return got > expected - 600 && got < expected + 600;
}

static void a_card_without_certificates_has_none(void **state)
{
	(void)state;
	card_make("--label Alice --empty");
	card_look_at("Alice");
	card_read(0);
	assert_int_equal(card.certificates.unreadable, 0);
	certificates_keep_current(&card.certificates);
	card_pair();
	assert_int_equal(card.certificates.count, 0);
}

static void certificates_are_read_without_a_login(void **state)
{
	const struct certificate *one;

	(void)state;
	card_make("--label Alice --key ec:P-256 --days 20 --issued-days-ago 345");
	card_look_at("Alice");
	card_read(2);
	assert_int_equal(card.certificates.unreadable, 0);
	for (size_t i = 0; i < 2; i++) {
		one = &card.certificates.items[i];
		assert_non_null(one->x509);
		assert_true(is_about(one->not_after, 20));
		assert_true(is_about(one->not_before, -345));
	}
	one = card_certificate(ID_SIGNATURE);
	assert_int_equal(one->label.length, strlen("Signature"));
	assert_memory_equal(one->label.bytes, "Signature", one->label.length);
}

static void assert_same_but_for_the_key(X509 *keyless, X509 *whole)
{
	unsigned char *left = NULL, *right = NULL;
	int length = i2d_X509(keyless, &left);

	assert_true(length > 0);
	assert_int_equal(i2d_X509(whole, &right), length);
	assert_memory_equal(left, right, length);
	OPENSSL_free(left);
	OPENSSL_free(right);
	assert_null(X509_get0_pubkey(keyless));
	assert_non_null(X509_get0_pubkey(whole));
}

static void without_their_keys_they_are_read_as_with_them(void **state)
{
	struct certificates keyless;

	(void)state;
	card_make("--label Alice --key rsa:2048 --kept-old --extra-certificates 10");
	card_look_at("Alice");
	card_read(4 + 5);
	assert_int_equal(certificates_read_keyless(card.token, &keyless, NULL), 0);
	assert_int_equal(keyless.count, card.certificates.count);
	for (size_t i = 0; i < keyless.count; i++) {
		const struct certificate *one = &keyless.items[i],
					 *whole = &card.certificates.items[i];

		assert_int_equal(one->object, whole->object);
		assert_int_equal(one->role, whole->role);
		assert_int_equal(one->usage, whole->usage);
		assert_int_equal(one->not_before, whole->not_before);
		assert_int_equal(one->not_after, whole->not_after);
		assert_same_but_for_the_key(one->x509, whole->x509);
	}
	assert_int_equal(certificates_pair(card.token, &keyless, NULL), 0);
	card_pair();
	for (size_t i = 0; i < keyless.count; i++) {
		assert_int_equal(keyless.items[i].keyless, card.certificates.items[i].keyless);
		assert_int_equal(keyless.items[i].cannot_sign,
				 card.certificates.items[i].cannot_sign);
		card.certificates.items[i].keyless = !keyless.items[i].keyless;
	}
	assert_int_equal(certificates_find_keyless(card.token, &card.certificates, NULL), 0);
	for (size_t i = 0; i < keyless.count; i++)
		assert_int_equal(keyless.items[i].keyless, card.certificates.items[i].keyless);
	certificates_keep_current(&keyless);
	certificates_keep_current(&card.certificates);
	assert_int_equal(keyless.count, card.certificates.count);
	for (size_t i = 0; i < keyless.count; i++)
		assert_int_equal(keyless.items[i].object, card.certificates.items[i].object);
	certificates_free(&keyless);
}

static void the_role_is_told_by_key_usage(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --roles signature,encryption,both");
	card_look_at("Alice");
	card_read(3);
	assert_int_equal(card_certificate(ID_SIGNATURE)->role, ROLE_SIGNATURE);
	assert_int_equal(card_certificate(ID_ENCRYPTION)->role, ROLE_ENCRYPTION);
	assert_int_equal(card_certificate(ID_BOTH)->role, ROLE_SIGNATURE);
}

static void rsa_and_elliptic_curves_are_read_alike(void **state)
{
	static const char *const kinds[] = {"rsa:2048", "ec:P-256", "ec:P-384"};
	char options[128];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		snprintf(options, sizeof(options), "--label Alice --roles encryption --key %s",
			 kinds[i]);
		card_make(options);
		card_look_at("Alice");
		card_read(1);
		card_pair();
		assert_false(card.certificates.items[0].keyless);
		assert_false(card.certificates.items[0].cannot_sign);
		card_forget(NULL);
	}
}

static void certificates_of_cas_are_not_the_persons(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --ca-certificates");
	card_look_at("Alice");
	card_read(2);
	assert_int_equal(card.certificates.unreadable, 0);
}

static void one_that_cannot_be_parsed_does_not_hide_the_others(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --unparsable");
	card_look_at("Alice");
	card_read(2);
	assert_int_equal(card.certificates.unreadable, 1);
}

static void one_that_is_not_x509_does_not_hide_the_others(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --non-x509 --unparsable");
	card_look_at("Alice");
	card_read(2);
	assert_int_equal(card.certificates.unreadable, 2);
}

static void a_key_of_an_unknown_kind_does_not_hide_the_others(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --certify-ed25519");
	card_look_at("Alice");
	card_read(3);
	card_pair();
	assert_false(card_certificate(ID_SIGNATURE)->keyless);
	assert_false(card_certificate(ID_ENCRYPTION)->keyless);
	certificates_keep_current(&card.certificates);
	assert_int_equal(card_certificate(ID_SIGNATURE)->role, ROLE_SIGNATURE);
	assert_int_equal(card_certificate(ID_ENCRYPTION)->role, ROLE_ENCRYPTION);
}

/* More than one C_FindObjects answers with, too. */
static void fifty_and_a_hundred_others_do_not_get_in_the_way(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --extra-certificates 50");
	card_look_at("Alice");
	card_read(2 + 25); /* every other one is a CA's */
	certificates_keep_current(&card.certificates);
	assert_int_equal(card.certificates.count, 2);
	card_forget(NULL);
	card_make("--label Alice --key ec:P-256 --extra-certificates 100");
	card_look_at("Alice");
	card_read(2 + 50);
	certificates_keep_current(&card.certificates);
	assert_int_equal(card.certificates.count, 2);
}

static void one_kept_beside_its_successor_does_not_count(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --kept-old --days 300");
	card_look_at("Alice");
	card_read(4);
	certificates_keep_current(&card.certificates);
	assert_int_equal(card.certificates.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true(is_about(card.certificates.items[i].not_after, 300));
}

static void encryption_comes_first_whatever_the_tokens_order(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		card_make(i % 2 == 0 ? "--label Alice --key ec:P-256"
				     : "--label Alice --key ec:P-256 --roles encryption,signature");
		card_look_at("Alice");
		card_read(2);
		certificates_keep_current(&card.certificates);
		assert_int_equal(card.certificates.items[0].role, ROLE_ENCRYPTION);
		assert_int_equal(card.certificates.items[1].role, ROLE_SIGNATURE);
		card_forget(NULL);
	}
}

/* --- keys --------------------------------------------------------------------------------- */

static void a_certificate_without_a_key_on_the_card_is_told(void **state)
{
	const struct certificate *one;

	(void)state;
	card_make("--label Alice --key ec:P-256 --extra-certificates 4");
	card_look_at("Alice");
	card_read(2 + 2);
	card_pair();
	for (size_t i = 0; i < card.certificates.count; i++) {
		one = &card.certificates.items[i];
		assert_int_equal(one->keyless, one->id.length != 1);
		assert_false(one->cannot_sign);
	}
}

/* A token may hide all its keys until the login: that is no sign of anything. */
static void a_card_that_shows_no_key_says_nothing_about_any(void **state)
{
	static const CK_OBJECT_CLASS public = CKO_PUBLIC_KEY;
	CK_ATTRIBUTE template = {CKA_CLASS, (void *)&public, sizeof(public)};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;

	(void)state;
	card_make("--label Alice --key ec:P-256 --encryption-cannot-sign");
	card_work_with("Alice");
	assert_int_equal(object_find(card.token, &template, 1, &objects, &count, NULL), 0);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(write_remove(card.token, objects[i], NULL), 0);
	free(objects);
	pin_logout(card.token);
	card_read(2);
	card_pair();
	for (size_t i = 0; i < 2; i++) {
		assert_false(card.certificates.items[i].keyless);
		assert_false(card.certificates.items[i].cannot_sign);
	}
}

static void a_key_that_cannot_sign_is_told_before_any_pin(void **state)
{
	(void)state;
	card_make("--label Alice --key rsa:2048 --encryption-cannot-sign");
	card_look_at("Alice");
	card_read(2);
	card_pair();
	assert_false(card_certificate(ID_SIGNATURE)->cannot_sign);
	assert_true(card_certificate(ID_ENCRYPTION)->cannot_sign);
	assert_false(card_certificate(ID_ENCRYPTION)->keyless);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	card_pair();
	assert_false(card_certificate(ID_SIGNATURE)->cannot_sign);
	assert_true(card_certificate(ID_ENCRYPTION)->cannot_sign);
}

/* --- what a card may hold ----------------------------------------------------------------- */

static X509 *certificate_with(EVP_PKEY *key, const char *common_name, const char *names)
{
	X509_NAME *subject = made_name("Example Government", common_name);
	struct made made = {
	    .key = key,
	    .subject = subject,
	    .not_before = time(NULL) - 300 * DAY,
	    .not_after = time(NULL) + 20 * DAY,
	    .usage = "digitalSignature",
	    .names = names,
	};
	X509 *certificate = made_certificate(&made);

	X509_NAME_free(subject);
	return certificate;
}

static void write_one(X509 *certificate, const struct object_id *id)
{
	static const struct object_label label = {"Written", 7};

	assert_int_equal(write_certificate(card.token, certificate, id, &label, false, NULL), 0);
}

static void a_certificate_of_many_kilobytes_is_read_whole(void **state)
{
	static const char name[] = "email:someone-with-a-long-name-000@example.org,";
	const struct object_id id = {{7}, 1};
	char names[400 * sizeof(name)] = "";
	EVP_PKEY *key = made_key("P-256");
	X509 *large;

	(void)state;
	for (size_t i = 0; i < 400; i++)
		memcpy(names + i * (sizeof(name) - 1), name, sizeof(name));
	names[strlen(names) - 1] = '\0';
	large = certificate_with(key, "Alice Chen", names);
	assert_true(i2d_X509(large, NULL) > 3 * 4096);
	card_make("--label Alice --empty");
	card_work_with("Alice");
	write_one(large, &id);
	card_read(1);
	assert_int_equal(X509_cmp(card_certificate(7)->x509, large), 0);
	X509_free(large);
	EVP_PKEY_free(key);
}

static void persons_of_one_card_are_kept_apart(void **state)
{
	const struct object_id ids[] = {{{7}, 1}, {{8}, 1}};
	EVP_PKEY *key = made_key("P-256"), *other = made_key("P-256");
	X509 *alice = certificate_with(key, "Alice Chen", NULL);
	X509 *bob = certificate_with(other, "Bob Wang", NULL);

	(void)state;
	card_make("--label Shared --empty");
	card_work_with("Shared");
	write_one(alice, &ids[0]);
	write_one(bob, &ids[1]);
	/* The same bytes twice are one certificate. */
	write_one(bob, &ids[1]);
	card_read(3);
	certificates_keep_current(&card.certificates);
	assert_int_equal(card.certificates.count, 2);
	assert_false(
	    certificates_same_purpose(&card.certificates.items[0], &card.certificates.items[1]));
	X509_free(alice);
	X509_free(bob);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void each_certificate_is_read_in_one_call(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256 --ca-certificates");
	card_behind_shim("");
	card_look_at("Alice");
	card_read(2);
	assert_int_equal(card_calls(" C_GetAttributeValue "), 4);
	assert_int_equal(card_calls(" C_Login "), 0);
}

static void a_card_that_is_pulled_while_it_is_read_is_an_error(void **state)
{
	static const char *const rules[] = {"C_FindObjectsInit removed\n",
					    "C_FindObjects removed\n",
					    "C_GetAttributeValue#2 removed\n"};
	struct certificates certificates = {.count = 99};
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		card_make("--label Alice --key ec:P-256");
		card_behind_shim(rules[i]);
		card_look_at("Alice");
		assert_int_equal(certificates_read(card.token, &certificates, &failure),
				 -FAILURE_CARD_REMOVED);
		assert_int_equal(failure.code, FAILURE_CARD_REMOVED);
		assert_int_equal(certificates.count, 99);
		card_forget(NULL);
	}
}

static bool may_hide(const char *made, const char *rule)
{
	bool hides = true;

	card_make(made);
	card_behind_shim(rule);
	card_look_at("Alice");
	card_read(0);
	assert_int_equal(certificates_may_hide(card.token, &hides, NULL), 0);
	card_forget(NULL);
	return hides;
}

static void keys_without_certificates_are_a_sign_of_hidden_ones(void **state)
{
	(void)state;
	assert_true(may_hide("--label Alice --key ec:P-256 --private-certificates", ""));
	assert_false(may_hide("--label Alice --empty", ""));
	/* Which needs no login: what it does not show it does not have. */
	assert_false(may_hide("--label Alice --key ec:P-256 --private-certificates",
			      "flags -LOGIN_REQUIRED\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(a_card_without_certificates_has_none),
	    WITH_A_CARD(certificates_are_read_without_a_login),
	    WITH_A_CARD(without_their_keys_they_are_read_as_with_them),
	    WITH_A_CARD(the_role_is_told_by_key_usage),
	    WITH_A_CARD(rsa_and_elliptic_curves_are_read_alike),
	    WITH_A_CARD(certificates_of_cas_are_not_the_persons),
	    WITH_A_CARD(one_that_cannot_be_parsed_does_not_hide_the_others),
	    WITH_A_CARD(one_that_is_not_x509_does_not_hide_the_others),
	    WITH_A_CARD(keys_without_certificates_are_a_sign_of_hidden_ones),
	    WITH_A_CARD(a_key_of_an_unknown_kind_does_not_hide_the_others),
	    WITH_A_CARD(fifty_and_a_hundred_others_do_not_get_in_the_way),
	    WITH_A_CARD(one_kept_beside_its_successor_does_not_count),
	    WITH_A_CARD(encryption_comes_first_whatever_the_tokens_order),
	    WITH_A_CARD(a_certificate_without_a_key_on_the_card_is_told),
	    WITH_A_CARD(a_card_that_shows_no_key_says_nothing_about_any),
	    WITH_A_CARD(a_key_that_cannot_sign_is_told_before_any_pin),
	    WITH_A_CARD(a_certificate_of_many_kilobytes_is_read_whole),
	    WITH_A_CARD(persons_of_one_card_are_kept_apart),
	    WITH_A_CARD(each_certificate_is_read_in_one_call),
	    WITH_A_CARD(a_card_that_is_pulled_while_it_is_read_is_an_error),
	};

	return cmocka_run_group_tests_name("card certificates", tests, card_begin, folder_remove);
}
