/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_OPENSSL_ERRORS_H
#define CERTRENEW_OPENSSL_ERRORS_H

#include <stddef.h>

/*
 * Empties this thread's OpenSSL error queue into one line, the cause first: "PKCS#11 module: Key
 * function not permitted; …". The empty text if there was none. It is cut to `size` bytes.
 * A PKCS#11 driver that itself uses OpenSSL may have left entries of its own there.
 */
void openssl_errors(char *ret, size_t size);

/* As openssl_errors, and shows each error's code on the way, the cause first. */
typedef void (*openssl_error_seen)(unsigned long code, void *context);
void openssl_errors_seen(char *ret, size_t size, openssl_error_seen seen, void *context);

#endif
