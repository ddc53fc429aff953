/* SPDX-License-Identifier: MIT */
/*
 * Certificate Management Protocol (RFC 9810, 9483; over HTTP: RFC 9811), as far as a renewal needs
 * it: a key update request (kur) for each certificate, both protected by the card's signature key,
 * with OpenSSL's OSSL_CMP for the messages and libcurl to carry them.
 *
 * What the card signs: each request's protection, and its proof of possession unless that is
 * another than a signature; each question while a CA wants time; and the confirmation, unless the
 * CA spares it. Two certificates: four signatures, or six.
 */
#include "helper/ca/cmp.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/cmp.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "helper/ca/cmp_carry.h"
#include "helper/ca/cmp_context.h"
#include "helper/ca/cmp_failure.h"
#include "helper/ca/cmp_transcript.h"
#include "helper/ca/http.h"
#include "helper/ca/http_url.h"
#include "helper/ca/retry_after.h"
#include "helper/card/usage.h"

enum { BODY_CERTCONF = 24 }; /* RFC 9810 §5.1.2 */

struct ca {
	const struct config_ca *settings;
	const struct ca_identity *identity;
	struct http *http;
	STACK_OF(X509) *extra; /* NULL: none */
};

struct transaction {
	struct ca *ca;
	const struct ca_events *events;
	OSSL_CMP_CTX *context;
	struct transcript transcript;
	size_t heard;  /* of the transcript's messages, by this context */
	bool again;    /* the last answer was said again, not asked for */
	bool repeats;  /* the request was sent before, and no answer to it was heard */
	bool knew;     /* what was issued was on disk before this run */
	bool judged;   /* what was issued came as far as accept */
	bool accepted; /* and is on disk */
	int result;    /* what ended it, if not OpenSSL */
	struct cmp_error error;
	struct failure *failure;
	struct failure unheard; /* of what happens after it has failed */
};

/* --- opening and closing ------------------------------------------------------------------- */

static void cmp_close(struct ca *ca)
{
	if (ca == NULL)
		return;
	http_close(ca->http);
	sk_X509_pop_free(ca->extra, X509_free);
	free(ca);
}

static int load_extra(const char *path, STACK_OF(X509) **ret, struct failure *failure)
{
	BIO *file = BIO_new_file(path, "r");
	STACK_OF(X509) *certificates = sk_X509_new_null();
	X509 *certificate = NULL;

	while (file != NULL && certificates != NULL &&
	       (certificate = PEM_read_bio_X509(file, NULL, NULL, NULL)) != NULL)
		if (sk_X509_push(certificates, certificate) <= 0)
			break;
	BIO_free(file);
	ERR_clear_error();
	if (sk_X509_num(certificates) > 0) {
		*ret = certificates;
		return 0;
	}
	sk_X509_free(certificates);
	return fail(failure, FAILURE_CONFIG, "client_chain: no certificate in %s", path);
}

static int cmp_open(const struct config_ca *settings, const struct ca_identity *identity,
		    struct head_start *start, struct ca **ret, struct failure *failure)
{
	struct ca *ca = calloc(1, sizeof(*ca));
	int r = 0;

