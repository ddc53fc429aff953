/* SPDX-License-Identifier: MIT */
/* The folders under /run and /var that check and renew use. */
#ifndef CERTRENEW_FOLDERS_H
#define CERTRENEW_FOLDERS_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

#include "helper/common/failure.h"

/* Makes what is missing, with its owner and mode. What is there is left as it is, but for a folder
 * of this account's that is closed even to it: that is opened to it again. */
int folders_make(uid_t uid, gid_t gid, struct failure *failure);

/*
 * Whether what is there is as it would be made: what is missing is fine, it is made when it is
 * needed. Returns 0, or -FAILURE_SYSTEM with the first that is not: as a sentence without its stop.
 */
int folders_check(uid_t uid, gid_t gid, struct failure *failure);

/*
 * The tokens (token_name) whose journal folder holds an unfinished entry, comma-separated. Only
 * names of files are looked at; what does not fit is left out.
 */
void folders_unfinished(char *out, size_t size);

/* A folder's names, if it is no symbolic link; the caller closes it. NULL with errno. */
DIR *folders_open(int parent, const char *name);

/* The file of the token's lock, which flock(2) locks. Returns the descriptor or -FAILURE_SYSTEM. */
int folders_open_lock(const char *token, struct failure *failure);

/* The token's lock, held as long as the descriptor is open. Returns the descriptor,
 * -FAILURE_BUSY or -FAILURE_SYSTEM. */
int folders_lock(const char *token, struct failure *failure);

#endif
