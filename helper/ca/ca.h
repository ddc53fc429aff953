/* SPDX-License-Identifier: MIT */
/*
 * A certification authority that renews certificates, whatever protocol it speaks. est.c is the
 * first implementation; another one fills a struct ca_protocol of its own and is named in ca.c.
 */
#ifndef CERTRENEW_CA_H
#define CERTRENEW_CA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "conf/config.h"
#include "helper/common/failure.h"

/* Who speaks to the CA: the card's old signature certificate, with its key on the card. */
struct ca_identity {
	X509 *certificate;
	EVP_PKEY *key;
	bool tls12_only; /* the card can neither do PSS nor raw RSA: TLS 1.3 is out of reach */
};

/* What is asked for: a successor of `old`, for the old key or a new one. */
struct ca_enrolment {
	X509 *old;
	EVP_PKEY *key; /* private: proves possession by signing the request */
};

struct ca_answer {
	X509 *issued;	  /* the new certificate, or NULL: then come back at retry_at */
	int64_t retry_at; /* seconds since the epoch */
};

struct ca; /* one open connection; each protocol embeds this as it likes */

struct ca_protocol {
	/* Whether a key that cannot sign is out of reach for this protocol. */
	bool key_must_sign;

	/*
	 * Prepares a connection. `identity` and `settings` must outlive it. Nothing is sent
	 * before the first make_request or enroll.
	 */
	int (*open)(const struct config_ca *settings, const struct ca_identity *identity,
		    struct ca **ret, struct failure *failure);

	/*
	 * Makes the request's bytes, to be stored before they are sent and repeated as they are.
	 * One signature with enrolment->key. The caller frees *ret with OPENSSL_free. Besides a
	 * FAILURE_CA_* code it may return -FAILURE_CARD_ERROR, if the key does not sign.
	 */
	int (*make_request)(struct ca *ca, const struct ca_enrolment *enrolment,
			    unsigned char **ret, size_t *ret_length, struct failure *failure);

	/*
	 * Sends a stored request. `now` is the time for Retry-After. Returns 0 with *ret filled
	 * (the caller frees ret->issued with X509_free), or a negative FAILURE_CA_* code,
	 * -FAILURE_CARD_ERROR (the key does not sign in TLS), -FAILURE_JOURNAL (no such request).
	 * The certificate is parsed, not judged: see ca_judge_issued.
	 */
	int (*enroll)(struct ca *ca, const unsigned char *request, size_t length, int64_t now,
		      struct ca_answer *ret, struct failure *failure);

	/* Intermediate certificates the CA offered on the way; NULL if none. Borrowed. */
	STACK_OF(X509) *(*intermediates)(struct ca *ca);

	void (*close)(struct ca *ca); /* NULL is fine */
};

/* NULL for a protocol that this build does not speak. */
const struct ca_protocol *ca_protocol(enum config_protocol protocol);

/* The [ca] section for certificates of this issuer (RFC 4514), else the one without issuer, or
 * NULL. */
const struct config_ca *ca_for_issuer(const struct config *config, const X509_NAME *issuer);

/*
 * Whether `issued` may go on the card in place of `old`: it is for `requested` (a public key),
 * has the old subject and subjectAltName, the old one's purpose (keyUsage tells signature from
 * encryption), chains to the anchors in the PEM file `trust`, is valid at `now` (300 s of slack
 * for a CA whose clock is ahead) and ends later than the old one.
 * Returns 0 or a negative FAILURE_ISSUED_* code, or -FAILURE_CONFIG if `trust` cannot be read.
 */
int ca_judge_issued(X509 *issued, X509 *old, EVP_PKEY *requested, const char *trust,
		    STACK_OF(X509) *intermediates, int64_t now, struct failure *failure);

#endif
