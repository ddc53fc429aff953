/* SPDX-License-Identifier: MIT */
#include "helper/ca/status.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "helper/ca/anchors.h"
#include "helper/ca/crl.h"
#include "helper/ca/crl_cache.h"
#include "helper/ca/ocsp.h"
#include "helper/ca/status_issuer.h"
#include "helper/ca/status_places.h"

enum { LISTS_MAX = 8, OCSP_ANSWER_MAX = 256 * 1024 };

struct status {
	struct status_settings settings;
	struct status_fetch fetch;
	X509_STORE *anchors;
	STACK_OF(X509) *issuers; /* found so far */
	struct {
		char *url;
		X509_CRL *crl;
	} lists[LISTS_MAX]; /* read so far */
	size_t list_count;
};

int status_open(const struct status_settings *settings, struct status **ret,
		struct failure *failure)
{
	struct status *status = calloc(1, sizeof(*status));
	int r;

	if (status == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	status->settings = *settings;
	status->fetch.settings = &status->settings;
	status->issuers = sk_X509_new_null();
	r = status->issuers == NULL ? fail(failure, FAILURE_SYSTEM, "no memory")
				    : anchors_load(settings->trust, &status->anchors, failure);
	if (r < 0) {
		status_close(status);
		return r;
	}
	*ret = status;
	return 0;
}

void status_close(struct status *status)
{
	if (status == NULL)
		return;
	for (size_t i = 0; i < status->list_count; i++) {
		free(status->lists[i].url);
		X509_CRL_free(status->lists[i].crl);
	}
	status_fetch_clear(&status->fetch);
	sk_X509_pop_free(status->issuers, X509_free);
	X509_STORE_free(status->anchors);
	free(status);
}

/* What is asked about, and how far the asking has come. */
struct inquiry {
	struct status *status;
	X509 *certificate, *issuer;
	int64_t now;
	struct status_answer *ret;
};

/* --- OCSP ---------------------------------------------------------------------------------- */

static int ask_responder(struct inquiry *inquiry, const char *url, struct failure *failure)
{
	struct status *status = inquiry->status;
	struct ocsp_question question = {NULL, NULL};
	struct status_upload upload = {.content_type = "application/ocsp-request"};
	struct http_answer answer = {0};
	unsigned char *der = NULL;
	int length, r;

	r = ocsp_question_make(inquiry->certificate, inquiry->issuer, &question, failure);
	if (r < 0)
		return r;
	length = i2d_OCSP_REQUEST(question.request, &der);
	if (length <= 0) {
		r = fail(failure, FAILURE_SYSTEM, "no memory for an OCSP request");
		goto out;
	}
	upload.body = der;
	upload.length = (size_t)length;
	r = status_fetch(&status->fetch, url, &upload, OCSP_ANSWER_MAX, &answer, failure);
	if (r == 0)
		r = ocsp_judge(answer.body, answer.length, &question, inquiry->issuer, inquiry->now,
			       status->settings.config->max_age, inquiry->ret, failure);
	http_answer_clear(&answer);
out:
	OPENSSL_free(der);
	ocsp_question_clear(&question);
	return r;
}

/* --- revocation lists ---------------------------------------------------------------------- */

static int judge(const struct inquiry *inquiry, X509_CRL *crl, struct failure *failure)
{
	return crl_judge(crl, inquiry->certificate, inquiry->issuer, inquiry->now,
			 inquiry->status->settings.config->max_age, inquiry->ret, failure);
}

static X509_CRL *list_read_before(const struct status *status, const char *url)
{
	for (size_t i = 0; i < status->list_count; i++)
		if (strcmp(status->lists[i].url, url) == 0)
			return status->lists[i].crl;
	return NULL;
}

/* Takes the list: the next certificate of this run will be looked up in it too. */
static void remember(struct status *status, const char *url, X509_CRL *crl)
{
	char *copy = status->list_count == LISTS_MAX ? NULL : strdup(url);

	if (copy == NULL) {
		X509_CRL_free(crl);
		return;
	}
	status->lists[status->list_count].url = copy;
	status->lists[status->list_count++].crl = crl;
}

static bool look_up_cached(struct inquiry *inquiry, const char *url)
{
	size_t length = 0;
	unsigned char *der = crl_cache_read(inquiry->status->settings.cache, url, &length);
	X509_CRL *crl = crl_parse(der, length);
	bool found = crl != NULL && judge(inquiry, crl, NULL) == 0;

	free(der);
	if (found)
		remember(inquiry->status, url, crl);
	else
		X509_CRL_free(crl);
	return found;
}

static int look_up(struct inquiry *inquiry, const char *url, struct failure *failure)
{
	struct status *status = inquiry->status;
	struct http_answer answer = {0};
	X509_CRL *crl = list_read_before(status, url);
	int r;

	if (crl != NULL)
		return judge(inquiry, crl, failure);
	if (look_up_cached(inquiry, url))
		return 0;
	r = status_fetch(&status->fetch, url, NULL, CRL_MAX, &answer, failure);
	if (r < 0)
		return r;
	crl = crl_parse(answer.body, answer.length);
	r = crl == NULL ? fail(failure, FAILURE_CA_GARBAGE, "%s: not a CRL", url)
			: judge(inquiry, crl, failure);
	if (r == 0) {
		crl_cache_write(status->settings.cache, url, answer.body, answer.length);
		remember(status, url, crl);
	} else {
		X509_CRL_free(crl);
	}
	http_answer_clear(&answer);
	return r;
}

/* --- one after the other ------------------------------------------------------------------- */

static void find_places(X509 *certificate, const char *setting, bool ocsp, struct places *ret)
{
	if (setting[0] != '\0')
		places_of_setting(setting, ret);
	else if (ocsp)
		places_of_access(certificate, NID_ad_OCSP, ret);
	else
		places_of_crl(certificate, ret);
}

/* The first place that answers; *failure is the last one's. */
static int ask_any(struct inquiry *inquiry, const char *setting, bool ocsp, struct failure *failure)
{
	struct places places;
	int r;

	find_places(inquiry->certificate, setting, ocsp, &places);
	r = fail(failure, FAILURE_CONFIG,
		 ocsp ? "the certificate names no responder, and [status] ocsp is empty"
		      : "the certificate names no CRL, and [status] crl is empty");
	for (size_t i = 0; r < 0 && i < places.count; i++)
		r = ocsp ? ask_responder(inquiry, places.urls[i], failure)
			 : look_up(inquiry, places.urls[i], failure);
	places_clear(&places);
	return r;
}

static int ask(struct inquiry *inquiry, struct failure *failure)
{
	const struct config_status *config = inquiry->status->settings.config;
	struct failure of_list;
	int r;

	if (config->check != CHECK_CRL) {
		r = ask_any(inquiry, config->ocsp, true, failure);
		/* A list knows what it does not hold as good: no second opinion on 'unknown'. */
		if (r == 0 || config->check == CHECK_OCSP)
			return r;
	}
	of_list = *failure;
	if (ask_any(inquiry, config->crl, false, &of_list) == 0)
		return 0;
	/* Of the two, what a server did says more than that none is named. */
	if (config->check == CHECK_CRL || failure->code == FAILURE_CONFIG)
		*failure = of_list;
	return -(int)failure->code;
}

/* Looked at first: many CAs name none, and then no issuer has to be found either. */
static int find_any(const struct status *status, X509 *certificate, struct failure *failure)
{
	const struct config_status *config = status->settings.config;
	struct places responders, lists;
	size_t count;

	if (config->check == CHECK_OFF)
		return fail(failure, FAILURE_CONFIG, "[status] check = off");
	find_places(certificate, config->ocsp, true, &responders);
	find_places(certificate, config->crl, false, &lists);
	count = responders.count + lists.count;
	places_clear(&responders);
	places_clear(&lists);
	if (count == 0)
		return fail(failure, FAILURE_CONFIG,
			    "the certificate and [status] name nobody to ask");
	return 0;
}

void status_ask(struct status *status, X509 *certificate, int64_t now, struct status_answer *ret)
{
	struct status_answer answer = {.status = STATUS_NOT_ASKED, .reason = STATUS_NO_REASON};
	struct inquiry inquiry = {
	    .status = status, .certificate = certificate, .now = now, .ret = &answer};
	struct failure failure = {.code = FAILURE_NONE};
	int r = find_any(status, certificate, &failure);

	if (r == 0)
		r = status_issuer(&status->fetch, status->anchors, status->issuers, certificate,
				  now, &inquiry.issuer, &failure);
	if (r == 0)
		r = ask(&inquiry, &failure);
	if (r < 0)
		answer.failure = failure;
	*ret = answer;
}
