/* SPDX-License-Identifier: MIT */
/*
 * What the RA remembers, and what it tells: the requests it has seen, and a log for the tests,
 * one line for each event:
 *
 *   EPOCH handshake                                  a TLS connection was established
 *   EPOCH request METHOD PATH STATUS                 just before the answer; 0: none was given
 *   EPOCH issue ROLE SERIAL NOT_AFTER KEY SUBJECT    serial in hexadecimal, not-after in seconds
 *                                                    since the epoch, SHA-256 of the DER
 *                                                    SubjectPublicKeyInfo, RFC 2253 name
 *   EPOCH message TYPE with N certificates           a CMP message came, by its body's type
 *   EPOCH confirm accepted|rejected SERIAL           the client has said what it thinks of it (CMP)
 */
#ifndef CERTRENEW_TESTS_STORE_H
#define CERTRENEW_TESTS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "tests/world/ca/issue.h"

struct store;

struct store_request {
	bool again;	    /* seen before */
	int64_t first_seen; /* seconds since the epoch */
	X509 *issued;	    /* borrowed; NULL: nothing yet */
};

/* Appends to `log`. `ca` must outlive it. Returns NULL with errno. */
struct store *store_open(const struct issue_ca *ca, const char *log);
void store_close(struct store *store);

void store_log_handshake(struct store *store);
void store_log_request(struct store *store, const char *method, const char *path, unsigned status);
void store_log_issue(struct store *store, enum issue_role role, X509 *certificate);
void store_log_message(struct store *store, int type, int certificates);
void store_log_confirm(struct store *store, const char *how, X509 *certificate);
/* EPOCH phrase wrong|mac-of-N-iterations NAME */
void store_log_phrase(struct store *store, const char *name, const char *how);
/* EPOCH revoke mac|signature|form SERIAL REASON RESULT */
void store_log_revocation(struct store *store, const char *how, const char *serial, int reason,
			  const char *result);

/* Held from store_seen to store_remember, so that of two equal requests one is issued. */
void store_lock(struct store *store);
void store_unlock(struct store *store);

/* Looks a request up by the SHA-256 of its bytes, and notes it. Returns 0, or -1 without memory. */
int store_seen(struct store *store, const unsigned char *request, size_t length,
	       struct store_request *ret);
int store_remember(struct store *store, const unsigned char *request, size_t length, X509 *issued);

/*
 * Of the recorded certificates for this public key, the one that ends last; NULL: none. Read
 * from the CA's folder each time: cards are set up while the RA runs. Free with X509_free.
 */
X509 *store_predecessor(struct store *store, EVP_PKEY *key);

/* The recorded certificate with this serial number; NULL: none. Free with X509_free. */
X509 *store_by_serial(struct store *store, const ASN1_INTEGER *serial);

#endif
