/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_staple.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "helper/ca/ocsp.h"

/* An answer that does not say how long it is good for. */
enum { STAPLE_AGE_MAX = 24 * 60 * 60 };

/* A stapled answer was made for nobody's question: there is no nonce to look for. */
static int make_question(X509 *certificate, X509 *issuer, struct ocsp_question *ret,
			 struct failure *failure)
{
	ret->request = OCSP_REQUEST_new();
	ret->id = OCSP_cert_to_id(EVP_sha1(), certificate, issuer);
	if (ret->request != NULL && ret->id != NULL)
		return 0;
	ocsp_question_clear(ret);
	return fail(failure, FAILURE_SYSTEM, "no memory for an OCSP request");
}

static int judge_answer(SSL *ssl, X509 *certificate, X509 *issuer, int64_t now,
			struct status_answer *ret, struct failure *failure)
{
	const unsigned char *der = NULL;
	long length = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
	struct ocsp_question question = {NULL, NULL};
	int r;

	if (der == NULL || length <= 0)
		return fail(failure, FAILURE_CA_GARBAGE, "nothing was stapled");
	r = make_question(certificate, issuer, &question, failure);
	if (r == 0)
		r = ocsp_judge(der, (size_t)length, &question, issuer, now, STAPLE_AGE_MAX, ret,
			       failure);
	ocsp_question_clear(&question);
	return r;
}

/* The TLS feature extension names status_request, 5 (RFC 7633 §4.2.3). */
static bool must_staple(const X509 *certificate)
{
	TLS_FEATURE *features = X509_get_ext_d2i(certificate, NID_tlsfeature, NULL, NULL);
	bool must = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		must = must || ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) ==
				   TLSEXT_TYPE_status_request;
	sk_ASN1_INTEGER_pop_free(features, ASN1_INTEGER_free);
	return must;
}

int http_staple_judge(SSL *ssl, int64_t now, struct failure *failure)
{
	const STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	struct status_answer answer = {.status = STATUS_NOT_ASKED};
	struct failure reason = {.code = FAILURE_NONE};
	X509 *certificate, *issuer;

	/* In a resumed session nothing is stapled; an anchor of `trust` itself has no issuer here.
	 */
	if (SSL_session_reused(ssl) || chain == NULL || sk_X509_num(chain) < 2)
		return 0;
	certificate = sk_X509_value(chain, 0);
	issuer = sk_X509_value(chain, 1);
	if (judge_answer(ssl, certificate, issuer, now, &answer, &reason) == 0 &&
	    answer.status == STATUS_REVOKED)
		return fail(failure, FAILURE_CA_UNTRUSTED,
			    "the server's own OCSP answer says that its certificate is revoked");
	if (answer.status != STATUS_GOOD && must_staple(certificate))
		return fail(failure, FAILURE_CA_UNTRUSTED,
			    "the server's certificate promises an OCSP answer that says 'good': %s",
			    reason.code != FAILURE_NONE ? reason.detail : "it says 'unknown'");
	return 0;
}
