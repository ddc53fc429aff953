/* SPDX-License-Identifier: MIT */
/* New key pairs, made on the card, and old ones destroyed. */
#include "tests/unit/card-host.h"

#include "tests/unit/made.h"

static const struct object_label label = {"New", 3};

static struct object_id fresh_id(void)
{
	struct object_id id = {.length = 0};

	assert_int_equal(key_fresh_id(card.token, NULL, 0, &id, NULL), 0);
	assert_true(id.length > 0);
	return id;
}

/* The caller frees it. */
static EVP_PKEY *generated(EVP_PKEY *like, enum certificate_role role, const struct object_id *id)
{
	struct failure failure = {.code = FAILURE_NONE};
	EVP_PKEY *public = NULL;

	if (key_generate(card.token, like, role, false, &label, id, &public, &failure) < 0)
		fail_msg("%s", failure.detail);
	assert_non_null(public);
	return public;
}

static struct key_seen look(const struct object_id *id, EVP_PKEY *public)
{
	struct key_seen seen = {.present = false};

	assert_int_equal(key_look_by_id(card.token, id, public, &seen, NULL), 0);
	return seen;
}

static size_t count_objects(CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;

	assert_int_equal(object_find(card.token, &template, 1, &objects, &count, NULL), 0);
	free(objects);
	return count;
}

static const struct {
	const char *like; /* NULL: RSA 2048 */
	const char *type;
	int bits;
} kinds[] = {
    {NULL, "RSA", 2048},
    {"P-256", "EC", 256},
    {"P-384", "EC", 384},
};

static void a_new_pair_is_of_the_old_ones_kind_and_strength(void **state)
{
	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		EVP_PKEY *like = made_key(kinds[i].like), *public;
		struct object_id id = fresh_id();

		public = generated(like, ROLE_SIGNATURE, &id);
		assert_true(EVP_PKEY_is_a(public, kinds[i].type));
		assert_int_equal(EVP_PKEY_get_bits(public), kinds[i].bits);
		assert_int_equal(EVP_PKEY_eq(like, public), 0);
		assert_int_not_equal(look(&id, public).private_key, 0);
		EVP_PKEY_free(public);
		EVP_PKEY_free(like);
	}
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), COUNT_OF(kinds));
}

static void a_curve_that_cards_rarely_have_becomes_one_that_they_have(void **state)
{
	EVP_PKEY *like = made_key("P-521"), *public;
	struct object_id id;

	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	id = fresh_id();
	public = generated(like, ROLE_SIGNATURE, &id);
	assert_int_equal(EVP_PKEY_get_bits(public), 384);
	EVP_PKEY_free(public);
	EVP_PKEY_free(like);
}

static void the_private_half_never_leaves_the_card(void **state)
{
	static const CK_ATTRIBUTE_TYPE set[] = {
	    CKA_TOKEN, CKA_PRIVATE,	     CKA_SENSITIVE,
	    CKA_SIGN,  CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE};
	CK_OBJECT_HANDLE key;

	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		EVP_PKEY *like = made_key(kinds[i].like), *public;
		struct object_id id = fresh_id();

		public = generated(like, ROLE_ENCRYPTION, &id);
		key = look(&id, public).private_key;
		for (size_t j = 0; j < COUNT_OF(set); j++)
			assert_true(object_flag(card.token, key, set[j], false));
		assert_false(object_flag(card.token, key, CKA_EXTRACTABLE, true));
		EVP_PKEY_free(public);
		EVP_PKEY_free(like);
	}
}

static void a_new_key_can_do_what_its_role_needs_and_sign_its_request(void **state)
{
	static const enum certificate_role roles[] = {ROLE_ENCRYPTION, ROLE_SIGNATURE};

	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	for (size_t i = 0; i < 2 * COUNT_OF(roles); i++) {
		bool rsa = i < COUNT_OF(roles);
		enum certificate_role role = roles[i % COUNT_OF(roles)];
		EVP_PKEY *like = made_key(rsa ? NULL : "P-256"), *public;
		struct object_id id = fresh_id();
		CK_OBJECT_HANDLE key;

		public = generated(like, role, &id);
		assert_true(look(&id, public).can_sign);
		key = look(&id, public).private_key;
		if (role == ROLE_ENCRYPTION)
			assert_true(
			    object_flag(card.token, key, rsa ? CKA_DECRYPT : CKA_DERIVE, false));
		EVP_PKEY_free(public);
		EVP_PKEY_free(like);
	}
}

