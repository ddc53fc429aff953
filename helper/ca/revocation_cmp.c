/* SPDX-License-Identifier: MIT */
/*
 * CMP's revocation request (rr, RFC 9810 §5.3.9), with OpenSSL's OSSL_CMP.
 *
 * Protected by a MAC from the challenge phrase (PasswordBasedMac, RFC 9810 §5.1.3.1), which the
 * answer must have from the same phrase; or signed by the card, and then the CA's signature is
 * judged as in a renewal. PBMAC1 is not made: OpenSSL 3.0's CMP
 * could not judge an answer that has it.
 */
#include "helper/ca/revocation.h"

#include <stdio.h>
#include <string.h>

#include <openssl/cmp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "helper/ca/cmp_carry.h"
#include "helper/ca/cmp_context.h"
#include "helper/ca/cmp_encrypted.h"
#include "helper/ca/cmp_mac.h"
#include "helper/ca/http.h"
#include "helper/ca/openssl_errors.h"
#include "helper/card/naming.h"

enum { BODY_ERROR = 23 }; /* RFC 9810 §5.1.2; OpenSSL names only requests */

struct exchange {
	const struct revocation_settings *settings;
	const struct revocation_request *request;
	struct http *http;
	OSSL_CMP_CTX *context;
	struct cmp_error error;
	bool foreign; /* the error message is protected by another secret than ours */
	int result;   /* of the carriage */
	struct failure *failure;
};

/* --- one question ---------------------------------------------------------------------------- */

static bool is_foreign(struct exchange *exchange, const OSSL_CMP_MSG *answer)
{
	bool verified;

	if (OSSL_CMP_MSG_get_bodytype(answer) != BODY_ERROR || !exchange->error.is_protected)
		return false;
	ERR_set_mark();
	verified = OSSL_CMP_validate_msg(exchange->context, answer) == 1;
	ERR_pop_to_mark();
	return !verified;
}

static bool uses_sha1(const struct exchange *exchange)
{
	return exchange->settings->config->digest == DIGEST_SHA1;
}

/* OpenSSL's own protection is the weaker one, see cmp_mac.h. */
static int strengthen(const struct exchange *exchange, const OSSL_CMP_MSG *request,
		      OSSL_CMP_MSG **ret)
{
	const struct cmp_mac how = {
	    .phrase = exchange->request->phrase,
	    .hash = uses_sha1(exchange) ? NID_sha1 : NID_sha256,
	    .mac = uses_sha1(exchange) ? NID_hmac_sha1 : NID_hmacWithSHA256,
	    .iterations = (int)exchange->settings->config->iterations,
	};

	return cmp_mac_protect(request, &how, ret, exchange->failure);
}

/* OSSL_CMP_transfer_cb_t */
static OSSL_CMP_MSG *transfer(OSSL_CMP_CTX *context, const OSSL_CMP_MSG *request)
{
	struct exchange *exchange = OSSL_CMP_CTX_get_transfer_cb_arg(context);
	OSSL_CMP_MSG *stronger = NULL, *answer = NULL;

	exchange->result =
	    exchange->request->phrase == NULL ? 0 : strengthen(exchange, request, &stronger);
	if (exchange->result == 0)
		exchange->result = cmp_carry(exchange->http, exchange->settings->config->url,
					     stronger != NULL ? stronger : request, &answer,
					     &exchange->error, exchange->failure);
	OSSL_CMP_MSG_free(stronger);
	if (exchange->result == 0)
		exchange->foreign = is_foreign(exchange, answer);
	return answer;
}

/* --- who asks ----------------------------------------------------------------------------------
 */

/* What the CA finds the phrase by; "" for nothing. */
static void reference_of(const struct exchange *exchange, char out[NAMING_MAX])
{
	const char *kind = exchange->settings->config->reference;
	X509 *certificate = exchange->request->certificate;

	if (strcmp(kind, "serial") == 0)
		naming_serial(certificate, out, NAMING_MAX);
	else if (strcmp(kind, "none") == 0)
		out[0] = '\0';
	else if (strcmp(kind, "subject") == 0)
		naming_whole(X509_get_subject_name(certificate), out, NAMING_MAX);
	else
		snprintf(out, NAMING_MAX, "%s",
			 strcmp(kind, "email") == 0 ? exchange->request->email : kind);
}

