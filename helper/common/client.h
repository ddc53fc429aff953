/* SPDX-License-Identifier: MIT */
/* A front end's way to the helper: the socket, or, for root, a helper of its own. */
#ifndef CERTRENEW_CLIENT_H
#define CERTRENEW_CLIENT_H

#include "helper/common/message.h"

struct client_request {
	enum request_action action;
	int64_t flags;		  /* REQUEST_* */
	const char *language;	  /* as in LANGUAGE or LANG */
	const char *token_serial; /* one card only; NULL or "": any */
	const char *issuer;	  /* REVOKE: the certificate, see message.h; NULL otherwise */
	const char *serial;
	int reason; /* REVOKE: CRLReason */
};

/*
 * Opens the channel and sends the request. Returns 0 with *ret_channel, which is close-on-exec, or
 * -FAILURE_SYSTEM: *failure says what could not be reached.
 */
int client_open(const struct client_request *request, int *ret_channel, struct failure *failure);

#endif
