/* SPDX-License-Identifier: MIT */
/* Files that decide what we do: the configuration, and whom to trust. */
#ifndef CERTRENEW_TRUSTED_H
#define CERTRENEW_TRUSTED_H

#include <stddef.h>

enum { TRUSTED_WHY_MAX = 256 };

/*
 * Opens a regular file of at most `most` bytes for reading, if nobody but root and this process's
 * own user can change it, or put another in its place: it is no link of either kind, it and each
 * folder above belong to one of the two, and no other may write there (in a sticky folder, as /tmp
 * is, only to files of their own). What was checked is what is read: use the descriptor. Returns
 * it, or -1 with errno (ENOENT: there is no such file; EPERM: it is not to be trusted) and a
 * sentence for an administrator in `why`.
 */
int trusted_open(const char *path, size_t most, char why[TRUSTED_WHY_MAX]);

#endif
