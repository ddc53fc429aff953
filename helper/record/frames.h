/* SPDX-License-Identifier: MIT */
/* Messages one after the other, as they travel: in memory, and in a person's file. */
#ifndef CERTRENEW_RECORD_FRAMES_H
#define CERTRENEW_RECORD_FRAMES_H

#include "helper/common/message.h"

enum { FRAMES_MAX = 256 };

struct frames {
	struct message *items[FRAMES_MAX];
	size_t count;
};

/* Takes the message over, also when it fails: 0, or -FAILURE_SYSTEM for NULL and for one too many.
 */
int frames_add(struct frames *frames, struct message *message, struct failure *failure);

/* A copy of the message, to be sent; NULL without memory or for one that cannot be sent. */
struct message *frames_copy(const struct message *message);

/* Encodes them from number `from` on into a buffer that the caller frees. 0 or a failure. */
int frames_encode(const struct frames *frames, size_t from, unsigned char **ret, size_t *ret_length,
		  struct failure *failure);

/* Decodes a whole file, or nothing of it: 0, -FAILURE_PROTOCOL or -FAILURE_SYSTEM. */
int frames_decode(const unsigned char *bytes, size_t length, struct frames *ret,
		  struct failure *failure);

/* Safe on a zeroed struct. */
void frames_free(struct frames *frames);

#endif
