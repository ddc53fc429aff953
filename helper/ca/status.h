/* SPDX-License-Identifier: MIT */
/*
 * Whether a certificate still stands: asked of its CA's OCSP responder (RFC 6960), and where that
 * fails, looked up in its revocation list (CRL, RFC 5280 §5). Both are signed by the CA or by
 * whom it authorised, so plain http: is fine for them, and nobody on the way can change them.
 *
 * 'Unknown' is what a responder says; 'not asked' is that no answer to go by could be had. Neither
 * is 'good', and neither is 'revoked'.
 */
#ifndef CERTRENEW_STATUS_H
#define CERTRENEW_STATUS_H

#include <stdint.h>

#include <openssl/x509.h>

#include "conf/config.h"
#include "helper/common/failure.h"

enum certificate_status {
	STATUS_GOOD,
	STATUS_REVOKED,
	STATUS_UNKNOWN,	  /* the responder does not know the certificate */
	STATUS_NOT_ASKED, /* there was no answer to go by: `failure` says why */
};

enum { STATUS_NO_REASON = -1, STATUS_SLACK = 300 /* seconds that clocks may differ */ };

struct status_answer {
	enum certificate_status status;
	int64_t revoked_at; /* seconds since the epoch */
	int reason;	    /* CRLReason (RFC 5280 §5.3.1), or STATUS_NO_REASON */
	struct failure failure;
};

struct status_settings {
	const struct config_status *config;
	const char *trust;	  /* the [ca] section's: whose certificates count */
	char *const *environment; /* of the connections, see http.h; NULL: none */
	const char *cache;	  /* an existing folder for CRLs, this user's alone; NULL: none */
	int64_t deadline;	  /* by clock.h, for all that is asked; -1: none */
};

struct status;

/*
 * Prepares for asking; nothing is sent. What `settings` points to must outlive it. Returns 0,
 * -FAILURE_CONFIG if `trust` cannot be read, -FAILURE_SYSTEM.
 */
int status_open(const struct status_settings *settings, struct status **ret,
		struct failure *failure);

/*
 * Asks about one certificate at `now`, seconds since the epoch. A server that did not answer is
 * not asked again for the same `struct status`, and a CRL is read once.
 */
void status_ask(struct status *status, X509 *certificate, int64_t now, struct status_answer *ret);

void status_close(struct status *status); /* NULL is fine */

#endif
