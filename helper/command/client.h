/* SPDX-License-Identifier: MIT */
/* The command's way to the helper: the socket, or, for root, a helper of its own. */
#ifndef CERTRENEW_CLIENT_H
#define CERTRENEW_CLIENT_H

#include <stdbool.h>

#include "helper/common/message.h"

/*
 * Opens the channel and sends the request. Returns 0 with *ret_channel, or
 * -FAILURE_SYSTEM: *failure says in a person's words what to start.
 */
int client_open(enum request_action action, bool assume_yes, int *ret_channel,
		struct failure *failure);

#endif
