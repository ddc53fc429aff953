/* SPDX-License-Identifier: MIT */
#include "helper/ca/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/err.h>

#include "helper/ca/anchors.h"
#include "helper/ca/http_ahead.h"
#include "helper/ca/http_failure.h"
#include "helper/ca/http_receive.h"
#include "helper/ca/http_tls.h"
#include "helper/ca/http_url.h"
#include "helper/common/clock.h"

/* Milliseconds; the last for the first word on a connection that was made beforehand. */
enum { CONNECT_MAX = 30 * 1000, PATIENCE_MAX = 10 * 1000, SILENCE_MAX = 3 * 1000 };

struct http {
	struct http_settings settings;
	CURL *curl;
	struct http_ahead ahead;
	struct http_tls tls;
	int64_t begun; /* the exchange, by clock_now() */
	char words[CURL_ERROR_SIZE];
};

struct upload {
	struct curl_slist *headers;
	const char *body;
	size_t length, given;
};

/* --- opening and closing ------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static CURLcode set_up_tls(CURL *curl, void *context, void *http)
{
	struct http *self = http;

	(void)curl;
	return http_tls_setup(context, &self->tls) < 0 ? CURLE_SSL_CERTPROBLEM : CURLE_OK;
}

/* Nothing has come on the connection that was made beforehand, no hello: nothing of ours was asked,
 * or signed. Without TLS nobody tells what has arrived. */
static bool is_unheard(const struct http *http)
{
	return http_ahead_is_used(&http->ahead) && !http_url_is_plain(http->settings.url) &&
	       !http->tls.heard;
}

static bool set_protocols(CURL *curl, bool plain)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") == CURLE_OK;
#else
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
				(long)(plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS)) == CURLE_OK;
#endif
}

/* A resolver that hangs in a thread of its own must not hold the process's end. */
static bool set_quick_exit(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075700
	return curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
#else
	(void)curl;
	return true;
#endif
}

/* CURLOPT_XFERINFOFUNCTION. What stands between may have forgotten a connection that was made while
 * a person typed, and tells nobody. */
static int watch_silence(void *context, curl_off_t to_come, curl_off_t came, curl_off_t to_go,
			 curl_off_t went)
{
	const struct http *http = context;
	int64_t limit = least(http->settings.timeout * 1000 / 2, SILENCE_MAX);

	(void)to_come;
	(void)came;
	(void)to_go;
	(void)went;
	return is_unheard(http) && clock_now() - http->begun > limit;
}

#define SET(option, value) (curl_easy_setopt(curl, CURLOPT_##option, value) == CURLE_OK)

/* What holds for every request of a connection. */
static bool set_options(struct http *http)
{
	CURL *curl = http->curl;

	/* No CAINFO and no CAPATH: the anchors come with set_up_tls, and no others do. */
	return set_protocols(curl, http_url_is_plain(http->settings.url)) && set_quick_exit(curl) &&
	       SET(NOSIGNAL, 1L) && SET(ERRORBUFFER, http->words) &&
	       SET(USERAGENT, "certrenew/" VERSION) &&
	       SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) && SET(FOLLOWLOCATION, 0L) &&
	       SET(NETRC, (long)CURL_NETRC_IGNORED) && SET(SUPPRESS_CONNECT_HEADERS, 1L) &&
	       SET(CAINFO, NULL) && SET(CAPATH, NULL) && SET(SSL_VERIFYPEER, 1L) &&
	       SET(SSL_VERIFYHOST, 2L) && SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       http_ahead_set_up(&http->ahead, curl, http->settings.start) &&
	       SET(SSL_CTX_FUNCTION, set_up_tls) && SET(SSL_CTX_DATA, http) &&
	       SET(CONNECTTIMEOUT_MS, (long)least(http->settings.timeout * 1000, CONNECT_MAX)) &&
	       SET(MAXFILESIZE_LARGE, (curl_off_t)http->settings.body_max) && SET(NOPROGRESS, 0L) &&
	       SET(XFERINFOFUNCTION, watch_silence) && SET(XFERINFODATA, http) &&
	       SET(HEADERFUNCTION, http_receive_header) && SET(WRITEFUNCTION, http_receive_body);
}

static int put_environment(char *const *environment, struct failure *failure)
{
	for (; environment != NULL && *environment != NULL; environment++) {
		const char *equals = strchr(*environment, '=');
		char *name =
		    equals == NULL ? NULL : strndup(*environment, (size_t)(equals - *environment));
		int put = name == NULL ? -1 : setenv(name, equals + 1, 1);

		free(name);
		if (put < 0)
			return fail(failure, FAILURE_CONFIG, "environment: %s", *environment);
	}
	return 0;
}

