/* SPDX-License-Identifier: MIT */
/* A conversation with renew on the terminal, for what is no renewal. */
#ifndef CERTRENEW_CONVERSE_H
#define CERTRENEW_CONVERSE_H

#include "helper/common/client.h"

/*
 * Shows what is said and asks what is asked, until the end. Returns 0 with failure->code and said:
 * how it ended, FAILURE_NONE for well; or -FAILURE_SYSTEM: the helper cannot be reached.
 */
int converse_until_end(const struct client_request *request, struct failure *failure);

#endif
