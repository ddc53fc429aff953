/* SPDX-License-Identifier: MIT */
#include "helper/words/catalogue.h"

#include <string.h>

enum { HEADER_SIZE = 28, ENTRY_SIZE = 8, CONTEXT_END = '\004' };

#define MAGIC UINT32_C(0x950412de)

struct text {
	const char *start;
	uint32_t length; /* without the NUL behind it */
};

static uint32_t number_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static struct text text_at(const unsigned char *data, uint32_t table, uint32_t index)
{
	const unsigned char *entry = data + table + (size_t)index * ENTRY_SIZE;

	return (struct text){(const char *)data + number_at(entry + 4), number_at(entry)};
}

static int table_is_inside(uint32_t table, uint32_t count, size_t size)
{
	return table <= size && count <= (size - table) / ENTRY_SIZE;
}

static int texts_are_inside(const unsigned char *data, uint32_t table, uint32_t count, size_t size)
{
	uint32_t length, offset;

	for (uint32_t i = 0; i < count; i++) {
		length = number_at(data + table + (size_t)i * ENTRY_SIZE);
		offset = number_at(data + table + (size_t)i * ENTRY_SIZE + 4);
		if (offset >= size || length >= size - offset || data[offset + length] != '\0')
			return 0;
	}
	return 1;
}

static int texts_ascend(const unsigned char *data, uint32_t table, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (strcmp(text_at(data, table, i - 1).start, text_at(data, table, i).start) >= 0)
			return 0;
	return 1;
}

int catalogue_open(const unsigned char *data, size_t size, struct catalogue *ret)
{
	uint32_t count, originals, translations;

	/* The revision's high half is the major one; what we need is the same in all minor ones. */
	if (size < HEADER_SIZE || number_at(data) != MAGIC || number_at(data + 4) >> 16 != 0)
		return -1;
	count = number_at(data + 8);
	originals = number_at(data + 12);
	translations = number_at(data + 16);
	if (!table_is_inside(originals, count, size) ||
	    !table_is_inside(translations, count, size) ||
	    !texts_are_inside(data, originals, count, size) ||
	    !texts_are_inside(data, translations, count, size) ||
	    !texts_ascend(data, originals, count))
		return -1;
	*ret = (struct catalogue){
	    .data = data, .count = count, .originals = originals, .translations = translations};
	return 0;
}

/* As strcmp, of "context EOT english" with an original, whose plural stands behind its NUL. */
static int compare(const char *context, const char *english, const char *original)
{
	size_t length;
	int order;

	if (context == NULL)
		return strcmp(english, original);
	length = strlen(context);
	order = strncmp(context, original, length);
	if (order != 0)
		return order;
	if (original[length] != CONTEXT_END)
		return CONTEXT_END - (int)(unsigned char)original[length];
	return strcmp(english, original + length + 1);
}

static const char *form_of(struct text text, unsigned long form)
{
	const char *at = text.start, *end = text.start + text.length;

	for (; form > 0; form--) {
		at += strlen(at) + 1;
		if (at > end)
			return NULL;
	}
	return at;
}

const char *catalogue_find(const struct catalogue *catalogue, const char *context,
			   const char *english, unsigned long form)
{
	uint32_t low = 0, high = catalogue->count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = compare(context, english,
				text_at(catalogue->data, catalogue->originals, middle).start);
		if (order == 0)
			return form_of(text_at(catalogue->data, catalogue->translations, middle),
				       form);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
