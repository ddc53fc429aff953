/* SPDX-License-Identifier: MIT */
/* Revocation at the CA, as far as `certrenew revoke` does not come there: by the card's key. */
#include "helper/ca/revocation.h"

#include <openssl/ec.h>

#include "tests/unit/ra-host.h"
#include "tests/unit/unit.h"

static struct ra_host host;
static EVP_PKEY *key;
static char url[128];
static struct config_revocation settings = {
    .url = url,
    .reference = "serial",
    .agreement = "",
    .trust = "",
    .timeout = 3,
    .iterations = 10000,
    .signs = {"Invalid Credential", "already revoked", "No matched", "too many", ""},
};

static int make_world(void **state)
{
	(void)state;
	ra_host_make(&host);
	key = EVP_EC_gen("P-256");
	return key == NULL ? -1 : 0;
}

static int remove_world(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	ra_host_remove(&host);
	return 0;
}

static void start(const char *misbehaviour)
{
	const char *const options[] = {"--misbehave", misbehaviour, NULL};

	ra_host_start(&host, misbehaviour != NULL ? options : options + 2);
	snprintf(url, sizeof(url), "%.*s/cmp", (int)(strstr(host.url, "/.well") - host.url),
		 host.url);
}

static int ask(X509 *certificate, const struct secret *phrase, struct failure *failure)
{
	const struct ca_identity identity = {.certificate = certificate, .key = key};
	const struct revocation_settings with = {
	    .config = &settings, .trust = host.trust, .ca = &host.settings};
	const struct revocation_request request = {
	    .certificate = certificate,
	    .email = "",
	    .reason = 1,
	    .reason_name = "keyCompromise",
	    .phrase = phrase,
	    .identity = phrase == NULL ? &identity : NULL,
	};
	struct revocation_answer answer = {""};

	return revocation_cmp.revoke(&with, &request, &answer, failure);
}

static void the_cards_key_revokes_its_certificate_once(void **state)
{
	X509 *certificate = ra_host_certify(&host, key, "signature");
	struct failure failure;

	(void)state;
	start(NULL);
	assert_int_equal(ask(certificate, NULL, &failure), 0);
	assert_int_equal(ra_host_count(&host, "revoke"), 1);
	assert_int_equal(ask(certificate, NULL, &failure), -FAILURE_REVOKE_ALREADY);
	assert_int_equal(ra_host_count(&host, "request"), 2);
	ra_host_stop(&host);
	X509_free(certificate);
}

static void an_answer_that_another_signed_is_not_believed(void **state)
{
	static const char *const signers[] = {"cmp-person-signer", "cmp-rogue-signer",
					      "cmp-protection", "cmp-no-protection"};
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < sizeof(signers) / sizeof(signers[0]); i++) {
		X509 *certificate = ra_host_certify(&host, key, "signature");

		start(signers[i]);
		assert_int_equal(ask(certificate, NULL, &failure), -FAILURE_CA_UNTRUSTED);
		assert_int_equal(ra_host_count(&host, "request"), 1);
		ra_host_stop(&host);
		X509_free(certificate);
	}
}

static void a_phrase_goes_to_no_plain_address(void **state)
{
	X509 *certificate = ra_host_certify(&host, key, "signature");
	struct secret *phrase = secret_new("blue whale", 10);
	struct failure failure;

	(void)state;
	start(NULL);
	memmove(url + 4, url + 5, strlen(url + 5) + 1); /* https: → http: */
	assert_int_equal(ask(certificate, phrase, &failure), -FAILURE_CONFIG);
	assert_int_equal(ra_host_count(&host, "request"), 0);
	ra_host_stop(&host);
	secret_free(phrase);
	X509_free(certificate);
}

static void a_reference_that_the_certificate_has_not_is_refused(void **state)
{
	X509 *certificate = ra_host_certify(&host, key, "signature");
	struct secret *phrase = secret_new("blue whale", 10);
	struct failure failure;

	(void)state;
	start(NULL);
	settings.reference = "email";
	assert_int_equal(ask(certificate, phrase, &failure), -FAILURE_CONFIG);
	settings.reference = "serial";
	assert_int_equal(ra_host_count(&host, "request"), 0);
	ra_host_stop(&host);
	secret_free(phrase);
	X509_free(certificate);
}

static enum failure_code sign(const char *text)
{
	return revocation_sign(&settings.signs, text, strlen(text));
}

static void a_cas_words_say_why_not(void **state)
{
	(void)state;
	assert_int_equal(sign("<p>Invalid Credential.</p>"), FAILURE_REVOKE_PHRASE);
	assert_int_equal(sign("Certificate 7 is already revoked."), FAILURE_REVOKE_ALREADY);
	assert_int_equal(sign("No matched certificate"), FAILURE_REVOKE_UNKNOWN);
	assert_int_equal(sign("Invalid Credential, too many tries"), FAILURE_REVOKE_LIMITED);
	assert_int_equal(sign("revoked"), FAILURE_NONE);
	assert_int_equal(sign(""), FAILURE_NONE); /* nor is a sign that is not configured one */
	assert_int_equal(revocation_sign(&settings.signs, NULL, 0), FAILURE_NONE);
	assert_int_equal(revocation_sign(&settings.signs, "a\0too many", 10),
			 FAILURE_REVOKE_LIMITED);
}

static void only_cmp_knows_the_card(void **state)
{
	(void)state;
	assert_ptr_equal(revocation_protocol(REVOCATION_CMP), &revocation_cmp);
	assert_ptr_equal(revocation_protocol(REVOCATION_FORM), &revocation_form);
	assert_true(revocation_cmp.by_card);
	assert_false(revocation_form.by_card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_cards_key_revokes_its_certificate_once),
	    cmocka_unit_test(an_answer_that_another_signed_is_not_believed),
	    cmocka_unit_test(a_phrase_goes_to_no_plain_address),
	    cmocka_unit_test(a_reference_that_the_certificate_has_not_is_refused),
	    cmocka_unit_test(a_cas_words_say_why_not),
	    cmocka_unit_test(only_cmp_knows_the_card),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}
