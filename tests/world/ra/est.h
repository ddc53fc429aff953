/* SPDX-License-Identifier: MIT */
/* EST (RFC 7030, 8951): cacerts, csrattrs, simpleenroll, simplereenroll. */
#ifndef CERTRENEW_TESTS_EST_H
#define CERTRENEW_TESTS_EST_H

#include "tests/world/ra/http.h"

extern const struct http_endpoint est_endpoints[];

#endif
