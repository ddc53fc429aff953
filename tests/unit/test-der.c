/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "helper/ca/der.h"

#include <cmocka.h>

/* SEQUENCE { INTEGER 5, [1] { } } */
static const unsigned char sequence[] = {0x30, 5, 2, 1, 5, 0xa1, 0};

static void elements_follow_each_other(void **state)
{
	struct der_element whole, first, second, none;

	(void)state;
	assert_true(der_next(sequence, sequence + sizeof(sequence), &whole));
	assert_true(whole.constructed && whole.tag == V_ASN1_SEQUENCE);
	assert_ptr_equal(whole.end, sequence + sizeof(sequence));
	assert_true(der_next(whole.content, whole.end, &first));
	assert_true(!first.constructed && first.tag == V_ASN1_INTEGER);
	assert_ptr_equal(first.start, sequence + 2);
	assert_int_equal(first.end - first.content, 1);
	assert_true(der_next(first.end, whole.end, &second));
	assert_int_equal(second.class, V_ASN1_CONTEXT_SPECIFIC);
	assert_int_equal(second.tag, 1);
	assert_false(der_next(second.end, whole.end, &none));
}

static void what_reaches_beyond_is_none(void **state)
{
	struct der_element element;

	(void)state;
	for (size_t length = 0; length < sizeof(sequence); length++)
		assert_false(der_next(sequence, sequence + length, &element));
	assert_int_equal(ERR_peek_error(), 0);
}

static void indefinite_length_is_none(void **state)
{
	static const unsigned char ber[] = {0x30, 0x80, 2, 1, 5, 0, 0};
	struct der_element element;

	(void)state;
	assert_false(der_next(ber, ber + sizeof(ber), &element));
}

static void bits_keep_their_zeros(void **state)
{
	static const unsigned char bytes[] = {0xff, 0x80, 0};
	static const unsigned char wanted[] = {3, 4, 0, 0xff, 0x80, 0};
	unsigned char *der = NULL;

	(void)state;
	assert_int_equal(der_bit_string(bytes, sizeof(bytes), &der), sizeof(wanted));
	assert_memory_equal(der, wanted, sizeof(wanted));
	OPENSSL_free(der);
}

static void long_bits_have_a_long_length(void **state)
{
	static const unsigned char bytes[300];
	struct der_element element;
	unsigned char *der = NULL;
	int length = der_bit_string(bytes, sizeof(bytes), &der);

	(void)state;
	assert_int_equal(length, 1 + 3 + 1 + 300);
	assert_true(der_next(der, der + length, &element));
	assert_int_equal(element.tag, V_ASN1_BIT_STRING);
	assert_ptr_equal(element.end, der + length);
	OPENSSL_free(der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(elements_follow_each_other),
	    cmocka_unit_test(what_reaches_beyond_is_none),
	    cmocka_unit_test(indefinite_length_is_none),
	    cmocka_unit_test(bits_keep_their_zeros),
	    cmocka_unit_test(long_bits_have_a_long_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
