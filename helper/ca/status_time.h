/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_STATUS_TIME_H
#define CERTRENEW_STATUS_TIME_H

#include <stdint.h>

#include <openssl/asn1.h>

/* Seconds since the epoch. Returns 0, or -1 for a time that cannot be read, or NULL. */
int status_time(const ASN1_TIME *time, int64_t *ret);

#endif
