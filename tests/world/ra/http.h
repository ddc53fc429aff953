/* SPDX-License-Identifier: MIT */
/* The RA's HTTPS server: a thread for each connection, so that one that stalls holds up no other.
 */
#ifndef CERTRENEW_TESTS_HTTP_H
#define CERTRENEW_TESTS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>
#include <openssl/x509.h>

#include "tests/world/ra/ra.h"

struct http_request {
	struct MHD_Connection *connection; /* for its arguments */
	const char *method;
	const char *path;
	const char *content_type; /* NULL: none */
	const char *body;	  /* not terminated */
	size_t length;
	STACK_OF(X509) *certificates; /* the client's, its own first; NULL: it sent none */
};

struct http_answer {
	unsigned status;
	struct MHD_Response *response; /* NULL: none is ever given, */
	bool closed;		       /* and the connection is closed */
};

/* Serves one method and path. The last of a table has no path. */
struct http_endpoint {
	const char *method;
	const char *path;
	void (*serve)(struct ra *ra, const struct http_request *request, struct http_answer *ret);
};

struct http_options {
	uint16_t port;		 /* 0: any that is free */
	const char *certificate; /* PEM files */
	const char *key;
	const char *priorities;			   /* GnuTLS's, NULL: its own choice */
	bool plain;				   /* HTTP without TLS */
	bool proxied;				   /* a proxy says who the client is */
	const struct http_endpoint *const *tables; /* the last is NULL */
};

struct http_server;

/*
 * Listens on 127.0.0.1. `ra` and the tables must outlive it. Returns NULL with the reason on
 * stderr.
 */
struct http_server *http_start(struct ra *ra, const struct http_options *options);
uint16_t http_port(const struct http_server *server);

/* Ends connections that stall, too. */
void http_stop(struct http_server *server);

/* Sleeps, but returns false as soon as the server is to stop. */
bool http_sleep(int seconds);

/* text/plain, with a line's end of its own. */
void http_text(struct http_answer *ret, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A malloc'ed body of bytes, which the answer takes over. */
void http_bytes(struct http_answer *ret, unsigned status, const char *type, char *body,
		size_t length);

/* A malloc'ed text, which the answer takes over; NULL becomes a 500. */
void http_body(struct http_answer *ret, unsigned status, const char *type, char *body);

#endif
