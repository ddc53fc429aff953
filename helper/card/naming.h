/* SPDX-License-Identifier: MIT */
/* Names and numbers of a certificate as texts. */
#ifndef CERTRENEW_NAMING_H
#define CERTRENEW_NAMING_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

enum { NAMING_MAX = 1024, SERIAL_TEXT_MAX = 64 };

/* Each returns `out`, cut to its size; an absent attribute is "". */
char *naming_attribute(const X509_NAME *name, int nid, char *out, size_t size);
/* RFC 4514, readable characters as they are. */
char *naming_whole(const X509_NAME *name, char *out, size_t size);
/* The serial number in hexadecimal. */
char *naming_serial(X509 *certificate, char *out, size_t size);

/* Whether these are naming_whole of its issuer, as it comes out of a message, and naming_serial. */
bool naming_is(X509 *certificate, const char *issuer, const char *serial);

#endif
