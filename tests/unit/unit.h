/* SPDX-License-Identifier: MIT */
/* What a unit test is written with; included after everything else. */
#ifndef CERTRENEW_TESTS_UNIT_H
#define CERTRENEW_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