/* The next login's check pairs certificates with keys before any PIN. */
static void the_public_half_is_seen_without_a_login(void **state)
{
	EVP_PKEY *like = made_key("P-256"), *public;
	struct object_id id;

	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	id = fresh_id();
	public = generated(like, ROLE_SIGNATURE, &id);
	pin_logout(card.token);
	assert_true(look(&id, public).present);
	assert_true(look(&id, public).can_sign);
	assert_int_equal(look(&id, public).private_key, 0);
	EVP_PKEY_free(public);
	EVP_PKEY_free(like);
}

static void a_new_key_signs_through_the_window(void **state)
{
	(void)state;
	if (access(PATH_WINDOW, R_OK) != 0)
		skip();
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		EVP_PKEY *like = made_key(kinds[i].like), *public;
		struct object_id id = fresh_id();
		struct key *key = NULL;
		struct key_seen seen;

		public = generated(like, ROLE_SIGNATURE, &id);
		seen = look(&id, public);
		assert_int_equal(key_open(card.token, &seen, &id, public, &key, NULL), 0);
		key_close(key);
		EVP_PKEY_free(public);
		EVP_PKEY_free(like);
	}
}

static void a_pair_that_an_interrupted_run_made_is_taken_as_it_is(void **state)
{
	(void)state;
	card_make("--label Alice --empty");
	card_work_with("Alice");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		EVP_PKEY *like = made_key(kinds[i].like), *first, *second;
		struct object_id id = fresh_id();

		first = generated(like, ROLE_SIGNATURE, &id);
		second = generated(like, ROLE_SIGNATURE, &id);
		assert_int_equal(EVP_PKEY_eq(first, second), 1);
		EVP_PKEY_free(first);
		EVP_PKEY_free(second);
		EVP_PKEY_free(like);
	}
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), COUNT_OF(kinds));
}

static void a_kind_of_key_that_we_do_not_know_is_not_generated(void **state)
{
	EVP_PKEY *like = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), *public = NULL;
	struct object_id id = {{0x10}, 1};
	struct failure failure;

	(void)state;
	assert_non_null(like);
	card_make("--label Alice --empty");
	card_work_with("Alice");
	assert_int_equal(
	    key_generate(card.token, like, ROLE_SIGNATURE, false, &label, &id, &public, &failure),
	    -FAILURE_KEY_UNSUPPORTED);
	assert_null(public);
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), 0);
	EVP_PKEY_free(like);
}

static void a_card_that_generates_no_keys_is_an_error(void **state)
{
	EVP_PKEY *like = made_key("P-256"), *public = NULL;
	struct object_id id = {{0x10}, 1};
	struct failure failure;

	(void)state;
	card_make("--label Alice --empty");
	card_behind_shim("C_GenerateKeyPair error CKR_DEVICE_MEMORY\n");
	card_work_with("Alice");
	assert_int_equal(
	    key_generate(card.token, like, ROLE_SIGNATURE, false, &label, &id, &public, &failure),
	    -FAILURE_CARD_FULL);
	assert_non_null(strstr(failure.detail, "C_GenerateKeyPair"));
	assert_null(public);
	EVP_PKEY_free(like);
}

/* --- CKA_IDs ------------------------------------------------------------------------------ */

static bool is_taken(const struct object_id *id)
{
	CK_ATTRIBUTE template = {CKA_ID, (void *)id->bytes, id->length};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 0;

	assert_int_equal(object_find(card.token, &template, 1, &objects, &count, NULL), 0);
	free(objects);
	return count > 0;
}

static void a_fresh_id_belongs_to_no_certificate_and_no_key(void **state)
{
	struct object_id id, before = {.length = 0};

	(void)state;
	card_make("--label Alice --key ec:P-256 --extra-ed25519 --unparsable --ca-certificates");
	card_work_with("Alice");
	card_read(2);
	for (int i = 0; i < 5; i++) {
		id = fresh_id();
		assert_false(is_taken(&id));
		assert_false(object_id_equal(&id, &before));
		assert_int_equal(write_certificate(card.token, card.certificates.items[0].x509, &id,
						   &label, false, NULL),
				 0);
		before = id;
	}
}

static void a_card_on_which_no_id_is_free_is_full(void **state)
{
	struct object_id id = {.length = 1};

	(void)state;
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_work_with("Alice");
	card_read(1);
	for (unsigned byte = 0; byte <= 0xFF; byte++) {
		id.bytes[0] = (unsigned char)byte;
		assert_int_equal(write_certificate(card.token, card.certificates.items[0].x509, &id,
						   &label, false, NULL),
				 0);
	}
	assert_int_equal(key_fresh_id(card.token, NULL, 0, &id, NULL), -FAILURE_CARD_FULL);
}

