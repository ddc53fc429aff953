/* SPDX-License-Identifier: MIT */
/* Who issued a certificate, shown by signatures that lead to `trust`. */
#ifndef CERTRENEW_STATUS_ISSUER_H
#define CERTRENEW_STATUS_ISSUER_H

#include "helper/ca/status_fetch.h"

/*
 * The issuer's certificate: one of the anchors, one of `known` (earlier answers, which it adds
 * to), or what the certificate's caIssuers names (RFC 5280 §4.2.2.1), up to four links. It is
 * returned only if it signed the certificate and itself leads to the anchors at `now`. *ret is
 * borrowed from `known`. Returns 0, -FAILURE_ISSUED_UNTRUSTED, a failure of http.h, or
 * -FAILURE_SYSTEM.
 */
int status_issuer(struct status_fetch *fetch, X509_STORE *anchors, STACK_OF(X509) *known,
		  X509 *certificate, int64_t now, X509 **ret, struct failure *failure);

#endif
