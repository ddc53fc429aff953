/* SPDX-License-Identifier: MIT */
/* JSON (RFC 8259) on standard output. */
#ifndef CERTRENEW_JSON_H
#define CERTRENEW_JSON_H

#include <stdint.h>

#include "helper/common/failure.h"

/* "text", escaped, also what would act on a terminal; what is not UTF-8 becomes U+FFFD. NULL: null.
 */
void json_text(const char *text);
/* , "name": "text" */
void json_member(const char *name, const char *text);
/* , "name": "2026-01-02T03:04:05Z", from seconds since the epoch */
void json_time(const char *name, int64_t when);
/* What stands at "error": the failure's name; NULL for none. */
const char *json_error_name(enum failure_code code);

#endif
