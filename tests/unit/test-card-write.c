/* SPDX-License-Identifier: MIT */
/* Changing what is on a card: written, found, moved aside, removed. */
#include "tests/unit/card-host.h"

static const struct object_id spare = {{0x77, 0x01}, 2};
static const struct object_label label = {"Neu: \xE9\x99\xB3", 8};

/* A certificate as a CA would issue it, for Bob, who has a card of his own. */
static X509 *another_certificate(void)
{
	X509 *copy;

	card_make("--label Bob --key ec:P-256 --roles signature --subject /C=TW/CN=Bob");
	card_look_at("Bob");
	card_read(1);
	copy = X509_dup(card.certificates.items[0].x509);
	assert_non_null(copy);
	card_forget(NULL);
	return copy;
}

static size_t times_on_card(X509 *certificate, CK_OBJECT_HANDLE *ret_first)
{
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 99;

	assert_int_equal(write_find(card.token, certificate, NULL, &objects, &count, NULL), 0);
	if (count > 0 && ret_first != NULL)
		*ret_first = objects[0];
	free(objects);
	return count;
}

static void assert_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, const void *expected,
			     size_t length)
{
	unsigned char *bytes = NULL;
	size_t got = 0;

	assert_int_equal(object_bytes(card.token, object, type, &bytes, &got, NULL), 0);
	assert_int_equal(got, length);
	assert_memory_equal(bytes, expected, length);
	free(bytes);
}

/* What i2d made, and frees it. */
static void assert_der(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, unsigned char *der,
		       int length)
{
	assert_true(length > 0);
	assert_attribute(object, type, der, (size_t)length);
	OPENSSL_free(der);
}

static void what_is_written_is_on_the_card_byte_for_byte(void **state)
{
	X509 *certificate = another_certificate();
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_OBJECT_HANDLE object = 0;
	unsigned char *der = NULL;
	int length;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	assert_int_equal(times_on_card(certificate, NULL), 0);
	assert_int_equal(write_certificate(card.token, certificate, &spare, &label, false, NULL),
			 0);
	assert_int_equal(times_on_card(certificate, &object), 1);
	assert_attribute(object, CKA_CLASS, &class, sizeof(class));
	assert_attribute(object, CKA_ID, spare.bytes, spare.length);
	assert_attribute(object, CKA_LABEL, label.bytes, label.length);
	assert_true(object_flag(card.token, object, CKA_TOKEN, false));
	assert_false(object_flag(card.token, object, CKA_PRIVATE, true));
	length = i2d_X509(certificate, &der);
	assert_der(object, CKA_VALUE, der, length);
	der = NULL;
	length = i2d_X509_NAME(X509_get_subject_name(certificate), &der);
	assert_der(object, CKA_SUBJECT, der, length);
	der = NULL;
	length = i2d_X509_NAME(X509_get_issuer_name(certificate), &der);
	assert_der(object, CKA_ISSUER, der, length);
	der = NULL;
	length = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &der);
	assert_der(object, CKA_SERIAL_NUMBER, der, length);
	X509_free(certificate);
}

static void what_is_written_outlives_the_session(void **state)
{
	X509 *certificate = another_certificate();

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	assert_int_equal(write_certificate(card.token, certificate, &spare, &label, false, NULL),
			 0);
	token_close(card.token);
	card.token = NULL;
	card_open_session("Alice", false);
	assert_int_equal(times_on_card(certificate, NULL), 1);
	card_read(3);
	X509_free(certificate);
}

