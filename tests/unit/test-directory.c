/* SPDX-License-Identifier: MIT */
/* What of a directory's answers becomes part of the result. */
#include "helper/ca/directory.h"
#include "tests/unit/status-world.h"
#include "tests/unit/unit.h"

struct asked {
	struct config_directory settings;
	struct directory_query query;
	struct directory_result result;
	struct directory_find find;
};

static void ask(struct asked *asked, int64_t limit, enum directory_validity validity)
{
	*asked = (struct asked){
	    .settings = {.limit = limit},
	    .query = {.email = "a@b", .validity = validity, .now = NOW},
	};
	asked->find =
	    (struct directory_find){&asked->settings, NULL, &asked->query, &asked->result};
}

static int give(struct asked *asked, X509 *certificate, const char *email, const char *name)
{
	struct failure failure;
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der), r;

	assert_true(length > 0);
	r = directory_take(&asked->find, der, (size_t)length, email, name, &failure);
	OPENSSL_free(der);
	return r;
}

static void a_certificate_is_taken_once(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, 10, DIRECTORY_ANY);
	assert_int_equal(give(&asked, world.certificate, "", ""), 0);
	assert_int_equal(give(&asked, world.certificate, "", ""), 0);
	assert_int_equal(give(&asked, world.other, "", ""), 0);
	assert_int_equal(asked.result.count, 2);
	assert_int_equal(asked.result.cut, DIRECTORY_WHOLE);
	directory_result_clear(&asked.result);
}

static void one_more_than_the_limit_ends_it(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, 1, DIRECTORY_ANY);
	assert_int_equal(give(&asked, world.certificate, "", ""), 0);
	assert_int_equal(give(&asked, world.certificate, "", ""), 0);
	assert_int_equal(asked.result.cut, DIRECTORY_WHOLE);
	assert_int_equal(give(&asked, world.other, "", ""), 1);
	assert_int_equal(asked.result.count, 1);
	assert_int_equal(asked.result.cut, DIRECTORY_CUT_BY_LIMIT);
	directory_result_clear(&asked.result);
}

static void a_cas_certificate_is_nobodys(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, 10, DIRECTORY_ANY);
	assert_int_equal(give(&asked, world.ca, "", ""), 0);
	assert_int_equal(asked.result.count, 0);
	assert_int_equal(asked.result.unreadable, 0);
}

static void what_is_no_certificate_is_counted(void **state)
{
	static const unsigned char garbage[] = {0x30, 0x82, 0xff, 0xff, 0x00};
	struct asked asked;
	unsigned char *der = NULL;
	int length = i2d_X509(world.certificate, &der);

	(void)state;
	ask(&asked, 10, DIRECTORY_ANY);
	assert_int_equal(directory_take(&asked.find, garbage, sizeof(garbage), "", "", NULL), 0);
	assert_int_equal(directory_take(&asked.find, garbage, 0, "", "", NULL), 0);
	assert_int_equal(directory_take(&asked.find, der, (size_t)length - 1, "", "", NULL), 0);
	assert_int_equal(asked.result.unreadable, 3);
	assert_int_equal(asked.result.count, 0);
	OPENSSL_free(der);
}

static void the_dates_decide_what_is_wanted(void **state)
{
	X509 *expired = world_certificate("clientAuth", world.ca, world.ca_key, NOW - 1);
	X509 *last = world_certificate("clientAuth", world.ca, world.ca_key, NOW);
	static const struct {
		enum directory_validity validity;
		size_t count;
	} examples[] = {{DIRECTORY_ANY, 3}, {DIRECTORY_CURRENT, 2}, {DIRECTORY_EXPIRED, 1}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct asked asked;

		ask(&asked, 10, examples[i].validity);
		assert_int_equal(give(&asked, world.certificate, "", ""), 0);
		assert_int_equal(give(&asked, expired, "", ""), 0);
		assert_int_equal(give(&asked, last, "", ""), 0);
		assert_int_equal(asked.result.count, examples[i].count);
		directory_result_clear(&asked.result);
	}
	X509_free(expired);
	X509_free(last);
}

static void the_serial_number_decides_too(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, 10, DIRECTORY_ANY);
	asked.query.serial = X509_get0_serialNumber(world.other);
	assert_int_equal(give(&asked, world.certificate, "", ""), 0);
	assert_int_equal(give(&asked, world.other, "", ""), 0);
	assert_int_equal(asked.result.count, 1);
	assert_int_equal(X509_cmp(asked.result.entries[0].certificate, world.other), 0);
	directory_result_clear(&asked.result);
}

/* The certificate's own name counts; the directory's fills in, on one line, cleaned. */
static void names_are_the_certificates_own(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, 10, DIRECTORY_ANY);
	assert_int_equal(give(&asked, world.certificate, "a@b\nE-mail c@d\x1b[2J", "Somebody Else"),
			 0);
	assert_string_equal(asked.result.entries[0].name, "Chen Mei-ling");
	assert_string_equal(asked.result.entries[0].email, "a@b E-mail c@d\xEF\xBF\xBD[2J");
	directory_result_clear(&asked.result);
	directory_result_clear(&asked.result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_certificate_is_taken_once),
	    cmocka_unit_test(one_more_than_the_limit_ends_it),
	    cmocka_unit_test(a_cas_certificate_is_nobodys),
	    cmocka_unit_test(what_is_no_certificate_is_counted),
	    cmocka_unit_test(the_dates_decide_what_is_wanted),
	    cmocka_unit_test(the_serial_number_decides_too),
	    cmocka_unit_test(names_are_the_certificates_own),
	};

	return cmocka_run_group_tests_name("directory", tests, world_make, world_remove);
}
