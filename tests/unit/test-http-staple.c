/* SPDX-License-Identifier: MIT */
/* Which servers are spoken to: what their certificate is for, and what they staple to it. */
#include <time.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "helper/ca/http_tls.h"
#include "tests/unit/made.h"
#include "tests/unit/unit.h"

static struct {
	EVP_PKEY *ca_key, *key;
	X509 *ca, *plain, *promising, *client, *expired, *signer, *silent;
	X509_STORE *anchors;
	int64_t now;
} world;

/* What the server does: its certificate, and the OCSP answer that it brings along. */
struct server {
	X509 *certificate;
	X509 *about; /* NULL: it staples nothing */
	int status;
	int64_t next_update; /* seconds from now */
	EVP_PKEY *signed_by;
};

static int staple(const struct server *server, unsigned char **ret)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), server->about, world.ca);
	ASN1_TIME *from = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(world.now - DAY));
	ASN1_TIME *until =
	    ASN1_GENERALIZEDTIME_set(NULL, (time_t)(world.now + server->next_update));
	OCSP_RESPONSE *response;
	int length;

	assert_non_null(OCSP_basic_add1_status(basic, id, server->status, 0, from, from, until));
	assert_int_equal(OCSP_basic_sign(basic,
					 server->signed_by == world.ca_key ? world.ca : world.plain,
					 server->signed_by, EVP_sha256(), NULL, 0),
			 1);
	response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	length = i2d_OCSP_RESPONSE(response, ret);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	return length;
}

