/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/cmp.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "tests/world/ra/spoil.h"
#include "tests/world/ra/store.h"

#define CONTENT_TYPE "application/pkixcmp"
#define DAY	     INT64_C(86400)

struct cmp {
	struct cmp_signers signers;
	pthread_mutex_t mutex;
	struct cmp_transaction *transactions;
};

/* --- opening and closing ---------------------------------------------------------------------- */

static int make_signer(const struct issue_ca *ca, const char *name, enum issue_role role,
		       struct cmp_signer *ret)
{
	X509_NAME *subject = issue_name(name);
	int64_t now = (int64_t)time(NULL);
	struct issue_order order = {
	    .key = EVP_EC_gen("P-256"),
	    .subject = subject,
	    .role = role,
	    .not_before = now - DAY, /* a client may be behind */
	    .not_after = now + DAY,
	};
	int result = order.key && subject ? issue_certificate(ca, &order, &ret->certificate) : -1;

	X509_NAME_free(subject);
	ret->key = order.key;
	return result;
}

int cmp_open(struct ra *ra)
{
	static const char ra_name[] = "/C=TW/O=Example Government/CN=Example RA";
	struct cmp *cmp = calloc(1, sizeof *cmp);

	if (!cmp)
		return -1;
	ra->cmp = cmp;
	ra->signers = &cmp->signers;
	pthread_mutex_init(&cmp->mutex, NULL);
	if (make_signer(&ra->ca, ra_name, ISSUE_RA, &cmp->signers.ra) < 0 ||
	    make_signer(&ra->rogue, ra_name, ISSUE_RA, &cmp->signers.rogue) < 0 ||
	    make_signer(&ra->ca, "/C=TW/O=Example Government/CN=Eve Colleague", ISSUE_SIGNATURE,
			&cmp->signers.person) < 0)
		return -1;
	return 0;
}

static void transaction_free(struct cmp_transaction *transaction)
{
	OSSL_CMP_SRV_CTX_free(transaction->server);
	ASN1_OCTET_STRING_free(transaction->id);
	OSSL_CMP_MSG_free(transaction->request);
	X509_NAME_free(transaction->sender);
	EVP_PKEY_free(transaction->key);
	X509_free(transaction->issued);
	free(transaction);
}

static void signer_free(struct cmp_signer *signer)
{
	X509_free(signer->certificate);
	EVP_PKEY_free(signer->key);
}

void cmp_close(struct ra *ra)
{
	struct cmp *cmp = ra->cmp;

	if (!cmp)
		return;
	while (cmp->transactions) {
		struct cmp_transaction *transaction = cmp->transactions;

		cmp->transactions = transaction->next;
		transaction_free(transaction);
	}
	signer_free(&cmp->signers.ra);
	signer_free(&cmp->signers.rogue);
	signer_free(&cmp->signers.person);
	pthread_mutex_destroy(&cmp->mutex);
	free(cmp);
}

/* --- transactions ----------------------------------------------------------------------------- */

static bool set_up_server(struct cmp_transaction *transaction)
{
	OSSL_CMP_CTX *context = OSSL_CMP_SRV_CTX_get0_cmp_ctx(transaction->server);
	const struct cmp_signer *signer = cmp_spoil_signer(transaction->ra, transaction->misbehave);
	const struct issue_ca *ca = &transaction->ra->ca;
	X509_STORE *trusted = X509_STORE_new();
	STACK_OF(X509) *issuers = sk_X509_new_null();
	bool done =
	    trusted && issuers && X509_STORE_add_cert(trusted, ca->root) == 1 &&
	    sk_X509_push(issuers, ca->certificate) > 0 &&
	    OSSL_CMP_CTX_set1_untrusted(context, issuers) == 1 &&
	    OSSL_CMP_CTX_set1_cert(context, signer->certificate) == 1 &&
	    OSSL_CMP_CTX_set1_pkey(context, signer->key) == 1 &&
	    OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_LOG_VERBOSITY, OSSL_CMP_LOG_EMERG) == 1;

	if (!done || OSSL_CMP_CTX_set0_trustedStore(context, trusted) != 1) {
		X509_STORE_free(trusted);
		done = false;
	}
	sk_X509_free(issuers);
	return done;
}

