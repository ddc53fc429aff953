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

/*
 * The way back: the serial number, or "" and the label. Both are of TOKEN_NAME_MAX bytes. Returns
 * 0, or -1 for what token_name makes of no card; then they are "".
 */
int token_name_read(const char *name, char *serial, char *label);

/* Whether `name` is one of the comma-separated `names`. */
bool token_name_listed(const char *names, const char *name);

#endif
