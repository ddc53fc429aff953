/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/est.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "tests/world/ra/encoding.h"
#include "tests/world/ra/requester.h"
#include "tests/world/ra/spoil.h"
#include "tests/world/ra/store.h"

#define DAY	 INT64_C(86400)
#define BACKDATE 60 /* for a client whose clock is a little behind */

#define CERTS_ONLY	"application/pkcs7-mime; smime-type=certs-only"
#define BARE_CERTS_ONLY "application/pkcs7-mime"
#define ENCODING	"Content-Transfer-Encoding"

/* --- answers --------------------------------------------------------------------------------- */

static char *certs_only(STACK_OF(X509) *certificates, size_t columns, const char *end)
{
	unsigned char *der = NULL;
	int length = encoding_certs_only(certificates, &der);
	char *text = length < 0 ? NULL : encoding_base64(der, (size_t)length, columns, end);

	OPENSSL_free(der);
	return text;
}

static void serve_cacerts(struct ra *ra, const struct http_request *request,
			  struct http_answer *ret)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();
	char *body = NULL;

	(void)request;
	if (certificates && sk_X509_push(certificates, ra->ca.certificate) > 0 &&
	    sk_X509_push(certificates, ra->ca.root) > 0)
		body = certs_only(certificates, 64, "\n");
	sk_X509_free(certificates);
	http_body(ret, MHD_HTTP_OK, CERTS_ONLY, body);
	MHD_add_response_header(ret->response, ENCODING, "base64");
}

