/* SPDX-License-Identifier: MIT */
/* What a login's check found, kept under /run for the desktop's agent to ask about. */
#ifndef CERTRENEW_RECORD_H
#define CERTRENEW_RECORD_H

#include "helper/check/findings.h"

/*
 * Writes the CERTIFICATE messages of all tokens, as they would travel, to the person's file under
 * PATH_FOUND (a new file that replaces the old one in one step). Returns 0 or -FAILURE_SYSTEM.
 */
int record_write(unsigned uid, const struct findings *findings, struct failure *failure);

#endif