#define OPTION(name, value) (OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_##name, (value)) == 1)

/*
 * OpenSSL copies the phrase and wipes its copy. Refusals that nobody protected are believed, as TLS
 * says who refuses; that something was done, never.
 */
static int set_phrase_as_secret(const struct exchange *exchange, struct failure *failure)
{
	const struct secret *phrase = exchange->request->phrase;
	bool sha1 = uses_sha1(exchange);
	OSSL_CMP_CTX *context = exchange->context;
	char reference[NAMING_MAX];

	reference_of(exchange, reference);
	if (strcmp(exchange->settings->config->reference, "email") == 0 && reference[0] == '\0')
		return fail(failure, FAILURE_CONFIG,
			    "[revocation] reference = email: the certificate has none");
	if (!OPTION(OWF_ALGNID, sha1 ? NID_sha1 : NID_sha256) ||
	    !OPTION(MAC_ALGNID, sha1 ? NID_hmac_sha1 : NID_hmacWithSHA256) ||
	    !OPTION(UNPROTECTED_ERRORS, 1) ||
	    OSSL_CMP_CTX_set1_subjectName(
		context, X509_get_subject_name(exchange->request->certificate)) != 1 ||
	    (reference[0] != '\0' &&
	     OSSL_CMP_CTX_set1_referenceValue(context, (const unsigned char *)reference,
					      (int)strlen(reference)) != 1) ||
	    OSSL_CMP_CTX_set1_secretValue(context, phrase->bytes, (int)phrase->length) != 1)
		return fail(failure, FAILURE_SYSTEM, "CMP cannot be set up");
	return 0;
}

static int set_identity(const struct exchange *exchange, struct failure *failure)
{
	const struct ca_identity *identity = exchange->request->identity;

	if (OSSL_CMP_CTX_set1_cert(exchange->context, identity->certificate) != 1 ||
	    OSSL_CMP_CTX_set1_pkey(exchange->context, identity->key) != 1)
		return fail(failure, FAILURE_SYSTEM, "CMP cannot be set up");
	return cmp_context_trust(exchange->context, exchange->settings->ca, failure);
}

static int open_exchange(struct exchange *exchange, struct failure *failure)
{
	OSSL_CMP_CTX *context = exchange->context = OSSL_CMP_CTX_new(NULL, NULL);
	int r;

	if (context == NULL || !cmp_context_quieten(context) ||
	    OSSL_CMP_CTX_set_transfer_cb(context, transfer) != 1 ||
	    OSSL_CMP_CTX_set_transfer_cb_arg(context, exchange) != 1)
		return fail(failure, FAILURE_SYSTEM, "CMP cannot be set up");
	r = exchange->request->phrase != NULL ? set_phrase_as_secret(exchange, failure)
					      : set_identity(exchange, failure);
	return r < 0 ? r : revocation_connect(exchange->settings, NULL, &exchange->http, failure);
}

static void close_exchange(struct exchange *exchange)
{
	http_close(exchange->http);
	OSSL_CMP_CTX_free(exchange->context);
}

/* --- what the answer means ---------------------------------------------------------------------
 */

#define SAYS(info, name) (((info) >> OSSL_CMP_PKIFAILUREINFO_##name & 1) != 0)

static enum failure_code meaning(const struct exchange *exchange, enum failure_code general)
{
	int info = OSSL_CMP_CTX_get_failInfoCode(exchange->context);
	bool by_phrase = exchange->request->phrase != NULL;

	if (OSSL_CMP_CTX_get_status(exchange->context) == OSSL_CMP_PKISTATUS_waiting)
		return FAILURE_REVOKE_PENDING;
	if (info < 0 || general == FAILURE_CA_UNTRUSTED)
		info = 0;
	if (SAYS(info, certRevoked))
		return FAILURE_REVOKE_ALREADY;
	if (SAYS(info, badCertId))
		return FAILURE_REVOKE_UNKNOWN;
	if (SAYS(info, unacceptedExtension))
		return FAILURE_REVOKE_REASON;
	if (by_phrase && (SAYS(info, badMessageCheck) || exchange->foreign))
		return FAILURE_REVOKE_PHRASE;
	return general;
}

