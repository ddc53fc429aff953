/* SPDX-License-Identifier: MIT */
/* One transaction's settings, in OpenSSL's terms. */
#ifndef CERTRENEW_CMP_CONTEXT_H
#define CERTRENEW_CMP_CONTEXT_H

#include <openssl/cmp.h>

#include "helper/ca/ca.h"

/* A kur is made only where it would be sent; a transaction that is gone on with sends none. */
enum cmp_opening { CMP_BEGINS, CMP_GOES_ON };

/*
 * A context for the renewal of enrolment->old, protected by the identity; `extra` (may be NULL) is
 * sent along. Everything given must outlive it. The caller frees *ret with OSSL_CMP_CTX_free.
 * Returns 0, -FAILURE_CONFIG for a `trust` that cannot be read, or -FAILURE_SYSTEM.
 */
int cmp_context_new(const struct config_ca *settings, const struct ca_identity *identity,
		    const struct ca_enrolment *enrolment, STACK_OF(X509) *extra,
		    enum cmp_opening opening, OSSL_CMP_CTX **ret, struct failure *failure);

/* --- parts of it, for other transactions than a renewal --------------------------------------- */

/* Keeps OpenSSL from printing, and from emptying the error queue to do so. */
bool cmp_context_quieten(OSSL_CMP_CTX *context);

/*
 * Who may sign the CA's messages: by settings->trust and settings->sender, which must outlive the
 * context. Returns 0, -FAILURE_CONFIG for a `trust` that cannot be read, or -FAILURE_SYSTEM.
 */
int cmp_context_trust(OSSL_CMP_CTX *context, const struct config_ca *settings,
		      struct failure *failure);

#endif
