/* SPDX-License-Identifier: MIT */
/* What the command leaves to certrenew-lookup: all that needs the network. */
#ifndef CERTRENEW_LOOKUP_H
#define CERTRENEW_LOOKUP_H

#include <stdbool.h>

/* `search …`, `revoke …`, `status --online …` */
bool lookup_is_asked(int count, char *arguments[]);

/* Becomes certrenew-lookup; returns EXIT_ERROR if that cannot be. */
int lookup(char *arguments[]);

#endif
