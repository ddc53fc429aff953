/* SPDX-License-Identifier: MIT */
/* Which revocation lists are believed, and the cache that keeps them. */
#include <sys/stat.h>

#include "helper/ca/crl.h"
#include "helper/ca/crl_cache.h"
#include "tests/unit/folder.h"
#include "tests/unit/status-world.h"
#include "tests/unit/unit.h"

struct list {
	X509 *revoked; /* NULL: the list is empty */
	int reason;    /* STATUS_NO_REASON: none */
	X509 *issuer;
	EVP_PKEY *key;
	int64_t this_update, next_update; /* next_update 0: none */
	int extension;			  /* NID_delta_crl, NID_issuing_distribution_point, or 0 */
	const char *value;
};

static struct list usual(void)
{
	return (struct list){
	    .revoked = world.certificate,
	    .reason = 4,
	    .issuer = world.ca,
	    .key = world.ca_key,
	    .this_update = NOW - 3600,
	    .next_update = NOW + 3600,
	};
}

static void add_revoked(X509_CRL *crl, const struct list *list)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)(NOW - 7 * DAY));
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();

	X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(list->revoked));
	X509_REVOKED_set_revocationDate(entry, when);
	ASN1_ENUMERATED_set(reason, list->reason);
	if (list->reason != STATUS_NO_REASON)
		assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0), 1);
	assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
	ASN1_ENUMERATED_free(reason);
	ASN1_TIME_free(when);
}

static void set_times(X509_CRL *crl, const struct list *list)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)list->this_update);

	X509_CRL_set1_lastUpdate(crl, time);
	if (list->next_update != 0) {
		ASN1_TIME_set(time, (time_t)list->next_update);
		X509_CRL_set1_nextUpdate(crl, time);
	}
	ASN1_TIME_free(time);
}

static void add_extension(X509_CRL *crl, const struct list *list)
{
	ASN1_INTEGER *base = ASN1_INTEGER_new();
	X509_EXTENSION *extension;

	if (list->extension == NID_delta_crl) {
		/* OpenSSL has no text form of it. */
		assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_delta_crl, base, 1, 0), 1);
	} else if (list->extension != 0) {
		extension = X509V3_EXT_conf_nid(NULL, NULL, list->extension, list->value);
		assert_non_null(extension);
		assert_int_equal(X509_CRL_add_ext(crl, extension, -1), 1);
		X509_EXTENSION_free(extension);
	}
	ASN1_INTEGER_free(base);
}

/* Through its bytes, as it arrives. */
static X509_CRL *made_list(const struct list *list)
{
	X509_CRL *crl = X509_CRL_new(), *parsed;
	unsigned char *der = NULL;
	int length;

	assert_int_equal(X509_CRL_set_version(crl, X509_CRL_VERSION_2), 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(list->issuer));
	set_times(crl, list);
	if (list->revoked != NULL)
		add_revoked(crl, list);
	add_extension(crl, list);
	assert_true(X509_CRL_sign(crl, list->key, EVP_sha256()) > 0);
	length = i2d_X509_CRL(crl, &der);
	assert_true(length > 0);
	parsed = crl_parse(der, (size_t)length);
	assert_non_null(parsed);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	return parsed;
}

static int judge_about(const struct list *list, X509 *certificate, struct status_answer *ret)
{
	X509_CRL *crl = made_list(list);
	struct failure failure = {.code = FAILURE_NONE};
	int r = crl_judge(crl, certificate, world.ca, NOW, AGE, ret, &failure);

	assert_int_equal(failure.code, -r);
	X509_CRL_free(crl);
	return r;
}

static int judge(const struct list *list)
{
	struct status_answer ignored;

	return judge_about(list, world.certificate, &ignored);
}

static void what_is_listed_is_revoked_and_nothing_else(void **state)
{
	struct list list = usual();
	struct status_answer told;

	(void)state;
	assert_int_equal(judge_about(&list, world.certificate, &told), 0);
	assert_int_equal(told.status, STATUS_REVOKED);
	assert_int_equal(told.revoked_at, NOW - 7 * DAY);
	assert_int_equal(told.reason, 4);
	assert_int_equal(judge_about(&list, world.other, &told), 0);
	assert_int_equal(told.status, STATUS_GOOD);
	list.reason = STATUS_NO_REASON;
	assert_int_equal(judge_about(&list, world.certificate, &told), 0);
	assert_int_equal(told.reason, STATUS_NO_REASON);
	list.revoked = NULL;
	assert_int_equal(judge_about(&list, world.certificate, &told), 0);
	assert_int_equal(told.status, STATUS_GOOD);
}

static void an_expired_certificate_is_looked_up_too(void **state)
{
	X509 *expired = world_certificate("clientAuth", world.ca, world.ca_key, NOW - DAY);
	struct list list = usual();
	struct status_answer told;

	(void)state;
	list.revoked = expired;
	assert_int_equal(judge_about(&list, expired, &told), 0);
	assert_int_equal(told.status, STATUS_REVOKED);
	X509_free(expired);
}

static void the_issuer_alone_may_sign(void **state)
{
	struct list list = usual();

	(void)state;
	list.key = world.other_key;
	assert_int_equal(judge(&list), -FAILURE_CA_UNTRUSTED);
	list.issuer = world.certificate;
	list.key = world.key;
	assert_int_equal(judge(&list), -FAILURE_CA_UNTRUSTED);
}

