/* SPDX-License-Identifier: MIT */
/* Where a certificate says that its status is told (RFC 5280 §4.2.1.13, §4.2.2.1). Pure. */
#ifndef CERTRENEW_STATUS_PLACES_H
#define CERTRENEW_STATUS_PLACES_H

#include <stddef.h>

#include <openssl/x509.h>

enum { PLACES_MAX = 4 };

struct places {
	char *urls[PLACES_MAX]; /* http: and https: only, in the certificate's order */
	size_t count;
};

/* `access` is NID_ad_OCSP or NID_ad_ca_issuers. An extension that cannot be read names nothing. */
void places_of_access(X509 *certificate, int access, struct places *ret);
/* Of the distribution points that hold the CA's whole list. */
void places_of_crl(X509 *certificate, struct places *ret);
/* The configured one alone. */
void places_of_setting(const char *url, struct places *ret);

void places_clear(struct places *places);

#endif
