/* SPDX-License-Identifier: MIT */
#include "tests/world/ra/der.h"

#include <stdlib.h>
#include <string.h>

bool der_read(const unsigned char *at, const unsigned char *end, struct der *ret)
{
	size_t length, bytes;

	if (end - at < 2)
		return false;
	ret->start = at++;
	length = *at++;
	if (length > 0x80) {
		bytes = length & 0x7f;
		if (bytes > 4 || bytes > (size_t)(end - at))
			return false;
		for (length = 0; bytes > 0; bytes--)
			length = length << 8 | *at++;
	}
	if (length > (size_t)(end - at))
		return false;
	ret->content = at;
	ret->end = at + length;
	return true;
}

bool der_child(const struct der *parent, int index, struct der *ret)
{
	struct der child = {.end = parent->content};

	for (int i = 0; i <= index; i++)
		if (!der_read(child.end, parent->end, &child))
			return false;
	*ret = child;
	return true;
}

bool der_tagged(const struct der *parent, unsigned char tag, int from, struct der *ret)
{
	struct der child;

	for (int i = from; der_child(parent, i, &child); i++) {
		if (*child.start == tag) {
			*ret = child;
			return true;
		}
	}
	return false;
}

void der_add(struct der_bytes *bytes, const void *more, size_t length)
{
	unsigned char *grown;

	if (length == 0)
		return;
	grown = realloc(bytes->data, bytes->length + length);
	if (!grown)
		abort();
	memcpy(grown + bytes->length, more, length);
	bytes->data = grown;
	bytes->length += length;
}

void der_add_element(struct der_bytes *bytes, const struct der *element)
{
	der_add(bytes, element->start, (size_t)(element->end - element->start));
}

void der_wrap(struct der_bytes *bytes, unsigned char tag)
{
	unsigned char head[6] = {tag};
	struct der_bytes whole = {0};
	size_t used = 1;

	if (bytes->length < 0x80) {
		head[used++] = (unsigned char)bytes->length;
	} else {
		head[used++] = 0x83;
		head[used++] = (unsigned char)(bytes->length >> 16);
		head[used++] = (unsigned char)(bytes->length >> 8);
		head[used++] = (unsigned char)bytes->length;
		/* The shortest form is the only one. */
		while (head[2] == 0) {
			memmove(head + 2, head + 3, --used - 2);
			head[1]--;
		}
	}
	der_add(&whole, head, used);
	der_add(&whole, bytes->data, bytes->length);
	der_free(bytes);
	*bytes = whole;
}

void der_free(struct der_bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct der_bytes){0};
}

void der_replace(const struct der *path, size_t depth, const struct der_bytes *replacement,
		 struct der_bytes *ret)
{
	struct der_bytes inner = {0};

	der_add(&inner, replacement->data, replacement->length);
	for (size_t i = depth - 1; i-- > 0;) {
		const struct der *outer = &path[i], *old = &path[i + 1];
		struct der_bytes around = {0};

		der_add(&around, outer->content, (size_t)(old->start - outer->content));
		der_add(&around, inner.data, inner.length);
		der_add(&around, old->end, (size_t)(outer->end - old->end));
		der_wrap(&around, *outer->start);
		der_free(&inner);
		inner = around;
	}
	*ret = inner;
}