int http_open_at(const struct http_settings *settings, const struct ca_identity *identity,
		 struct http **ret, struct failure *failure)
{
	struct http *http = NULL;
	int r;

	if (!http_url_is_acceptable(settings->url, settings->plain))
		return fail(failure, FAILURE_CONFIG, "%s url: not an %s address: %s",
			    settings->what,
			    settings->plain ? "http: or https:" : "https:", settings->url);
	r = put_environment(settings->environment, failure);
	if (r < 0)
		return r;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fail(failure, FAILURE_SYSTEM, "libcurl cannot be initialised");
	http = calloc(1, sizeof(*http));
	if (http == NULL) {
		curl_global_cleanup();
		return fail(failure, FAILURE_SYSTEM, "no memory");
	}
	http->settings = *settings;
	if (http->settings.body_max == 0)
		http->settings.body_max = HTTP_BODY_MAX;
	http->tls.identity = identity;
	http->settings.what = NULL; /* it may be gone after this call */
	if (settings->trust == NULL)
		http->tls.anchors = X509_STORE_new();
	else
		r = anchors_load(settings->trust, &http->tls.anchors, failure);
	if (r == 0 && http->tls.anchors == NULL)
		r = fail(failure, FAILURE_SYSTEM, "no memory");
	if (r == 0) {
		http->curl = curl_easy_init();
		if (http->curl == NULL || !set_options(http))
			r = fail(failure, FAILURE_SYSTEM, "libcurl lacks an option");
	}
	if (r < 0) {
		http_close(http);
		return r;
	}
	*ret = http;
	return 0;
}

int http_open(const struct config_ca *settings, const struct ca_identity *identity,
	      struct head_start *start, struct http **ret, struct failure *failure)
{
	char what[128];
	const struct http_settings connection = {
	    .what = what,
	    .url = settings->url,
	    .trust = settings->trust,
	    .timeout = settings->timeout,
	    .environment = settings->environment,
	    .plain = settings->protocol == PROTOCOL_CMP, /* signed itself (RFC 9811 §3) */
	    .start = start,
	};

	snprintf(what, sizeof(what), "[ca \"%s\"]", settings->name);
	return http_open_at(&connection, identity, ret, failure);
}

void http_answer_clear(struct http_answer *answer)
{
	free(answer->body);
	memset(answer, 0, sizeof(*answer));
}

/* With NOSIGNAL libcurl leaves SIGPIPE to us, and OpenSSL writes without MSG_NOSIGNAL. */
static void ignore_sigpipe(struct sigaction *ret_before)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, ret_before);
}

void http_close(struct http *http)
{
	struct sigaction before;

	if (http == NULL)
		return;
	ignore_sigpipe(&before);
	curl_easy_cleanup(http->curl);
	sigaction(SIGPIPE, &before, NULL);
	http_ahead_clear(&http->ahead);
	X509_STORE_free(http->tls.anchors);
	free(http);
	curl_global_cleanup();
}

/* --- one exchange -------------------------------------------------------------------------- */

/*
 * What is posted asks for a certificate or spends a phrase, and the server may have done it when
 * its connection dies. libcurl would send it again by itself, on a new connection, if the old one
 * was used before; but it cannot where the body comes from here, once it has begun.
 */
static size_t give_body(char *out, size_t size, size_t count, void *context)
{
	struct upload *upload = context;
	size_t room = size * count, left = upload->length - upload->given;

	if (left == 0 && upload->length > 0)
		return CURL_READFUNC_ABORT;
	if (left > room)
		left = room;
	memcpy(out, upload->body + upload->given, left);
	upload->given += left;
	return left;
}

