/* SPDX-License-Identifier: MIT */
/* Our half of a TLS handshake, against an OpenSSL server in the same process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>

#include "helper/ca/http_tls.h"
#include "tests/unit/made.h"

#include <cmocka.h>

static struct {
	EVP_PKEY *ca_key, *server_key, *rsa, *ec;
	X509 *ca, *server, *of_rsa, *of_ec;
	X509_STORE *anchors;
} world;

struct ends {
	SSL_CTX *client_context, *server_context;
	SSL *client, *server;
	struct http_tls tls;
	struct ca_identity identity;
};

static int accept_anyone(int preverified, X509_STORE_CTX *context)
{
	(void)preverified;
	(void)context;
	return 1;
}

static int accept_nobody(int preverified, X509_STORE_CTX *context)
{
	(void)preverified;
	X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REVOKED);
	return 0;
}

static void make_ends(struct ends *ends, X509 *certificate, EVP_PKEY *key, bool tls12_only,
		      SSL_verify_cb verify)
{
	BIO *client_bio, *server_bio;

	*ends = (struct ends){.identity = {certificate, key, tls12_only}};
	ends->tls.anchors = world.anchors;
	ends->tls.identity = &ends->identity;
	ends->server_context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(ends->server_context, world.server);
	SSL_CTX_use_PrivateKey(ends->server_context, world.server_key);
	/* It signs in one way only, and would rather have us sign with PSS and SHA-384. */
	SSL_CTX_set1_sigalgs_list(ends->server_context, "ECDSA+SHA384");
	SSL_CTX_set1_client_sigalgs_list(ends->server_context,
					 "RSA-PSS+SHA256:RSA+SHA384:ECDSA+SHA384:"
					 "RSA+SHA256:ECDSA+SHA256");
	SSL_CTX_set_verify(ends->server_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			   verify);
	ends->client_context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_verify(ends->client_context, SSL_VERIFY_PEER, NULL);
	assert_int_equal(http_tls_setup(ends->client_context, &ends->tls), 0);
	ends->server = SSL_new(ends->server_context);
	ends->client = SSL_new(ends->client_context);
	assert_int_equal(BIO_new_bio_pair(&client_bio, 1 << 16, &server_bio, 1 << 16), 1);
	SSL_set_bio(ends->client, client_bio, client_bio);
	SSL_set_bio(ends->server, server_bio, server_bio);
	SSL_set_connect_state(ends->client);
	SSL_set_accept_state(ends->server);
}

/* Both ends in turn; TLS 1.3's verdict on our certificate comes with the first byte we read. */
static bool shake_hands(struct ends *ends)
{
	char byte;
	int client = 0, server = 0;

	for (int i = 0; i < 10 && (client != 1 || server != 1); i++) {
		client = SSL_do_handshake(ends->client);
		server = SSL_do_handshake(ends->server);
	}
	SSL_read(ends->client, &byte, 1);
	ERR_clear_error();
	return client == 1 && server == 1;
}

static void free_ends(struct ends *ends)
{
	SSL_free(ends->client);
	SSL_free(ends->server);
	SSL_CTX_free(ends->client_context);
	SSL_CTX_free(ends->server_context);
}

static void a_capable_card_signs_with_pss_in_tls_1_3(void **state)
{
	struct ends ends;
	int kind = 0;

	(void)state;
	make_ends(&ends, world.of_rsa, world.rsa, false, accept_anyone);
	assert_true(shake_hands(&ends));
	assert_int_equal(SSL_version(ends.client), TLS1_3_VERSION);
	assert_int_equal(SSL_get_peer_signature_type_nid(ends.server, &kind), 1);
	assert_int_equal(kind, NID_rsassaPss);
	free_ends(&ends);
}

static void expect_tls12(X509 *certificate, EVP_PKEY *key, int expected_kind)
{
	struct ends ends;
	int kind = 0, digest = 0;

	make_ends(&ends, certificate, key, true, accept_anyone);
	assert_true(shake_hands(&ends));
	assert_int_equal(SSL_version(ends.client), TLS1_2_VERSION);
	assert_int_equal(SSL_get_peer_signature_type_nid(ends.server, &kind), 1);
	assert_int_equal(SSL_get_peer_signature_nid(ends.server, &digest), 1);
	assert_int_equal(kind, expected_kind);
	assert_int_equal(digest, NID_sha256);
	assert_int_equal(SSL_get_peer_signature_nid(ends.client, &digest), 1);
	assert_int_equal(digest, NID_sha384);
	free_ends(&ends);
}

