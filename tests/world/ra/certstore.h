/* SPDX-License-Identifier: MIT */
/* A certificate store (RFC 4387): /certificates/search with uri, email or name, an exact match. */
#ifndef CERTRENEW_TESTS_CERTSTORE_H
#define CERTRENEW_TESTS_CERTSTORE_H

#include "tests/world/ra/http.h"

extern const struct http_endpoint certstore_endpoints[];

#endif