static void an_id_that_was_promised_is_not_free(void **state)
{
	struct object_id promised, id = {.length = 0};

	(void)state;
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_work_with("Alice");
	promised = fresh_id();
	assert_int_equal(key_fresh_id(card.token, &promised, 1, &id, NULL), 0);
	assert_int_equal(id.length, 1);
	assert_false(object_id_equal(&id, &promised));
}

/* --- destroying --------------------------------------------------------------------------- */

static void an_old_pair_is_destroyed_and_no_other(void **state)
{
	const struct certificate *signature, *encryption;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		card_make(i == 0 ? "--label Alice --key ec:P-256 --extra-ed25519"
				 : "--label Alice --key rsa:2048 --extra-ed25519");
		card_work_with("Alice");
		card_read(2);
		signature = card_certificate(ID_SIGNATURE);
		encryption = card_certificate(ID_ENCRYPTION);
		assert_int_equal(
		    key_destroy(card.token, &signature->id, card_public(signature), NULL), 0);
		assert_false(look(&signature->id, card_public(signature)).present);
		assert_int_not_equal(look(&encryption->id, card_public(encryption)).private_key, 0);
		assert_int_equal(count_objects(CKO_PRIVATE_KEY), 2);
		assert_int_equal(count_objects(CKO_PUBLIC_KEY), 2);
		card_read(2); /* the certificate is another's to remove */
		card_forget(NULL);
	}
}

/* What a driver failed to tell is not what it does not know. */
static void a_pair_that_cannot_be_read_is_an_error_and_stays(void **state)
{
	static const struct object_id id = {.bytes = {ID_SIGNATURE}, .length = 1};
	EVP_PKEY *public = made_key("P-256");
	struct key_seen seen;

	(void)state;
	card_make("--label Alice --key ec:P-256 --roles signature");
	card_behind_shim("C_GetAttributeValue error CKR_DEVICE_ERROR\n");
	card_work_with("Alice");
	assert_int_equal(key_look_by_id(card.token, &id, public, &seen, NULL), -FAILURE_CARD_ERROR);
	assert_int_equal(key_destroy(card.token, &id, public, NULL), -FAILURE_CARD_ERROR);
	assert_int_equal(count_objects(CKO_PRIVATE_KEY), 1);
	assert_int_equal(count_objects(CKO_PUBLIC_KEY), 1);
	EVP_PKEY_free(public);
}

static void a_pair_of_another_public_key_is_not_destroyed(void **state)
{
	static const char *const options[] = {"--label Alice --key ec:P-256",
					      "--label Alice --key rsa:2048"};
	const struct certificate *one;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		EVP_PKEY *other = made_key(i == 0 ? "P-256" : NULL);

		card_make(options[i]);
		card_work_with("Alice");
		card_read(2);
		one = card_certificate(ID_SIGNATURE);
		assert_int_equal(key_destroy(card.token, &one->id, other, NULL), 0);
		assert_int_equal(count_objects(CKO_PUBLIC_KEY), 2);
		assert_int_equal(count_objects(CKO_PRIVATE_KEY), 2);
		EVP_PKEY_free(other);
		card_forget(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(a_new_pair_is_of_the_old_ones_kind_and_strength),
	    WITH_A_CARD(a_curve_that_cards_rarely_have_becomes_one_that_they_have),
	    WITH_A_CARD(the_private_half_never_leaves_the_card),
	    WITH_A_CARD(a_new_key_can_do_what_its_role_needs_and_sign_its_request),
	    WITH_A_CARD(the_public_half_is_seen_without_a_login),
	    WITH_A_CARD(a_new_key_signs_through_the_window),
	    WITH_A_CARD(a_pair_that_an_interrupted_run_made_is_taken_as_it_is),
	    WITH_A_CARD(a_kind_of_key_that_we_do_not_know_is_not_generated),
	    WITH_A_CARD(a_card_that_generates_no_keys_is_an_error),
	    WITH_A_CARD(a_fresh_id_belongs_to_no_certificate_and_no_key),
	    WITH_A_CARD(a_card_on_which_no_id_is_free_is_full),
	    WITH_A_CARD(an_id_that_was_promised_is_not_free),
	    WITH_A_CARD(a_pair_that_cannot_be_read_is_an_error_and_stays),
	    WITH_A_CARD(an_old_pair_is_destroyed_and_no_other),
	    WITH_A_CARD(a_pair_of_another_public_key_is_not_destroyed),
	};

	return cmocka_run_group_tests_name("card generate", tests, card_begin, folder_remove);
}
