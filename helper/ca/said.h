/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_SAID_H
#define CERTRENEW_SAID_H

#include <stddef.h>

#include "helper/common/failure.h"

/*
 * Puts the CA's own words into failure->said (`failure` may be NULL): on one line, cleaned, and cut
 * at a character's border, as they end on a terminal or in a dialog. A NUL byte ends them.
 */
void said_keep(const unsigned char *words, size_t length, struct failure *failure);

#endif
