/* SPDX-License-Identifier: MIT */
/* Revocation lists on disk, one file for each address. Whoever reads one judges it anew. */
#ifndef CERTRENEW_CRL_CACHE_H
#define CERTRENEW_CRL_CACHE_H

#include <stddef.h>

/* What was kept for `url`, for the caller to free; NULL for nothing. `folder` may be NULL. */
unsigned char *crl_cache_read(const char *folder, const char *url, size_t *ret_length);

/* Keeps it, whole or not at all; a disk that is full only costs the next download. */
void crl_cache_write(const char *folder, const char *url, const unsigned char *der, size_t length);

#endif
