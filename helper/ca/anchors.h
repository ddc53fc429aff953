/* SPDX-License-Identifier: MIT */
/* The trust anchors of a [ca] section: for the RA's TLS certificate and for what it issues. */
#ifndef CERTRENEW_ANCHORS_H
#define CERTRENEW_ANCHORS_H

#include <openssl/x509.h>

#include "helper/common/failure.h"

/*
 * Reads a PEM file with at least one certificate into a store that trusts these and no others,
 * an intermediate among them as much as a root. The file must be a regular one, of at most
 * 1 MiB; who may write it is the supervisor's matter. The caller frees *ret with X509_STORE_free.
 * Returns 0, -FAILURE_CONFIG with the path in the detail, or -FAILURE_SYSTEM.
 */
int anchors_load(const char *path, X509_STORE **ret, struct failure *failure);

#endif
