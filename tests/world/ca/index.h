/* SPDX-License-Identifier: MIT */
/*
 * FOLDER/index.txt: what the CA issued and what it revoked, when and why, in the format of
 * openssl-ca(1), so that the real `openssl ocsp` answers from it. Functions return -1 with the
 * reason in OpenSSL's error queue.
 */
#ifndef CERTRENEW_TESTS_INDEX_H
#define CERTRENEW_TESTS_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/x509.h>

/* An empty one, to which others may add if `shared`. */
int index_make(const char *folder, bool shared);

int index_add(const char *folder, X509 *certificate);

/*
 * `serial` in hexadecimal, in capitals as in the index; `reason` "keyCompromise" or the like, NULL
 * for none. Returns 0, 1 if it is revoked already, 2 if it is unknown, or -1.
 */
int index_revoke(const char *folder, const char *serial, const char *reason, int64_t when);

/* Adds all that is revoked to the list. */
int index_list(const char *folder, X509_CRL *crl);

#endif
