/* SPDX-License-Identifier: MIT */
/*
 * Enrolment over Secure Transport (RFC 7030, clarified by RFC 8951), as far as a renewal needs it:
 * /cacerts, /csrattrs and /simplereenroll under the configured address, authenticated by the
 * card's old signature certificate in TLS (§3.3.2), which also speaks for the encryption
 * certificate of the same subject.
 */
#include "helper/ca/est.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "helper/ca/est_codec.h"
#include "helper/ca/http.h"
#include "helper/ca/http_status.h"
#include "helper/ca/request.h"
#include "helper/card/usage.h"

struct ca {
	struct http *http;
	char *base; /* without a slash at its end */
	STACK_OF(X509) *intermediates;
	bool asked_certificates, asked_attributes;
	unsigned char *attributes; /* CsrAttrs in DER, or NULL */
	size_t attributes_length;
};

static void est_close(struct ca *ca)
{
	if (ca == NULL)
		return;
	http_close(ca->http);
	sk_X509_pop_free(ca->intermediates, X509_free);
	OPENSSL_free(ca->attributes);
	free(ca->base);
	free(ca);
}

static int est_open(const struct config_ca *settings, const struct ca_identity *identity,
		    struct head_start *start, struct ca **ret, struct failure *failure)
{
	struct ca *ca = calloc(1, sizeof(*ca));
	size_t length = strlen(settings->url);
	int r;

	if (ca == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	while (length > 0 && settings->url[length - 1] == '/')
		length--;
	ca->base = strndup(settings->url, length);
	ca->intermediates = sk_X509_new_null();
	r = ca->base == NULL || ca->intermediates == NULL
		? fail(failure, FAILURE_SYSTEM, "no memory")
		: http_open(settings, identity, start, &ca->http, failure);
	if (r < 0) {
		est_close(ca);
		return r;
	}
	*ret = ca;
	return 0;
}

/* NULL when there is no memory; the caller frees it. */
static char *address(const struct ca *ca, const char *operation)
{
	size_t size = strlen(ca->base) + 1 + strlen(operation) + 1;
	char *url = malloc(size);

	if (url != NULL)
		snprintf(url, size, "%s/%s", ca->base, operation);
	return url;
}

static int get(struct ca *ca, const char *operation, struct http_answer *ret,
	       struct failure *failure)
{
	char *url = address(ca, operation);
	int r = url == NULL ? fail(failure, FAILURE_SYSTEM, "no memory")
			    : http_get(ca->http, url, ret, failure);

	free(url);
	return r;
}

/* Says in the detail of a failure which answer it is about. */
static int about(const char *operation, int r, struct failure *failure)
{
	char detail[sizeof(failure->detail)];

	if (r < 0 && failure != NULL) {
		memcpy(detail, failure->detail, sizeof(detail));
		snprintf(failure->detail, sizeof(failure->detail), "%s: %.400s", operation, detail);
	}
	return r;
}

/* --- what the RA offers beforehand --------------------------------------------------------- */

/* An RA without it, as opposed to one that is in trouble. */
static bool is_not_offered(long status)
{
	return status == 204 || status == 501 || (status >= 400 && status <= 499 && status != 429);
}

/*
 * Offered by few (RFC 7030 §4.5.2: 204 or 404 otherwise). Trouble ends here: what would be signed
 * without knowing what the RA wants may be refused by it later.
 */
static int ask_attributes(struct ca *ca, int64_t now, struct failure *failure)
{
	struct http_answer answer = {0};
	int64_t retry_at = 0;
	int r;

	if (ca->asked_attributes)
		return 0;
	r = get(ca, "csrattrs", &answer, failure);
	if (r == 0 && !is_not_offered(answer.status))
		r = http_status(&answer, "csrattrs", now, &retry_at, failure);
	if (r == 0 && answer.status == 200 && answer.length > 0)
		r = about("csrattrs",
			  est_decode(answer.body, answer.length, &ca->attributes,
				     &ca->attributes_length, failure),
			  failure);
	http_answer_clear(&answer);
	ca->asked_attributes = r == 0;
	return r;
}

static int add_intermediates(struct ca *ca, STACK_OF(X509) *certificates, struct failure *failure)
{
	if (X509_add_certs(ca->intermediates, certificates,
			   X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP) != 1)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	return 0;
}

static int keep_certificates(struct ca *ca, const struct http_answer *answer,
			     struct failure *failure)
{
	STACK_OF(X509) *certificates = NULL;
	int r = est_decode_certificates(answer->body, answer->length, &certificates, failure);

	if (r < 0)
		return r;
	r = add_intermediates(ca, certificates, failure);
	sk_X509_pop_free(certificates, X509_free);
	return r;
}

/*
 * Trouble ends here, before the enrolment: a certificate that is issued while its chain cannot be
 * had would be refused. What comes is no anchor, only material for a chain (RFC 7030 §4.1.1).
 */
static int ask_certificates(struct ca *ca, int64_t now, int64_t *ret_retry_at,
			    struct failure *failure)
{
	struct http_answer answer = {0};
	int64_t retry_at = 0;
	int r;

