/* SPDX-License-Identifier: MIT */
/* How libcurl is given the connection that a head start has made: for the first request alone. */
#ifndef CERTRENEW_HTTP_AHEAD_H
#define CERTRENEW_HTTP_AHEAD_H

#include <stdbool.h>

#include <curl/curl.h>

#include "helper/ca/head_start.h"

enum { HTTP_PLACE_MAX = 512 };

struct http_ahead {
	CURL *curl;
	struct head_start *start;   /* NULL: none, or it has been asked */
	curl_socket_t handed;	    /* to libcurl, and connected; -1: none */
	struct curl_slist *told;    /* of addresses; libcurl keeps no copy */
	char place[HTTP_PLACE_MAX]; /* HOST:PORT that was told; "": none */
};

/* `ahead` stays where it is until the handle is cleaned up; `start` may be NULL. Returns whether
 * libcurl has taken its options. */
bool http_ahead_set_up(struct http_ahead *ahead, CURL *curl, struct head_start *start);

/* Before and after each request. */
void http_ahead_before(struct http_ahead *ahead, const char *url);
void http_ahead_after(struct http_ahead *ahead);

/* Whether the last request, or the one that is on its way, began on the connection that was made
 * beforehand. */
bool http_ahead_is_used(const struct http_ahead *ahead);

/* After the handle was cleaned up. */
void http_ahead_clear(struct http_ahead *ahead);

#endif
