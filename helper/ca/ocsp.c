/* SPDX-License-Identifier: MIT */
#include "helper/ca/ocsp.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>

#include "helper/ca/openssl_errors.h"
#include "helper/ca/status_time.h"

void ocsp_question_clear(struct ocsp_question *question)
{
	OCSP_REQUEST_free(question->request);
	OCSP_CERTID_free(question->id);
	*question = (struct ocsp_question){NULL, NULL};
}

int ocsp_question_make(X509 *certificate, X509 *issuer, struct ocsp_question *ret,
		       struct failure *failure)
{
	struct ocsp_question question = {
	    .request = OCSP_REQUEST_new(),
	    .id = OCSP_cert_to_id(EVP_sha1(), certificate, issuer),
	};
	OCSP_CERTID *id = question.id == NULL ? NULL : OCSP_CERTID_dup(question.id);

	if (question.request == NULL || id == NULL ||
	    OCSP_request_add0_id(question.request, id) == NULL) {
		OCSP_CERTID_free(id);
		ocsp_question_clear(&question);
		return fail(failure, FAILURE_SYSTEM, "no memory for an OCSP request");
	}
	if (OCSP_request_add1_nonce(question.request, NULL, 16) != 1) {
		ocsp_question_clear(&question);
		return fail(failure, FAILURE_SYSTEM, "no OCSP nonce");
	}
	*ret = question;
	return 0;
}

/* --- who signed it ------------------------------------------------------------------------- */

/* The issuer alone is trusted: what signed is the issuer itself, or issued by it for OCSP. */
static int judge_signer(OCSP_BASICRESP *answer, X509 *issuer, int64_t now, struct failure *failure)
{
	X509_STORE *store = X509_STORE_new();
	char reasons[192];
	int r = 0;

	ERR_clear_error();
	if (store == NULL || X509_STORE_add_cert(store, issuer) != 1 ||
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1) {
		X509_STORE_free(store);
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)now);
	if (OCSP_basic_verify(answer, NULL, store, OCSP_NOEXPLICIT) <= 0) {
		openssl_errors(reasons, sizeof(reasons));
		r = fail(failure, FAILURE_CA_UNTRUSTED, "OCSP: the signer is not authorised: %s",
			 reasons);
	}
	X509_STORE_free(store);
	ERR_clear_error();
	return r;
}

/* --- what it says -------------------------------------------------------------------------- */

static int judge_single(OCSP_BASICRESP *answer, const struct ocsp_question *question, int64_t now,
			int64_t max_age, struct status_answer *ret, struct failure *failure)
{
	ASN1_GENERALIZEDTIME *revoked_at = NULL, *this_update = NULL, *next_update = NULL;
	struct status_answer result = {.reason = STATUS_NO_REASON};
	struct status_period period;
	int status = 0, reason = STATUS_NO_REASON, r;

	if (OCSP_resp_find_status(answer, question->id, &status, &reason, &revoked_at, &this_update,
				  &next_update) != 1)
		return fail(failure, FAILURE_CA_GARBAGE, "OCSP: about another certificate");
	r = status_period("OCSP", this_update, next_update, max_age, now, &period, failure);
	if (r < 0)
		return r;
	switch (status) {
	case V_OCSP_CERTSTATUS_GOOD:
		result.status = STATUS_GOOD;
		break;
	case V_OCSP_CERTSTATUS_REVOKED:
		result.status = STATUS_REVOKED;
		result.reason = reason;
		if (status_time(revoked_at, &result.revoked_at) < 0)
			return fail(failure, FAILURE_CA_GARBAGE, "OCSP: no sound revocationTime");
		break;
	default:
		result.status = STATUS_UNKNOWN;
		break;
	}
	*ret = result;
	return 0;
}

static int judge_state(OCSP_RESPONSE *response, struct failure *failure)
{
	int state = OCSP_response_status(response);
	const char *name = OCSP_response_status_str(state);

	switch (state) {
	case OCSP_RESPONSE_STATUS_SUCCESSFUL:
		return 0;
	case OCSP_RESPONSE_STATUS_TRYLATER:
		return fail(failure, FAILURE_CA_OVERLOADED, "OCSP: %s", name);
	case OCSP_RESPONSE_STATUS_INTERNALERROR:
		return fail(failure, FAILURE_CA_ERROR, "OCSP: %s", name);
	default:
		return fail(failure, FAILURE_CA_REFUSED, "OCSP: %s", name);
	}
}

int ocsp_judge(const unsigned char *der, size_t length, const struct ocsp_question *question,
	       X509 *issuer, int64_t now, int64_t max_age, struct status_answer *ret,
	       struct failure *failure)
{
	const unsigned char *at = der;
	OCSP_RESPONSE *response;
	OCSP_BASICRESP *answer = NULL;
	int r;

	ERR_set_mark();
	response = der == NULL ? NULL : d2i_OCSP_RESPONSE(NULL, &at, (long)length);
	ERR_pop_to_mark();
	if (response == NULL || at != der + length) {
		OCSP_RESPONSE_free(response);
		return fail(failure, FAILURE_CA_GARBAGE, "OCSP: not an answer of the protocol");
	}
	r = judge_state(response, failure);
	if (r < 0)
		goto out;
	ERR_set_mark();
	answer = OCSP_response_get1_basic(response);
	ERR_pop_to_mark();
	if (answer == NULL) {
		r = fail(failure, FAILURE_CA_GARBAGE, "OCSP: not a basic answer");
		goto out;
	}
	r = judge_signer(answer, issuer, now, failure);
	/* -1, a nonce of ours and none in the answer, is for the dates to judge. */
	if (r == 0 && OCSP_check_nonce(question->request, answer) == 0)
		r = fail(failure, FAILURE_CA_GARBAGE, "OCSP: an answer to another question");
	if (r == 0)
		r = judge_single(answer, question, now, max_age, ret, failure);
out:
	OCSP_BASICRESP_free(answer);
	OCSP_RESPONSE_free(response);
	return r;
}