	if (ca->asked_certificates)
		return 0;
	r = get(ca, "cacerts", &answer, failure);
	if (r == 0 && !is_not_offered(answer.status)) {
		r = http_status(&answer, "cacerts", now, &retry_at, failure);
		if (r == 0 && retry_at == 0)
			r = about("cacerts", keep_certificates(ca, &answer, failure), failure);
	}
	http_answer_clear(&answer);
	if (r < 0)
		return r;
	ca->asked_certificates = retry_at == 0;
	*ret_retry_at = retry_at;
	return 0;
}

/* --- the enrolment ------------------------------------------------------------------------- */

static int est_make_request(struct ca *ca, const struct ca_enrolment *enrolment,
			    unsigned char **ret, size_t *ret_length, struct failure *failure)
{
	int digest, r = ask_attributes(ca, (int64_t)time(NULL), failure);

	if (r == 0)
		r = est_wanted_digest(ca->attributes, ca->attributes_length, enrolment->key,
				      &digest, failure);
	if (r == 0)
		r = request_make(enrolment->old, enrolment->key, digest, ret, ret_length, failure);
	return r;
}

static bool is_for(X509 *certificate, EVP_PKEY *key)
{
	EVP_PKEY *public;
	bool same;

	ERR_set_mark();
	public = X509_get0_pubkey(certificate);
	same = public != NULL && key != NULL && EVP_PKEY_eq(public, key) == 1;
	ERR_pop_to_mark();
	return same;
}

static int64_t end_of(X509 *certificate)
{
	int64_t not_before, not_after;

	return usage_dates(certificate, &not_before, &not_after) < 0 ? INT64_MIN : not_after;
}

/*
 * RFC 7030 §4.2.3 has the issued certificate alone in the answer, but servers send its chain too,
 * in any order: it is the one for the requested key, and of several (with the same key: the old
 * one again) the one that ends last. If none is, the first of a person's, to be judged.
 */
static int which_is_issued(STACK_OF(X509) *certificates, EVP_PKEY *key)
{
	int best = -1;

	for (int i = 0; i < sk_X509_num(certificates); i++)
		if (is_for(sk_X509_value(certificates, i), key) &&
		    (best < 0 || end_of(sk_X509_value(certificates, i)) >
				     end_of(sk_X509_value(certificates, best))))
			best = i;
	for (int i = 0; best < 0 && i < sk_X509_num(certificates); i++)
		if (!usage_is_ca(sk_X509_value(certificates, i)))
			best = i;
	return best < 0 ? 0 : best;
}

static int take_issued(struct ca *ca, X509_REQ *request, const struct http_answer *answer,
		       X509 **ret, struct failure *failure)
{
	STACK_OF(X509) *certificates = NULL;
	X509 *issued;
	int r = est_decode_certificates(answer->body, answer->length, &certificates, failure);

	if (r < 0)
		return r;
	issued = sk_X509_delete(certificates,
				which_is_issued(certificates, X509_REQ_get0_pubkey(request)));
	r = add_intermediates(ca, certificates, failure);
	sk_X509_pop_free(certificates, X509_free);
	if (r < 0)
		X509_free(issued);
	else
		*ret = issued;
	return r;
}

static int post_request(struct ca *ca, const unsigned char *request, size_t length,
			struct http_answer *ret, struct failure *failure)
{
	/* RFC 8951 §3 has Content-Transfer-Encoding ignored; servers of before ask for it. */
	static const char *const headers[] = {"Content-Type: application/pkcs10",
					      "Content-Transfer-Encoding: base64", NULL};
	char *url = address(ca, "simplereenroll"), *text = NULL;
	size_t text_length;
	int r = url == NULL ? fail(failure, FAILURE_SYSTEM, "no memory")
			    : est_encode(request, length, &text, &text_length, failure);

	if (r == 0)
		r = http_post(ca->http, url, headers, text, text_length, ret, failure);
	OPENSSL_free(text);
	free(url);
	return r;
}

static int est_enroll(struct ca *ca, const struct ca_enrolment *enrolment,
		      const unsigned char *request, size_t length, int64_t now,
		      const struct ca_events *events, int64_t *ret_retry_at,
		      struct failure *failure)
{
	X509_REQ *parsed = request_parse(request, length);
	struct http_answer answer = {0};
	X509 *issued = NULL;
	int64_t retry_at = 0;
	int r;

	(void)enrolment;
	if (parsed == NULL)
		return fail(failure, FAILURE_JOURNAL, "the stored request is no PKCS#10 request");
	r = ask_certificates(ca, now, &retry_at, failure);
	if (r < 0 || retry_at > 0)
		goto out;
	r = post_request(ca, request, length, &answer, failure);
	if (r == 0)
		r = http_status(&answer, "simplereenroll", now, &retry_at, failure);
	if (r == 0 && retry_at == 0)
		r = about("simplereenroll", take_issued(ca, parsed, &answer, &issued, failure),
			  failure);
	if (r == 0 && issued != NULL)
		r = events->accept(events->context, issued,
				   sk_X509_num(ca->intermediates) > 0 ? ca->intermediates : NULL,
				   failure);
out:
	if (r == 0)
		*ret_retry_at = retry_at;
	http_answer_clear(&answer);
	X509_free(issued);
	X509_REQ_free(parsed);
	return r;
}

static int est_supports(const struct config_ca *settings, enum certificate_role role,
			EVP_PKEY *public, bool can_sign, struct failure *failure)
{
	(void)settings;
	(void)role;
	(void)public;
	return can_sign ? 0 : fail(failure, FAILURE_KEY_CANNOT_SIGN, "EST's request is signed");
}

const struct ca_protocol est_protocol = {
    .supports = est_supports,
    .open = est_open,
    .make_request = est_make_request,
    .enroll = est_enroll,
    .close = est_close,
};