static void it_must_be_in_force(void **state)
{
	static const struct {
		int64_t from, until;
		bool in_force;
	} examples[] = {
	    {-3600, 1, true},
	    {-3600, -STATUS_SLACK, true},
	    {-3600, -STATUS_SLACK - 1, false},
	    {STATUS_SLACK, 3600, true},
	    {STATUS_SLACK + 1, 3600, false},
	    {-AGE, 0, true},
	    {-AGE - STATUS_SLACK - 1, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct list list = usual();

		list.this_update = NOW + examples[i].from;
		list.next_update = examples[i].until == 0 ? 0 : NOW + examples[i].until;
		if (judge(&list) != (examples[i].in_force ? 0 : -FAILURE_CA_GARBAGE))
			fail_msg("example %zu: %d", i, judge(&list));
	}
}

/* A list for other certificates, of several issuers, or for some reasons, does not hold what it
 * does not name. */
static void a_part_is_not_the_whole(void **state)
{
	static const struct {
		int extension;
		const char *value;
		bool whole;
	} examples[] = {
	    {NID_issuing_distribution_point, "critical,onlyuser:TRUE", true},
	    {NID_issuing_distribution_point, "critical,onlyCA:TRUE", false},
	    {NID_issuing_distribution_point, "critical,onlysomereasons:keyCompromise", false},
	    {NID_issuing_distribution_point, "critical,indirectCRL:TRUE", false},
	    {NID_issuing_distribution_point, "critical,fullname:URI:http://elsewhere/", false},
	    {NID_delta_crl, "a delta", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		struct list list = usual();
		struct status_answer told;
		int r;

		list.extension = examples[i].extension;
		list.value = examples[i].value;
		r = judge_about(&list, world.other, &told);
		if ((r == 0) != examples[i].whole)
			fail_msg("%s: %d", examples[i].value, r);
	}
}

static void what_is_no_list_is_none(void **state)
{
	(void)state;
	assert_null(crl_parse(NULL, 0));
	assert_null(crl_parse((const unsigned char *)"", 0));
	assert_null(crl_parse((const unsigned char *)"\x30\x84\xff\xff\xff\xff", 6));
}

static void every_cut_and_every_tail_is_refused(void **state)
{
	struct list list = usual();
	X509_CRL *crl = made_list(&list);
	unsigned char *der = NULL, *longer;
	int length = i2d_X509_CRL(crl, &der);

	(void)state;
	for (int i = 0; i < length; i++)
		assert_null(crl_parse(der, (size_t)i));
	longer = calloc(1, (size_t)length + 1);
	assert_non_null(longer);
	memcpy(longer, der, (size_t)length);
	assert_null(crl_parse(longer, (size_t)length + 1));
	free(longer);
	OPENSSL_free(der);
	X509_CRL_free(crl);
}

/* --- the cache ----------------------------------------------------------------------------- */

static void what_is_kept_is_read_back(void **state)
{
	const char *cache = folder_path("cache");
	char copy[PATH_MAX];
	unsigned char *bytes;
	size_t length = 0;

	(void)state;
	snprintf(copy, sizeof(copy), "%s", cache);
	assert_int_equal(mkdir(copy, 0700), 0);
	assert_null(crl_cache_read(copy, "http://a/", &length));
	crl_cache_write(copy, "http://a/", (const unsigned char *)"one\0", 4);
	crl_cache_write(copy, "http://b/", (const unsigned char *)"two", 3);
	crl_cache_write(copy, "http://a/", (const unsigned char *)"three", 5);
	bytes = crl_cache_read(copy, "http://a/", &length);
	assert_int_equal(length, 5);
	assert_memory_equal(bytes, "three", 5);
	free(bytes);
	assert_int_equal(folder_count(copy, NULL, 0), 2);
}

static void without_a_folder_nothing_is_kept(void **state)
{
	size_t length = 0;

	(void)state;
	crl_cache_write(NULL, "http://a/", (const unsigned char *)"one", 3);
	assert_null(crl_cache_read(NULL, "http://a/", &length));
	crl_cache_write("/nowhere", "http://a/", (const unsigned char *)"one", 3);
	assert_null(crl_cache_read("/nowhere", "http://a/", &length));
}

static void a_link_in_its_place_is_not_followed(void **state)
{
	char cache[PATH_MAX], name[256] = "", path[2 * PATH_MAX];
	size_t length = 0;

	(void)state;
	snprintf(cache, sizeof(cache), "%s", folder_path("linked"));
	assert_int_equal(mkdir(cache, 0700), 0);
	crl_cache_write(cache, "http://a/", (const unsigned char *)"one", 3);
	assert_int_equal(folder_count(cache, name, sizeof(name)), 1);
	snprintf(path, sizeof(path), "%s/%s", cache, name);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_null(crl_cache_read(cache, "http://a/", &length));
}

static int make_all(void **state)
{
	return folder_make(state) < 0 ? -1 : world_make(state);
}

static int remove_all(void **state)
{
	return world_remove(state) < 0 ? -1 : folder_remove(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_listed_is_revoked_and_nothing_else),
	    cmocka_unit_test(an_expired_certificate_is_looked_up_too),
	    cmocka_unit_test(the_issuer_alone_may_sign),
	    cmocka_unit_test(it_must_be_in_force),
	    cmocka_unit_test(a_part_is_not_the_whole),
	    cmocka_unit_test(what_is_no_list_is_none),
	    cmocka_unit_test(every_cut_and_every_tail_is_refused),
	    cmocka_unit_test(what_is_kept_is_read_back),
	    cmocka_unit_test(without_a_folder_nothing_is_kept),
	    cmocka_unit_test(a_link_in_its_place_is_not_followed),
	};

	return cmocka_run_group_tests_name("crl", tests, make_all, remove_all);
}
