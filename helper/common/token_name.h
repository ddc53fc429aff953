/* SPDX-License-Identifier: MIT */
/* A token's name in file names: of its journal folder and of its lock. */
#ifndef CERTRENEW_TOKEN_NAME_H
#define CERTRENEW_TOKEN_NAME_H

#include <stdbool.h>

enum { TOKEN_NAME_MAX = 80 };

/*
 * The serial number in hexadecimal; of a token without one, "label-" and the label's. Nothing that
 * a card says reaches a path in any other form. Returns `out`.
 */
char *token_name(const char *serial, const char *label, char out[TOKEN_NAME_MAX]);

/* Whether `name` is one of the comma-separated `names`. */
bool token_name_listed(const char *names, const char *name);

#endif
