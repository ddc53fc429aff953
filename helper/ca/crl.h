/* SPDX-License-Identifier: MIT */
/* Certificate revocation lists (RFC 5280 §5): what one says of a certificate. Pure, no I/O. */
#ifndef CERTRENEW_CRL_H
#define CERTRENEW_CRL_H

#include <stddef.h>

#include "helper/ca/status.h"

enum { CRL_MAX = 64 * 1024 * 1024 }; /* bytes */

/* NULL for anything that is not one list in DER, whole; the caller frees it with X509_CRL_free. */
X509_CRL *crl_parse(const unsigned char *der, size_t length);

/*
 * Judges the list, at `now`: issued and signed by `issuer`, who may sign such lists, for
 * certificates like this one; no delta; not expired, and of today or earlier, with STATUS_SLACK
 * at both ends; a list without nextUpdate is at most max_age seconds old.
 * Returns 0 with *ret GOOD or REVOKED, or -FAILURE_CA_UNTRUSTED (not the
 * issuer's list, or not for such certificates), or -FAILURE_CA_GARBAGE, with OpenSSL's reason in
 * the detail.
 */
int crl_judge(X509_CRL *crl, X509 *certificate, X509 *issuer, int64_t now, int64_t max_age,
	      struct status_answer *ret, struct failure *failure);

#endif
