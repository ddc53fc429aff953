/* SPDX-License-Identifier: MIT */
/* The names and numbers of this architecture's system calls, as the kernel's headers have them. */
#ifndef CERTRENEW_SYSTEM_CALLS_H
#define CERTRENEW_SYSTEM_CALLS_H

/* -1 for no call. */
int system_call_number(const char *name);

/* "unknown" for a number that was none when certrenew was built. */
const char *system_call_name(unsigned number);

#endif
