/* SPDX-License-Identifier: MIT */
#include "helper/command/columns.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "helper/common/utf8.h"

void columns_begin(void)
{
	/* Part of the C library's own package; where it is missing, a character is a column. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
}

static int character_width(const char *character, size_t length)
{
	mbstate_t state = {0};
	wchar_t wide;
	int width;

	if (mbrtowc(&wide, character, length, &state) != length)
		return 1;
	width = wcwidth(wide);
	return width < 0 ? 1 : width;
}

int columns_width(const char *text)
{
	size_t left = strlen(text), length;
	int width = 0;

	for (; left > 0; text += length, left -= length) {
		length = utf8_character((const unsigned char *)text, left);
		if (length == 0)
			length = 1;
		width += character_width(text, length);
	}
	return width;
}

void columns_print(const char *text, int width, bool right)
{
	int padding = width - columns_width(text);

	if (padding < 0)
		padding = 0;
	if (right)
		printf("%*s%s", padding, "", text);
	else
		printf("%s%*s", text, padding, "");
}

void columns_widen(struct columns *columns, const char *const cells[])
{
	for (int i = 0; i < columns->count; i++) {
		int width = columns_width(cells[i]);

		if (width > columns->widths[i] && width <= COLUMNS_WIDEST)
			columns->widths[i] = width;
	}
}

void columns_print_row(const struct columns *columns, const char *const cells[])
{
	int last = columns->count - 1;

	for (int i = 0; i < last; i++) {
		columns_print(cells[i], columns->widths[i], i == columns->numbers);
		printf("%*s", COLUMNS_GAP, "");
	}
	printf("%s\n", cells[last]);
}
