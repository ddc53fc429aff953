/* SPDX-License-Identifier: MIT */
/* A CMP message over HTTP (RFC 9811), and what came back. */
#ifndef CERTRENEW_CMP_CARRY_H
#define CERTRENEW_CMP_CARRY_H

#include <openssl/cmp.h>

#include "helper/ca/cmp_failure.h"
#include "helper/ca/http.h"

/*
 * Sends a message to `url` and decodes the answer, which nobody has verified yet. *ret_error is
 * what it says if it is an error message, else all zero; the caller frees *ret with
 * OSSL_CMP_MSG_free. Returns 0, -FAILURE_CA_GARBAGE for what is no CMP message, what http_post
 * or http_status return, or -FAILURE_SYSTEM.
 */
int cmp_carry(struct http *http, const char *url, const OSSL_CMP_MSG *request, OSSL_CMP_MSG **ret,
	      struct cmp_error *ret_error, struct failure *failure);

/* The part of it that reads the answer, which came at `now`. Pure. */
int cmp_answer_read(const struct http_answer *answer, const char *url, int64_t now,
		    OSSL_CMP_MSG **ret, struct cmp_error *ret_error, struct failure *failure);

#endif
