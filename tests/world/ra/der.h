/* SPDX-License-Identifier: MIT */
/* DER as it is: for what OpenSSL has no accessor for, and for messages that it would not make. */
#ifndef CERTRENEW_TESTS_DER_H
#define CERTRENEW_TESTS_DER_H

#include <stdbool.h>
#include <stddef.h>

/* One element of a larger whole, which it borrows. */
struct der {
	const unsigned char *start, *content, *end;
};

/* The element that begins at `at`. False: there is none, or it reaches beyond `end`. */
bool der_read(const unsigned char *at, const unsigned char *end, struct der *ret);

/* The parent's child number `index`, from 0 on. */
bool der_child(const struct der *parent, int index, struct der *ret);

/* The parent's first child with this first byte, from number `from` on. */
bool der_tagged(const struct der *parent, unsigned char tag, int from, struct der *ret);

/* Bytes that are being made; what does not fit into memory ends the program. */
struct der_bytes {
	unsigned char *data;
	size_t length;
};

void der_add(struct der_bytes *bytes, const void *more, size_t length);
void der_add_element(struct der_bytes *bytes, const struct der *element);

/* Puts a tag and a length before what is there. */
void der_wrap(struct der_bytes *bytes, unsigned char tag);
void der_free(struct der_bytes *bytes);

/*
 * The outermost element, path[0], with path[depth - 1], which each of the path's elements holds
 * within the one before, replaced.
 */
void der_replace(const struct der *path, size_t depth, const struct der_bytes *replacement,
		 struct der_bytes *ret);

#endif
