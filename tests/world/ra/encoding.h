/* SPDX-License-Identifier: MIT */
/* What EST puts into its bodies: base64 (RFC 8951 §2) and PKCS#7 certs-only (RFC 7030 §4.1.3). */
#ifndef CERTRENEW_TESTS_ENCODING_H
#define CERTRENEW_TESTS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

/*
 * The form that every known server takes: lines of 64 columns, no PEM armour; with `any_columns`
 * lines of any length. Returns NULL, or what is wrong. Free *ret with OPENSSL_free.
 */
const char *encoding_read_base64(const char *text, size_t length, bool any_columns,
				 unsigned char **ret, size_t *ret_length);

/* With a line's end after each `columns` characters and at the end; 0: one line. malloc'ed. */
char *encoding_base64(const unsigned char *bytes, size_t length, size_t columns, const char *end);

/* In the stack's order. Returns the length, or -1. Free *ret with OPENSSL_free. */
int encoding_certs_only(STACK_OF(X509) *certificates, unsigned char **ret);

#endif
