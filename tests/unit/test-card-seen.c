/* SPDX-License-Identifier: MIT */
/* What a session has seen is not read again in vain, and what counts is read each time. */
#include "helper/card/pin.h"
#include "helper/card/write.h"
#include "tests/unit/card-host.h"

/* How many reads it takes to look for the certificate. */
static size_t reads_to_find(X509 *certificate, size_t wanted)
{
	size_t before = card_calls(" C_GetAttributeValue ");
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 99;

	assert_int_equal(write_find(card.token, certificate, NULL, &objects, &count, NULL), 0);
	assert_int_equal(count, wanted);
	free(objects);
	return card_calls(" C_GetAttributeValue ") - before;
}

/* Alice's card, whose two certificates were read; her signature certificate is the caller's. */
static X509 *look_at_card(const char *options)
{
	X509 *certificate;

	card_make(options);
	card_behind_shim("");
	card_work_with("Alice");
	card_read(2);
	certificate = X509_dup(card_certificate(ID_SIGNATURE)->x509);
	assert_non_null(certificate);
	return certificate;
}

static void only_the_one_that_may_be_it_is_read(void **state)
{
	X509 *certificate = look_at_card("--label Alice --key ec:P-256");

	(void)state;
	assert_int_equal(reads_to_find(certificate, 1), 1);
	assert_int_equal(reads_to_find(certificate, 1), 1);
	X509_free(certificate);
}

static void what_was_written_is_read_back_and_nothing_else(void **state)
{
	X509 *certificate = look_at_card("--label Alice --key ec:P-256");
	const struct object_id id = {{0x42}, 1};
	const struct object_label label = {"Neu", 3};
	X509 *changed = X509_dup(certificate);

	(void)state;
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(changed), 7), 1);
	assert_true(i2d_re_X509_tbs(changed, NULL) > 0);
	assert_int_equal(reads_to_find(changed, 0), 0);
	assert_int_equal(write_certificate(card.token, changed, &id, &label, false, NULL), 0);
	assert_int_equal(reads_to_find(changed, 1), 1);
	assert_int_equal(reads_to_find(certificate, 1), 1);
	X509_free(changed);
	X509_free(certificate);
}

static void what_is_destroyed_is_forgotten(void **state)
{
	X509 *certificate = look_at_card("--label Alice --key ec:P-256");
	CK_OBJECT_HANDLE *objects = NULL;
	unsigned char *der = NULL;
	size_t count = 0;
	int length = i2d_X509(certificate, &der);

	(void)state;
	assert_int_equal(write_find(card.token, certificate, NULL, &objects, &count, NULL), 0);
	assert_int_equal(seen_where(card.token, der, (size_t)length), objects[0]);
	assert_int_equal(write_remove(card.token, objects[0], NULL), 0);
	assert_int_equal(seen_where(card.token, der, (size_t)length), 0);
	assert_int_equal(reads_to_find(certificate, 0), 0);
	free(objects);
	OPENSSL_free(der);
	X509_free(certificate);
}

/* The handle of what only a login shows dies with it (PKCS#11 2.40 §5.6). */
static void a_logout_takes_what_was_seen_after_the_login(void **state)
{
	X509 *certificate;
	unsigned char *der = NULL;
	int length;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("");
	card_open_driver();
	card_open_session("Alice", true);
	card_read(2);
	certificate = X509_dup(card_certificate(ID_SIGNATURE)->x509);
	length = i2d_X509(certificate, &der);
	assert_int_equal(card_login(RIGHT, NULL), 0);
	assert_int_equal(reads_to_find(certificate, 1), 1);
	seen_note(card.token, 4711, (const unsigned char *)"private", 7);
	pin_logout(card.token);
	assert_int_not_equal(seen_where(card.token, der, (size_t)length), 0);
	assert_int_equal(seen_where(card.token, (const unsigned char *)"private", 7), 0);
	assert_int_equal(token_reopen(card.token, NULL), 0);
	assert_int_equal(seen_where(card.token, der, (size_t)length), 0);
	OPENSSL_free(der);
	X509_free(certificate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(only_the_one_that_may_be_it_is_read),
	    WITH_A_CARD(what_was_written_is_read_back_and_nothing_else),
	    WITH_A_CARD(what_is_destroyed_is_forgotten),
	    WITH_A_CARD(a_logout_takes_what_was_seen_after_the_login),
	};

	return cmocka_run_group_tests_name("card seen", tests, card_begin, folder_remove);
}
