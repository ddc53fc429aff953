/* SPDX-License-Identifier: MIT */
/* What a certificate is for, read from the certificate alone. */
#ifndef CERTRENEW_USAGE_H
#define CERTRENEW_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "helper/common/message.h"

/*
 * Signature if keyUsage has digitalSignature or nonRepudiation, or is absent; otherwise
 * encryption (keyEncipherment, dataEncipherment, keyAgreement) (RFC 5280 §4.2.1.3).
 */
enum certificate_role usage_role(X509 *certificate);

/*
 * keyUsage's bits, the first the lowest; all where there is none. Not X509_get_key_usage, which
 * makes a digest of the whole certificate, and knows none where another extension is malformed.
 */
unsigned usage_bits(X509 *certificate);

/* basicConstraints CA, or keyCertSign: not a person's certificate. */
bool usage_is_ca(X509 *certificate);

/* Seconds since the epoch. Returns 0, or -1 for a date that cannot be read. */
int usage_dates(X509 *certificate, int64_t *ret_not_before, int64_t *ret_not_after);

#endif
