/* SPDX-License-Identifier: MIT */
/* Words of a script and of a log ↔ the numbers of PKCS#11. */
#ifndef CERTRENEW_SHIM_NAMES_H
#define CERTRENEW_SHIM_NAMES_H

#include <stddef.h>

#include "tests/world/shim/functions.h"

#pragma GCC visibility push(hidden)

const char *name_of_function(enum function function);
/* `length` bytes of `text`; -1 if no function has that name. */
int name_to_function(const char *text, size_t length);

/* "certificate", "private-key" …; "object" for a class without a name here. */
const char *name_of_class(CK_OBJECT_CLASS class);

/* A number in C's notation, or a name. Each returns 0, or -1 for a word that is neither. */
int name_to_number(const char *text, unsigned long *ret_number);
int name_to_error(const char *text, unsigned long *ret_error);
int name_to_flag(const char *text, unsigned long *ret_flag);

#pragma GCC visibility pop
#endif
