/* SPDX-License-Identifier: MIT */
/* Text in columns of a terminal, where a Chinese character takes two and an accent none. */
#ifndef CERTRENEW_COLUMNS_H
#define CERTRENEW_COLUMNS_H

#include <stdbool.h>

/* Once, before the others: this process alone learns to read UTF-8 and its characters' widths. */
void columns_begin(void);

int columns_width(const char *text);

/* Pads to `width` columns, on the left for numbers; a wider text is printed as it is. */
void columns_print(const char *text, int width, bool right);

#endif
