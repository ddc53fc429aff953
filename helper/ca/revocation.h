/* SPDX-License-Identifier: MIT */
/*
 * Revoking a certificate at its CA: proven by the challenge phrase that its owner chose, or by the
 * card itself. revocation_cmp.c speaks CMP, revocation_form.c fills in a CA's web form; another way
 * fills a struct revocation_protocol and is named in revocation.c.
 *
 * A phrase, and what can be guessed from a proof made with it, goes to an https: address only. A
 * request is made once: nothing here tries again.
 */
#ifndef CERTRENEW_REVOCATION_H
#define CERTRENEW_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

#include "helper/ca/ca.h"
#include "helper/ca/http.h"
#include "helper/common/secret.h"

/* With whom; what it points to must outlive the call. */
struct revocation_settings {
	const struct config_revocation *config;
	const char *trust;	    /* whom TLS trusts: a PEM file; NULL: nothing says */
	char *const *environment;   /* of the connection, see http.h; NULL: none */
	const struct config_ca *ca; /* who may sign the answer to an identity; NULL: nobody */
};

/* The settings for a certificate's own CA; no other is told a phrase. They point into `config`. */
struct revocation_settings revocation_settings_for(const struct config *config,
						   const X509 *certificate);

struct revocation_request {
	X509 *certificate;
	const char *email;	 /* its owner's, for `reference = email`; "" for none */
	int reason;		 /* CRLReason (RFC 5280 §5.3.1) */
	const char *reason_name; /* the same as its ASN.1 name */
	const struct secret *phrase;
	const struct ca_identity *identity; /* instead of a phrase */
};

struct revocation_answer {
	char said[512]; /* the CA's words when it did it, cleaned; "" for none */
};

struct revocation_protocol {
	/*
	 * Revokes. Returns 0 once the CA says that it is done, or a negative code:
	 *   -FAILURE_REVOKE_*       see failure.h
	 *   -FAILURE_CA_*           see http.h and cmp_failure.h; *_UNTRUSTED, *_TIMEOUT,
	 *                           *_UNREACHABLE, *_GARBAGE: it may have been done all the same
	 *   -FAILURE_CARD_ERROR     the identity's key did not sign
	 *   -FAILURE_CONFIG         url, trust or reference is of no use
	 *   -FAILURE_SYSTEM
	 */
	int (*revoke)(const struct revocation_settings *settings,
		      const struct revocation_request *request, struct revocation_answer *ret,
		      struct failure *failure);

	/*
	 * Has the CA take a new phrase for the identity, encrypted to `recipient`, an RSA
	 * certificate. Returns 0 once the CA has answered, or what `revoke` returns; NULL: there is
	 * no such way.
	 */
	int (*set_phrase)(const struct revocation_settings *settings,
			  const struct ca_identity *identity, X509 *recipient,
			  const struct secret *phrase, struct failure *failure);

	bool by_card; /* an identity is fine */
};

const struct revocation_protocol *revocation_protocol(enum config_revocation_protocol protocol);

/* --- for the protocols ---------------------------------------------------------------------- */

/* Opens an https: connection; see http_open_at. */
int revocation_connect(const struct revocation_settings *settings,
		       const struct ca_identity *identity, struct http **ret,
		       struct failure *failure);

/* Which of the configured signs the text has: a FAILURE_REVOKE_* code, or FAILURE_NONE. */
enum failure_code revocation_sign(const struct config_signs *signs, const char *text,
				  size_t length);

/* What a form's answer says; returns as struct revocation_protocol's `revoke` does. Pure. */
int revocation_form_judge(const struct config_revocation *config, const struct http_answer *answer,
			  struct failure *failure);

extern const struct revocation_protocol revocation_cmp, revocation_form;

#endif
