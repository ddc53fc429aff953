/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_OWN_PID_H
#define CERTRENEW_OWN_PID_H

/* Stands in a compiled filter for the number of the process that loads it: a larger one than any
 * process has (PID_MAX_LIMIT is 1 << 22). */
#define FILTER_OWN_PID 0x7e57c0deU

#endif
