/* SPDX-License-Identifier: MIT */
/*
 * How a renewal ended when nobody was there any more to hear it: RENEWED, WAITING, FAILED and DONE
 * messages, kept for the person until a front end has been told. Their facts count; the sentences
 * are made anew for who asks.
 */
#ifndef CERTRENEW_RECORD_UNTOLD_H
#define CERTRENEW_RECORD_UNTOLD_H

#include "helper/record/file.h"
#include "helper/record/frames.h"

/* Of more than this the oldest are forgotten. */
enum { UNTOLD_MAX = 32 };

struct untold {
	struct frames outcomes;
	struct file_content content; /* what they were read from */
};

/* Adds to what is untold; a file that cannot be read is replaced. 0 or a failure of the file. */
int untold_add(const char *folder, unsigned uid, const struct frames *outcomes,
	       struct failure *failure);

/*
 * Returns 1 with *ret filled, 0 if everything is told, or a failure: of the file, or
 * -FAILURE_PROTOCOL for one that is damaged, which is gone then.
 */
int untold_read(const char *folder, unsigned uid, struct untold *ret, struct failure *failure);

/* They were told: what has been added since stays. 0 or a failure of the file. */
int untold_forget(const char *folder, unsigned uid, const struct untold *told,
		  struct failure *failure);

/* Safe on a zeroed struct. */
void untold_free(struct untold *untold);

#endif
