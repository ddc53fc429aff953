/* SPDX-License-Identifier: MIT */
/* What a test tells the card: one line each over a socket, and an answer. */
#ifndef CERTRENEW_TESTS_VCARD_CONTROL_H
#define CERTRENEW_TESTS_VCARD_CONTROL_H

#include "tests/world/vcard/reader.h"

/* Listens at this path. Returns the socket or -1. */
int control_listen(const char *path);

/* The socket is readable: one order is carried out and answered. */
void control_serve(int listening, struct reader *reader);

/* Gives the order that the words are to the card that listens at the path, and prints the answer.
 * Returns 0, or -1 if it was refused. */
int control_tell(const char *path, char *const *words);

#endif
