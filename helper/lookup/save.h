/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_SAVE_H
#define CERTRENEW_SAVE_H

#include "helper/ca/directory.h"

/*
 * Writes the certificates as PEM into a new file of mode 0644 (by the umask); what is there is
 * never overwritten. Returns 0 or -FAILURE_SYSTEM with the path in the detail.
 */
int save_certificates(const struct directory_result *directory, const char *path,
		      struct failure *failure);

#endif
