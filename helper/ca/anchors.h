/* SPDX-License-Identifier: MIT */
/* The trust anchors of a [ca] section: for the RA's TLS certificate and for what it issues. */
#ifndef CERTRENEW_ANCHORS_H
#define CERTRENEW_ANCHORS_H

#include <openssl/x509.h>

#include "helper/common/failure.h"

/*
 * Makes a store of what a `trust` key names: a PEM file with at least one certificate, of which
 * an intermediate is trusted as much as a root, and no others are; or `system`, the CAs that this
 * machine trusts. Who may write such a file is looked at (trusted.h); it has at most 1 MiB. The
 * caller frees *ret with X509_STORE_free. Returns 0, -FAILURE_CONFIG with the path in the detail,
 * or -FAILURE_SYSTEM.
 */
int anchors_load(const char *trust, X509_STORE **ret, struct failure *failure);

#endif