	if (ca == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	ca->settings = settings;
	ca->identity = identity;
	if (settings->client_chain[0] != '\0')
		r = load_extra(settings->client_chain, &ca->extra, failure);
	if (r == 0)
		r = http_open(settings, settings->tls_certificate ? identity : NULL, start,
			      &ca->http, failure);
	if (r < 0) {
		cmp_close(ca);
		return r;
	}
	*ret = ca;
	return 0;
}

static int cmp_supports(const struct config_ca *settings, enum certificate_role role,
			EVP_PKEY *public, bool can_sign, struct failure *failure)
{
	bool signs = role == ROLE_SIGNATURE || settings->encryption_proof == PROOF_SIGNATURE;

	if (signs && !can_sign)
		return fail(failure, FAILURE_KEY_CANNOT_SIGN, "encryption_proof = signature");
	if (!signs && settings->encryption_proof == PROOF_DECRYPT && !EVP_PKEY_is_a(public, "RSA"))
		return fail(failure, FAILURE_KEY_UNSUPPORTED,
			    "encryption_proof = decrypt takes an RSA key");
	return 0;
}

/* --- carrying messages --------------------------------------------------------------------- */

static int keep(struct transaction *transaction)
{
	const struct ca_events *events = transaction->events;
	unsigned char *bytes = NULL;
	size_t length = 0;
	int r = transcript_encode(&transaction->transcript, &bytes, &length, transaction->failure);

	if (r == 0)
		r = events->keep(events->context, bytes, length, transaction->failure);
	OPENSSL_free(bytes);
	return r;
}

static int begin(struct transaction *transaction, const OSSL_CMP_MSG *request)
{
	int r = transcript_begin(&transaction->transcript, request, transaction->failure);

	return r < 0 ? r : keep(transaction);
}

/* From here on the context stands where the one stood that made the request. */
static int take_over(struct transaction *transaction)
{
	ASN1_OCTET_STRING *nonce = transcript_nonce(&transaction->transcript);
	int done =
	    nonce != NULL && OSSL_CMP_CTX_set1_senderNonce(transaction->context, nonce) == 1 &&
	    OSSL_CMP_CTX_set_option(transaction->context, OSSL_CMP_OPT_UNPROTECTED_SEND, 0) == 1;

	ASN1_OCTET_STRING_free(nonce);
	return done ? 0
		    : fail(transaction->failure, FAILURE_SYSTEM, "a nonce cannot be taken over");
}

static int carry(struct transaction *transaction, const OSSL_CMP_MSG *request, OSSL_CMP_MSG **ret)
{
	return cmp_carry(transaction->ca->http, transaction->ca->settings->url, request, ret,
			 &transaction->error, transaction->failure);
}

static int ask(struct transaction *transaction, const OSSL_CMP_MSG *request, OSSL_CMP_MSG **ret)
{
	struct transcript *transcript = &transaction->transcript;
	int type = OSSL_CMP_MSG_get_bodytype(request), r = 0;
	OSSL_CMP_MSG *answer = NULL;

	if (type == OSSL_CMP_KUR && transaction->repeats) {
		request = transcript->messages[0];
		r = take_over(transaction);
	} else if (type == OSSL_CMP_KUR) {
		r = begin(transaction, request);
	}
	if (r == 0)
		r = carry(transaction, request, &answer);
	/* A confirmation does the same the second time, and on a new connection it may get through.
	 */
	if (r == -FAILURE_CA_UNREACHABLE && type == BODY_CERTCONF)
		r = carry(transaction, request, &answer);
	if (r == 0)
		r = transcript_add(transcript, answer, transaction->failure);
	transaction->heard = transcript->count;
	if (r < 0)
		OSSL_CMP_MSG_free(answer);
	else
		*ret = answer;
	return r;
}

/* With the nonce that it answered: it was another context that chose it. */
static OSSL_CMP_MSG *hear_again(struct transaction *transaction)
{
	const struct transcript *transcript = &transaction->transcript;
	const OSSL_CMP_MSG *answer = transcript->messages[transaction->heard++];
	bool more = transaction->heard < transcript->count;

	if (OSSL_CMP_CTX_set1_senderNonce(
		transaction->context,
		OSSL_CMP_HDR_get0_recipNonce(OSSL_CMP_MSG_get0_header(answer))) != 1 ||
	    OSSL_CMP_CTX_set_option(transaction->context, OSSL_CMP_OPT_UNPROTECTED_SEND, more) != 1)
		return NULL;
	return OSSL_CMP_MSG_dup(answer);
}

/* OSSL_CMP_transfer_cb_t */
static OSSL_CMP_MSG *transfer(OSSL_CMP_CTX *context, const OSSL_CMP_MSG *request)
{
	struct transaction *transaction = OSSL_CMP_CTX_get_transfer_cb_arg(context);
	OSSL_CMP_MSG *answer = NULL;
	int r;

	transaction->again = transaction->heard < transaction->transcript.count;
	if (transaction->again)
		return hear_again(transaction);
	r = ask(transaction, request, &answer);
	if (transaction->result == 0)
		transaction->result = r;
	return r == 0 ? answer : NULL;
}

/* --- what is issued ------------------------------------------------------------------------ */

/* OSSL_CMP_certConf_cb_t: the CA is told only afterwards. Another than 0 is PKIFailureInfo. */
static int on_issued(OSSL_CMP_CTX *context, X509 *certificate, int wrong, const char **ret_text)
{
	struct transaction *transaction = OSSL_CMP_CTX_get_certConf_cb_arg(context);
	const struct ca_events *events = transaction->events;
	STACK_OF(X509) *offered = OSSL_CMP_CTX_get1_extraCertsIn(context);
	STACK_OF(X509) *issuers = OSSL_CMP_CTX_get1_caPubs(context);
	STACK_OF(X509) *all = X509_chain_up_ref(offered);
	int r = keep(transaction);

	transaction->judged = true;
	transaction->knew = transaction->again;
	(void)wrong; /* the key is judged with the rest */
	if (all == NULL)
		all = sk_X509_new_null();
	if (all != NULL && issuers != NULL)
		(void)X509_add_certs(all, issuers, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
	if (r == 0)
		r = events->accept(events->context, certificate, all, transaction->failure);
	sk_X509_pop_free(all, X509_free);
	sk_X509_pop_free(issuers, X509_free);
	sk_X509_pop_free(offered, X509_free);
	transaction->accepted = r == 0;
	if (r == 0)
		return 0;
	/* That the CA could not be told of a refusal is not what ended it. */
	transaction->result = r;
	transaction->failure = &transaction->unheard;
	*ret_text = failure_name((enum failure_code) - r);
	return 1 << OSSL_CMP_PKIFAILUREINFO_incorrectData;
}

/* Where there is a request already, the context is led to where the last one stood. */
static int prepare(struct transaction *transaction, const struct ca_enrolment *enrolment)
{
	struct transcript *transcript = &transaction->transcript;
	const struct ca *ca = transaction->ca;
	bool goes_on = transcript->count > 0;
	int r;

	transaction->heard = goes_on ? 1 : 0;
	transaction->repeats = transcript->count == 1;
	r = cmp_context_new(ca->settings, ca->identity, enrolment, ca->extra,
			    goes_on ? CMP_GOES_ON : CMP_BEGINS, &transaction->context,
			    transaction->failure);
	if (r < 0)
		return r;
	if ((goes_on && OSSL_CMP_CTX_set1_transactionID(
			    transaction->context,
			    OSSL_CMP_HDR_get0_transactionID(
				OSSL_CMP_MSG_get0_header(transcript->messages[0]))) != 1) ||
	    OSSL_CMP_CTX_set_transfer_cb(transaction->context, transfer) != 1 ||
	    OSSL_CMP_CTX_set_transfer_cb_arg(transaction->context, transaction) != 1 ||
	    OSSL_CMP_CTX_set_certConf_cb(transaction->context, on_issued) != 1 ||
	    OSSL_CMP_CTX_set_certConf_cb_arg(transaction->context, transaction) != 1)
		return fail(transaction->failure, FAILURE_SYSTEM, "CMP cannot be set up");
	return 0;
}

static int64_t time_to_return(int64_t now, int check_after)
{
	if (check_after < 1)
		check_after = 1;
	return now + (check_after < RETRY_AFTER_MAX ? check_after : RETRY_AFTER_MAX);
}

/* The answer to an earlier confirmation was lost. */
static bool is_confirmed_already(const struct transaction *transaction)
{
	int reasons = OSSL_CMP_CTX_get_failInfoCode(transaction->context);

	return transaction->result == 0 && reasons > 0 &&
	       (reasons & 1 << OSSL_CMP_PKIFAILUREINFO_certConfirmed) != 0;
}

/*
 * HTTP says no to a first confirmation: a gateway on the way may say so, and what was issued is not
 * given up for that. The next run confirms again, and is answered once more.
 */
static int confirmation_refused(struct transaction *transaction)
{
	transaction->failure->code = FAILURE_CA_ERROR;
	return -FAILURE_CA_ERROR;
}

static bool is_refusal(int result)
{
	return result == -FAILURE_CA_REFUSED || result == -FAILURE_CA_DENIED;
}

static int run(struct transaction *transaction, int64_t now, int64_t *ret_retry_at)
{
	int done, check_after = 0;

	ERR_clear_error();
	do
		done = OSSL_CMP_try_certreq(transaction->context, OSSL_CMP_KUR, NULL, &check_after);
	while (done < 0 && transaction->again);
	if (done < 0) {
		*ret_retry_at = time_to_return(now, check_after);
		return keep(transaction);
	}
	if (transaction->accepted && (done > 0 || is_confirmed_already(transaction))) {
		*ret_retry_at = 0;
		return 0;
	}
	if (transaction->result < 0) {
		ERR_clear_error();
		return transaction->accepted && !transaction->knew &&
			       is_refusal(transaction->result)
			   ? confirmation_refused(transaction)
			   : transaction->result;
	}
	return cmp_failure(transaction->context, &transaction->error,
			   !http_url_is_plain(transaction->ca->settings->url),
			   transaction->failure);
}

/* The CA was there, and answered a repeated request with something else than a certificate. */
static bool is_not_repeated(const struct transaction *transaction, int result)
{
	if (!transaction->repeats || transaction->judged || result == 0)
		return false;
	return transaction->result == 0 ? result != -FAILURE_CARD_ERROR
					: is_refusal(result) || result == -FAILURE_CA_ERROR ||
					      result == -FAILURE_CA_GARBAGE;
}

static int go_through(struct transaction *transaction, const struct ca_enrolment *enrolment,
		      int64_t now, int64_t *ret_retry_at)
{
	int r = prepare(transaction, enrolment);

	if (r == 0)
		r = run(transaction, now, ret_retry_at);
	OSSL_CMP_CTX_free(transaction->context);
	transaction->context = NULL;
	return r;
}

static int cmp_enroll(struct ca *ca, const struct ca_enrolment *enrolment,
		      const unsigned char *request, size_t length, int64_t now,
		      const struct ca_events *events, int64_t *ret_retry_at,
		      struct failure *failure)
{
	struct transaction transaction = {.ca = ca, .events = events, .failure = failure};
	int r;

	if (failure == NULL)
		transaction.failure = &transaction.unheard;
	transcript_decode(request, length, &transaction.transcript);
	r = go_through(&transaction, enrolment, now, ret_retry_at);
	/* A CA may take no transactionID twice (RFC 9483 §3.5): the request is made anew. */
	if (is_not_repeated(&transaction, r)) {
		transcript_clear(&transaction.transcript);
		transaction.result = 0;
		r = go_through(&transaction, enrolment, now, ret_retry_at);
	}
	transcript_clear(&transaction.transcript);
	return r;
}

const struct ca_protocol cmp_protocol = {
    .confirms = true,
    .supports = cmp_supports,
    .open = cmp_open,
    .enroll = cmp_enroll,
    .close = cmp_close,
};
