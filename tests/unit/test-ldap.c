/* SPDX-License-Identifier: MIT */
/* The pure parts of an LDAP search: the address that is asked, and reading what comes. */
#include <openssl/evp.h>

#include "helper/ca/ldap_address.h"
#include "helper/ca/ldif.h"
#include "tests/unit/unit.h"

/* --- the address --------------------------------------------------------------------------- */

static struct config_directory directory = {
    .url = "ldap://localhost",
    .base = "ou=a b,dc=test",
    .mail = "mail",
    .name = "cn",
    .certificate = "userCertificate;binary",
};

static void expect_address(const struct directory_query *query, const char *wanted)
{
	struct failure failure;
	char *address = NULL;

	assert_int_equal(ldap_address(&directory, query, &address, &failure), 0);
	assert_string_equal(address, wanted);
	free(address);
}

#define BY_MAIL(value)                                                                \
	"ldap://localhost/ou%3da%20b%2cdc%3dtest?mail,cn,userCertificate;binary?sub?" \
	"%28%26%28userCertificate%3d%2a%29%28mail%3d" value "%29%29"

static void what_is_searched_stands_in_the_filter(void **state)
{
	const struct directory_query by_mail = {.email = "a.b-c"};
	const struct directory_query by_name = {.name = "Chen"};

	(void)state;
	expect_address(&by_mail, BY_MAIL("a.b-c"));
	expect_address(&by_name,
		       "ldap://localhost/ou%3da%20b%2cdc%3dtest?mail,cn,userCertificate;binary?sub?"
		       "%28%26%28userCertificate%3d%2a%29%28cn%3d%2aChen%2a%29%29");
}

/* Each byte that means something, in a filter or in a URL, arrives as \XX with the backslash as
 * %5c. */
static void nothing_typed_means_anything_in_it(void **state)
{
	static const char *const examples[][2] = {
	    {"*", BY_MAIL("%5c2a")},
	    {"a)(mail=*", BY_MAIL("a%5c29%5c28mail%5c3d%5c2a")},
	    {"\\2a", BY_MAIL("%5c5c2a")},
	    {"\\", BY_MAIL("%5c5c")},
	    {"&|!", BY_MAIL("%5c26%5c7c%5c21")},
	    {"%2a?x#y", BY_MAIL("%5c252a%5c3fx%5c23y")},
	    {"a@b c", BY_MAIL("a%5c40b%5c20c")},
	    {"陳", BY_MAIL("%5ce9%5c99%5cb3")},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const struct directory_query query = {.email = examples[i][0]};

		expect_address(&query, examples[i][1]);
	}
}

static void expect_beginning(const char *url, const char *base, bool starttls, const char *wanted)
{
	struct config_directory settings = directory;
	const struct directory_query query = {.email = "a"};
	struct failure failure;
	char *address = NULL;

	settings.url = (char *)url;
	settings.base = (char *)base;
	settings.starttls = starttls;
	assert_int_equal(ldap_address(&settings, &query, &address, &failure), 0);
	if (strncmp(address, wanted, strlen(wanted)) != 0)
		fail_msg("%s instead of %s", address, wanted);
	free(address);
}

static void the_base_is_the_keys_or_the_urls(void **state)
{
	(void)state;
	expect_beginning("ldap://h", "", false, "ldap://h/?mail");
	expect_beginning("ldap://h/", "", false, "ldap://h/?mail");
	expect_beginning("ldap://h/dc=x", "", false, "ldap://h/dc=x?mail");
	expect_beginning("ldap://h/dc=x", "dc=y", false, "ldap://h/dc%3dy?mail");
	expect_beginning("ldaps://h:1636", "dc=y", false, "ldaps://h:1636/dc%3dy?mail");
}

static void after_starttls_it_is_ldaps_at_the_port_of_ldap(void **state)
{
	(void)state;
	expect_beginning("ldap://h", "", true, "ldaps://h:389/?mail");
	expect_beginning("ldap://h:3389/dc=x", "", true, "ldaps://h:3389/dc=x?mail");
	expect_beginning("ldap://[::1]", "", true, "ldaps://[::1]:389/?mail");
	expect_beginning("ldap://[::1]:3389", "", true, "ldaps://[::1]:3389/?mail");
	expect_beginning("ldaps://h", "", true, "ldaps://h/?mail");
}

static void a_url_with_a_search_of_its_own_is_refused(void **state)
{
	struct config_directory settings = directory;
	const struct directory_query query = {.email = "a"};
	struct failure failure;
	char *address = NULL;

	(void)state;
	settings.url = "ldap://h/dc=x?cn?base?(cn=*)";
	assert_int_equal(ldap_address(&settings, &query, &address, &failure), -FAILURE_CONFIG);
	assert_null(address);
}

