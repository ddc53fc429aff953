/* SPDX-License-Identifier: MIT */
/* A web form for revocation with a challenge phrase, after Dogtag's: /ca/ee/ca/challengeRevocation1
 */
#ifndef CERTRENEW_TESTS_FORM_H
#define CERTRENEW_TESTS_FORM_H

#include "tests/world/ra/http.h"

extern const struct http_endpoint form_endpoints[];

#endif