static int explain(struct exchange *exchange, struct failure *failure)
{
	enum failure_code code, sign;

	if (exchange->result < 0) {
		ERR_clear_error();
		code = (enum failure_code) - exchange->result;
	} else {
		code = meaning(exchange,
			       (enum failure_code) -
				   cmp_failure(exchange->context, &exchange->error, true, failure));
	}
	sign = code == FAILURE_CA_UNTRUSTED ? FAILURE_NONE
					    : revocation_sign(&exchange->settings->config->signs,
							      failure->said, strlen(failure->said));
	failure->code = sign != FAILURE_NONE ? sign : code;
	return -(int)failure->code;
}

static int cmp_revoke(const struct revocation_settings *settings,
		      const struct revocation_request *request, struct revocation_answer *ret,
		      struct failure *failure)
{
	struct failure ignored = {.code = FAILURE_NONE}, words = ignored;
	struct exchange exchange = {
	    .settings = settings,
	    .request = request,
	    .failure = failure != NULL ? failure : &ignored,
	};
	int r;

	failure = exchange.failure;
	ERR_clear_error();
	r = open_exchange(&exchange, failure);
	if (r == 0 && (OSSL_CMP_CTX_set1_oldCert(exchange.context, request->certificate) != 1 ||
		       OSSL_CMP_CTX_set_option(exchange.context, OSSL_CMP_OPT_REVOCATION_REASON,
					       request->reason) != 1))
		r = fail(failure, FAILURE_SYSTEM, "CMP cannot be set up");
	if (r == 0 && OSSL_CMP_exec_RR_ses(exchange.context) != 1) {
		r = explain(&exchange, failure);
	} else if (r == 0) {
		cmp_said(exchange.context, &words);
		snprintf(ret->said, sizeof(ret->said), "%s", words.said);
	}
	close_exchange(&exchange);
	return r;
}

/* --- a new phrase (revPassphrase, RFC 9810 §5.3.19.9) --------------------------------------- */

/* OpenSSL knows the type, and encodes what it is given as an EncryptedValue. */
static bool add_phrase(OSSL_CMP_CTX *context, OSSL_CRMF_ENCRYPTEDVALUE *encrypted)
{
	OSSL_CMP_ITAV *item =
	    OSSL_CMP_ITAV_create(OBJ_nid2obj(NID_id_it_revPassphrase), (ASN1_TYPE *)encrypted);

	if (item == NULL) {
		OSSL_CRMF_ENCRYPTEDVALUE_free(encrypted);
		return false;
	}
	if (OSSL_CMP_CTX_push0_genm_ITAV(context, item) == 1)
		return true;
	OSSL_CMP_ITAV_free(item);
	return false;
}

static int cmp_set_phrase(const struct revocation_settings *settings,
			  const struct ca_identity *identity, X509 *recipient,
			  const struct secret *phrase, struct failure *failure)
{
	const struct revocation_request request = {.identity = identity};
	struct failure ignored = {.code = FAILURE_NONE};
	struct exchange exchange = {
	    .settings = settings,
	    .request = &request,
	    .failure = failure != NULL ? failure : &ignored,
	};
	OSSL_CRMF_ENCRYPTEDVALUE *encrypted = NULL;
	STACK_OF(OSSL_CMP_ITAV) *answer = NULL;
	int r;

	failure = exchange.failure;
	ERR_clear_error();
	r = open_exchange(&exchange, failure);
	if (r == 0)
		r = cmp_encrypt(recipient, phrase, &encrypted, failure);
	if (r == 0 && !add_phrase(exchange.context, encrypted))
		r = fail(failure, FAILURE_SYSTEM, "CMP cannot be set up");
	if (r == 0) {
		answer = OSSL_CMP_exec_GENM_ses(exchange.context);
		if (answer == NULL)
			r = explain(&exchange, failure);
	}
	sk_OSSL_CMP_ITAV_pop_free(answer, OSSL_CMP_ITAV_free);
	close_exchange(&exchange);
	return r;
}

const struct revocation_protocol revocation_cmp = {
    .revoke = cmp_revoke,
    .set_phrase = cmp_set_phrase,
    .by_card = true,
};