/* --- reading ------------------------------------------------------------------------------- */

struct heard {
	int entries, values;
	size_t bytes;
	char last[64]; /* the last value, if it is short */
	int stop_after;
};

static int hear(const struct ldif_entry *entry, void *context)
{
	struct heard *heard = context;

	heard->entries++;
	for (size_t i = 0; i < entry->count; i++) {
		heard->values++;
		heard->bytes += entry->values[i].length;
		snprintf(heard->last, sizeof(heard->last), "%s=%.40s", entry->values[i].attribute,
			 (const char *)entry->values[i].bytes);
	}
	return heard->stop_after > 0 && heard->entries >= heard->stop_after;
}

/* Reads it in pieces of this size: libcurl hands over whatever arrives. */
static int read_in(const char *text, size_t length, size_t piece, struct heard *heard)
{
	struct ldif_reader *reader = calloc(1, sizeof(*reader));
	struct failure failure = {.code = FAILURE_NONE};
	int r = 0;

	assert_non_null(reader);
	reader->take = hear;
	reader->context = heard;
	for (size_t at = 0; r == 0 && at < length; at += piece)
		r = ldif_read(reader, text + at, length - at < piece ? length - at : piece,
			      &failure);
	if (r == 0)
		r = ldif_end(reader, &failure);
	if (r < 0)
		assert_int_equal(r, -(int)failure.code);
	ldif_clear(reader);
	free(reader);
	return r;
}

static int read_text(const char *text, struct heard *heard)
{
	*heard = (struct heard){.entries = 0};
	return read_in(text, strlen(text), 4096, heard);
}

static const char two_people[] =
    "DN: cn=A\n\tcn: A\n\n\tmail: a@b\n\n\tuserCertificate;binary:: AAECAw==\n\n\n"
    "DN: cn=B\n\tcn:: 6Zmz\n\n\n";

static void entries_are_read_whatever_the_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < sizeof(two_people); piece++) {
		struct heard heard = {.entries = 0};

		assert_int_equal(read_in(two_people, sizeof(two_people) - 1, piece, &heard), 0);
		assert_int_equal(heard.entries, 2);
		assert_int_equal(heard.values, 4);
		assert_int_equal(heard.bytes, 1 + 3 + 4 + 3);
		assert_string_equal(heard.last, "cn=陳");
	}
}

static void nothing_is_no_error(void **state)
{
	struct heard heard;

	(void)state;
	assert_int_equal(read_text("", &heard), 0);
	assert_int_equal(read_text("\n\n", &heard), 0);
	assert_int_equal(heard.entries, 0);
}

static void a_folded_line_is_one(void **state)
{
	struct heard heard;

	(void)state;
	assert_int_equal(read_text("DN: x\n\tcn:: 6Z\n mz\n\n", &heard), 0);
	assert_string_equal(heard.last, "cn=陳");
	assert_int_equal(read_text("DN: x\n\tcn: Chen\n  Mei\n\n", &heard), 0);
	assert_string_equal(heard.last, "cn=Chen Mei");
}

static void an_attribute_without_a_value_is_read(void **state)
{
	struct heard heard;

	(void)state;
	assert_int_equal(read_text("DN: x\n\tcn:\n\n\tmail:: \n\n", &heard), 0);
	assert_int_equal(heard.values, 2);
	assert_int_equal(heard.bytes, 0);
}

static void what_is_not_of_the_form_is_garbage(void **state)
{
	static const char *const examples[] = {
	    "cn: A\n", /* outside of an entry */
	    "\tcn: A\n",
	    "garbage\n",
	    "DN: x\ncn: A\n", /* not indented */
	    "DN: x\n\tno colon\n",
	    "DN: x\n\t: A\n",
	    "DN: x\n\tcn:: A\n", /* base64 cut */
	    "DN: x\n\tcn:: A=AA\n",
	    "DN: x\n\tcn:: ====\n",
	    "DN: x\n\tcn:: AA A\n",
	    "DN: x\n\tcn:: \x01\x02\x03\x04\n",
	    "DN: x\n\tcn: A", /* the answer is cut */
	    "<html>\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct heard heard;

		if (read_text(examples[i], &heard) != -FAILURE_CA_GARBAGE)
			fail_msg("accepted: %s", examples[i]);
	}
}