static bool new_server(struct cmp_transaction *transaction)
{
	const struct ra *ra = transaction->ra;

	transaction->server = OSSL_CMP_SRV_CTX_new(NULL, NULL);
	return transaction->server &&
	       OSSL_CMP_SRV_CTX_init(transaction->server, transaction, cmp_kur, cmp_rr, cmp_genm,
				     cmp_client_error, cmp_confirm, cmp_poll) == 1 &&
	       OSSL_CMP_SRV_CTX_set_grant_implicit_confirm(transaction->server,
							   !ra->confirmation_required) == 1 &&
	       OSSL_CMP_SRV_CTX_set_accept_raverified(transaction->server, ra->ra_verified) == 1 &&
	       OSSL_CMP_SRV_CTX_set_send_unprotected_errors(
		   transaction->server,
		   misbehaves(transaction->misbehave, MISBEHAVE_CMP_UNPROTECTED_ERROR)) == 1 &&
	       set_up_server(transaction);
}

static struct cmp_transaction *find(const struct cmp *cmp, const ASN1_OCTET_STRING *id)
{
	for (struct cmp_transaction *one = cmp->transactions; one; one = one->next)
		if (id && one->id && ASN1_OCTET_STRING_cmp(one->id, id) == 0)
			return one;
	return NULL;
}

static struct cmp_transaction *begin(struct ra *ra, const OSSL_CMP_MSG *message,
				     enum issue_role role)
{
	const ASN1_OCTET_STRING *id =
	    OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(message));
	struct cmp_transaction *transaction = calloc(1, sizeof *transaction);

	if (!transaction)
		return NULL;
	transaction->ra = ra;
	transaction->role = role;
	transaction->begun = (int64_t)time(NULL);
	transaction->misbehave = misbehave_towards(&ra->misbehave, role);
	transaction->id = ASN1_OCTET_STRING_dup(id);
	if (!new_server(transaction)) {
		transaction_free(transaction);
		return NULL;
	}
	transaction->next = ra->cmp->transactions;
	ra->cmp->transactions = transaction;
	return transaction;
}

/* --- one message ------------------------------------------------------------------------------ */

/*
 * A proof by decryption is none that OpenSSL's server knows. Once the protection has been checked
 * the request goes on as one that an RA has verified, and what is issued is encrypted.
 */
static OSSL_CMP_MSG *without_proof(struct cmp_transaction *transaction, const OSSL_CMP_MSG *message,
				   const struct cmp_parts *parts, const struct cmp_request *request)
{
	static const unsigned char verified[] = {0x80, 0x00};
	const struct der path[] = {parts->message, parts->body, request->messages, request->message,
				   request->popo};
	struct der_bytes proof = {0}, changed = {0};

	if (OSSL_CMP_validate_msg(OSSL_CMP_SRV_CTX_get0_cmp_ctx(transaction->server), message) != 1)
		return NULL;
	der_add(&proof, verified, sizeof verified);
	der_replace(path, 5, &proof, &changed);
	const unsigned char *at = changed.data;
	OSSL_CMP_MSG *result = d2i_OSSL_CMP_MSG(NULL, &at, (long)changed.length);
	der_free(&proof);
	der_free(&changed);
	transaction->encrypts = true;
	OSSL_CMP_SRV_CTX_set_accept_unprotected(transaction->server, 1);
	OSSL_CMP_SRV_CTX_set_accept_raverified(transaction->server, 1);
	return result;
}

static OSSL_CMP_MSG *process(struct cmp_transaction *transaction, const OSSL_CMP_MSG *message,
			     const struct der_bytes *bytes)
{
	OSSL_CMP_MSG *changed = NULL, *answer;
	struct cmp_parts parts;
	struct cmp_request request;

	if (OSSL_CMP_MSG_get_bodytype(message) == OSSL_CMP_KUR && cmp_parts_read(bytes, &parts) &&
	    cmp_request_read(&parts, &request)) {
		transaction->key = cmp_request_key(&request);
		transaction->sender = cmp_sender(&parts);
		if (request.proof == CMP_TAG(2))
			changed = without_proof(transaction, message, &parts, &request);
		transaction->request = OSSL_CMP_MSG_dup(changed ? changed : message);
	}
	if (OSSL_CMP_MSG_get_bodytype(message) == CMP_BODY_GENM && !transaction->sender &&
	    cmp_parts_read(bytes, &parts))
		transaction->sender = cmp_sender(&parts);
	ERR_clear_error(); /* the first one would be the answer's */
	answer = OSSL_CMP_SRV_process_request(transaction->server, changed ? changed : message);
	OSSL_CMP_SRV_CTX_set_accept_unprotected(transaction->server, 0);
	OSSL_CMP_MSG_free(changed);
	return answer;
}

