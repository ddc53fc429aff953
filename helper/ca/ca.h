/* SPDX-License-Identifier: MIT */
/*
 * A certification authority that renews certificates, whatever protocol it speaks. est.c and cmp.c
 * implement it; another one fills a struct ca_protocol of its own and is named in ca.c.
 */
#ifndef CERTRENEW_CA_H
#define CERTRENEW_CA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "conf/config.h"
#include "helper/common/failure.h"
#include "helper/common/message.h"

/* Who speaks to the CA: the card's old signature certificate, with its key on the card. */
struct ca_identity {
	X509 *certificate;
	EVP_PKEY *key;
	bool tls12_only; /* the card can neither do PSS nor raw RSA: TLS 1.3 is out of reach */
};

/* What is asked for: a successor of `old`, for the old key or a new one. */
struct ca_enrolment {
	X509 *old;
	EVP_PKEY *key; /* private: proves possession */
};

/*
 * What the enrolment's owner does on the way. Each returns 0, or a negative failure code that ends
 * the enrolment and is handed on.
 */
struct ca_events {
	void *context;

	/*
	 * For protocols without make_request: puts a request on disk before its first byte is
	 * sent, and later what it takes to go on with it, in place of what enroll was given.
	 */
	int (*keep)(void *context, const unsigned char *request, size_t length,
		    struct failure *failure);

	/*
	 * Judges what was issued and puts it on disk, before the CA is told that it arrived.
	 * `issued` and `intermediates` (what the CA offered for a chain; NULL: nothing) are
	 * borrowed.
	 */
	int (*accept)(void *context, X509 *issued, STACK_OF(X509) *intermediates,
		      struct failure *failure);
};

/* Seconds that a CA's clock may be ahead of ours, or ours be set back, as a matter of course. */
enum { CA_CLOCK_SLACK = 300 };

struct head_start;
struct ca; /* one open connection; each protocol embeds this as it likes */

struct ca_protocol {
	/*
	 * What is issued counts only once the CA knows that it arrived: until enroll has succeeded
	 * it is called again, also for a request whose certificate is on disk.
	 */
	bool confirms;

	/*
	 * Whether a certificate of this role, for this public key, can be renewed at all;
	 * `can_sign` says what the card permits the key. Returns 0, -FAILURE_KEY_CANNOT_SIGN or
	 * -FAILURE_KEY_UNSUPPORTED.
	 */
	int (*supports)(const struct config_ca *settings, enum certificate_role role,
			EVP_PKEY *public, bool can_sign, struct failure *failure);

	/*
	 * Prepares a connection. `identity`, `settings` and `start` (head_start.h; NULL: none) must
	 * outlive it. Nothing is sent before the first make_request or enroll.
	 */
	int (*open)(const struct config_ca *settings, const struct ca_identity *identity,
		    struct head_start *start, struct ca **ret, struct failure *failure);

	/*
	 * Makes the request's bytes, to be stored before they are sent and repeated as they are;
	 * NULL if the protocol makes them in enroll, where they are kept by events->keep.
	 * One signature with enrolment->key. The caller frees *ret with OPENSSL_free. Besides a
	 * FAILURE_CA_* code it may return -FAILURE_CARD_ERROR, if the key does not sign. Here as in
	 * enroll, -FAILURE_CA_OVERLOADED with failure->retry_after is the whole server's word.
	 */
	int (*make_request)(struct ca *ca, const struct ca_enrolment *enrolment,
			    unsigned char **ret, size_t *ret_length, struct failure *failure);

	/*
	 * Sends a stored request, or goes on with it; without make_request `request` may be NULL,
	 * and `enrolment` is needed. Returns 0 once events->accept has accepted, with
	 * *ret_retry_at = 0; 0 with the seconds since the epoch when the CA wants to be asked
	 * again; or a negative FAILURE_CA_* code, -FAILURE_CARD_ERROR (the key does not sign or
	 * decrypt), -FAILURE_JOURNAL (no such request), or what an event returned. `now` is the
	 * time that a CA's delays count from.
	 */
	int (*enroll)(struct ca *ca, const struct ca_enrolment *enrolment,
		      const unsigned char *request, size_t length, int64_t now,
		      const struct ca_events *events, int64_t *ret_retry_at,
		      struct failure *failure);

	void (*close)(struct ca *ca); /* NULL is fine */
};

/* NULL for a protocol that this build does not speak. */
const struct ca_protocol *ca_protocol(enum config_protocol protocol);

/* Whether an RFC 4514 name, as an administrator may write it, is this one. */
bool ca_name_matches(const char *configured, const X509_NAME *name);

/* The [ca] section for certificates of this issuer (RFC 4514), else the one without issuer, or
 * NULL. */
const struct config_ca *ca_for_issuer(const struct config *config, const X509_NAME *issuer);

/*
 * Whether `issued` may go on the card in place of `old`: it is for `requested` (a public key),
 * has the old subject and subjectAltName, the old one's purpose (keyUsage tells signature from
 * encryption), chains to the anchors in the PEM file `trust`, is valid at `now` (CA_CLOCK_SLACK
 * apart) and ends later than the old one.
 * Returns 0 or a negative FAILURE_ISSUED_* code, -FAILURE_ISSUED_NOT_YET for one that has nothing
 * wrong but that it begins later, or -FAILURE_CONFIG if `trust` cannot be read.
 */
int ca_judge_issued(X509 *issued, X509 *old, EVP_PKEY *requested, const char *trust,
		    STACK_OF(X509) *intermediates, int64_t now, struct failure *failure);

#endif
