/* SPDX-License-Identifier: MIT */
/*
 * A head start for the first connection to a CA: while a person still types the PIN, a thread finds
 * its address and connects to it. Nothing is sent; TLS, and all that the card is needed for, comes
 * when the connection is taken over by http.c. One that was closed meanwhile, or is so old that
 * something on the way may have forgotten it, is not taken; one that has died in silence is found
 * out there.
 */
#ifndef CERTRENEW_HEAD_START_H
#define CERTRENEW_HEAD_START_H

#include <sys/socket.h>

#include "conf/config.h"

struct head_start;

/*
 * NULL, and nothing happens, where connections go through a proxy or might (settings->environment,
 * https_proxy and the like), and without memory or threads: it is a matter of time alone.
 */
struct head_start *head_start_begin(const struct config_ca *settings);

/*
 * Where it has come to, as CURLOPT_RESOLVE wants it: 'HOST:PORT:ADDRESS' and 'HOST:PORT', both of
 * `size`. One that is still on its way is waited for, for a moment. Returns false where there is no
 * connection for `url`; it is closed then, if there is any. NULL is fine.
 */
bool head_start_arrived(struct head_start *start, const char *url, char *ret_entry, char *ret_name,
			size_t size);

/* The connection, if it is to this address: the caller's from then on. Else -1. NULL is fine. */
int head_start_take(struct head_start *start, const struct sockaddr *address, socklen_t length);

/* Whatever has become of it; the thread may outlive this. NULL is fine. */
void head_start_end(struct head_start *start);

#endif
