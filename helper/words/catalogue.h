/* SPDX-License-Identifier: MIT */
/*
 * A compiled catalogue of msgfmt(1), read where it is in memory: little-endian, sorted, without
 * the hash table. The format is in gettext's manual, 'The Format of GNU MO Files'.
 */
#ifndef CERTRENEW_CATALOGUE_H
#define CERTRENEW_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

struct catalogue {
	const unsigned char *data;
	uint32_t count;
	uint32_t originals, translations; /* offsets of the two tables */
};

/*
 * Checks everything that catalogue_find relies on: the tables and each string lie inside, each
 * ends with NUL, the originals ascend. Returns 0, or -1 with *ret untouched.
 */
int catalogue_open(const unsigned char *data, size_t size, struct catalogue *ret);

/*
 * The translation of `english` in `context` (NULL: none); of its plural forms the one with this
 * number. NULL if there is none. Points into the catalogue.
 */
const char *catalogue_find(const struct catalogue *catalogue, const char *context,
			   const char *english, unsigned long form);

#endif
