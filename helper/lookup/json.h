/* SPDX-License-Identifier: MIT */
/* JSON (RFC 8259) on standard output, as far as certrenew-lookup says something in it. */
#ifndef CERTRENEW_JSON_H
#define CERTRENEW_JSON_H

#include <stdbool.h>

#include "helper/lookup/standing.h"

/* "text", escaped; what is not UTF-8 becomes U+FFFD. NULL: null. */
void json_text(const char *text);
/* , "name": "text" */
void json_member(const char *name, const char *text);
/* , "name": "2026-01-02T03:04:05Z" */
void json_time(const char *name, int64_t when);
/* , "status": "revoked", "revoked_at": …, "reason": …, "error": … */
void json_standing(const struct standing *standing);
/* "serial_number": … to "usage": what the certificate itself says */
void json_certificate(X509 *certificate);

#endif
