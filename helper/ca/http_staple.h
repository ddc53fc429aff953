/* SPDX-License-Identifier: MIT */
/* The OCSP answer that a server brings along in the handshake: OCSP stapling (RFC 6066 §8). */
#ifndef CERTRENEW_HTTP_STAPLE_H
#define CERTRENEW_HTTP_STAPLE_H

#include <openssl/ssl.h>

#include "helper/common/failure.h"

/*
 * In a client's handshake, once the server's chain has been verified: judges what the server
 * stapled, at `now` (seconds since the epoch). Returns 0, or -FAILURE_CA_UNTRUSTED when
 *  - the answer, signed by the CA or by whom it authorised, says that the certificate is revoked;
 *  - the certificate promises a stapled answer (RFC 7633), and a fresh one that says 'good' is
 *    not there.
 * Else what is stale, broken or missing stops nothing: who holds a revoked certificate would
 * staple nothing at all.
 */
int http_staple_judge(SSL *ssl, int64_t now, struct failure *failure);

#endif
