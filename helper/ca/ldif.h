/* SPDX-License-Identifier: MIT */
/*
 * What libcurl makes of an LDAP server's answer, read while it arrives. For each entry
 *
 *	DN: NAME
 *	<TAB>attribute: text            or, for what is not printable,
 *	<TAB>attribute:: base64
 *
 * with an empty line after each attribute and each entry. A line that begins with a blank goes on
 * with the one before it (RFC 2849). Pure, no I/O.
 */
#ifndef CERTRENEW_LDIF_H
#define CERTRENEW_LDIF_H

#include <stdbool.h>
#include <stddef.h>

#include "helper/common/failure.h"

enum {
	LDIF_LINE_MAX = 128 * 1024,   /* one value, in base64 */
	LDIF_VALUES_MAX = 256,	      /* of one entry */
	LDIF_ENTRY_MAX = 1024 * 1024, /* bytes of one entry's values */
	LDIF_TOTAL_MAX = 64 * 1024 * 1024,
};

struct ldif_value {
	char *attribute; /* as the server writes it, with its options */
	unsigned char *bytes;
	size_t length; /* a NUL behind them is not counted */
};

struct ldif_entry {
	struct ldif_value values[LDIF_VALUES_MAX];
	size_t count;
	size_t bytes;
};

struct ldif_reader {
	/* Called for each entry once it is whole: 0 to go on, anything else ends the reading. */
	int (*take)(const struct ldif_entry *entry, void *context);
	void *context;

	char *line;
	size_t length;
	bool line_ended; /* it may still be continued by the next one */
	bool in_entry;
	size_t total;
	struct ldif_entry entry;
};

/*
 * Reads on. Returns 0, what `take` returned if that is not 0, -FAILURE_CA_GARBAGE for anything
 * that is not of the form above, -FAILURE_CA_TOO_LARGE, -FAILURE_SYSTEM.
 */
int ldif_read(struct ldif_reader *reader, const char *text, size_t length, struct failure *failure);

/* At the end of the answer: likewise, for the last entry. */
int ldif_end(struct ldif_reader *reader, struct failure *failure);

/* Frees what the reader holds. */
void ldif_clear(struct ldif_reader *reader);

/* Whether the value's attribute is `name`, whatever options either has (RFC 4512 §2.5). */
bool ldif_is(const struct ldif_value *value, const char *name);

#endif
