/* SPDX-License-Identifier: MIT */
/* Which tokens a URI means (RFC 7512), as libp11-kit reads it. */
#ifndef CERTRENEW_TOKEN_URI_H
#define CERTRENEW_TOKEN_URI_H

#include <stdbool.h>

#include "helper/card/driver.h"

struct p11_kit_uri;

/*
 * *ret is NULL for "", which means any token. Returns 0, -FAILURE_CONFIG for a text that is no
 * token's URI, or -FAILURE_SYSTEM without libp11-kit or memory.
 */
int token_uri_parse(const char *text, struct p11_kit_uri **ret, struct failure *failure);

bool token_uri_fits(struct p11_kit_uri *uri, CK_TOKEN_INFO *token);

void token_uri_free(struct p11_kit_uri *uri);

#endif