static int give_staple(SSL *ssl, void *context)
{
	const struct server *server = context;
	unsigned char *der = NULL;
	int length;

	if (server->about == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	length = staple(server, &der);
	SSL_set_tlsext_status_ocsp_resp(ssl, der, length);
	return SSL_TLSEXT_ERR_OK;
}

static bool shake_hands(SSL *client, SSL *server)
{
	int client_done = 0, server_done = 0;

	for (int i = 0; i < 10 && (client_done != 1 || server_done != 1); i++) {
		client_done = SSL_do_handshake(client);
		server_done = SSL_do_handshake(server);
	}
	ERR_clear_error();
	return client_done == 1 && server_done == 1;
}

/* Whether we speak to this server; *ret says why not, if it is what it stapled. */
static bool is_spoken_to_in(int version, struct server *server, struct failure *ret)
{
	SSL_CTX *ours = SSL_CTX_new(TLS_client_method()), *its = SSL_CTX_new(TLS_server_method());
	struct http_tls tls = {.anchors = world.anchors};
	BIO *our_end, *its_end;
	SSL *client, *other;
	bool done;

	SSL_CTX_use_certificate(its, server->certificate);
	SSL_CTX_use_PrivateKey(its, world.key);
	SSL_CTX_set_max_proto_version(its, version);
	SSL_CTX_set_tlsext_status_cb(its, give_staple);
	SSL_CTX_set_tlsext_status_arg(its, server);
	SSL_CTX_set_verify(ours, SSL_VERIFY_PEER, NULL);
	assert_int_equal(http_tls_setup(ours, &tls), 0);
	client = SSL_new(ours);
	other = SSL_new(its);
	assert_int_equal(BIO_new_bio_pair(&our_end, 1 << 16, &its_end, 1 << 16), 1);
	SSL_set_bio(client, our_end, our_end);
	SSL_set_bio(other, its_end, its_end);
	SSL_set_connect_state(client);
	SSL_set_accept_state(other);
	done = shake_hands(client, other);
	*ret = tls.staple;
	SSL_free(client);
	SSL_free(other);
	SSL_CTX_free(ours);
	SSL_CTX_free(its);
	return done;
}

static void expect_spoken_to(struct server server)
{
	struct failure failure;

	assert_true(is_spoken_to_in(TLS1_2_VERSION, &server, &failure));
	assert_true(is_spoken_to_in(TLS1_3_VERSION, &server, &failure));
}

static void expect_avoided(struct server server, enum failure_code code)
{
	struct failure failure;

	assert_false(is_spoken_to_in(TLS1_2_VERSION, &server, &failure));
	assert_int_equal(failure.code, code);
	assert_false(is_spoken_to_in(TLS1_3_VERSION, &server, &failure));
	assert_int_equal(failure.code, code);
}

static struct server stapling(X509 *certificate, int status)
{
	return (struct server){certificate, certificate, status, DAY, world.ca_key};
}

static void a_server_that_staples_nothing_is_spoken_to(void **state)
{
	(void)state;
	expect_spoken_to((struct server){.certificate = world.plain});
}

static void a_server_that_staples_good_is_spoken_to(void **state)
{
	(void)state;
	expect_spoken_to(stapling(world.plain, V_OCSP_CERTSTATUS_GOOD));
	expect_spoken_to(stapling(world.promising, V_OCSP_CERTSTATUS_GOOD));
}

static void a_server_that_staples_its_own_revocation_is_avoided(void **state)
{
	(void)state;
	expect_avoided(stapling(world.plain, V_OCSP_CERTSTATUS_REVOKED), FAILURE_CA_UNTRUSTED);
	expect_avoided(stapling(world.promising, V_OCSP_CERTSTATUS_REVOKED), FAILURE_CA_UNTRUSTED);
}

static void a_promised_staple_must_be_there_fresh_and_good(void **state)
{
	struct server stale = stapling(world.promising, V_OCSP_CERTSTATUS_GOOD);
	struct server anothers = stapling(world.promising, V_OCSP_CERTSTATUS_GOOD);
	struct server forged = stapling(world.promising, V_OCSP_CERTSTATUS_GOOD);

	(void)state;
	stale.next_update = -DAY / 2;
	anothers.about = world.plain;
	forged.signed_by = world.key;
	expect_avoided((struct server){.certificate = world.promising}, FAILURE_CA_UNTRUSTED);
	expect_avoided(stapling(world.promising, V_OCSP_CERTSTATUS_UNKNOWN), FAILURE_CA_UNTRUSTED);
	expect_avoided(stale, FAILURE_CA_UNTRUSTED);
	expect_avoided(anothers, FAILURE_CA_UNTRUSTED);
	expect_avoided(forged, FAILURE_CA_UNTRUSTED);
}

static void a_staple_that_was_not_promised_and_says_nothing_stops_nothing(void **state)
{
	struct server stale = stapling(world.plain, V_OCSP_CERTSTATUS_REVOKED);
	struct server forged = stapling(world.plain, V_OCSP_CERTSTATUS_REVOKED);

	(void)state;
	stale.next_update = -DAY / 2;
	forged.signed_by = world.key;
	expect_spoken_to(stapling(world.plain, V_OCSP_CERTSTATUS_UNKNOWN));
	expect_spoken_to(stale);
	expect_spoken_to(forged);
}

static void a_persons_certificate_is_no_servers(void **state)
{
	(void)state;
	expect_avoided((struct server){.certificate = world.client}, FAILURE_NONE);
}

static void a_key_that_may_not_sign_is_no_servers(void **state)
{
	(void)state;
	expect_avoided((struct server){.certificate = world.signer}, FAILURE_NONE);
	expect_avoided((struct server){.certificate = world.silent}, FAILURE_NONE);
}

static void an_expired_server_is_avoided(void **state)
{
	(void)state;
	expect_avoided((struct server){.certificate = world.expired}, FAILURE_NONE);
}

static X509 *certificate_with(const char *usage, const char *extended, const char *feature,
			      int64_t not_after)
{
	X509_NAME *name = made_name("Example Government", "localhost");
	struct made made = {.key = world.key,
			    .subject = name,
			    .issuer = world.ca,
			    .issuer_key = world.ca_key,
			    .not_before = world.now - 10 * DAY,
			    .not_after = not_after,
			    .usage = usage,
			    .extended = extended};
	X509 *certificate = made_certificate(&made);

	made_extension(certificate, NID_tlsfeature, feature);
	made_sign(certificate, world.ca_key);
	X509_NAME_free(name);
	return certificate;
}

static X509 *certificate_for(const char *extended, const char *feature, int64_t not_after)
{
	return certificate_with("critical,digitalSignature", extended, feature, not_after);
}

static int set_up(void **state)
{
	(void)state;
	world.now = (int64_t)time(NULL);
	world.ca_key = made_key("P-256");
	world.key = made_key("P-256");
	world.ca = made_ca(world.ca_key, "Root", NULL, NULL, world.now);
	world.plain = certificate_for("serverAuth", NULL, world.now + DAY);
	world.promising = certificate_for("serverAuth", "status_request", world.now + DAY);
	world.client = certificate_for("clientAuth", NULL, world.now + DAY);
	world.expired = certificate_for("serverAuth", NULL, world.now - DAY);
	world.signer = certificate_with("critical,cRLSign", "serverAuth", NULL, world.now + DAY);
	world.silent =
	    certificate_with("critical,keyAgreement", "serverAuth", NULL, world.now + DAY);
	world.anchors = X509_STORE_new();
	return X509_STORE_add_cert(world.anchors, world.ca) == 1 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	X509_STORE_free(world.anchors);
	X509_free(world.ca);
	X509_free(world.plain);
	X509_free(world.promising);
	X509_free(world.client);
	X509_free(world.expired);
	X509_free(world.signer);
	X509_free(world.silent);
	EVP_PKEY_free(world.ca_key);
	EVP_PKEY_free(world.key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_server_that_staples_nothing_is_spoken_to),
	    cmocka_unit_test(a_server_that_staples_good_is_spoken_to),
	    cmocka_unit_test(a_server_that_staples_its_own_revocation_is_avoided),
	    cmocka_unit_test(a_promised_staple_must_be_there_fresh_and_good),
	    cmocka_unit_test(a_staple_that_was_not_promised_and_says_nothing_stops_nothing),
	    cmocka_unit_test(a_persons_certificate_is_no_servers),
	    cmocka_unit_test(a_key_that_may_not_sign_is_no_servers),
	    cmocka_unit_test(an_expired_server_is_avoided),
	};

	return cmocka_run_group_tests_name("http-staple", tests, set_up, tear_down);
}
