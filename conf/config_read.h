/* SPDX-License-Identifier: MIT */
/* What the file says, key by key, before it means anything. */
#ifndef CERTRENEW_CONFIG_READ_H
#define CERTRENEW_CONFIG_READ_H

#include "conf/config_table.h"

/* One "key = text" of the file. */
struct config_value {
	const struct config_key *key;
	size_t ca; /* the index in config->cas; 0 for other sections */
	char *text;
	unsigned line;
};

/*
 * Fills config->values, in the file's order, and config->cas with their names. Each key is
 * known, in its section, and there once; the texts are not yet parsed. Returns 0, or -1.
 */
int config_read(struct config *config, FILE *file, const char *path, struct config_error *error);

/* Where the file sets the key; NULL: it does not. */
const struct config_value *config_value_find(const struct config *config,
					     const struct config_key *key, size_t ca);

#endif