static void a_nul_is_garbage(void **state)
{
	static const char text[] = "DN: x\n\tcn: A\0B\n";
	struct heard heard = {.entries = 0};

	(void)state;
	assert_int_equal(read_in(text, sizeof(text) - 1, 100, &heard), -FAILURE_CA_GARBAGE);
}

static void what_is_too_large_is_broken_off(void **state)
{
	char *line = malloc(LDIF_LINE_MAX + 64);
	struct heard heard = {.entries = 0};
	int length;

	(void)state;
	assert_non_null(line);
	length = sprintf(line, "DN: x\n\tcn: ");
	memset(line + length, 'A', LDIF_LINE_MAX);
	assert_int_equal(read_in(line, (size_t)length + LDIF_LINE_MAX, 4096, &heard),
			 -FAILURE_CA_TOO_LARGE);
	free(line);
}

static void an_entry_of_too_many_values_is_broken_off(void **state)
{
	char text[32 + (LDIF_VALUES_MAX + 1) * 8];
	struct heard heard = {.entries = 0};
	size_t used = (size_t)sprintf(text, "DN: x\n");

	(void)state;
	for (int i = 0; i < LDIF_VALUES_MAX; i++)
		used += (size_t)sprintf(text + used, "\tcn: A\n");
	assert_int_equal(read_in(text, used, 4096, &heard), 0);
	used += (size_t)sprintf(text + used, "\tcn: A\n");
	assert_int_equal(read_in(text, used, 4096, &heard), -FAILURE_CA_TOO_LARGE);
}

static void ten_thousand_entries_are_ten_thousand(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct heard heard = {.entries = 0};

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 10000; i++)
		fprintf(out, "DN: uid=%d\n\tmail: %d@b\n\n\tuserCertificate;binary:: AAEC\n\n\n", i,
			i);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(read_in(text, size, 16384, &heard), 0);
	assert_int_equal(heard.entries, 10000);
	assert_int_equal(heard.values, 20000);
	free(text);
}

static void whoever_takes_them_can_end_it(void **state)
{
	struct heard heard = {.stop_after = 1};

	(void)state;
	assert_int_equal(read_in(two_people, sizeof(two_people) - 1, 7, &heard), 1);
	assert_int_equal(heard.entries, 1);
}

static void an_attribute_is_the_same_with_other_options(void **state)
{
	const struct ldif_value value = {.attribute = "usercertificate;binary"};

	(void)state;
	assert_true(ldif_is(&value, "userCertificate;binary"));
	assert_true(ldif_is(&value, "userCertificate"));
	assert_false(ldif_is(&value, "userCertificat"));
	assert_false(ldif_is(&value, "userCertificates"));
}

/* --- the query ----------------------------------------------------------------------------- */

static void only_a_line_of_text_is_searched_for(void **state)
{
	char long_text[DIRECTORY_TEXT_MAX + 2];
	const char *examples[] = {"", "a\nb", "a\x7f", "\xff", "\xc0\xaa", long_text};
	struct directory_result result;
	struct failure failure;

	(void)state;
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const struct directory_query query = {.email = examples[i]};

		assert_int_equal(directory_search(&directory, NULL, &query, &result, &failure),
				 -FAILURE_PROTOCOL);
	}
	assert_int_equal(
	    directory_search(&directory, NULL, &(struct directory_query){.now = 0}, &result, NULL),
	    -FAILURE_PROTOCOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_searched_stands_in_the_filter),
	    cmocka_unit_test(nothing_typed_means_anything_in_it),
	    cmocka_unit_test(the_base_is_the_keys_or_the_urls),
	    cmocka_unit_test(after_starttls_it_is_ldaps_at_the_port_of_ldap),
	    cmocka_unit_test(a_url_with_a_search_of_its_own_is_refused),
	    cmocka_unit_test(entries_are_read_whatever_the_pieces),
	    cmocka_unit_test(nothing_is_no_error),
	    cmocka_unit_test(a_folded_line_is_one),
	    cmocka_unit_test(an_attribute_without_a_value_is_read),
	    cmocka_unit_test(what_is_not_of_the_form_is_garbage),
	    cmocka_unit_test(a_nul_is_garbage),
	    cmocka_unit_test(what_is_too_large_is_broken_off),
	    cmocka_unit_test(an_entry_of_too_many_values_is_broken_off),
	    cmocka_unit_test(ten_thousand_entries_are_ten_thousand),
	    cmocka_unit_test(whoever_takes_them_can_end_it),
	    cmocka_unit_test(an_attribute_is_the_same_with_other_options),
	    cmocka_unit_test(only_a_line_of_text_is_searched_for),
	};

	return cmocka_run_group_tests_name("ldap", tests, NULL, NULL);
}
