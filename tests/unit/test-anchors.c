/* SPDX-License-Identifier: MIT */
/* Whom a `trust` key makes us trust. */
#include <time.h>

#include <openssl/pem.h>

#include "helper/ca/anchors.h"
#include "tests/unit/folder.h"
#include "tests/unit/made.h"

static struct {
	EVP_PKEY *key;
	X509 *ca;
} world;

static void write_ca(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, world.ca), 1);
	fclose(file);
	assert_int_equal(chmod(path, 0644), 0);
}

static bool trusts_ca(const char *trust)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	struct failure failure = {.code = FAILURE_NONE};
	X509_STORE *anchors = NULL;
	bool trusted;

	assert_int_equal(anchors_load(trust, &anchors, &failure), 0);
	assert_int_equal(X509_STORE_CTX_init(context, anchors, world.ca, NULL), 1);
	trusted = X509_verify_cert(context) == 1;
	X509_STORE_CTX_free(context);
	X509_STORE_free(anchors);
	return trusted;
}

static void the_files_certificates_are_trusted(void **state)
{
	(void)state;
	write_ca(folder_path("ca.pem"));
	assert_true(trusts_ca(folder_path("ca.pem")));
}

static void system_means_what_this_machine_trusts(void **state)
{
	(void)state;
	assert_false(trusts_ca("system"));
	/* OpenSSL's own name for another file; no process of ours with rights has it. */
	write_ca(folder_path("system.pem"));
	assert_int_equal(setenv("SSL_CERT_FILE", folder_path("system.pem"), 1), 0);
	assert_true(trusts_ca("system"));
	assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	struct failure failure = {.code = FAILURE_NONE};
	X509_STORE *anchors = NULL;

	(void)state;
	write_ca(folder_path("ca.pem"));
	assert_int_equal(chmod(folder_path("ca.pem"), 0666), 0);
	assert_int_equal(anchors_load(folder_path("ca.pem"), &anchors, &failure), -FAILURE_CONFIG);
	assert_non_null(strstr(failure.detail, "others than its owner may write it"));
	assert_null(anchors);
}

static int set_up(void **state)
{
	(void)state;
	world.key = made_key("P-256");
	world.ca = made_ca(world.key, "Root", NULL, NULL, (int64_t)time(NULL));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	X509_free(world.ca);
	EVP_PKEY_free(world.key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_files_certificates_are_trusted, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(system_means_what_this_machine_trusts, folder_make,
					    folder_remove),
	    cmocka_unit_test_setup_teardown(a_file_that_others_may_write_is_refused, folder_make,
					    folder_remove),
	};

	return cmocka_run_group_tests_name("anchors", tests, set_up, tear_down);
}
