/* SPDX-License-Identifier: MIT */
/* The command's exit statuses, and what it says on stderr when it fails. */
#ifndef CERTRENEW_EXIT_H
#define CERTRENEW_EXIT_H

#include "helper/common/message.h"

enum {
	EXIT_FINE = 0,	   /* status: nothing due; renew: renewed, or nothing to renew */
	EXIT_DUE = 1,	   /* status: something is due; renew: something is still to be done */
	EXIT_UNUSABLE = 2, /* something is expired, or the card cannot be used */
	EXIT_ERROR = 3,
};

/* JSON's `error` where there was no helper to say one. */
#define EXIT_NO_HELPER_NAME "no-helper"

/* The helper cannot be reached: says so, with what to start. Returns EXIT_ERROR. */
int exit_without_helper(const struct failure *failure);

/* Says a failure: by the message's own sentence, or by its code where the helper made none.
 * `message` may be NULL. */
void exit_say(const struct message *message, enum failure_code code);

/* How a check ended, by its last message, CHECKED or FAILED; NULL if neither came. */
enum failure_code exit_code_of(const struct message *end);
/* The exit status that says so. */
int exit_of_check(const struct message *end);

#endif