static void a_card_without_pss_signs_pkcs1_with_sha256_in_tls_1_2(void **state)
{
	(void)state;
	expect_tls12(world.of_rsa, world.rsa, EVP_PKEY_RSA);
	expect_tls12(world.of_ec, world.ec, EVP_PKEY_EC);
}

static void a_key_that_does_not_sign_is_noticed(void **state)
{
	for (int tls12_only = 0; tls12_only <= 1; tls12_only++) {
		EVP_PKEY *public = made_public(world.rsa);
		struct ends ends;

		(void)state;
		make_ends(&ends, world.of_rsa, public, tls12_only, accept_anyone);
		assert_false(shake_hands(&ends));
		assert_true(ends.tls.key_failed);
		assert_false(ends.tls.client_refused);
		free_ends(&ends);
		EVP_PKEY_free(public);
	}
}

static void a_server_that_refuses_our_certificate_is_noticed(void **state)
{
	for (int tls12_only = 0; tls12_only <= 1; tls12_only++) {
		struct ends ends;

		(void)state;
		make_ends(&ends, world.of_ec, world.ec, tls12_only, accept_nobody);
		assert_false(shake_hands(&ends));
		assert_true(ends.tls.client_refused);
		assert_false(ends.tls.key_failed);
		free_ends(&ends);
	}
}

static void a_foreign_server_is_neither_of_the_two(void **state)
{
	X509_STORE *empty = X509_STORE_new();
	struct ends ends;

	(void)state;
	make_ends(&ends, world.of_ec, world.ec, false, accept_anyone);
	SSL_CTX_set1_cert_store(ends.client_context, empty);
	assert_false(shake_hands(&ends));
	assert_int_equal(SSL_get_verify_result(ends.client),
			 X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	assert_false(ends.tls.client_refused);
	assert_false(ends.tls.key_failed);
	free_ends(&ends);
	X509_STORE_free(empty);
}

static void only_the_anchors_are_trusted(void **state)
{
	struct ends ends;

	(void)state;
	make_ends(&ends, world.of_ec, world.ec, false, accept_anyone);
	assert_ptr_equal(SSL_CTX_get_cert_store(ends.client_context), world.anchors);
	assert_int_equal(SSL_CTX_get_min_proto_version(ends.client_context), TLS1_2_VERSION);
	free_ends(&ends);
}

static X509 *certificate_for(EVP_PKEY *key, const char *common_name)
{
	X509_NAME *name = made_name("Example Government", common_name);
	int64_t now = (int64_t)time(NULL);
	struct made made = {.key = key,
			    .subject = name,
			    .issuer = world.ca,
			    .issuer_key = world.ca_key,
			    .not_before = now - DAY,
			    .not_after = now + DAY};
	X509 *certificate = made_certificate(&made);

	X509_NAME_free(name);
	return certificate;
}

static int set_up(void **state)
{
	(void)state;
	world.ca_key = made_key("P-256");
	world.server_key = made_key("P-384");
	world.rsa = made_key(NULL);
	world.ec = made_key("P-256");
	world.ca = made_ca(world.ca_key, "Root", NULL, NULL, (int64_t)time(NULL));
	world.server = certificate_for(world.server_key, "localhost");
	world.of_rsa = certificate_for(world.rsa, "Chen Mei-ling");
	world.of_ec = certificate_for(world.ec, "Chen Mei-ling");
	world.anchors = X509_STORE_new();
	return X509_STORE_add_cert(world.anchors, world.ca) == 1 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	X509_STORE_free(world.anchors);
	X509_free(world.ca);
	X509_free(world.server);
	X509_free(world.of_rsa);
	X509_free(world.of_ec);
	EVP_PKEY_free(world.ca_key);
	EVP_PKEY_free(world.server_key);
	EVP_PKEY_free(world.rsa);
	EVP_PKEY_free(world.ec);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_capable_card_signs_with_pss_in_tls_1_3),
	    cmocka_unit_test(a_card_without_pss_signs_pkcs1_with_sha256_in_tls_1_2),
	    cmocka_unit_test(a_key_that_does_not_sign_is_noticed),
	    cmocka_unit_test(a_server_that_refuses_our_certificate_is_noticed),
	    cmocka_unit_test(a_foreign_server_is_neither_of_the_two),
	    cmocka_unit_test(only_the_anchors_are_trusted),
	};

	return cmocka_run_group_tests_name("http-tls", tests, set_up, tear_down);
}