static bool encode(const struct cmp_transaction *transaction, const OSSL_CMP_MSG *answer,
		   struct der_bytes *ret)
{
	const struct cmp_signer *signer = cmp_spoil_signer(transaction->ra, transaction->misbehave);
	unsigned char *der = NULL;
	int length = answer ? i2d_OSSL_CMP_MSG(answer, &der) : -1;
	bool has_certificate =
	    answer && OSSL_CMP_MSG_get_bodytype(answer) == BODY_KUP && transaction->issued;

	if (length <= 0)
		return false;
	der_add(ret, der, (size_t)length);
	OPENSSL_free(der);
	if (!has_certificate || !transaction->encrypts)
		return true;
	EVP_PKEY *other = misbehaves(transaction->misbehave, MISBEHAVE_CMP_ENCRYPTED_TO_OTHER)
			      ? EVP_RSA_gen(2048)
			      : NULL;
	bool done = cmp_encrypt_certificate(ret, other ? other : transaction->key) &&
		    cmp_protect(ret, signer->key);
	EVP_PKEY_free(other);
	return done;
}

static void answer_with(const struct cmp_transaction *transaction, int to, bool again,
			struct der_bytes *answer, struct http_answer *ret)
{
	cmp_spoil(transaction, to, answer);
	if (cmp_spoil_is_silent(transaction, to, again))
		*ret = (struct http_answer){
		    .closed = misbehaves(transaction->misbehave, MISBEHAVE_CMP_CONFIRM_CLOSED)};
	else if (to == OSSL_CMP_KUR || to == CMP_BODY_RR || to == CMP_BODY_GENM)
		spoil_body(transaction->misbehave, ret, MHD_HTTP_OK, CONTENT_TYPE,
			   (char *)answer->data, answer->length);
	else
		http_bytes(ret, MHD_HTTP_OK, CONTENT_TYPE, (char *)answer->data, answer->length);
	*answer = (struct der_bytes){0};
}

/* The role of the certificate that is to be renewed; signature, if there is none. */
static enum issue_role role_of(struct ra *ra, const struct der_bytes *bytes)
{
	struct cmp_parts parts;
	struct cmp_request request;
	enum issue_role role = ISSUE_SIGNATURE;

	if (!cmp_parts_read(bytes, &parts) || !cmp_request_read(&parts, &request))
		return role;
	const unsigned char *at = request.message.start;
	OSSL_CRMF_MSG *parsed = d2i_OSSL_CRMF_MSG(NULL, &at, request.message.end - at);
	X509 *old = parsed ? cmp_find_old(ra, parsed) : NULL;
	if (old)
		role = issue_role_of(X509_get_key_usage(old));
	X509_free(old);
	OSSL_CRMF_MSG_free(parsed);
	return role;
}

/* OpenSSL's server takes one request in its life. */
static bool begin_again(struct cmp_transaction *transaction)
{
	OSSL_CMP_SRV_CTX_free(transaction->server);
	OSSL_CMP_MSG_free(transaction->request);
	X509_NAME_free(transaction->sender);
	EVP_PKEY_free(transaction->key);
	transaction->request = NULL;
	transaction->sender = NULL;
	transaction->key = NULL;
	transaction->misbehave = misbehave_towards(&transaction->ra->misbehave, transaction->role);
	return new_server(transaction);
}

