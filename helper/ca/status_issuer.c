/* SPDX-License-Identifier: MIT */
#include "helper/ca/status_issuer.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "helper/ca/status_places.h"

enum { LINKS_MAX = 4, ISSUER_BODY_MAX = 64 * 1024 };

static bool signed_by(X509 *certificate, X509 *issuer)
{
	EVP_PKEY *key;
	bool is;

	ERR_set_mark();
	key = X509_get0_pubkey(issuer);
	is = key != NULL && X509_check_issued(issuer, certificate) == X509_V_OK &&
	     X509_verify(certificate, key) == 1;
	ERR_pop_to_mark();
	return is;
}

static X509 *among(STACK_OF(X509) *known, X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(known); i++)
		if (signed_by(certificate, sk_X509_value(known, i)))
			return sk_X509_value(known, i);
	return NULL;
}

static int keep(STACK_OF(X509) *known, X509 *issuer, X509 **ret, struct failure *failure)
{
	if (X509_add_cert(known, issuer, X509_ADD_FLAG_UP_REF) != 1)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	*ret = issuer;
	return 0;
}

static X509 *among_anchors(X509_STORE *anchors, X509 *certificate)
{
	STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(anchors);

	for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
		X509 *anchor = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));

		if (anchor != NULL && signed_by(certificate, anchor))
			return anchor;
	}
	return NULL;
}

static bool is_trusted(X509_STORE *anchors, STACK_OF(X509) *links, X509 *issuer, int64_t now)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	bool trusted;

	ERR_set_mark();
	trusted =
	    context != NULL && X509_STORE_CTX_init(context, anchors, issuer, links) == 1 &&
	    (X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)now), true) &&
	    X509_verify_cert(context) == 1 && X509_check_ca(issuer) > 0;
	ERR_pop_to_mark();
	X509_STORE_CTX_free(context);
	return trusted;
}

/* *ret is owned by the caller. */
static int fetch_issuer(struct status_fetch *fetch, X509 *certificate, X509 **ret,
			struct failure *failure)
{
	struct http_answer answer = {0};
	struct places places;
	int r = fail(failure, FAILURE_ISSUED_UNTRUSTED,
		     "its issuer is not among the trusted, and it names no caIssuers");

	places_of_access(certificate, NID_ad_ca_issuers, &places);
	for (size_t i = 0; i < places.count; i++) {
		const unsigned char *at;

		r = status_fetch(fetch, places.urls[i], NULL, ISSUER_BODY_MAX, &answer, failure);
		if (r < 0)
			continue;
		at = answer.body;
		ERR_set_mark();
		*ret = at == NULL ? NULL : d2i_X509(NULL, &at, (long)answer.length);
		ERR_pop_to_mark();
		http_answer_clear(&answer);
		if (*ret != NULL && signed_by(certificate, *ret)) {
			r = 0;
			break;
		}
		X509_free(*ret);
		*ret = NULL;
		r = fail(failure, FAILURE_ISSUED_UNTRUSTED, "%s does not hold its issuer",
			 places.urls[i]);
	}
	places_clear(&places);
	return r;
}

int status_issuer(struct status_fetch *fetch, X509_STORE *anchors, STACK_OF(X509) *known,
		  X509 *certificate, int64_t now, X509 **ret, struct failure *failure)
{
	X509 *found = among(known, certificate), *above = certificate, *issuer = NULL;
	STACK_OF(X509) *links;
	int r = 0;

	if (found != NULL) {
		*ret = found;
		return 0;
	}
	found = among_anchors(anchors, certificate);
	if (found != NULL)
		return keep(known, found, ret, failure);
	links = sk_X509_new_null();
	if (links == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	for (int i = 0; r == 0 && i < LINKS_MAX; i++) {
		r = fetch_issuer(fetch, above, &issuer, failure);
		if (r == 0 && sk_X509_push(links, issuer) <= 0) {
			X509_free(issuer);
			r = fail(failure, FAILURE_SYSTEM, "no memory");
		}
		if (r == 0 && is_trusted(anchors, links, sk_X509_value(links, 0), now))
			break;
		above = issuer;
		if (r == 0 && i == LINKS_MAX - 1)
			r = fail(failure, FAILURE_ISSUED_UNTRUSTED,
				 "its chain does not lead to `trust`");
	}
	if (r == 0)
		r = keep(known, sk_X509_value(links, 0), ret, failure);
	sk_X509_pop_free(links, X509_free);
	return r;
}
