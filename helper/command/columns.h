/* SPDX-License-Identifier: MIT */
/* Text in columns of a terminal, where a Chinese character takes two and an accent none. */
#ifndef CERTRENEW_COLUMNS_H
#define CERTRENEW_COLUMNS_H

#include <stdbool.h>

enum {
	COLUMNS_MAX = 8,
	COLUMNS_GAP = 2,     /* between two columns */
	COLUMNS_WIDEST = 40, /* a longer text moves its own row, not all the others */
};

/* A table whose columns are as wide as what is in them; every row has `count` cells. */
struct columns {
	int count;
	int numbers; /* the column that is aligned on the right; -1: none */
	int widths[COLUMNS_MAX];
};

/* Once, before the others: this process alone learns to read UTF-8 and its characters' widths. */
void columns_begin(void);

int columns_width(const char *text);

/* Pads to `width` columns, on the left for numbers; a wider text is printed as it is. */
void columns_print(const char *text, int width, bool right);

/* Makes room for a row, the heading's too, before any is printed. */
void columns_widen(struct columns *columns, const char *const cells[]);

/* A line; its last cell is not padded. */
void columns_print_row(const struct columns *columns, const char *const cells[]);

#endif
