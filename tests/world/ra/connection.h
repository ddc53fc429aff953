/* SPDX-License-Identifier: MIT */
/* What GnuTLS knows of a connection. */
#ifndef CERTRENEW_TESTS_CONNECTION_H
#define CERTRENEW_TESTS_CONNECTION_H

#include <microhttpd.h>
#include <openssl/x509.h>

/* What the client sent, its own first; NULL: it sent none. Nothing has been verified. */
STACK_OF(X509) *connection_certificates(struct MHD_Connection *connection);

/* The client's own, as a proxy that ended its TLS passes it on: PEM, percent-encoded, in the field
 * X-Client-Cert; NULL: it sent none. Whoever else may connect could say anything there. */
STACK_OF(X509) *connection_forwarded(struct MHD_Connection *connection);

/* A MHD_NotifyConnectionCallback whose closure is the store to log to. */
void connection_log_handshake(void *closure, struct MHD_Connection *connection, void **state,
			      enum MHD_ConnectionNotificationCode what);

#endif
