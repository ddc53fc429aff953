/* SPDX-License-Identifier: MIT */
#include "helper/ca/crl.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "helper/ca/status_time.h"

X509_CRL *crl_parse(const unsigned char *der, size_t length)
{
	const unsigned char *at = der;
	X509_CRL *crl;

	ERR_set_mark();
	crl = der == NULL ? NULL : d2i_X509_CRL(NULL, &at, (long)length);
	ERR_pop_to_mark();
	if (crl != NULL && at != der + length) {
		X509_CRL_free(crl);
		return NULL;
	}
	return crl;
}

/* --- is it to be gone by ------------------------------------------------------------------- */

/* The time that OpenSSL judges at: clocks that differ a little change nothing. */
static int judging_time(const X509_CRL *crl, int64_t now, int64_t max_age, int64_t *ret,
			struct failure *failure)
{
	struct status_period period;
	int r = status_period("CRL", X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl),
			      max_age, now, &period, failure);

	if (r < 0)
		return r;
	*ret = now < period.from ? period.from : now >= period.until ? period.until - 1 : now;
	return 0;
}

/* The list is judged here, not the certificate at depth 0: that may have expired, or have been
 * revoked. */
static int pass_certificate(int ok, X509_STORE_CTX *context)
{
	if (X509_STORE_CTX_get_error_depth(context) != 0)
		return ok;
	switch (X509_STORE_CTX_get_error(context)) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_REVOKED:
		return 1;
	default:
		return ok;
	}
}

static enum failure_code meaning(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_CRL: /* of another issuer, or for other certificates */
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
	case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
	case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
	case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
		return FAILURE_CA_UNTRUSTED;
	default:
		return FAILURE_CA_GARBAGE;
	}
}

/* OpenSSL knows the rules of RFC 5280 §6.3.3; `issuer` alone is trusted, and this list alone. */
static int judge_list(X509_CRL *crl, X509 *certificate, X509 *issuer, int64_t time,
		      struct failure *failure)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	int r = 0, error;

	ERR_set_mark();
	if (store == NULL || context == NULL || crls == NULL || sk_X509_CRL_push(crls, crl) <= 0 ||
	    X509_STORE_add_cert(store, issuer) != 1 ||
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK) != 1 ||
	    X509_STORE_CTX_init(context, store, certificate, NULL) != 1) {
		r = fail(failure, FAILURE_SYSTEM, "no memory");
		goto out;
	}
	X509_STORE_CTX_set0_crls(context, crls);
	X509_STORE_CTX_set_verify_cb(context, pass_certificate);
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)time);
	if (X509_verify_cert(context) != 1) {
		error = X509_STORE_CTX_get_error(context);
		r = fail(failure, meaning(error), "CRL: %s (%d)",
			 X509_verify_cert_error_string(error), error);
	}
out:
	ERR_pop_to_mark();
	X509_STORE_CTX_free(context);
	sk_X509_CRL_free(crls);
	X509_STORE_free(store);
	return r;
}

/* --- what it says -------------------------------------------------------------------------- */

static int reason_of(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *reason;
	int number;

	ERR_set_mark();
	reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	ERR_pop_to_mark();
	number = reason == NULL ? STATUS_NO_REASON : (int)ASN1_ENUMERATED_get(reason);
	ASN1_ENUMERATED_free(reason);
	return number;
}

int crl_judge(X509_CRL *crl, X509 *certificate, X509 *issuer, int64_t now, int64_t max_age,
	      struct status_answer *ret, struct failure *failure)
{
	struct status_answer result = {.status = STATUS_GOOD, .reason = STATUS_NO_REASON};
	X509_REVOKED *entry = NULL;
	int64_t time = now;
	int r = judging_time(crl, now, max_age, &time, failure);

	if (r == 0)
		r = judge_list(crl, certificate, issuer, time, failure);
	if (r < 0)
		return r;
	/* 2: removed from the list again, which only a delta list says. */
	if (X509_CRL_get0_by_cert(crl, &entry, certificate) == 1) {
		result.status = STATUS_REVOKED;
		result.reason = reason_of(entry);
		if (status_time(X509_REVOKED_get0_revocationDate(entry), &result.revoked_at) < 0)
			return fail(failure, FAILURE_CA_GARBAGE, "CRL: no sound revocationDate");
	}
	*ret = result;
	return 0;
}
