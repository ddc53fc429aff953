/* SPDX-License-Identifier: MIT */
/*
 * HTTPS to one CA, a directory or a responder, on libcurl: one connection that is kept open
 * between requests where the server allows it, so that the card signs one handshake.
 *
 * What a server cannot do: be someone else than `trust` says, choose an older TLS than 1.2, send
 * us to another origin, make us hold more than body_max, or keep us longer than `timeout` for one
 * request.
 */
#ifndef CERTRENEW_HTTP_H
#define CERTRENEW_HTTP_H

#include <stddef.h>

#include "helper/ca/ca.h"
#include "helper/ca/head_start.h"

enum {
	HTTP_BODY_MAX = 256 * 1024,
	HTTP_HEADERS_MAX = 64 * 1024,
	HTTP_REDIRECTS_MAX = 5,
};

struct http;

/* Whom to speak to, and how far. What it points to must outlive the connection. */
struct http_settings {
	const char *what;	  /* the configuration's place, for http_open_at: [ca "office"] */
	const char *url;	  /* whose origin is not left */
	const char *trust;	  /* a PEM file; NULL: nobody, for a `url` that is http: */
	int64_t timeout;	  /* seconds for one request */
	char *const *environment; /* NULL: none */
	bool plain;		  /* http: is fine too: what comes is signed itself */
	size_t body_max;	  /* bytes; 0: HTTP_BODY_MAX */
	struct head_start *start; /* NULL: none; what it has found is taken for the first request */
};

struct http_answer {
	long status;
	char content_type[128]; /* "" if absent; cut if longer */
	char date[64];		/* likewise: the server's time */
	char retry_after[64];	/* "" if absent; cut if longer, and then no valid value */
	unsigned char *body;	/* followed by a NUL that `length` does not count; NULL if empty */
	size_t length;
};

/*
 * Prepares a connection; nothing is sent. `settings` and `identity` (NULL: no client
 * certificate) must outlive it. Puts settings->environment (https_proxy=… and the like) into this
 * process's environment, where libcurl looks for it; a proxy that itself speaks TLS meets the same
 * trust and identity as the CA. Returns 0, -FAILURE_CONFIG for a `trust`
 * that cannot be read or a `url` that is not https: (or http:, for CMP), -FAILURE_SYSTEM.
 */
int http_open_at(const struct http_settings *settings, const struct ca_identity *identity,
		 struct http **ret, struct failure *failure);

/* The same for a [ca] section: HTTPS, and for CMP also plain HTTP. */
int http_open(const struct config_ca *settings, const struct ca_identity *identity,
	      struct head_start *start, struct http **ret, struct failure *failure);

/*
 * One request, and *ret whatever status it was answered with (see http_status.h); the caller
 * clears it with http_answer_clear.
 *
 * Nothing that is posted is sent twice unless a redirection asks for it: a POST whose connection
 * dies without an answer may have done its work, and it is for the caller to say what that means.
 *
 * Redirections within the origin are followed, HTTP_REDIRECTS_MAX of them. A POST is repeated as a
 * POST after 301 and 302 too, which RFC 9110 §15.4 permits: an enrolment has no meaning as GET.
 *
 * Returns 0, or
 *   -FAILURE_CA_UNREACHABLE  no connection, or it broke, also in the middle of an answer;
 *   -FAILURE_CA_TIMEOUT      settings->timeout passed, or the answer only dripped in;
 *   -FAILURE_CA_UNTRUSTED    the server is not who `trust` says: curl's reason is in the detail;
 *   -FAILURE_CA_DENIED       the server broke off because of our certificate, or for want of one;
 *   -FAILURE_CA_TOO_LARGE, -FAILURE_CA_REDIRECT, -FAILURE_CA_GARBAGE (not HTTP);
 *   -FAILURE_CARD_ERROR      the identity's key did not sign: OpenSSL's reasons are in the detail;
 *   -FAILURE_SYSTEM.
 */
int http_get(struct http *http, const char *url, struct http_answer *ret, struct failure *failure);

/* `headers` are whole lines, NULL-terminated; Content-Length comes by itself. */
int http_post(struct http *http, const char *url, const char *const *headers, const char *body,
	      size_t length, struct http_answer *ret, struct failure *failure);

/* Frees what is in it; fine for one that is all zero. */
void http_answer_clear(struct http_answer *answer);

void http_close(struct http *http); /* NULL is fine */

#endif