static void a_certificate_is_found_by_its_bytes_alone(void **state)
{
	X509 *certificate = another_certificate();
	struct object_id id = {{ID_SIGNATURE}, 1};

	(void)state;
	card_make("--label Alice --key ec:P-256 --kept-old --unparsable --non-x509");
	card_work_with("Alice");
	card_read(4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(times_on_card(card.certificates.items[i].x509, NULL), 1);
	/* Twice, and under a CKA_ID that others have as well. */
	assert_int_equal(write_certificate(card.token, certificate, &id, &label, false, NULL), 0);
	assert_int_equal(write_certificate(card.token, certificate, &spare, &label, false, NULL),
			 0);
	assert_int_equal(times_on_card(certificate, NULL), 2);
	X509_free(certificate);
}

static void a_certificate_moves_aside_and_back(void **state)
{
	struct object_id home;
	CK_OBJECT_HANDLE object = 0;
	X509 *signature;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	card_read(2);
	signature = X509_dup(card_certificate(ID_SIGNATURE)->x509);
	home = card_certificate(ID_SIGNATURE)->id;
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_int_equal(write_move(card.token, object, &spare, NULL), 0);
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_attribute(object, CKA_ID, spare.bytes, spare.length);
	assert_int_equal(write_move(card.token, object, &home, NULL), 0);
	card_read(2);
	assert_int_equal(X509_cmp(card_certificate(ID_SIGNATURE)->x509, signature), 0);
	X509_free(signature);
}

static void what_is_removed_is_gone_and_all_else_stays(void **state)
{
	CK_OBJECT_HANDLE object = 0;
	struct key_seen seen;
	X509 *signature;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	card_read(2);
	signature = X509_dup(card_certificate(ID_SIGNATURE)->x509);
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_int_equal(key_look(card.token, card_certificate(ID_SIGNATURE), &seen, NULL), 0);
	assert_int_equal(write_remove(card.token, object, NULL), 0);
	assert_int_equal(times_on_card(signature, NULL), 0);
	card_read(1);
	card_certificate(ID_ENCRYPTION);
	/* Its key stays, too. */
	assert_int_equal(key_look_by_id(card.token, &(struct object_id){{ID_SIGNATURE}, 1},
					X509_get0_pubkey(signature), &seen, NULL),
			 0);
	assert_true(seen.present);
	assert_int_not_equal(seen.private_key, 0);
	X509_free(signature);
}

static void assert_nothing_can_be_changed(enum failure_code code)
{
	const struct certificate *one = card_certificate(ID_SIGNATURE);
	struct failure failure;

	assert_int_equal(write_certificate(card.token, one->x509, &spare, &label, false, &failure),
			 -(int)code);
	assert_int_equal(failure.code, code);
	assert_int_equal(write_move(card.token, one->object, &spare, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	assert_int_equal(write_remove(card.token, one->object, &failure), -(int)code);
	assert_int_equal(failure.code, code);
	card_read(2);
}

static void nothing_is_written_without_leave(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("C_CreateObject error CKR_USER_TYPE_INVALID\n"
			 "C_SetAttributeValue error CKR_TOKEN_WRITE_PROTECTED\n"
			 "C_DestroyObject error 0xB5\n");
	card_work_with("Alice");
	card_read(2);
	assert_nothing_can_be_changed(FAILURE_CARD_READ_ONLY);
	card_forget(NULL);
	card_make("--label Alice --key ec:P-256");
	card_look_at("Alice");
	card_read(2);
	assert_nothing_can_be_changed(FAILURE_CARD_READ_ONLY);
}

static void a_card_that_is_full_is_told(void **state)
{
	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("C_CreateObject error CKR_DEVICE_MEMORY\n");
	card_work_with("Alice");
	card_read(2);
	assert_int_equal(write_certificate(card.token, card.certificates.items[0].x509, &spare,
					   &label, false, NULL),
			 -FAILURE_CARD_FULL);
}

static void a_write_protected_card_is_told_before_anybody_is_asked(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("flags +WRITE_PROTECTED\n");
	card_look_at("Alice");
	assert_int_equal(write_is_possible(card.token, &failure), -FAILURE_CARD_READ_ONLY);
	assert_int_equal(failure.code, FAILURE_CARD_READ_ONLY);
	assert_int_equal(card_calls(" C_Login "), 0);
	card_forget(NULL);
	card_make("--label Alice --key ec:P-256");
	card_look_at("Alice");
	assert_int_equal(write_is_possible(card.token, &failure), 0);
}

/* A card pulled during the write may have done it: who asks again finds the certificate. */
static void a_write_that_answered_an_error_may_be_found(void **state)
{
	X509 *certificate = another_certificate();

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("C_CreateObject after error CKR_GENERAL_ERROR\n");
	card_work_with("Alice");
	assert_int_equal(write_certificate(card.token, certificate, &spare, &label, false, NULL),
			 -FAILURE_CARD_ERROR);
	assert_int_equal(times_on_card(certificate, NULL), 1);
	X509_free(certificate);
}

static void a_certificate_is_found_under_the_ckaid_that_is_meant(void **state)
{
	struct object_id home = {{ID_SIGNATURE}, 1};
	CK_OBJECT_HANDLE *objects = NULL;
	size_t count = 99;
	X509 *signature;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_work_with("Alice");
	card_read(2);
	signature = card_certificate(ID_SIGNATURE)->x509;
	assert_int_equal(write_certificate(card.token, signature, &spare, &label, false, NULL), 0);
	assert_int_equal(times_on_card(signature, NULL), 2);
	assert_int_equal(write_find(card.token, signature, &home, &objects, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_int_equal(objects[0], card_certificate(ID_SIGNATURE)->object);
	free(objects);
}

/* What a full card's old certificate was is what it is once it came back. */
static void what_was_seen_is_restored(const char *options, bool private)
{
	struct write_seen before, after;
	CK_OBJECT_HANDLE object = 0;
	X509 *signature;

	card_make(options);
	card_work_with("Alice");
	card_read(2);
	signature = card_certificate(ID_SIGNATURE)->x509;
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_int_equal(write_look(card.token, object, &before, NULL), 0);
	assert_int_equal(write_remove(card.token, object, NULL), 0);
	assert_int_equal(times_on_card(signature, NULL), 0);
	assert_int_equal(write_restore(card.token, signature, &before, NULL), 0);
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_int_equal(write_look(card.token, object, &after, NULL), 0);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(before.id.length, 1);
	assert_int_equal(before.label.length, strlen("Signature"));
	assert_int_equal(object_flag(card.token, object, CKA_PRIVATE, !private), private);
}

static void what_was_taken_off_comes_back_as_it_was(void **state)
{
	(void)state;
	what_was_seen_is_restored("--label Alice --key ec:P-256", false);
	card_forget(NULL);
	what_was_seen_is_restored("--label Alice --key ec:P-256 --private-certificates", true);
	card_forget(NULL);
	what_was_seen_is_restored("--label Alice --key ec:P-256 --unmodifiable", false);
	assert_false(
	    object_flag(card.token, card_certificate(ID_ENCRYPTION)->object, CKA_MODIFIABLE, true));
}

/* A token that shows an attribute and then minds it gets what every certificate has. */
static void it_comes_back_with_less_rather_than_not_at_all(void **state)
{
	struct write_seen seen;
	CK_OBJECT_HANDLE object = 0;
	X509 *signature;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("C_CreateObject#1 error CKR_ATTRIBUTE_VALUE_INVALID\n");
	card_work_with("Alice");
	card_read(2);
	signature = card_certificate(ID_SIGNATURE)->x509;
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_int_equal(write_look(card.token, object, &seen, NULL), 0);
	assert_int_equal(write_remove(card.token, object, NULL), 0);
	assert_int_equal(write_restore(card.token, signature, &seen, NULL), 0);
	assert_int_equal(times_on_card(signature, &object), 1);
	assert_attribute(object, CKA_ID, seen.id.bytes, seen.id.length);
	assert_int_equal(card_calls(" C_CreateObject "), 2);
}

static void a_certificate_that_is_fixed_says_so_for_good(void **state)
{
	CK_OBJECT_HANDLE object;

	(void)state;
	card_make("--label Alice --key ec:P-256 --unmodifiable --undestroyable");
	card_work_with("Alice");
	card_read(2);
	object = card_certificate(ID_SIGNATURE)->object;
	assert_int_equal(write_move(card.token, object, &spare, NULL), -FAILURE_CARD_FIXED);
	assert_int_equal(write_remove(card.token, object, NULL), -FAILURE_CARD_FIXED);
	assert_int_equal(times_on_card(card_certificate(ID_SIGNATURE)->x509, NULL), 1);
}

static void a_driver_that_knows_no_such_function_says_so_for_good(void **state)
{
	CK_OBJECT_HANDLE object;

	(void)state;
	card_make("--label Alice --key ec:P-256");
	card_behind_shim("C_SetAttributeValue#1 error CKR_FUNCTION_NOT_SUPPORTED\n"
			 "C_SetAttributeValue#2 error CKR_DEVICE_ERROR\n"
			 "C_DestroyObject#1 error CKR_FUNCTION_NOT_SUPPORTED\n"
			 "C_DestroyObject#2 error CKR_DEVICE_ERROR\n");
	card_work_with("Alice");
	card_read(2);
	object = card_certificate(ID_SIGNATURE)->object;
	assert_int_equal(write_move(card.token, object, &spare, NULL), -FAILURE_CARD_FIXED);
	assert_int_equal(write_move(card.token, object, &spare, NULL), -FAILURE_CARD_ERROR);
	assert_int_equal(write_remove(card.token, object, NULL), -FAILURE_CARD_FIXED);
	assert_int_equal(write_remove(card.token, object, NULL), -FAILURE_CARD_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_A_CARD(what_is_written_is_on_the_card_byte_for_byte),
	    WITH_A_CARD(what_is_written_outlives_the_session),
	    WITH_A_CARD(a_certificate_is_found_by_its_bytes_alone),
	    WITH_A_CARD(a_certificate_moves_aside_and_back),
	    WITH_A_CARD(what_is_removed_is_gone_and_all_else_stays),
	    WITH_A_CARD(nothing_is_written_without_leave),
	    WITH_A_CARD(a_card_that_is_full_is_told),
	    WITH_A_CARD(a_write_protected_card_is_told_before_anybody_is_asked),
	    WITH_A_CARD(a_write_that_answered_an_error_may_be_found),
	    WITH_A_CARD(a_certificate_is_found_under_the_ckaid_that_is_meant),
	    WITH_A_CARD(what_was_taken_off_comes_back_as_it_was),
	    WITH_A_CARD(it_comes_back_with_less_rather_than_not_at_all),
	    WITH_A_CARD(a_certificate_that_is_fixed_says_so_for_good),
	    WITH_A_CARD(a_driver_that_knows_no_such_function_says_so_for_good),
	};

	return cmocka_run_group_tests_name("card write", tests, card_begin, folder_remove);
}
