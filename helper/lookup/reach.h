/* SPDX-License-Identifier: MIT */
/*
 * `certrenew-lookup reach`, for certrenew-doctor: whether each [ca] section's RA answers, is
 * whom `trust` names, and (EST) issues under it. It shows no certificate and asks for nothing but
 * its own (EST: cacerts) or whatever a GET of the address gives (CMP).
 */
#ifndef CERTRENEW_REACH_H
#define CERTRENEW_REACH_H

#include <limits.h>
#include <stdint.h>

#include "helper/common/failure.h"

/* One for each [ca] section, in their order, on standard output: of a fixed size, so that there is
 * nothing to parse. */
struct reach {
	int32_t code;	  /* enum failure_code: no answer, or one of no use, and why */
	int32_t status;	  /* HTTP's, of the answer */
	int32_t dated;	  /* the answer says what time it is there */
	int64_t ahead;	  /* this machine's clock, before the RA's, in seconds */
	char detail[512]; /* of the failure */
};

_Static_assert(sizeof(struct reach) <= PIPE_BUF, "it is written in one piece");

/* Returns the command's exit status. */
int reach_main(void);

#endif