static int refuse_to_rewind(void *context, curl_off_t offset, int origin)
{
	(void)context;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static bool set_request(CURL *curl, const char *url, struct upload *upload, int64_t deadline,
			struct http_receipt *receipt)
{
	int left = clock_left(deadline); /* 0 would mean no limit to libcurl */

	return SET(URL, url) && SET(TIMEOUT_MS, left > 0 ? (long)left : 1L) &&
	       SET(HEADERDATA, receipt) && SET(WRITEDATA, receipt) &&
	       (upload == NULL
		    ? SET(HTTPGET, 1L) && SET(HTTPHEADER, NULL)
		    : SET(POST, 1L) && SET(POSTFIELDSIZE_LARGE, (curl_off_t)upload->length) &&
			  SET(READFUNCTION, give_body) && SET(READDATA, upload) &&
			  SET(SEEKFUNCTION, refuse_to_rewind) && SET(HTTPHEADER, upload->headers));
}

static CURLcode perform(struct http *http, const char *url, struct upload *upload, int64_t deadline,
			struct http_receipt *receipt)
{
	struct sigaction before;
	CURLcode code;

	http->tls.client_refused = http->tls.key_failed = http->tls.heard = false;
	http->tls.staple.code = FAILURE_NONE;
	http->words[0] = '\0';
	ERR_clear_error();
	if (upload != NULL)
		upload->given = 0;
	ignore_sigpipe(&before);
	http_ahead_before(&http->ahead, url);
	http->begun = clock_now();
	code = set_request(http->curl, url, upload, deadline, receipt)
		   ? curl_easy_perform(http->curl)
		   : CURLE_OUT_OF_MEMORY;
	sigaction(SIGPIPE, &before, NULL);
	http_ahead_after(&http->ahead);
	return code;
}

static int exchange(struct http *http, const char *url, struct upload *upload, int64_t deadline,
		    struct http_answer *ret, struct failure *failure)
{
	struct http_answer answer = {0};
	struct http_receipt receipt = {.answer = &answer, .body_max = http->settings.body_max};
	CURLcode code;

	receipt.patience = least(http->settings.timeout * 1000 / 2, PATIENCE_MAX);
	code = perform(http, url, upload, deadline, &receipt);
	if (code != CURLE_OK && is_unheard(http))
		code = perform(http, url, upload, deadline, &receipt);
	if (code == CURLE_OK && !receipt.header_is_whole)
		receipt.verdict = HTTP_BROKE_OFF;
	if (code != CURLE_OK || receipt.verdict != HTTP_GOES_ON) {
		http_answer_clear(&answer);
		return http_failure(code, http->words, url, &receipt, &http->tls, failure);
	}
	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer.status);
	*ret = answer;
	return 0;
}

/* --- redirections -------------------------------------------------------------------------- */

/* 303 after a POST says 'look there with GET', which is no answer to an enrolment. */
static bool is_redirection(long status, bool posted)
{
	return status == 301 || status == 302 || status == 307 || status == 308 ||
	       (status == 303 && !posted);
}

/* Where the last answer sends us, as an absolute URL that the caller frees. */
static int next_address(struct http *http, const char *origin, char **ret, struct failure *failure)
{
	char *target = NULL;

	if (curl_easy_getinfo(http->curl, CURLINFO_REDIRECT_URL, &target) != CURLE_OK ||
	    target == NULL)
		return fail(failure, FAILURE_CA_GARBAGE, "%s: a redirection to nowhere", origin);
	if (!http_url_same_origin(origin, target))
		return fail(failure, FAILURE_CA_REDIRECT, "%s: redirected to %s", origin, target);
	target = strdup(target);
	if (target == NULL)
		return fail(failure, FAILURE_SYSTEM, "no memory");
	*ret = target;
	return 0;
}

static int request(struct http *http, const char *url, struct upload *upload,
		   struct http_answer *ret, struct failure *failure)
{
	int64_t deadline = clock_deadline(http->settings.timeout * 1000);
	struct http_answer answer = {0};
	char *at = NULL, *next = NULL;
	int r;

	for (int hops = 0;; hops++) {
		r = exchange(http, at != NULL ? at : url, upload, deadline, &answer, failure);
		if (r < 0 || !is_redirection(answer.status, upload != NULL))
			break;
		http_answer_clear(&answer);
		r = hops < HTTP_REDIRECTS_MAX
			? next_address(http, url, &next, failure)
			: fail(failure, FAILURE_CA_GARBAGE, "%s: more than %d redirections", url,
			       HTTP_REDIRECTS_MAX);
		if (r < 0)
			break;
		free(at);
		at = next;
	}
	free(at);
	if (r == 0)
		*ret = answer;
	return r;
}

int http_get(struct http *http, const char *url, struct http_answer *ret, struct failure *failure)
{
	return request(http, url, NULL, ret, failure);
}

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

int http_post(struct http *http, const char *url, const char *const *headers, const char *body,
	      size_t length, struct http_answer *ret, struct failure *failure)
{
	struct upload upload = {.headers = NULL, .body = body, .length = length};
	bool complete = append(&upload.headers, "Expect:"); /* not 'Expect: 100-continue' */
	int r;

	for (; complete && *headers != NULL; headers++)
		complete = append(&upload.headers, *headers);
	r = complete ? request(http, url, &upload, ret, failure)
		     : fail(failure, FAILURE_SYSTEM, "no memory");
	curl_slist_free_all(upload.headers);
	return r;
}
