/* SPDX-License-Identifier: MIT */
/*
 * The one kind of memory that holds a PIN: locked, left out of core files, never grown in place,
 * wiped when it is freed.
 */
#ifndef CERTRENEW_SECRET_H
#define CERTRENEW_SECRET_H

#include <stddef.h>

enum {
	SECRET_MAX = 255, /* the longest PIN that a token here is known to take */
	/* What is longer is handed on cut to this, so that it is still seen to be too long. */
	SECRET_CUT = SECRET_MAX + 1,
};

/*
 * Memory for what holds a PIN for a moment: pages of its own, zeroed, locked where RLIMIT_MEMLOCK
 * permits it, left out of core files. NULL when there is none. secret_release wipes it; NULL is
 * fine.
 */
void *secret_allocate(size_t size);
void secret_release(void *memory, size_t size);

struct secret {
	size_t length;
	unsigned char bytes[SECRET_CUT + 1]; /* NUL-terminated for the reader's convenience */
};

/* Returns NULL when there is no memory, or when length exceeds SECRET_MAX. */
struct secret *secret_new(const void *bytes, size_t length);

/* Wipes and frees; NULL is fine. */
void secret_free(struct secret *secret);

/* Before a process has any secret: no core file, and no look into its memory by its own user. Does
 * not survive exec, nor a change of user. */
void secret_seal_process(void);

#endif
