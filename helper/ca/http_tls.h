/* SPDX-License-Identifier: MIT */
/* Our side of TLS: whom we trust, who we are, and what the handshake tells about a failure. */
#ifndef CERTRENEW_HTTP_TLS_H
#define CERTRENEW_HTTP_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "helper/ca/ca.h"

struct http_tls {
	X509_STORE *anchors;
	const struct ca_identity *identity; /* NULL: no client certificate */

	/* Of the last handshake or exchange, and what went wrong in it; the caller clears all. */
	bool heard;	     /* the server has said something, and be it half a handshake */
	bool client_refused; /* the server's alert says: not with this certificate, or with none */
	bool key_failed;     /* we broke off: our own key did not sign */
	struct failure staple; /* we broke off: what the server stapled speaks against it */
};

/*
 * Sets up a connection's context: TLS 1.2 or later (1.2 only if the card's key needs it), the
 * anchors alone as trust, the identity's certificate and key; a stapled OCSP answer is asked for,
 * and honoured (http_staple.h). `tls` must outlive the context.
 * The key stays where it is: OpenSSL only asks it to sign.
 * Returns 0, or -1 with the reason in OpenSSL's error queue.
 */
int http_tls_setup(SSL_CTX *context, struct http_tls *tls);

#endif
