/* SPDX-License-Identifier: MIT */
#include "helper/ca/http_failure.h"

#include "helper/ca/openssl_errors.h"

static enum failure_code meaning_of(CURLcode code)
{
	switch (code) {
	case CURLE_OPERATION_TIMEDOUT:
		return FAILURE_CA_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return FAILURE_CA_UNTRUSTED;
	case CURLE_FILESIZE_EXCEEDED:
		return FAILURE_CA_TOO_LARGE;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: an answer without a status line */
	case CURLE_BAD_CONTENT_ENCODING:
		return FAILURE_CA_GARBAGE;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_FAILED_INIT:
	case CURLE_NOT_BUILT_IN:
		return FAILURE_SYSTEM;
	case CURLE_SSL_CERTPROBLEM: /* what http_tls_setup answers when the key is not usable */
		return FAILURE_CARD_ERROR;
	default: /* no name, no route, refused, reset, closed half way, no TLS … */
		return FAILURE_CA_UNREACHABLE;
	}
}

static enum failure_code meaning(CURLcode code, const struct http_receipt *receipt,
				 const struct http_tls *tls)
{
	switch (receipt->verdict) {
	case HTTP_TOO_LARGE:
		return FAILURE_CA_TOO_LARGE;
	case HTTP_DRIPS:
		return FAILURE_CA_TIMEOUT;
	case HTTP_NO_MEMORY:
		return FAILURE_SYSTEM;
	case HTTP_BROKE_OFF:
		return FAILURE_CA_UNREACHABLE;
	case HTTP_GOES_ON:
		break;
	}
	if (tls->key_failed)
		return FAILURE_CARD_ERROR;
	if (tls->client_refused)
		return FAILURE_CA_DENIED;
	return meaning_of(code);
}

/* Ours when we broke off, else libcurl's. */
static const char *reason(CURLcode code, const char *words, const struct http_receipt *receipt)
{
	switch (receipt->verdict) {
	case HTTP_TOO_LARGE:
		return "the answer is too large";
	case HTTP_DRIPS:
		return "the answer only drips in";
	case HTTP_NO_MEMORY:
		return "no memory";
	case HTTP_BROKE_OFF:
		return "the answer broke off in its header";
	case HTTP_GOES_ON:
		break;
	}
	return words[0] != '\0' ? words : curl_easy_strerror(code);
}

int http_failure(CURLcode code, const char *words, const char *url,
		 const struct http_receipt *receipt, const struct http_tls *tls,
		 struct failure *failure)
{
	char reasons[192];

	/* libcurl takes the first of OpenSSL's errors into its words, and the cause is deeper. */
	openssl_errors(reasons, sizeof(reasons));
	if (tls->staple.code != FAILURE_NONE)
		return fail(failure, tls->staple.code, "%s: %s", url, tls->staple.detail);
	return fail(failure, meaning(code, receipt, tls), "%s: %s%s%s (curl %d)", url,
		    reason(code, words, receipt), reasons[0] != '\0' ? "; " : "", reasons,
		    (int)code);
}
