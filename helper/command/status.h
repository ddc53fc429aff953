/* SPDX-License-Identifier: MIT */
/* certrenew status: what is on the card, as a table or as JSON. */
#ifndef CERTRENEW_STATUS_H
#define CERTRENEW_STATUS_H

#include <stdbool.h>

/* Returns the command's exit status: 0 nothing due, 1 something due, 2 something expired or
 * unusable, 3 error. */
int status(bool json);

#endif
