/* SPDX-License-Identifier: MIT */
/* The names and numbers of this architecture's system calls, as the kernel's headers have them. */
#ifndef CERTRENEW_SYSTEM_CALLS_H
#define CERTRENEW_SYSTEM_CALLS_H

/* Of more calls a driver that needs them has no use for a sandbox. */
enum { SYSTEM_CALLS_MAX = 64 };

/* -1 for no call. */
int system_call_number(const char *name);

/* "unknown" for a number that was none when certrenew was built. */
const char *system_call_name(unsigned number);

#endif
