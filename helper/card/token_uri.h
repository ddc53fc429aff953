/* SPDX-License-Identifier: MIT */
/* Which token '[card] token' means. */
#ifndef CERTRENEW_TOKEN_URI_H
#define CERTRENEW_TOKEN_URI_H

#include <stdbool.h>

#include <p11-kit/pkcs11.h>

/*
 * Whether the token has all that the URI asks for (RFC 7512 §2.3, §2.4), which config_check_token
 * has accepted; "" asks for nothing. Not libp11-kit's: loading that library at every login takes
 * longer than setting up the sandbox.
 */
bool token_uri_fits(const char *uri, const CK_TOKEN_INFO *token);

#endif