/* A gateway before the RA says that there is nothing, or that it is too busy. */
static bool is_turned_away(struct cmp_transaction *transaction, int type, struct http_answer *ret)
{
	const struct misbehave *misbehave = transaction->misbehave;
	bool busy = misbehaves(misbehave, MISBEHAVE_CMP_CONFIRM_503);
	bool once = (busy || misbehaves(misbehave, MISBEHAVE_CMP_CONFIRM_404_ONCE)) &&
		    !transaction->turned_away;

	if (type != BODY_CERTCONF || (!once && !misbehaves(misbehave, MISBEHAVE_CMP_CONFIRM_404)))
		return false;
	transaction->turned_away = true;
	if (!busy) {
		http_text(ret, MHD_HTTP_NOT_FOUND, "There is no such service here.\n");
		return true;
	}
	http_text(ret, MHD_HTTP_SERVICE_UNAVAILABLE, "Closed for an hour.\n");
	MHD_add_response_header(ret->response, "Retry-After", "3600");
	return true;
}

/* Begins what a client may begin; a later message of a transaction that is none is an error. */
static struct cmp_transaction *transaction_of(struct ra *ra, const OSSL_CMP_MSG *message,
					      const struct der_bytes *bytes)
{
	struct cmp_transaction *known =
	    find(ra->cmp, OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(message)));

	/* RFC 9483 §3.5: transactionIdInUse */
	if (known && OSSL_CMP_MSG_get_bodytype(message) == OSSL_CMP_KUR)
		return ra->remembers && begin_again(known) ? known : NULL;
	return known ? known : begin(ra, message, role_of(ra, bytes));
}

static void serve_message(struct ra *ra, const OSSL_CMP_MSG *message, const struct der_bytes *bytes,
			  struct http_answer *ret)
{
	int type = OSSL_CMP_MSG_get_bodytype(message);
	struct cmp_transaction *transaction = transaction_of(ra, message, bytes);
	struct der_bytes answer = {0};

	if (!transaction) {
		http_text(ret, MHD_HTTP_BAD_REQUEST, "the transaction is known already\n");
		return;
	}
	const struct misbehave_answer *instead =
	    type == OSSL_CMP_KUR || type == CMP_BODY_RR
		? misbehave_instead(transaction->misbehave, "", false, 0)
		: NULL;
	if (instead) {
		http_text(ret, instead->status, "%s", instead->body);
		if (instead->header)
			MHD_add_response_header(ret->response, instead->header, instead->value);
		return;
	}
	if (is_turned_away(transaction, type, ret))
		return;
	bool again = type == BODY_CERTCONF && transaction->confirmed;
	if (!cmp_rr_prepare(transaction, bytes)) {
		http_text(ret, MHD_HTTP_TOO_MANY_REQUESTS, "too many wrong phrases\n");
		return;
	}
	OSSL_CMP_MSG *reply = process(transaction, message, bytes);
	cmp_rr_finish(transaction);
	if (encode(transaction, reply, &answer) &&
	    (!again || cmp_say_confirmed(&answer, transaction->ra->signers->ra.key)))
		answer_with(transaction, type, again, &answer, ret);
	else
		http_text(ret, MHD_HTTP_INTERNAL_SERVER_ERROR, "no answer could be made\n");
	OSSL_CMP_MSG_free(reply);
}

static void serve(struct ra *ra, const struct http_request *request, struct http_answer *ret)
{
	const unsigned char *at = (const unsigned char *)request->body;
	struct der_bytes bytes = {(unsigned char *)request->body, request->length};

	if (!request->content_type || strcmp(request->content_type, CONTENT_TYPE) != 0) {
		http_text(ret, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "not " CONTENT_TYPE "\n");
		return;
	}
	OSSL_CMP_MSG *message = d2i_OSSL_CMP_MSG(NULL, &at, (long)request->length);
	if (!message || at != (const unsigned char *)request->body + request->length) {
		http_text(ret, MHD_HTTP_BAD_REQUEST, "not a CMP message\n");
	} else {
		pthread_mutex_lock(&ra->cmp->mutex);
		store_log_message(ra->store, OSSL_CMP_MSG_get_bodytype(message),
				  cmp_count_certificates(&bytes));
		serve_message(ra, message, &bytes, ret);
		pthread_mutex_unlock(&ra->cmp->mutex);
	}
	OSSL_CMP_MSG_free(message);
}

const struct http_endpoint cmp_endpoints[] = {
    {MHD_HTTP_METHOD_POST, "/.well-known/cmp", serve},
    {MHD_HTTP_METHOD_POST, "/cmp", serve},
    {0},
};