static void serve_csrattrs(struct ra *ra, const struct http_request *request,
			   struct http_answer *ret)
{
	/* SEQUENCE { OBJECT IDENTIFIER sha256 }: sign with it, please. */
	static const unsigned char attributes[] = {0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
						   0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
	bool for_a_while = misbehaves(&ra->misbehave, MISBEHAVE_CSRATTRS_429_SOON);
	const struct misbehave *misbehave =
	    for_a_while ? misbehave_towards(&ra->misbehave, ISSUE_BOTH) : &ra->misbehave;
	bool soon = misbehaves(misbehave, MISBEHAVE_CSRATTRS_429_SOON);

	(void)request;
	if (soon || misbehaves(misbehave, MISBEHAVE_CSRATTRS_429)) {
		http_text(ret, MHD_HTTP_TOO_MANY_REQUESTS, "too many requests\n");
		MHD_add_response_header(ret->response, "Retry-After", soon ? "1" : "3600");
	} else if (misbehaves(misbehave, MISBEHAVE_CSRATTRS_500)) {
		http_text(ret, MHD_HTTP_INTERNAL_SERVER_ERROR, "the policy cannot be read\n");
	} else if (misbehaves(misbehave, MISBEHAVE_CSRATTRS_404)) {
		http_text(ret, MHD_HTTP_NOT_FOUND, "no attributes are asked for\n");
	} else if (misbehaves(misbehave, MISBEHAVE_CSRATTRS_EMPTY)) {
		ret->status = MHD_HTTP_NO_CONTENT;
		ret->response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	} else {
		http_body(ret, MHD_HTTP_OK, "application/csrattrs",
			  encoding_base64(attributes, sizeof attributes, 64, "\n"));
		MHD_add_response_header(ret->response, ENCODING, "base64");
	}
}

/* --- enrolment ------------------------------------------------------------------------------- */

struct enrolment {
	struct ra *ra;
	const struct misbehave *misbehave;
	const struct http_request *request;
	struct requested requested;
	enum issue_role role;
	bool certified; /* the key has a certificate already */
	int64_t old_not_after;
};

/*
 * What the key is for, and until when it is certified. The role: what the request names, else
 * that of an earlier certificate for the key, else signature.
 */
static void find_old(struct enrolment *enrolment)
{
	X509 *client = sk_X509_value(enrolment->request->certificates, 0);
	EVP_PKEY *key = enrolment->requested.key;
	X509 *old = store_predecessor(enrolment->ra->store, key);
	uint32_t usage = requested_usage(&enrolment->requested);

	if (!old && EVP_PKEY_eq(X509_get0_pubkey(client), key) == 1 && X509_up_ref(client) == 1)
		old = client;
	enrolment->certified = old;
	enrolment->old_not_after = issue_not_after(old ? old : client);
	if (usage == UINT32_MAX && old)
		usage = X509_get_key_usage(old);
	enrolment->role = issue_role_of(usage);
	X509_free(old);
}

static X509_EXTENSIONS *alternative_name(const struct requested *requested)
{
	X509_EXTENSION *names = requested_alternative_name(requested);
	X509_EXTENSIONS *extensions = NULL;

	return names ? X509v3_add_ext(&extensions, names, -1) : NULL;
}

static int keep(const struct enrolment *enrolment, X509 *certificate)
{
	const struct requested *requested = &enrolment->requested;

	if (issue_record(&enrolment->ra->ca, certificate) < 0)
		return -1;
	return store_remember(enrolment->ra->store, requested->der, requested->length, certificate);
}

static X509 *issue(const struct enrolment *enrolment)
{
	const struct ra *ra = enrolment->ra;
	int64_t now = (int64_t)time(NULL);
	X509_EXTENSIONS *extensions = alternative_name(&enrolment->requested);
	struct issue_order order = {
	    .key = enrolment->requested.key,
	    .subject = X509_REQ_get_subject_name(enrolment->requested.pkcs10),
	    .role = enrolment->role,
	    .not_before = now - BACKDATE,
	    .not_after = now + ra->days * DAY,
	    .extra = extensions,
	};
	struct spoilt spoilt;
	X509 *certificate = NULL;

	if (spoil_order(ra, enrolment->misbehave, &order, enrolment->old_not_after, &spoilt) == 0 &&
	    issue_certificate(spoilt.issuer, &order, &certificate) == 0) {
		/* What never should have been issued is not the key's history. */
		if (!spoilt.is && keep(enrolment, certificate) < 0)
			ERR_print_errors_fp(stderr);
		store_log_issue(ra->store, enrolment->role, certificate);
	}
	spoilt_free(&spoilt);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return certificate;
}

static void answer_instead(const struct misbehave_answer *answer, struct http_answer *ret)
{
	http_text(ret, answer->status, "%s", answer->body);
	if (answer->header)
		MHD_add_response_header(ret->response, answer->header, answer->value);
	if (answer->which == MISBEHAVE_RETRY_TWICE)
		MHD_add_response_header(ret->response, answer->header, "86400");
}

static void answer_pending(const struct ra *ra, time_t ready, time_t now, struct http_answer *ret)
{
	char when[64];
	struct tm parts;

	if (ra->retry_after_date)
		strftime(when, sizeof when, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&ready, &parts));
	else
		snprintf(when, sizeof when, "%lld", (long long)(ready - now));
	http_text(ret, MHD_HTTP_ACCEPTED, "The request waits for an officer's approval.\n");
	MHD_add_response_header(ret->response, MHD_HTTP_HEADER_RETRY_AFTER, when);
}

/* A CA whose folder was put back as it was has forgotten what it issued since. */
static bool is_recorded(struct store *store, const X509 *certificate)
{
	X509 *recorded = store_by_serial(store, X509_get0_serialNumber(certificate));

	X509_free(recorded);
	return recorded;
}

