/* SPDX-License-Identifier: MIT */
/* A secret in an EncryptedValue, which OpenSSL opens: it takes what it finds for a certificate. */
#include "helper/ca/cmp_encrypted.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "tests/unit/unit.h"

static X509 *certificate_of(EVP_PKEY *key, const EVP_MD *digest)
{
	X509 *certificate = X509_new();

	assert_non_null(certificate);
	assert_int_equal(X509_set_pubkey(certificate, key), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 60));
	assert_true(X509_sign(certificate, key, digest) > 0);
	return certificate;
}

static void openssl_opens_it_with_the_right_key_alone(void **state)
{
	EVP_PKEY *right = EVP_RSA_gen(2048), *wrong = EVP_RSA_gen(2048);
	EVP_PKEY *small_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	X509 *recipient = certificate_of(right, EVP_sha256());
	X509 *small = certificate_of(small_key, NULL), *opened;
	OSSL_CRMF_ENCRYPTEDVALUE *encrypted = NULL;
	unsigned char *der = NULL;
	int length = i2d_X509(small, &der);
	struct secret *secret = secret_new(der, (size_t)length);
	struct failure failure;

	(void)state;
	assert_non_null(secret);
	assert_int_equal(cmp_encrypt(recipient, secret, &encrypted, &failure), 0);
	opened = OSSL_CRMF_ENCRYPTEDVALUE_get1_encCert(encrypted, NULL, NULL, right);
	assert_non_null(opened);
	assert_int_equal(X509_cmp(opened, small), 0);
	assert_null(OSSL_CRMF_ENCRYPTEDVALUE_get1_encCert(encrypted, NULL, NULL, wrong));
	OSSL_CRMF_ENCRYPTEDVALUE_free(encrypted);
	X509_free(opened);
	X509_free(small);
	X509_free(recipient);
	OPENSSL_free(der);
	secret_free(secret);
	EVP_PKEY_free(right);
	EVP_PKEY_free(wrong);
	EVP_PKEY_free(small_key);
}

static void a_certificate_of_another_key_is_refused(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *recipient = certificate_of(key, EVP_sha256());
	struct secret *secret = secret_new("blue whale", 10);
	OSSL_CRMF_ENCRYPTEDVALUE *encrypted = NULL;
	struct failure failure;

	(void)state;
	assert_int_equal(cmp_encrypt(recipient, secret, &encrypted, &failure), -FAILURE_CONFIG);
	assert_null(encrypted);
	X509_free(recipient);
	secret_free(secret);
	EVP_PKEY_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openssl_opens_it_with_the_right_key_alone),
	    cmocka_unit_test(a_certificate_of_another_key_is_refused),
	};

	return cmocka_run_group_tests_name("cmp-encrypted", tests, NULL, NULL);
}
