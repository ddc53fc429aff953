/* SPDX-License-Identifier: MIT */
/* What libcurl hands us of an answer, kept within bounds while it arrives. */
#ifndef CERTRENEW_HTTP_RECEIVE_H
#define CERTRENEW_HTTP_RECEIVE_H

#include "helper/ca/http.h"

enum http_verdict {
	HTTP_GOES_ON = 0,
	HTTP_TOO_LARGE,
	HTTP_DRIPS,
	HTTP_NO_MEMORY,
	HTTP_BROKE_OFF, /* before the empty line that ends its header: libcurl takes that for whole
			 */
};

struct http_receipt {
	struct http_answer *answer;
	enum http_verdict verdict; /* why it was broken off */
	size_t body_max;
	size_t header_bytes;
	bool header_is_whole;
	size_t capacity;  /* of answer->body */
	int64_t patience; /* milliseconds that a body may take before it must keep a pace */
	int64_t begun;	  /* when the body began, by clock_now(); 0: not yet */
};

/* CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION, with a struct http_receipt. */
size_t http_receive_header(char *data, size_t size, size_t count, void *receipt);
size_t http_receive_body(char *data, size_t size, size_t count, void *receipt);

#endif
