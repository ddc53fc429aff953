/* SPDX-License-Identifier: MIT */
/* multipart/mixed (RFC 2046 §5.1), as far as a certificate store sends it. Pure. */
#ifndef CERTRENEW_MULTIPART_H
#define CERTRENEW_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

struct multipart {
	const unsigned char *at, *end; /* what was not read yet */
	char delimiter[76];	       /* "--" and the boundary */
};

struct multipart_part {
	bool is_certificate; /* its Content-Type is application/pkix-cert */
	const unsigned char *body;
	size_t length;
};

/* False if the content type names no sound boundary, or the body does not begin with it. */
bool multipart_begin(struct multipart *multipart, const char *content_type,
		     const unsigned char *body, size_t length);

/* 1 with *ret, which points into the body; 0 after the last part; -1 for a body that is cut or
 * otherwise malformed. */
int multipart_next(struct multipart *multipart, struct multipart_part *ret);

/* Whether a Content-Type says `type`, whatever parameters follow it. */
bool multipart_is_type(const char *content_type, const char *type);

#endif
