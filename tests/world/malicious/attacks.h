/* SPDX-License-Identifier: MIT */
/* What a hostile driver tries, by name. */
#ifndef CERTRENEW_ATTACKS_H
#define CERTRENEW_ATTACKS_H

#include <stdbool.h>
#include <sys/types.h>

struct target {
	pid_t victim; /* another process of the same user */
	int port;     /* somebody listens on loopback */
};

/* Whether it gained anything; it may not return. */
bool attack(const char *name, const struct target *target);

/* Tries it on what a file has beside its bytes. False for a name that is none. */
bool tamper(const char *name, bool *ret_gained);

/* Tells the helper what is not so, and hangs. False for a name that is none. */
bool lie(const char *name);

#endif
