/* SPDX-License-Identifier: MIT */
#ifndef CERTRENEW_TESTS_CARD_DESCRIBE_H
#define CERTRENEW_TESTS_CARD_DESCRIBE_H

#include "tests/world/card/object.h"

/*
 * CLASS id=HEX NAME=VALUE … label="…" subject="…", where `attributes` is a digest of everything
 * that the token says about the object. Free the line. NULL without memory.
 */
char *describe_object(const struct token *token, CK_OBJECT_HANDLE object);

#endif