/* The certificate, new or remembered; or NULL, and *ret says why not. The store is locked. */
static X509 *decide(const struct enrolment *enrolment, struct http_answer *ret)
{
	struct ra *ra = enrolment->ra;
	const struct requested *requested = &enrolment->requested;
	int64_t now = (int64_t)time(NULL);
	struct store_request seen;
	X509 *issued = NULL;

	if (store_seen(ra->store, requested->der, requested->length, &seen) < 0) {
		http_text(ret, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
		return NULL;
	}
	const struct misbehave_answer *instead = misbehave_instead(
	    enrolment->misbehave, enrolment->request->path, seen.again, now - seen.first_seen);
	bool forget = misbehaves(enrolment->misbehave, MISBEHAVE_FORGET);
	bool remembered = seen.issued && !forget && is_recorded(ra->store, seen.issued);
	if (instead) {
		answer_instead(instead, ret);
	} else if (remembered) {
		issued = X509_up_ref(seen.issued) == 1 ? seen.issued : NULL;
	} else if (ra->same_key_refused && enrolment->certified) {
		http_text(ret, MHD_HTTP_BAD_REQUEST, "the key has been certified before\n");
	} else if (ra->pending > 0 && now < seen.first_seen + ra->pending) {
		answer_pending(ra, (time_t)(seen.first_seen + ra->pending), (time_t)now, ret);
	} else {
		issued = issue(enrolment);
	}
	if (!issued && !ret->response)
		http_text(ret, MHD_HTTP_INTERNAL_SERVER_ERROR, "nothing could be issued\n");
	return issued;
}

/* RFC 7030 §4.2.3: the certificate alone; some servers send its chain as well. */
static char *issued_body(const struct enrolment *enrolment, X509 *issued)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();
	const struct misbehave *misbehave = enrolment->misbehave;
	char *body = NULL;

	if (!certificates)
		return NULL;
	if (misbehaves(misbehave, MISBEHAVE_TWO_CERTS)) {
		sk_X509_push(certificates, enrolment->ra->ca.root);
		sk_X509_push(certificates, enrolment->ra->ca.certificate);
	}
	sk_X509_push(certificates, issued);
	if (misbehaves(misbehave, MISBEHAVE_ONE_LINE))
		body = certs_only(certificates, 0, "");
	else if (misbehaves(misbehave, MISBEHAVE_CRLF76))
		body = certs_only(certificates, 76, "\r\n");
	else
		body = certs_only(certificates, 64, "\n");
	sk_X509_free(certificates);
	return body;
}

static void answer_issued(const struct enrolment *enrolment, X509 *issued, struct http_answer *ret)
{
	const struct misbehave *misbehave = enrolment->misbehave;
	bool bare = misbehaves(misbehave, MISBEHAVE_BARE_CONTENT_TYPE);
	bool created = misbehaves(misbehave, MISBEHAVE_STATUS_201);

	char *body = issued_body(enrolment, issued);

	spoil_body(misbehave, ret, created ? MHD_HTTP_CREATED : MHD_HTTP_OK,
		   bare ? BARE_CERTS_ONLY : CERTS_ONLY, body, body ? strlen(body) : 0);
	if (ret->response && !misbehaves(misbehave, MISBEHAVE_NO_TRANSFER_ENCODING))
		MHD_add_response_header(ret->response, ENCODING, "base64");
}

static void enroll(struct enrolment *enrolment, bool renewal, struct http_answer *ret)
{
	struct store *store = enrolment->ra->store;

	find_old(enrolment);
	store_lock(store);
	enrolment->misbehave = renewal
				   ? misbehave_towards(&enrolment->ra->misbehave, enrolment->role)
				   : &misbehave_none;
	X509 *issued = decide(enrolment, ret);
	store_unlock(store);
	if (issued)
		answer_issued(enrolment, issued, ret);
	X509_free(issued);
}

/* A first enrolment takes any subject (RFC 7030 §4.2.1). */
static void serve_simpleenroll(struct ra *ra, const struct http_request *request,
			       struct http_answer *ret)
{
	struct enrolment enrolment = {.ra = ra, .request = request};

	if (requester_is_known(ra, request, ret) &&
	    requested_parse(ra, request, &enrolment.requested, ret))
		enroll(&enrolment, false, ret);
	requested_free(&enrolment.requested);
}

static void serve_simplereenroll(struct ra *ra, const struct http_request *request,
				 struct http_answer *ret)
{
	struct enrolment enrolment = {.ra = ra, .request = request};

	if (requester_is_known(ra, request, ret) &&
	    requested_parse(ra, request, &enrolment.requested, ret) &&
	    requested_is_own(ra, &enrolment.requested, sk_X509_value(request->certificates, 0),
			     ret))
		enroll(&enrolment, true, ret);
	requested_free(&enrolment.requested);
}

const struct http_endpoint est_endpoints[] = {
    {MHD_HTTP_METHOD_GET, "/.well-known/est/cacerts", serve_cacerts},
    {MHD_HTTP_METHOD_GET, "/.well-known/est/csrattrs", serve_csrattrs},
    {MHD_HTTP_METHOD_POST, "/.well-known/est/simpleenroll", serve_simpleenroll},
    {MHD_HTTP_METHOD_POST, "/.well-known/est/simplereenroll", serve_simplereenroll},
    {MHD_HTTP_METHOD_POST, "/.well-known/est/moved/simplereenroll", serve_simplereenroll},
    {0},
};
