/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_tls.h"

#include <time.h>

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "helper/ca/http_staple.h"

/*
 * What a card that can do neither PSS nor raw RSA can sign. As *client* algorithms, so that the
 * server may still sign as it likes.
 */
static const char tls12_signatures[] = "RSA+SHA256:ECDSA+SHA256";

/* Alerts that speak about our certificate (RFC 8446 §6.2). */
static bool is_about_certificate(int alert)
{
	switch (alert) {
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
	case SSL_AD_CERTIFICATE_REVOKED:
	case SSL_AD_CERTIFICATE_EXPIRED:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_UNKNOWN_CA:
	case SSL_AD_ACCESS_DENIED:
	case SSL_AD_CERTIFICATE_REQUIRED:
		return true;
	default:
		return false;
	}
}

/* That we have shown none: TLS 1.2 has no alert of its own for it (RFC 5246 §7.4.6), so there it
 * counts if we were asked, which a server does behind its own certificate. */
static bool wants_certificate(const SSL *ssl, int alert)
{
	return alert == SSL_AD_CERTIFICATE_REQUIRED ||
	       (alert == SSL_AD_HANDSHAKE_FAILURE && SSL_get0_peer_CA_list(ssl) != NULL);
}

static int index_of_tls(void)
{
	static int index = -1;

	if (index < 0)
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return index;
}

/* For alerts `value` holds the level in its high byte and the description in its low one. */
static void note_alert(const SSL *ssl, int where, int value)
{
	struct http_tls *tls = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index_of_tls());
	int alert = value & 0xFF;

	if (tls == NULL)
		return;
	if (tls->identity == NULL) {
		if (where == SSL_CB_READ_ALERT && wants_certificate(ssl, alert))
			tls->client_refused = true;
		return;
	}
	if (where == SSL_CB_READ_ALERT && is_about_certificate(alert))
		tls->client_refused = true;
	/* OpenSSL breaks off with internal_error when the key that it asks does not sign. */
	if (where == SSL_CB_WRITE_ALERT && alert == SSL_AD_INTERNAL_ERROR)
		tls->key_failed = true;
}

/* OpenSSL's protocol, with `context` last. */
static void note_message(int sent, int version, int type, const void *bytes, size_t length,
			 SSL *ssl, void *context)
{
	struct http_tls *tls = context;

	(void)version;
	(void)type;
	(void)bytes;
	(void)length;
	(void)ssl;
	if (!sent)
		tls->heard = true;
}

/* OpenSSL's protocol: 1 goes on, 0 breaks off with bad_certificate_status_response. */
static int honour_staple(SSL *ssl, void *context)
{
	struct http_tls *tls = context;

	return http_staple_judge(ssl, (int64_t)time(NULL), &tls->staple) == 0;
}

/*
 * What libcrypto lets pass as a server's may be for key agreement or encipherment alone; in TLS 1.3
 * the key signs (RFC 8446 §4.4.2.2). In TLS 1.2 OpenSSL itself holds it to what its cipher needs.
 */
static int judge_key_usage(int so_far, X509_STORE_CTX *chain)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());

	if (so_far != 1 || X509_STORE_CTX_get_error_depth(chain) != 0 || ssl == NULL ||
	    SSL_version(ssl) < TLS1_3_VERSION ||
	    (X509_get_key_usage(X509_STORE_CTX_get_current_cert(chain)) & KU_DIGITAL_SIGNATURE))
		return so_far;
	X509_STORE_CTX_set_error(chain, X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE);
	return 0;
}

static bool use_identity(SSL_CTX *context, const struct ca_identity *identity)
{
	if (identity->tls12_only &&
	    (SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) != 1 ||
	     SSL_CTX_set1_client_sigalgs_list(context, tls12_signatures) != 1))
		return false;
	return SSL_CTX_use_certificate(context, identity->certificate) == 1 &&
	       SSL_CTX_use_PrivateKey(context, identity->key) == 1;
}

int http_tls_setup(SSL_CTX *context, struct http_tls *tls)
{
	if (index_of_tls() < 0 || SSL_CTX_set_ex_data(context, index_of_tls(), tls) != 1)
		return -1;
	SSL_CTX_set_info_callback(context, note_alert);
	SSL_CTX_set_msg_callback(context, note_message);
	SSL_CTX_set_msg_callback_arg(context, tls);
	SSL_CTX_set1_cert_store(context, tls->anchors);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, judge_key_usage);
	SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
	SSL_CTX_set_tlsext_status_cb(context, honour_staple);
	SSL_CTX_set_tlsext_status_arg(context, tls);
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
		return -1;
	if (tls->identity != NULL && !use_identity(context, tls->identity))
		return -1;
	return 0;
}
