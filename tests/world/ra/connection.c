/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/connection.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <openssl/pem.h>

#include "tests/world/ra/store.h"

static gnutls_session_t session_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

	return info ? (gnutls_session_t)info->tls_session : NULL;
}

STACK_OF(X509) *connection_certificates(struct MHD_Connection *connection)
{
	unsigned count = 0;
	gnutls_session_t session = session_of(connection);
	const gnutls_datum_t *sent = session ? gnutls_certificate_get_peers(session, &count) : NULL;
	STACK_OF(X509) *certificates = sent && count ? sk_X509_new_null() : NULL;

	for (unsigned i = 0; certificates && i < count; i++) {
		const unsigned char *der = sent[i].data;
		X509 *certificate = d2i_X509(NULL, &der, (long)sent[i].size);

		if (!certificate || sk_X509_push(certificates, certificate) <= 0) {
			X509_free(certificate);
			break;
		}
	}
	if (certificates && sk_X509_num(certificates) == 0) {
		sk_X509_free(certificates);
		return NULL;
	}
	return certificates;
}

STACK_OF(X509) *connection_forwarded(struct MHD_Connection *connection)
{
	const char *sent =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Client-Cert");
	char *text = sent ? strdup(sent) : NULL;
	BIO *pem = text ? BIO_new_mem_buf(text, (int)MHD_http_unescape(text)) : NULL;
	X509 *certificate = pem ? PEM_read_bio_X509(pem, NULL, NULL, NULL) : NULL;
	STACK_OF(X509) *certificates = certificate ? sk_X509_new_null() : NULL;

	if (!certificates || sk_X509_push(certificates, certificate) <= 0) {
		X509_free(certificate);
		sk_X509_free(certificates);
		certificates = NULL;
	}
	BIO_free(pem);
	free(text);
	return certificates;
}

static int on_finished(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
		       const gnutls_datum_t *message)
{
	(void)type, (void)when, (void)message;
	/* The client's Finished: it has accepted our certificate. */
	if (incoming)
		store_log_handshake(gnutls_session_get_ptr(session));
	return 0;
}

void connection_log_handshake(void *closure, struct MHD_Connection *connection, void **state,
			      enum MHD_ConnectionNotificationCode what)
{
	gnutls_session_t session = session_of(connection);

	(void)state;
	if (what != MHD_CONNECTION_NOTIFY_STARTED || !session)
		return;
	/* libmicrohttpd itself uses this pointer for pre-shared keys only. */
	gnutls_session_set_ptr(session, closure);
	gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST,
					   on_finished);
}
