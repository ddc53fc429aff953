/* SPDX-License-Identifier: MIT */
/* multipart/mixed as a certificate store sends it. The store itself is met in tests/lookup. */
#include "helper/ca/multipart.h"
#include "tests/unit/unit.h"

#define TYPE	"multipart/mixed; boundary=b"
#define PART(x) "--b\r\nContent-Type: application/pkix-cert\r\n\r\n" x "\r\n"

/* How many parts, certificates among them in *ret_certificates; -1 for what is refused. */
static int count(const char *type, const char *body, size_t length, int *ret_certificates)
{
	struct multipart multipart;
	struct multipart_part part;
	int parts = 0, next;

	*ret_certificates = 0;
	if (!multipart_begin(&multipart, type, (const unsigned char *)body, length))
		return -1;
	while ((next = multipart_next(&multipart, &part)) == 1) {
		parts++;
		*ret_certificates += part.is_certificate;
		assert_true((const char *)part.body >= body &&
			    (const char *)part.body + part.length <= body + length);
	}
	return next < 0 ? -1 : parts;
}

#define COUNT(type, body, certificates) count(type, body, sizeof(body) - 1, certificates)

static void parts_are_counted(void **state)
{
	int certificates;

	(void)state;
	assert_int_equal(COUNT(TYPE, PART("A") PART("B") "--b--\r\n", &certificates), 2);
	assert_int_equal(certificates, 2);
	assert_int_equal(COUNT(TYPE, "preamble\r\n" PART("A") "--b--", &certificates), 1);
	assert_int_equal(COUNT(TYPE, PART("A") "--b\r\nContent-Type: text/plain\r\n\r\nB\r\n--b--",
			       &certificates),
			 2);
	assert_int_equal(certificates, 1);
	assert_int_equal(COUNT(TYPE, "--b--", &certificates), 0);
}

static void a_part_is_its_bytes(void **state)
{
	static const char body[] = PART("A\0\r\n--\xff") "--b--";
	struct multipart multipart;
	struct multipart_part part;

	(void)state;
	assert_true(
	    multipart_begin(&multipart, TYPE, (const unsigned char *)body, sizeof(body) - 1));
	assert_int_equal(multipart_next(&multipart, &part), 1);
	assert_int_equal(part.length, 7);
	assert_memory_equal(part.body, "A\0\r\n--\xff", 7);
	assert_int_equal(multipart_next(&multipart, &part), 0);
}

static void boundaries_are_read_in_every_form(void **state)
{
	static const char *const types[] = {
	    "multipart/mixed;boundary=b", "multipart/mixed; Boundary=\"b\"",
	    "multipart/mixed; charset=x; boundary=b", "multipart/mixed; boundary=b; x=y"};
	int certificates;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(types); i++)
		assert_int_equal(COUNT(types[i], PART("A") "--b--", &certificates), 1);
}

static void what_is_cut_or_malformed_is_refused(void **state)
{
	static const char *const bodies[] = {"",
					     "x",
					     "--b",
					     "--b\r\n",
					     "--b\r\nContent-Type: application/pkix-cert\r\n",
					     "--b\r\nContent-Type: application/pkix-cert\r\n\r\nA",
					     PART("A") "--b",
					     PART("A") "--c--",
					     "x--b\r\n\r\nA\r\n--b--"};
	static const char *const types[] = {"multipart/mixed",
					    "multipart/mixed; boundary=",
					    "multipart/mixed; boundary=\"b",
					    "multipart/mixed; boundary=\"\"",
					    "multipart/mixed; xboundary=b",
					    "multipart/mixed; boundary=\"a\tb\""};
	int certificates;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++)
		if (count(TYPE, bodies[i], strlen(bodies[i]), &certificates) != -1)
			fail_msg("body %zu", i);
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (COUNT(types[i], PART("A") "--b--", &certificates) != -1)
			fail_msg("%s", types[i]);
}

static void every_cut_ends_within_the_bytes(void **state)
{
	static const char whole[] = PART("AAAA") PART("BB") "--b--\r\n";
	int certificates;

	(void)state;
	for (size_t length = 0; length < sizeof(whole); length++) {
		char *copy = malloc(length + 1);

		assert_non_null(copy);
		memcpy(copy, whole, length);
		(void)count(TYPE, copy, length, &certificates);
		free(copy);
	}
}

static void a_type_is_compared_without_its_parameters(void **state)
{
	(void)state;
	assert_true(multipart_is_type("application/pkix-cert", "application/pkix-cert"));
	assert_true(multipart_is_type("Application/PKIX-cert; name=x", "application/pkix-cert"));
	assert_false(multipart_is_type("application/pkix-certs", "application/pkix-cert"));
	assert_false(multipart_is_type("", "application/pkix-cert"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts_are_counted),
	    cmocka_unit_test(a_part_is_its_bytes),
	    cmocka_unit_test(boundaries_are_read_in_every_form),
	    cmocka_unit_test(what_is_cut_or_malformed_is_refused),
	    cmocka_unit_test(every_cut_ends_within_the_bytes),
	    cmocka_unit_test(a_type_is_compared_without_its_parameters),
	};

	return cmocka_run_group_tests_name("rfc4387", tests, NULL, NULL);
}
