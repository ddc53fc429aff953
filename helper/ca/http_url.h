/* SPDX-License-Identifier: MIT */
/* Whom a URL makes us speak to. */
#ifndef CERTRENEW_HTTP_URL_H
#define CERTRENEW_HTTP_URL_H

#include <stdbool.h>

/*
 * An absolute https: URL with a host, and without a user's name or password in it; with `plain`
 * also an http: one.
 */
bool http_url_is_acceptable(const char *url, bool plain);

bool http_url_is_plain(const char *url); /* an http: one */

/* Both URLs of one of the two kinds, with the same scheme, host and port (RFC 6454 §4, §5). */
bool http_url_same_origin(const char *a, const char *b);

/*
 * Its host, an IPv6 address without brackets, and its port as a number; the caller frees both.
 * False for none of the two kinds, and for an address of one link.
 */
bool http_url_place(const char *url, char **ret_host, char **ret_port);

#endif
