/* SPDX-License-Identifier: MIT */
/*
 * Whether the account stage is worth a helper. Only the helper reads the configuration; but where
 * no line of the file has the word "require" outside of comments, the stage has nothing to decide,
 * and no login pays for a process that says so.
 */
#ifndef CERTRENEW_PAM_REQUIRE_H
#define CERTRENEW_PAM_REQUIRE_H

#include <stdbool.h>

/* True in every case of doubt; false for a file that is not there: `ask` is the default. */
bool require_may_be_in_force(const char *path);

#endif
